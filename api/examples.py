"""Examples for the description of the API, about an imagined municipality."""

import json
from typing import Any

_PLACE = {
    "passageId": "5f0c1f3e9a7b4c21",
    "docId": "c1a5d0b2e3f44a6b",
    "source": "woonvisie.md",
    "title": "Woonvisie Veldrijk 2030",
    "section": ["Woonvisie Veldrijk 2030", "Opgave"],
}
_QUOTE = "Tot 2030 bouwt Veldrijk 2.150 woningen."
_STATEMENT = {"text": _QUOTE, "citations": [1]}
_CITATION = {
    "number": 1,
    **_PLACE,
    "publisher": "Gemeente Veldrijk",
    "issued": "2024-03",
    "page": None,
    "pageLabel": None,
    "quote": _QUOTE,
    "start": 228,
    "end": 267,
    "url": None,
}
_DOCUMENT = {
    "docId": _PLACE["docId"],
    "source": _PLACE["source"],
    "title": _PLACE["title"],
    "publisher": "Gemeente Veldrijk",
    "kind": "visie",
    "issued": "2024-03",
    "pages": None,
    "passages": 5,
}
_PASSAGE = {**_PLACE, "firstPage": None, "lastPage": None, "text": _QUOTE, "score": 0.93, "rank": 1}
_ANSWER = {
    "answerId": "9d3e0f7ab1c94e5f8a6b2c4d1e0f7a5b",
    "conversationId": "0b9c6c0a6f0e4a6f9c2d1e8b7a5f4c3d",
    "question": "Hoeveel woningen bouwt Veldrijk tot 2030?",
    "standaloneQuestion": "Hoeveel woningen bouwt Veldrijk tot 2030?",
    "status": "answered",
    "text": f"{_QUOTE} [1]",
    "message": "",
    "statements": [_STATEMENT],
    "citations": [_CITATION],
    "passages": [_PASSAGE],
    "suggestions": [],
    "questions": [],
    "confidence": 0.97,
    "level": "high",
    "levelText": "Zeker: het antwoord staat zo in de bron.",
    "language": "nl",
    "reply": None,
    "generator": "extractive",
    "generation": {
        "model": None,
        "promptVersion": None,
        "checks": ["quote", "page", "support"],
        "dropped": 0,
        "fellBack": None,
        "promptTokens": 0,
        "completionTokens": 0,
    },
    "libraryVersion": "20260105T090000Z-1a2b3c4d",
    "tookMs": 24.5,
}
STREAM = (
    f"event: statement\ndata: {json.dumps({'statement': _STATEMENT, 'citations': [_CITATION]}, ensure_ascii=False)}\n\n"
    f"event: answer\ndata: {json.dumps(_ANSWER, ensure_ascii=False)}\n\n"
)
TEXT = f"Woonvisie Veldrijk 2030\n\nOpgave\n\n{_QUOTE}"

MARKDOWN = f"# Hoeveel woningen bouwt Veldrijk tot 2030?\n\n## Antwoord\n\n“{_QUOTE}”[^1]\n"
_RECORD = {
    "answerId": _ANSWER["answerId"],
    "conversationId": _ANSWER["conversationId"],
    "question": _ANSWER["question"],
    "standaloneQuestion": _ANSWER["standaloneQuestion"],
    "earlierTurns": [],
    "filters": {"docIds": [], "kinds": ["visie"], "issuedFrom": "2023", "issuedTo": None},
    "groups": ["griffie"],
    "status": "answered",
    "text": _ANSWER["text"],
    "message": "",
    "confidence": 0.97,
    "level": "high",
    "levelText": _ANSWER["levelText"],
    "libraryVersion": _ANSWER["libraryVersion"],
    "generator": "extractive",
    "model": None,
    "promptVersion": None,
    "checks": ["quote", "page", "support"],
    "dropped": 0,
    "fellBack": None,
    "askedAt": "2026-03-01T09:30:00Z",
    "feedback": [
        {"helpful": True, "reason": None, "comment": None, "citationNumber": 1, "givenAt": "2026-03-01T09:31:00Z"}
    ],
    "answer": {"format": "vng-assistent/answer", "version": 1, "answer": {}},
}

_UPLOAD: dict[str, Any] = {
    "uploadId": "3f9a1c2b4d5e6f708192a3b4c5d6e7f8",
    "status": "done",
    "stage": "",
    "done": 0,
    "total": 0,
    "message": "",
    "created": "2026-03-01T09:30:00.000+00:00",
    "by": "Griffie Veldrijk",
    "access": ["griffie"],
    "files": [
        {
            "name": "raadsbrief.pdf",
            "source": "upload/griffie/raadsbrief.pdf",
            "size": 48213,
            "status": "done",
            "outcome": "added",
            "message": "",
            "docId": "7d1f0a9b3c5e2846",
            "passages": 12,
        },
        {
            "name": "begroting.xlsx",
            "source": "upload/griffie/begroting.xlsx",
            "size": 9120,
            "status": "failed",
            "outcome": "skipped",
            "message": "begroting.xlsx is overgeslagen: een bestand als .xlsx kan de assistent niet lezen. "
            "Open het in Excel en sla het op als PDF.",
            "docId": None,
            "passages": 0,
        },
    ],
}
_QUEUED = {
    **_UPLOAD,
    "status": "queued",
    "files": [
        {**_UPLOAD["files"][0], "status": "queued", "outcome": None, "docId": None, "passages": 0},
        _UPLOAD["files"][1],
    ],
}

# By operation: what it gives back where all is well.
RESPONSES: dict[str, Any] = {
    "postAnswer": _ANSWER,
    "getAnswer": _ANSWER,
    "getAnswerRecord": _RECORD,
    "listPassages": {"passages": [_PASSAGE]},
    "getPassage": {
        **{name: value for name, value in _PASSAGE.items() if name not in ("score", "rank")},
        "ordinal": 2,
        "start": 228,
        "end": 267,
    },
    "listDocuments": {"documents": [_DOCUMENT]},
    "postDocuments": _QUEUED,
    "listUploads": {"uploads": [_UPLOAD]},
    "getUpload": _UPLOAD,
    "getDocument": _DOCUMENT,
    "listQuoteBoxes": {"boxes": [{"left": 0.118, "top": 0.251, "width": 0.462, "height": 0.014}]},
    "getDocumentText": {
        "docId": _PLACE["docId"],
        "source": "jaarverslag.pdf",
        "title": "Jaarverslag",
        "text": TEXT,
        "pages": [{"page": 1, "start": 0}, {"page": 2, "start": 25}],
    },
}
# By operation: what is sent to it.
REQUESTS: dict[str, Any] = {
    "postAnswer": {
        "question": "Hoeveel woningen bouwt Veldrijk tot 2030?",
        "topK": 5,
        "filters": {"kinds": ["visie"], "issuedFrom": "2023"},
    },
    "postDocuments": {
        "files": ["(de inhoud van raadsbrief.pdf)", "(de inhoud van begroting.xlsx)"],
        "publisher": "Gemeente Veldrijk",
        "kind": "raadsbrief",
        "issued": "2026-02-24",
        "access": ["griffie"],
    },
    "postFeedback": {
        "answerId": _ANSWER["answerId"],
        "helpful": False,
        "reason": "onvolledig",
        "comment": "Het aantal sociale huurwoningen ontbreekt.",
        "citationNumber": 1,
    },
}
