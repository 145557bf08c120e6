"""The pages for whoever takes documents in: what the library holds, uploading, and removing a document."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import Caller
from api.deps import Parts, PartsDep, SightDep
from api.errors import BadMultipart, BadUpload
from api.routes.uploads import IngesterDep, UploadsDep
from api.session import FIELD, FormDep, Session, SessionDep, check_csrf
from api.sight import Sight, sight_of
from api.upload_facts import ACCESS, TEXTS, Said, said_of
from api.upload_form import Received
from api.upload_messages import field_message, form_message, outcome_text, status_text
from api.upload_records import UploadRecord
from api.web.templates import fragment, page
from ingest.errors import NoLibrary
from ingest.read import SUPPORTED

HOME = "/beheer/documenten"
PER_PAGE = 50
SHOWN_UPLOADS = 20
_LATER = "straks"
_EVERYONE, _GROUPS = "iedereen", "groepen"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list of documents is asked for, and what is said first: "removed", "removing" or "added"."""

    number: int = 1
    search: str = ""
    told: str = ""


async def _asked(
    number: Annotated[str, Query(alias="pagina")] = "1",
    search: Annotated[str, Query(alias="zoek")] = "",
    removed: Annotated[str, Query(alias="verwijderd")] = "",
    added: Annotated[str, Query(alias="toegevoegd")] = "",
) -> Asked:
    at = max(int(number), 1) if number.isascii() and number.isdecimal() and len(number) < 9 else 1
    told = "removing" if removed == _LATER else "removed" if removed else "added" if added else ""
    return Asked(at, search[:200], told)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/beheer")
def overview(request: Request, parts: PartsDep, session: SessionDep, caller: IngesterDep) -> Response:
    """What the library holds, as far as the caller sees it, and who he is."""
    sight = _sight(parts, caller)
    facts: dict[str, Any] = {"documents": 0, "passages": 0, "version": "", "created": None, "free": 0}
    if sight is not None:
        counts = sight.library.passage_counts
        facts |= {
            "documents": len(sight.documents),
            "passages": sum(counts.get(doc_id, 0) for doc_id in sight.documents),
            "version": sight.library.manifest.library_version,
            "created": datetime.fromisoformat(sight.library.manifest.created),
        }
    if parts.uploads is not None:
        facts["free"] = shutil.disk_usage(parts.uploads.root).free // 2**20
    return page(
        request, "admin.html.j2", look=parts.look, session=session, caller=caller, uploads=parts.uploads, **facts
    )


@router.get(HOME)
def documents(
    request: Request,
    parts: PartsDep,
    session: SessionDep,
    caller: IngesterDep,
    _uploads: UploadsDep,
    asked: AskedDep,
) -> Response:
    """The form to upload with, the uploads, and the documents that there are."""
    return _page(request, parts, session, caller, asked)


@router.get(f"{HOME}/uploads")
def progress(caller: IngesterDep, uploads: UploadsDep) -> HTMLResponse:
    """The list of uploads by itself, for the page to put in while they are under way."""
    return HTMLResponse(fragment("admin_uploads.html.j2", uploads=_lines(uploads.of(caller), caller)))


@router.post(HOME)
async def upload(
    request: Request, parts: PartsDep, session: SessionDep, caller: IngesterDep, uploads: UploadsDep
) -> Response:
    """To the list with the upload in it; or the form once more, with what is wrong."""
    filled: dict[str, list[str]] = {}

    def before_files(received: Received) -> None:
        check_csrf(session, received.last(FIELD))

    def said(received: Received) -> Said:
        check_csrf(session, received.last(FIELD))
        filled.update(received.fields)
        return _said(received, caller)

    content_type = request.headers.get("content-type", "")
    try:
        await uploads.take_in(content_type, request.stream(), caller, before_files=before_files, said_of=said)
    except BadUpload as error:
        errors = {name: field_message(problem) for name, problem in error.problems}
    except BadMultipart as error:
        errors = {"files": form_message(error.problem)}
    except ClientDisconnect:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody is there to read it
    else:
        return RedirectResponse(f"{HOME}?toegevoegd=1#uploads", HTTPStatus.SEE_OTHER)
    return await run_in_threadpool(_page, request, parts, session, caller, Asked(), filled=filled, errors=errors)


@router.get(f"{HOME}/{{doc_id}}/verwijderen")
def removal_form(
    request: Request,
    doc_id: str,
    parts: PartsDep,
    session: SessionDep,
    caller: IngesterDep,
    sight: SightDep,
    _uploads: UploadsDep,
) -> Response:
    """The question whether the document must really go."""
    document = sight.document(doc_id)
    filled: dict[str, Any] = {"document": document, "passages": sight.library.passage_counts.get(doc_id, 0)}
    return page(request, "admin_remove.html.j2", look=parts.look, session=session, caller=caller, **filled)


def _source(doc_id: str, sight: SightDep) -> str:
    """The source of the document, once its library is let go of."""
    return sight.document(doc_id).source


@router.post(f"{HOME}/{{doc_id}}/verwijderen")
async def removal(
    _caller: IngesterDep, source: Annotated[str, Depends(_source)], uploads: UploadsDep, _form: FormDep
) -> Response:
    """To the list, without the document, or with the word that it goes when other documents are done."""
    gone = await run_in_threadpool(uploads.remove, source)
    return RedirectResponse(f"{HOME}?verwijderd={'1' if gone else _LATER}", HTTPStatus.SEE_OTHER)


def _said(received: Received, caller: Caller) -> Said:
    """What the form of the page says, which asks who may see the documents. Raises BadUpload."""
    fields = {name: values for name, values in received.fields.items() if name not in (FIELD, "audience", "groups")}
    groups = [*fields.pop(ACCESS, []), *filter(None, map(str.strip, received.last("groups").split(",")))]
    audience = received.last("audience")
    problems: list[tuple[str, str]] = []
    if audience not in (_EVERYONE, _GROUPS):
        problems.append(("audience", "audience"))
    elif audience == _EVERYONE and groups:
        problems.append(("audience", "both"))
    elif audience == _GROUPS and not groups:
        problems.append(("audience", "none"))
    try:
        said = said_of(fields | ({ACCESS: groups} if groups else {}), files=len(received.files), caller=caller)
    except BadUpload as error:
        told = {"audience" if name == ACCESS else name: problem for name, problem in error.problems}
        raise BadUpload((*told.items(), *(one for one in problems if one[0] not in told))) from None
    if problems:
        raise BadUpload(tuple(problems))
    return said


def _page(
    request: Request,
    parts: Parts,
    session: Session,
    caller: Caller,
    asked: Asked,
    *,
    filled: dict[str, list[str]] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    sight = _sight(parts, caller)
    listed = list(sight.documents.values()) if sight else []
    found = [one for one in listed if asked.search.casefold() in f"{one.title}\n{one.source}".casefold()]
    pages = max(1, -(-len(found) // PER_PAGE))
    at = min(asked.number, pages)
    filled = filled or {}
    assert parts.uploads is not None, "the routes of this page need them"  # noqa: S101
    return page(
        request,
        "admin_documents.html.j2",
        look=parts.look,
        session=session,
        caller=caller,
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
        told=asked.told,
        uploads=_lines(parts.uploads.of(caller), caller),
        documents=found[(at - 1) * PER_PAGE : at * PER_PAGE],
        total=len(listed),
        found=len(found),
        search=asked.search,
        at=at,
        pages=pages,
        groups=_groups(caller, sight),
        values={name: filled.get(name, [""])[-1] for name in (*TEXTS, "audience", "groups")},
        chosen=filled.get(ACCESS, []),
        errors=errors or {},
        accept=",".join(sorted(SUPPORTED)),
        most_mb=parts.uploads.limits.file_bytes // 2**20,
    )


def _sight(parts: Parts, caller: Caller) -> Sight | None:
    """What the caller sees of the library; None where there is none yet."""
    try:
        with parts.library.lease() as library:
            sight = sight_of(library, caller.groups)
            _ = library.passage_counts  # read while the library is held
            return sight
    except NoLibrary:
        return None


def _groups(caller: Caller, sight: Sight | None) -> list[str]:
    """The groups to choose from: his own, and for whoever administers those of the documents that he sees."""
    seen: Iterable[frozenset[str]] = (one.access for one in sight.documents.values()) if sight else ()
    return sorted(caller.groups.union(*seen) if caller.may("admin") else caller.groups)


def _lines(records: list[UploadRecord], caller: Caller) -> list[dict[str, Any]]:
    """The uploads as the page shows them."""
    return [
        {
            "record": record,
            "when": datetime.fromisoformat(record.created),
            "status": status_text(record),
            "by": record.by if record.owner != caller.bucket else "",
            "files": [(file, outcome_text(record, file)) for file in record.files],
        }
        for record in records[:SHOWN_UPLOADS]
    ]
