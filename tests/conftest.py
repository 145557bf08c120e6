"""Fixtures that many tests use, and the offline guard around every test."""

from pathlib import Path

import pytest

from tests.offline import offline  # noqa: F401 - first, because it also sets the environment

from ingest.encode import Encoder, load_encoder  # isort: skip
from tests.corpus import write_corpus  # isort: skip


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedded model."""
    return load_encoder(None)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with the tiny corpus."""
    return write_corpus(tmp_path / "bronnen")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory without a library."""
    return tmp_path / "data"
