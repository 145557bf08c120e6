"""How every route is asked for a document, for the test that tries them all."""

from dataclasses import dataclass, field

from tests.api_server import HIDDEN_QUESTION

JSON, HTML, EVENTS = "application/json", "text/html", "text/event-stream"
GONE = "0" * 32


@dataclass(frozen=True, slots=True)
class Ids:
    """What a caller might know of a document: of the hidden one, or of one that is not there."""

    document: str
    passage: str
    answer: str
    conversation: str
    upload: str = GONE

    def all(self):
        return (self.document, self.passage, self.answer, self.conversation)


@dataclass(frozen=True, slots=True)
class Case:
    """How a route is asked for something, with the ids put into `path`, `query`, `body` and `form`.

    `asked` says that the word that is only in the hidden document is in the question itself, and may come back.
    `uploads` are files that go along.
    """

    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, object] | None = None
    form: dict[str, str] | None = None
    accept: str = JSON
    asked: bool = False
    uploads: bool = False

    def send(self, client, method, headers, ids, csrf):
        def filled(given):
            values = {name: getattr(ids, name) for name in ("document", "passage", "answer", "conversation", "upload")}
            if isinstance(given, str):
                return given.format(**values)
            if isinstance(given, dict):
                return {name: filled(one) for name, one in given.items()}
            return [filled(one) for one in given] if isinstance(given, list) else given

        options: dict[str, object] = {"params": filled(self.query)}
        if self.body is not None:
            options["json"] = filled(self.body)
        if self.form is not None:
            options["data"] = {"csrf": csrf, **filled(self.form)}
        if self.uploads:
            options["files"] = {"files": ("leeg.txt", b"", "text/plain")}
        headers = {**headers, "Accept": self.accept, "X-Request-Id": "gelijk"}
        return client.request(method, filled(self.path), headers=headers, **options)


ASKED = {"question": HIDDEN_QUESTION, "topK": 100}
CASES: dict[tuple[str, str], list[Case]] = {
    ("POST", "/v1/answers"): [
        *(Case("/v1/answers", body=ASKED, accept=accept, asked=True) for accept in (JSON, EVENTS)),
        Case("/v1/answers", body={**ASKED, "filters": {"docIds": ["{document}"]}}, asked=True),
        Case("/v1/answers", body={"question": "En wat kost dat?", "conversationId": "{conversation}"}),
        Case("/v1/answers", body={"question": "Waarom?", "conversationId": "{conversation}"}, accept=EVENTS),
        Case("/v1/answers", body={"question": "Vertel meer.", "filters": {"docIds": ["{document}"]}}),
    ],
    ("GET", "/v1/answers/{answerId}"): [Case("/v1/answers/{answer}")],
    ("GET", "/v1/answers/{answerId}/export"): [
        Case("/v1/answers/{answer}/export", {"format": one}) for one in ("docx", "odt", "md")
    ],
    ("GET", "/v1/answers/{answerId}/record"): [Case("/v1/answers/{answer}/record")],
    ("GET", "/v1/passages"): [
        Case("/v1/passages", {"q": HIDDEN_QUESTION, "topK": "100"}),
        Case("/v1/passages", {"q": "wat kost het?", "docId": "{document}"}),
    ],
    ("GET", "/v1/passages/{passageId}"): [Case("/v1/passages/{passage}")],
    ("GET", "/v1/documents"): [Case("/v1/documents")],
    ("POST", "/v1/documents"): [Case("/v1/documents", uploads=True)],
    ("GET", "/v1/documents/{docId}"): [Case("/v1/documents/{document}")],
    ("DELETE", "/v1/documents/{docId}"): [Case("/v1/documents/{document}")],
    ("GET", "/v1/documents/{docId}/text"): [
        Case("/v1/documents/{document}/text", accept=one) for one in (JSON, "text/plain")
    ],
    ("GET", "/v1/documents/{docId}/original"): [Case("/v1/documents/{document}/original")],
    ("GET", "/v1/documents/{docId}/pages/{page}"): [Case("/v1/documents/{document}/pages/1")],
    ("GET", "/v1/documents/{docId}/pages/{page}/boxes"): [
        Case("/v1/documents/{document}/pages/1/boxes", {"quote": "Het project"})
    ],
    ("GET", "/v1/uploads"): [Case("/v1/uploads")],
    ("GET", "/v1/uploads/{uploadId}"): [Case("/v1/uploads/{upload}")],
    ("POST", "/v1/feedback"): [
        Case("/v1/feedback", body={"answerId": "{answer}", "helpful": True}),
        Case("/v1/feedback", body={"answerId": "{answer}", "helpful": False, "citationNumber": 1}),
    ],
    ("GET", "/v1/openapi.json"): [Case("/v1/openapi.json")],
    ("GET", "/health/live"): [Case("/health/live")],
    ("GET", "/health/ready"): [Case("/health/ready")],
    ("GET", "/metrics"): [Case("/metrics")],
    ("GET", "/"): [Case("/", accept=HTML), Case("/", {"document": "{document}"}, accept=HTML)],
    ("GET", "/voorbeelden"): [Case("/voorbeelden", accept=HTML)],
    ("GET", "/vraag"): [Case("/vraag", accept=HTML)],
    ("POST", "/vraag"): [
        *(Case("/vraag", form={"vraag": HIDDEN_QUESTION}, accept=one, asked=True) for one in (HTML, EVENTS)),
        Case("/vraag", form={"vraag": "Wat kost dat?", "document": "{document}"}, accept=EVENTS),
        Case("/vraag", form={"vraag": "En wat kost dat?", "gesprek": "{conversation}"}, accept=EVENTS),
    ],
    ("GET", "/antwoorden/{answerId}"): [Case("/antwoorden/{answer}", accept=HTML)],
    ("POST", "/antwoorden/{answerId}/mening"): [
        Case("/antwoorden/{answer}/mening", form={"mening": "ja"}, accept=HTML)
    ],
    ("GET", "/antwoorden/{answerId}/bestand.{suffix}"): [
        Case(f"/antwoorden/{{answer}}/bestand.{one}", accept=HTML) for one in ("docx", "odt", "md")
    ],
    ("GET", "/documenten"): [
        Case("/documenten", accept=HTML),
        Case("/documenten", {"zoek": HIDDEN_QUESTION}, accept=HTML, asked=True),
        Case("/documenten", {"zoek": "kosten van het project"}, accept=HTML),
    ],
    ("GET", "/documenten/{docId}"): [
        Case("/documenten/{document}", accept=HTML),
        Case("/documenten/{document}", {"antwoord": "{answer}", "bron": "1"}, accept=HTML),
        Case("/documenten/{document}", {"passage": "{passage}"}, accept=HTML),
        Case("/documenten/{document}", {"zoek": "kosten"}, accept=HTML),
    ],
    ("GET", "/documenten/{docId}/origineel"): [Case("/documenten/{document}/origineel", accept=HTML)],
    ("GET", "/documenten/{docId}/pagina/{number}.webp"): [Case("/documenten/{document}/pagina/1.webp", accept=HTML)],
    ("GET", "/over"): [Case("/over", accept=HTML)],
    ("GET", "/privacy"): [Case("/privacy", accept=HTML)],
    ("GET", "/toegankelijkheid"): [Case("/toegankelijkheid", accept=HTML)],
    ("GET", "/static/{path:path}"): [Case("/static/app.css", accept="text/css")],
    ("GET", "/inloggen"): [Case("/inloggen", {"terug": "/documenten/{document}"}, accept=HTML)],
    ("POST", "/inloggen"): [Case("/inloggen", form={"sleutel": "x", "terug": "/documenten/{document}"}, accept=HTML)],
    ("POST", "/uitloggen"): [Case("/uitloggen", form={}, accept=HTML)],
    ("GET", "/beheer"): [Case("/beheer", accept=HTML)],
    ("GET", "/beheer/documenten"): [Case("/beheer/documenten", accept=HTML)],
    ("GET", "/beheer/documenten/uploads"): [Case("/beheer/documenten/uploads", accept=HTML)],
    ("POST", "/beheer/documenten"): [Case("/beheer/documenten", form={"bestanden": ""}, uploads=True, accept=HTML)],
    ("GET", "/beheer/documenten/{doc_id}/verwijderen"): [
        Case("/beheer/documenten/{document}/verwijderen", accept=HTML)
    ],
    ("POST", "/beheer/documenten/{doc_id}/verwijderen"): [
        Case("/beheer/documenten/{document}/verwijderen", form={}, accept=HTML)
    ],
}
