"""What of an upload goes over the wire."""

from typing import Literal

from pydantic import Field

from api.schemas import Schema
from api.upload_records import Outcome, Status, UploadedFile, UploadRecord


class UploadedFileSchema(Schema):
    """Een bestand van een upload. `outcome` is leeg zolang het nog niet is verwerkt."""

    name: str
    source: str
    size: int = Field(description="De grootte, in bytes.")
    status: Status
    outcome: Outcome | None
    message: str = Field(description="Wat er mis is, en wat je eraan doet; anders leeg.")
    doc_id: str | None
    passages: int


class UploadSchema(Schema):
    """Een upload. `stage` zegt wat er nu gebeurt, `done` en `total` hoe ver dat is."""

    upload_id: str
    status: Status
    stage: Literal["", "waiting", "read", "encode", "lexical", "dense", "verify"]
    done: int
    total: int
    message: str
    created: str
    by: str
    access: list[str]
    files: list[UploadedFileSchema]


class UploadsSchema(Schema):
    """De uploads die je mag zien, de nieuwste eerst."""

    uploads: list[UploadSchema]


def upload_schema(record: UploadRecord) -> UploadSchema:
    """An upload as it goes over the wire."""
    return UploadSchema(
        upload_id=record.upload_id,
        status=record.status,
        stage=record.stage,  # type: ignore[arg-type]  # checked when it is made
        done=record.done,
        total=record.total,
        message=record.message,
        created=record.created,
        by=record.by,
        access=list(record.access),
        files=[_file(record, file) for file in record.files],
    )


def _file(record: UploadRecord, file: UploadedFile) -> UploadedFileSchema:
    status = record.status
    if file.outcome is not None:
        status = "failed" if file.outcome in ("failed", "skipped") else "done"
    return UploadedFileSchema(
        name=file.name,
        source=file.source,
        size=file.size,
        status=status,
        outcome=file.outcome,
        message=file.message,
        doc_id=file.doc_id,
        passages=file.passages,
    )
