"""The direction of imports, the one place of each vendor library, and what may not load at import."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMAND, PARTS, SLACK_PARTS = "vng_assistent", "composition", "slack_parts"

# Which of our packages a package may import, besides itself.
MAY_IMPORT: dict[str, set[str]] = {
    "ingest": set(),
    "assistant": {"ingest"},
    "api": {"ingest", "assistant"},
    "integrations": {"ingest", "assistant"},
    "eval": {"ingest", "assistant"},
    PARTS: {"ingest", "assistant", "api", "integrations", "eval"},
    SLACK_PARTS: {"ingest", "assistant", "api", "integrations"},
    "commands": {"ingest", "assistant", "api", "integrations", "eval", PARTS, SLACK_PARTS},
    COMMAND: {"ingest", "assistant", "api", "integrations", "eval", PARTS, SLACK_PARTS, "commands"},
}
OUTSIDE = {"benchmarks", "tests", "voorbeelden"}  # may import everything; nothing imports them

# The files in which a vendor library may be imported: patterns against the path from the root. The programs that make
# the embedded model stand apart: nothing of the product imports them.
TRAINING = "ingest/model/*.py"
TERMINAL = ("vng_assistent.py", "commands/*.py", "*terminal*.py")
VENDORS: dict[str, tuple[str, ...]] = {
    "alembic": ("api/storage/*.py",),
    "anyio": ("api/events.py", "api/routes/answers.py", "api/web/routes/ask.py"),
    "chromadb": ("ingest/dense.py",),
    "docx": ("ingest/read/word*.py",),
    "fastapi": ("api/*.py",),
    "filelock": ("api/keys.py", "ingest/publish.py", "ingest/lock.py"),
    "httpx": ("assistant/llm/language_model.py",),
    "ir_measures": ("eval/measures/ranking.py",),
    "itsdangerous": ("api/session.py",),
    "jinja2": ("api/web/templates.py", "eval/report/html.py"),
    "limits": ("api/limits.py",),
    "llama_index": ("ingest/encode.py", "assistant/llm/language_model.py", "integrations/llama_index.py"),
    "matplotlib": ("eval/report/charts.py",),
    "model2vec": ("ingest/encode.py", TRAINING),
    "odfdo": ("ingest/read/odt*.py",),
    "ollama": ("assistant/llm/language_model.py",),
    "openpyxl": ("eval/spreadsheet.py",),
    "openai": ("assistant/llm/language_model.py",),
    "pdfplumber": ("ingest/read/pdf/*.py",),
    "pebble": ("ingest/isolate.py",),
    "phonenumbers": ("assistant/masking.py",),
    "PIL": ("ingest/read/pdf/*.py",),
    "prometheus_client": ("api/metrics.py",),
    "pypdfium2": ("ingest/read/pdf/*.py",),
    "rich": TERMINAL,
    "python_multipart": ("api/upload_form.py",),
    "scipy": ("eval/measures/__init__.py", "eval/compare.py", TRAINING),
    "selectolax": ("ingest/read/html*.py",),
    "sentence_transformers": ("ingest/encode.py", "assistant/cross_encoder.py", TRAINING),
    "sentencex": ("ingest/sentences.py",),
    "slack_bolt": ("integrations/slack/bolt_app.py", "integrations/slack/handlers/*.py", "slack_parts.py"),
    "slack_sdk": ("integrations/slack/gateway*.py",),
    "sqlalchemy": ("api/storage/*.py", "integrations/slack/journal*.py"),
    "sqlite3": ("ingest/catalogue.py",),
    "stdnum": ("assistant/masking.py",),
    "starlette": ("api/*.py",),
    "Stemmer": ("ingest/dutch.py", TRAINING),
    "tantivy": ("ingest/lexical.py",),
    "torch": ("ingest/encode.py", TRAINING),
    "transformers": ("ingest/encode.py", TRAINING),
    "typer": TERMINAL,
    "uvicorn": ("api/connections.py", "api/server.py"),
    "websockets": ("integrations/slack/socket.py",),
}
HEAVY = {
    "chromadb",
    "httpx",
    "llama_index",
    "matplotlib",
    "ollama",
    "openai",
    "openpyxl",
    "pdfplumber",
    "phonenumbers",
    "scipy",
    "sentence_transformers",
    "slack_bolt",
    "slack_sdk",
    "torch",
    "transformers",
    "uvicorn",
    "websockets",
}
LONGEST_MODULE = 400


@dataclass(frozen=True, slots=True)
class Imported:
    """One import statement: the file it stands in, the module it names, and when it happens."""

    path: str
    line: int
    module: str
    at_load: bool
    bare: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"


def modules() -> list[Path]:
    """The Python files of the product."""
    found = [ROOT / f"{one}.py" for one in (COMMAND, PARTS, SLACK_PARTS)]
    for package in MAY_IMPORT:
        found += (path for path in (ROOT / package).rglob("*.py") if "node_modules" not in path.parts)
    return sorted(path for path in found if path.exists())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def package(path: str) -> str:
    return path.removesuffix(".py").partition("/")[0]


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports_of(path: str, tree: ast.Module) -> Iterator[Imported]:
    """Every import in the tree, wherever it stands; `at_load` tells whether importing the module runs it."""
    pending: list[tuple[ast.AST, bool]] = [(tree, True)]
    while pending:
        node, at_load = pending.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(path, node.lineno, alias.name, at_load, bare=True)
        elif isinstance(node, ast.ImportFrom):
            yield Imported(path, node.lineno, "." * node.level + (node.module or ""), at_load, bare=False)
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or is_type_checking(node)
        pending += [(child, at_load and not inside) for child in ast.iter_child_nodes(node)]


def all_imports() -> list[Imported]:
    found: list[Imported] = []
    for path in modules():
        found += imports_of(name(path), ast.parse(path.read_text(encoding="utf-8")))
    return found


IMPORTS = all_imports()


def test_imports_follow_the_arrows() -> None:
    ours = MAY_IMPORT.keys() | OUTSIDE
    wrong = [
        str(found)
        for found in IMPORTS
        if found.top in ours and found.top not in MAY_IMPORT[package(found.path)] | {package(found.path)}
    ]
    assert wrong == []


def test_imports_are_absolute() -> None:
    assert [str(found) for found in IMPORTS if found.module.startswith(".")] == []


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_a_vendor_library_stays_in_its_file(vendor: str) -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.top == vendor and not any(fnmatch(found.path, allowed) for allowed in VENDORS[vendor])
    ]
    assert wrong == []


def test_heavy_libraries_load_where_they_are_used() -> None:
    wrong = [
        str(found) for found in IMPORTS if found.at_load and found.top in HEAVY and not fnmatch(found.path, TRAINING)
    ]
    assert wrong == []


def test_only_training_imports_training() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.module.startswith("ingest.model.") and not fnmatch(found.path, TRAINING)
    ]
    assert wrong == []


def test_eval_is_imported_by_name() -> None:
    """`import eval.x` binds the name `eval` and so hides the builtin in that module."""
    assert [str(found) for found in IMPORTS if found.bare and found.top == "eval"] == []


def test_no_module_is_too_long() -> None:
    outside = [path for folder in OUTSIDE for path in (ROOT / folder).rglob("*.py")]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*modules(), *outside]}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


SAMPLE = """
import chromadb
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
class Index:
    import transformers
    def open(self):
        from llama_index.core import Document
        import eval.measures
"""


def test_imports_are_found_wherever_they_stand() -> None:
    found = {item.module: item for item in imports_of("ingest/sample.py", ast.parse(SAMPLE))}
    assert {module for module, item in found.items() if item.at_load} == {"chromadb", "typing", "transformers"}
    assert {module for module, item in found.items() if not item.at_load} == {
        "torch",
        "llama_index.core",
        "eval.measures",
    }
    assert found["eval.measures"].bare
    assert not found["llama_index.core"].bare
