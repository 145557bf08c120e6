"""A question as its form has it: what was typed and chosen, what is wrong with it, and the query that it is."""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from starlette.datastructures import FormData, QueryParams

from api.deps import Parts
from api.history import turns_in_sight
from api.metrics import Metrics
from api.sight import Sight
from api.web.templates import plural
from assistant.assistant import MAX_QUESTION
from assistant.types import Answer, Filters, Query
from assistant.verify import Verified
from ingest.dutch import fold
from ingest.types import Document

QUESTION, CONVERSATION, DOCUMENT, TITLE = "vraag", "gesprek", "document", "titel"
KIND, FROM, TO = "soort", "van", "tot"
MOST_LISTED = 30  # documents that can be ticked: a form has 40 fields at most; of more, the title is typed
LONGEST_TITLE = 200
_ID = re.compile(r"[0-9a-f]{32}")
_YEAR = re.compile(r"(?:1[89]|20|21)[0-9]{2}")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AskForm:
    """What somebody typed and chose. `conversation_id` is "" for a question that stands by itself."""

    question: str = ""
    conversation_id: str = ""
    doc_ids: tuple[str, ...] = ()
    title: str = ""
    kinds: tuple[str, ...] = ()
    year_from: str = ""
    year_to: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether not all documents are asked."""
        return bool(self.doc_ids or self.title or self.kinds or self.year_from or self.year_to)

    def fields(self) -> list[tuple[str, str]]:
        """The name and value of every field that narrows the question, for a form that asks on."""
        return [
            *((DOCUMENT, one) for one in self.doc_ids),
            *((KIND, one) for one in self.kinds),
            *((name, one) for name, one in ((TITLE, self.title), (FROM, self.year_from), (TO, self.year_to)) if one),
        ]


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from. `documents` is empty where there are too many of them to be listed."""

    count: int
    documents: tuple[Document, ...]
    kinds: tuple[str, ...]


def read_form(form: FormData | QueryParams) -> AskForm:
    """What came in, with nothing checked but that it is text."""

    def text(name: str) -> str:
        value = form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def texts(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for one in form.getlist(name) if isinstance(one, str) and one))

    conversation = text(CONVERSATION)
    return AskForm(
        # A browser sends a line end as two characters, and counted one where it told how long this may be.
        question=text(QUESTION).replace("\r\n", "\n"),
        conversation_id=conversation if _ID.fullmatch(conversation) else "",
        doc_ids=texts(DOCUMENT),
        title=text(TITLE),
        kinds=texts(KIND),
        year_from=text(FROM),
        year_to=text(TO),
    )


def choices(sight: Sight) -> Choices:
    """What whoever has this sight can choose from."""
    documents = sorted(sight.documents.values(), key=lambda one: fold(one.title))
    kinds = sorted({one.kind for one in documents if one.kind}, key=fold)
    listed = tuple(documents) if len(documents) <= MOST_LISTED else ()
    return Choices(len(documents), listed, tuple(kinds))


def problems(form: AskForm, sight: Sight) -> dict[str, str]:
    """Name of a field -> what is wrong with it and what to do, in order of the form; {} for a form that can be asked.

    A document that whoever asks may not see is not there, and so it is not in the form either.
    """
    found: dict[str, str] = {}
    if not form.question:
        found[QUESTION] = "Vul een vraag in."
    elif len(form.question) > MAX_QUESTION:
        over = len(form.question) - MAX_QUESTION
        too_many, most = plural(over, "teken", "tekens"), plural(MAX_QUESTION, "teken", "tekens")
        found[QUESTION] = f"Je vraag is {too_many} te lang. Gebruik hoogstens {most}."
    elif _UNWRITABLE.search(form.question):
        found[QUESTION] = "Gebruik gewone tekst, zonder vreemde tekens."
    if not set(form.doc_ids) <= sight.documents.keys():
        found[DOCUMENT] = "Een document dat je koos, is er niet meer. Kies opnieuw."
    if form.title and not filters_of(form, sight).doc_ids:
        found[TITLE] = "Geen document heeft deze woorden in de titel. Gebruik minder woorden, of laat het veld leeg."
    for name, year in ((FROM, form.year_from), (TO, form.year_to)):
        if year and not _YEAR.fullmatch(year):
            found[name] = "Schrijf een jaar met vier cijfers, zoals 2024."
    if not found.keys() & {FROM, TO} and form.year_from and form.year_to and form.year_from > form.year_to:
        found[TO] = f"Dit jaar ligt voor {form.year_from}. Wissel de jaren om."
    return found


def titled(words: str, sight: Sight) -> tuple[str, ...]:
    """The ids of the documents that have all these words in their title or the name of their file."""
    wanted = fold(words[:LONGEST_TITLE]).split()
    return tuple(
        doc_id
        for doc_id, one in sight.documents.items()
        if all(word in fold(f"{one.title} {one.source}") for word in wanted)
    )


def filters_of(form: AskForm, sight: Sight) -> Filters:
    """The documents that the form is about."""
    doc_ids = form.doc_ids
    if form.title:
        found = titled(form.title, sight)
        doc_ids = tuple(one for one in found if not doc_ids or one in doc_ids)
    return Filters(doc_ids, form.kinds, form.year_from or None, form.year_to or None)


def form_of(filters: Filters) -> AskForm:
    """The form that asks about the same documents."""
    return AskForm(
        doc_ids=filters.doc_ids,
        kinds=filters.kinds,
        year_from=filters.issued_from or "",
        year_to=filters.issued_to or "",
    )


def narrowed_text(filters: Filters, documents: Mapping[str, Document]) -> str:
    """Which documents were asked: "2 documenten, van 2019 tot en met 2022"; "" for all of them."""
    titles = [documents[one].title for one in filters.doc_ids if one in documents]
    said = titles if len(titles) <= 2 else [f"{len(titles)} documenten"]
    if filters.kinds:
        said += [f"soort: {' of '.join(filters.kinds)}"]
    if filters.issued_from and filters.issued_to:
        said += [f"van {filters.issued_from} tot en met {filters.issued_to}"]
    elif filters.issued_from:
        said += [f"vanaf {filters.issued_from}"]
    elif filters.issued_to:
        said += [f"tot en met {filters.issued_to}"]
    return ", ".join(said)


def answering(
    query: Query, parts: Parts, metrics: Metrics, conversation_id: str, *, goes_on: bool
) -> Generator[Verified | Answer, None, None]:
    """The statements of the answer, and then the answer, which is kept by then. `goes_on` says that the conversation
    has earlier questions.
    """
    history = turns_in_sight(parts.store, parts.library, query.groups, conversation_id) if goes_on else ()
    for one in parts.assistant.stream(replace(query, history=history)):
        if isinstance(one, Answer):
            parts.store.save(one, conversation_id, now=datetime.now(UTC))
            metrics.answer(one.status.value)
        yield one


def whole_answer(found: Sequence[Verified | Answer]) -> Answer:
    """The answer that a stream of `answering` ends with."""
    answer = found[-1]
    assert isinstance(answer, Answer), "a stream ends with its answer"  # noqa: S101
    return answer
