"""The command of `make bench`: measures, prints a page of Markdown, and keeps it with --save."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT
from benchmarks.report import page, save
from benchmarks.scale import scale
from benchmarks.versus import compare

EXAMPLES = ROOT / "voorbeelden" / "documenten"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="measure on the documents in this folder too")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is taken")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--megabytes", type=float, default=1.0, help="text to fill a small folder up to")
    parser.add_argument("--passages", type=int, default=100_000, help="size of the made-up archive; 0 leaves it out")
    parser.add_argument("--no-peer", action="store_true", help="only the made-up archive")
    parser.add_argument("--save", action="store_true", help="keep the page in benchmarks/results/")
    return parser.parse_args()


def tell(what: str) -> None:
    """Say on stderr what is being measured."""
    print(f"  {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure what was asked for and print the page."""
    chosen = _arguments()
    folders = {"The example documents": EXAMPLES}
    if chosen.folder:
        if not chosen.folder.is_dir():
            sys.exit(f"De map {chosen.folder} bestaat niet.")
        folders["The folder of the user"] = chosen.folder.resolve()
    sections = []
    for title, folder in (folders if not chosen.no_peer else {}).items():
        with tempfile.TemporaryDirectory() as work:
            sections.append(
                compare(
                    folder,
                    Path(work),
                    title=title,
                    runs=chosen.runs,
                    text_bytes=int(chosen.megabytes * 1e6),
                    asked=chosen.questions,
                    tell=tell,
                )
            )
    if chosen.passages:
        with tempfile.TemporaryDirectory() as work:
            sections.append(scale(EXAMPLES, Path(work), passages=chosen.passages, asked=chosen.questions, tell=tell))
    text = page(sections)
    print(text)
    if chosen.save:
        print(f"  kept in {save(text)}", file=sys.stderr)


if __name__ == "__main__":
    main()
