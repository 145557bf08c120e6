"""What an evaluation has done so far, on disk: an interrupted one goes on where it was."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from eval.records import Outcome

FOLDER = "evaluatie"


class Journal:
    """The outcomes of one run, known by a fingerprint of all that they depend on; a line each, in order of arrival.

    Used as a context: when it ends well, the run is complete and its journal is removed.
    """

    def __init__(self, data: Path, fingerprint: str) -> None:
        """`data` is the data directory. Journals of other runs are removed: nothing will go on with them."""
        self._path = data / FOLDER / f"{fingerprint}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for other in self._path.parent.glob("*.jsonl"):
            if other != self._path:
                other.unlink(missing_ok=True)
        self.done = {outcome.asked.topic_id: outcome for outcome in self._read()}
        self._file = self._path.open("a", encoding="utf-8")

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, problem: object, *_: object) -> None:
        self._file.close()
        if problem is None:
            self._path.unlink(missing_ok=True)

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; a failed one is not kept, so that it is tried again."""
        self.done[outcome.asked.topic_id] = outcome
        if outcome.failed is None:
            self._file.write(outcome.model_dump_json(by_alias=True) + "\n")
            self._file.flush()

    def _read(self) -> Iterator[Outcome]:
        """The outcomes that were written whole."""
        if not self._path.exists():
            return
        text = self._path.read_text(encoding="utf-8", errors="replace")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            self._path.write_text(whole, encoding="utf-8")
        for line in whole.split("\n"):
            try:
                yield Outcome.model_validate_json(line)
            except ValidationError:
                continue
