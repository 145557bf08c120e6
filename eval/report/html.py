"""The report for a browser: a page with everything at a glance, and one for every question.

The pages need nothing but themselves: no script, no network. What comes out of documents, questions and answers is
escaped, and kept from turning the text around it from left to right.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.compare import Comparison
from eval.gates import Checked
from eval.history import Past
from eval.records import Evaluation
from eval.report.overview import overview
from eval.report.question import PassageText, question_page

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE = "rapport.html"
QUESTIONS = "vragen"
LONGEST_NAME = 60
# Names that Windows keeps for devices, whatever comes after the dot.
RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)\d")
# What changes the direction of text: an element cannot keep it in where there are none, as in the title of a page.
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def write_html(
    folder: Path,
    evaluation: Evaluation,
    *,
    comparison: Comparison | None,
    checked: Sequence[Checked],
    history: Sequence[Past],
    passage_text: PassageText,
) -> Path:
    """Write the pages of a report into a folder, and give back the first of them.

    `passage_text` gives the text of a passage by its id, None when it is gone; `history` is oldest first. A page is
    there whole or not at all, and the first page only when those of the questions are. Raises OSError.
    """
    environment = _environment()
    (folder / QUESTIONS).mkdir(parents=True, exist_ok=True)
    names = page_names([outcome.asked.topic_id for outcome in evaluation.outcomes])
    template = environment.get_template("question.html.j2")
    for at, outcome in enumerate(evaluation.outcomes):
        html = template.render(
            page=question_page(outcome, comparison, passage_text),
            back=f"../{PAGE}",
            previous=names[at - 1] if at else None,
            next=names[at + 1] if at + 1 < len(names) else None,
            number=at + 1,
            count=len(names),
        )
        _write(folder / QUESTIONS / names[at], html)
    hrefs = [f"{QUESTIONS}/{name}" for name in names]
    view = overview(evaluation, comparison, checked, history, hrefs)
    _write(folder / PAGE, environment.get_template("page.html.j2").render(view=view))
    return folder / PAGE


def page_names(topic_ids: Sequence[str]) -> list[str]:
    """A file name for the page of each question: of plain letters and digits, and no two alike on any system."""
    names: list[str] = []
    taken: set[str] = set()
    for topic_id in topic_ids:
        plain = re.sub(r"[^a-z0-9]+", "-", topic_id.lower())[:LONGEST_NAME].strip("-")
        name, number = plain, 0
        while (name != topic_id and not number) or not name or name in taken or RESERVED.fullmatch(name):
            told = hashlib.sha256(f"{topic_id}\0{number}".encode(errors="replace")).hexdigest()[:10]
            name, number = f"{plain or 'vraag'}-{told}", number + 1
        taken.add(name)
        names.append(f"{name}.html")
    return names


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only for these pages

    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["style"] = (here / "style.css").read_text(encoding="utf-8")
    environment.filters["undirected"] = lambda text: DIRECTIONS.sub("", text)
    return environment


def _write(path: Path, html: str) -> None:
    """A new file, put in place at once: a page is never there by half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(html)
        Path(name).chmod(0o644)  # a temporary file is for its maker alone
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
