"""Answers to keep, and empty PostgreSQL databases where VNG_TEST_POSTGRES is the address of a server."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from api.storage.store import AnswerStore
from api.storage.types import StoredAnswer
from assistant.types import Answer, Query
from tests.test_record import ANSWER

NOW = datetime(2026, 3, 1, 9, 30, 0, 125, tzinfo=UTC)
POSTGRES = os.environ.get("VNG_TEST_POSTGRES", "")
postgres_missing = pytest.mark.skipif(
    not POSTGRES,
    reason="geen PostgreSQL: installeer postgresql en zet VNG_TEST_POSTGRES op het adres, "
    "zoals postgresql+psycopg://postgres@localhost/postgres",
)


@contextmanager
def new_database() -> Iterator[str]:
    """The address of an empty database on that server, which is dropped afterwards."""
    name = f"vng_test_{uuid.uuid4().hex}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def sample(answer_id: str | None = None, question: str = "Hoeveel woningen komen er?", **changes: Any) -> Answer:
    """An answer of one statement; without an id with one of its own."""
    query = Query(question, history=changes.pop("history", ()))
    return replace(ANSWER, answer_id=answer_id or uuid.uuid4().hex, query=query, standalone_query=question, **changes)


def kept(store: AnswerStore, answer_id: str) -> StoredAnswer:
    """The answer with this id, which is there."""
    found = store.answer(answer_id)
    assert found is not None
    return found


def traces(path: Path) -> bytes:
    """The bytes of all files of a database."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
