"""What goes over the wire, in camelCase: the JSON of the HTTP interface and of `--json` on the command line."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from assistant.messages import explain_reason, level_text, message_text
from assistant.types import Answer, Citation, Generation, Language, ScoredPassage, Suggestion
from ingest.errors import IngestError
from ingest.messages import explain
from ingest.publish import PublishReport
from ingest.types import Document


class Schema(BaseModel):
    """Fields in Python's names here, in camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    def json_text(self) -> str:
        """The JSON text, indented, with the names of the wire."""
        return self.model_dump_json(by_alias=True, indent=2)


class PassageSchema(Schema):
    """A retrieved passage."""

    passage_id: str
    doc_id: str
    source: str
    title: str
    section: list[str]
    first_page: int | None
    last_page: int | None
    text: str
    score: float
    rank: int


class SuggestionSchema(PassageSchema):
    """A passage that comes near a question that was not answered; `reason` and `detail` say why it does not answer.

    `reason_text` says the same in a sentence.
    """

    reason: str
    reason_text: str
    detail: str


class PassagesSchema(Schema):
    """The result of a search."""

    passages: list[PassageSchema]


class StatementSchema(Schema):
    """One statement with the numbers of its citations."""

    text: str
    citations: list[int]


class CitationSchema(Schema):
    """One citation: `quote` stands at [start, end) in the text of the document, on `page`."""

    number: int
    passage_id: str
    doc_id: str
    source: str
    title: str
    publisher: str | None
    issued: str | None
    section: list[str]
    page: int | None
    page_label: str | None
    quote: str
    start: int
    end: int
    url: str | None


class GenerationSchema(Schema):
    """How the statements of an answer were made and checked."""

    model: str | None
    prompt_version: str | None
    checks: list[str]
    dropped: int
    fell_back: str | None
    prompt_tokens: int
    completion_tokens: int


class AnswerSchema(Schema):
    """An answer. `text` is the statements with their [n] markers, `message` what is said where there are none.

    `level` is the confidence in three steps, `level_text` the same in a sentence, "" without statements.
    `reply` names the fixed reply that took the place of an answer. `questions` are questions that the documents do
    answer. `generation` says how the statements were made and checked.
    """

    answer_id: str
    conversation_id: str | None
    question: str
    standalone_question: str
    status: str
    text: str
    message: str
    statements: list[StatementSchema]
    citations: list[CitationSchema]
    passages: list[PassageSchema]
    suggestions: list[SuggestionSchema]
    questions: list[str]
    confidence: float
    level: str
    level_text: str
    language: str
    reply: str | None
    generator: str
    generation: GenerationSchema
    library_version: str
    took_ms: float


class DocumentSchema(Schema):
    """A document of the library."""

    doc_id: str
    source: str
    title: str
    publisher: str | None
    kind: str | None
    issued: str | None
    pages: int | None
    passages: int


class DocumentsSchema(Schema):
    """The documents of the library."""

    documents: list[DocumentSchema]


class FileSchema(Schema):
    """What became of one file; `message` says in Dutch what was wrong with it."""

    source: str
    outcome: str
    passages: int
    message: str | None


class PublishSchema(Schema):
    """What a publish did."""

    library_version: str
    published: bool
    documents: int
    passages: int
    files: list[FileSchema]


class VerifySchema(Schema):
    """What is wrong with the library; nothing when it is sound."""

    library_version: str
    problems: list[str]


def passage_schema(hit: ScoredPassage) -> PassageSchema:
    """A retrieved passage as it goes over the wire."""
    passage = hit.passage
    return PassageSchema(
        passage_id=passage.passage_id,
        doc_id=passage.doc_id,
        source=hit.document.source,
        title=hit.document.title,
        section=list(passage.section),
        first_page=passage.first_page,
        last_page=passage.last_page,
        text=passage.text,
        score=round(hit.score, 6),
        rank=hit.rank,
    )


def answer_schema(answer: Answer, *, conversation_id: str | None = None) -> AnswerSchema:
    """An answer as it goes over the wire."""
    return AnswerSchema(
        answer_id=answer.answer_id,
        conversation_id=conversation_id,
        question=answer.query.text,
        standalone_question=answer.standalone_query,
        status=answer.status.value,
        text=answer.text,
        message=message_text(answer),
        statements=[StatementSchema(text=s.text, citations=list(s.citations)) for s in answer.statements],
        citations=[citation_schema(citation) for citation in answer.citations],
        passages=[passage_schema(hit) for hit in answer.passages],
        suggestions=[_suggestion_schema(suggestion, answer.language) for suggestion in answer.suggestions],
        questions=list(answer.questions),
        confidence=round(answer.confidence, 4),
        level=answer.level.value,
        level_text=level_text(answer.level, answer.language) if answer.statements else "",
        language=answer.language,
        reply=answer.reply.value if answer.reply else None,
        generator=answer.generator,
        generation=_generation_schema(answer.generation),
        library_version=answer.library_version,
        took_ms=round(answer.took_ms, 1),
    )


def _suggestion_schema(suggestion: Suggestion, language: Language) -> SuggestionSchema:
    passage = passage_schema(suggestion.passage)
    return SuggestionSchema(
        **passage.model_dump(),
        reason=suggestion.reason.value,
        reason_text=explain_reason(suggestion, language),
        detail=suggestion.detail,
    )


def _generation_schema(generation: Generation) -> GenerationSchema:
    return GenerationSchema(
        model=generation.model,
        prompt_version=generation.prompt_version,
        checks=list(generation.checks),
        dropped=generation.dropped,
        fell_back=generation.fell_back,
        prompt_tokens=generation.prompt_tokens,
        completion_tokens=generation.completion_tokens,
    )


def document_schema(document: Document, passages: int) -> DocumentSchema:
    """A document as it goes over the wire."""
    return DocumentSchema(
        doc_id=document.doc_id,
        source=document.source,
        title=document.title,
        publisher=document.publisher,
        kind=document.kind,
        issued=document.issued,
        pages=document.pages,
        passages=passages,
    )


def publish_schema(report: PublishReport) -> PublishSchema:
    """The report of a publish as it goes over the wire."""
    return PublishSchema(
        library_version=report.manifest.library_version,
        published=report.published,
        documents=report.manifest.documents,
        passages=report.manifest.passages,
        files=[
            FileSchema(
                source=file.source,
                outcome=file.outcome,
                passages=file.passages,
                message=explain(file.error) if isinstance(file.error, IngestError) else None,
            )
            for file in report.files
        ],
    )


def citation_schema(citation: Citation) -> CitationSchema:
    """A citation as it goes over the wire."""
    return CitationSchema(
        number=citation.number,
        passage_id=citation.passage.passage_id,
        doc_id=citation.document.doc_id,
        source=citation.document.source,
        title=citation.document.title,
        publisher=citation.document.publisher,
        issued=citation.document.issued,
        section=list(citation.passage.section),
        page=citation.page,
        page_label=citation.page_label,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        url=None,
    )
