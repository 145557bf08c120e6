"""An evaluation from questions to verdict: run them, measure, compare, hold against the gates, and report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.check_evidence import HINTS, Unheld, unheld
from eval.compare import TESTED, Comparison, compare
from eval.examine import Open
from eval.gates import Checked, Gate, check, compared_measures, read_gates
from eval.history import Past, add_to_history, read_history
from eval.journal import Journal
from eval.measures import measure_each, summarise
from eval.messages import problem_text
from eval.records import Evaluation, Stamp, evaluation_text, read_evaluation
from eval.report.findings import has_passed
from eval.report.html import write_html
from eval.report.junit import junit
from eval.report.markdown import markdown
from eval.run import Progress, run
from eval.spreadsheet import read_any
from eval.stamp import fingerprint, stamp
from eval.topics import Topic
from ingest.library import Library


@dataclass(frozen=True, slots=True)
class Verdict:
    """An evaluation with what it was held against."""

    evaluation: Evaluation
    comparison: Comparison | None
    checked: tuple[Checked, ...]

    history: tuple[Past, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every gate that could be checked was passed, and no question failed."""
        return has_passed(self.evaluation, self.checked)


@dataclass(frozen=True, slots=True)
class Files:
    """What an evaluation reads: questions, gates, an earlier evaluation; and writes: reports, and a line of history."""

    topics: Path
    gates: Path | None = None
    baseline: Path | None = None
    report: Path | None = None
    history: Path | None = None


def check_topics(path: Path, library: Library | None) -> tuple[list[Unheld], list[Unheld]]:
    """What is wrong with the questions in a file, held against a library where there is one, and what is doubtful.

    Raises TopicsError for questions that cannot be used at all, and OSError.
    """
    topics = read_any(path)
    found = unheld(topics, library) if library else []
    return [one for one in found if one.what not in HINTS], [one for one in found if one.what in HINTS]


def evaluate_files(
    files: Files,
    library: Library,
    open_subject: Open,
    *,
    data: Path,
    settings: Mapping[str, str],
    workers: int,
    judged: bool,
    progress: Progress,
) -> Verdict:
    """The verdict on a library, after writing the reports that are asked for.

    All that is read is read first, so that a mistake in it costs no run. Raises EvalError and OSError.
    """
    topics = read_any(files.topics)
    gates = read_gates(files.gates) if files.gates else ()
    baseline = read_evaluation(files.baseline) if files.baseline else None
    made = stamp(topics, files.topics.name, library.manifest, settings)
    evaluation = evaluate(
        topics, made, library, open_subject, data=data, workers=workers, judged=judged, progress=progress
    )
    verdict = decide(evaluation, baseline, gates)
    if files.history:
        add_to_history(files.history, evaluation)
        verdict = replace(verdict, history=tuple(read_history(files.history, made.topics)))
    if files.report:
        write_reports(files.report, verdict, library)
    return verdict


def evaluate(
    topics: Sequence[Topic],
    made: Stamp,
    library: Library,
    open_subject: Open,
    *,
    data: Path,
    workers: int,
    judged: bool,
    progress: Progress,
) -> Evaluation:
    """The evaluation of these questions on the library of this data directory.

    An earlier run of the same that was interrupted is gone on with. `judged` tells whether a language model gives its
    opinion too. Raises WorkerLost.
    """
    with Journal(data, fingerprint(made, str(judged))) as journal:
        outcomes = run(topics, open_subject, journal, workers=workers, progress=progress)
    warnings = tuple(problem_text(problem) for problem in unheld(topics, library))
    summary = summarise(outcomes, measure_each(outcomes))
    return Evaluation(stamp=made, summary=summary, warnings=warnings, outcomes=tuple(outcomes))


def decide(evaluation: Evaluation, baseline: Evaluation | None, gates: tuple[Gate, ...]) -> Verdict:
    """Whether an evaluation passes."""
    tested = compared_measures(gates) or TESTED
    comparison = compare(evaluation, baseline, tested) if baseline else None
    return Verdict(evaluation, comparison, check(gates, evaluation.summary, comparison))


def write_reports(folder: Path, verdict: Verdict, library: Library) -> Path:
    """Write all reports into a folder, and give back the page to open first."""
    folder.mkdir(parents=True, exist_ok=True)
    evaluation, comparison, checked = verdict.evaluation, verdict.comparison, verdict.checked
    for name, text in (
        ("evaluatie.json", evaluation_text(evaluation)),
        ("rapport.md", markdown(evaluation, comparison, checked)),
        ("junit.xml", junit(evaluation, checked, comparison)),
    ):
        (folder / name).write_text(text, encoding="utf-8")

    def passage_text(passage_id: str) -> str | None:
        passage = library.passage(passage_id)
        return passage.text if passage else None

    return write_html(
        folder,
        evaluation,
        comparison=comparison,
        checked=checked,
        history=verdict.history,
        passage_text=passage_text,
    )
