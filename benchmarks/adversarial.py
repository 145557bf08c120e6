"""What gets past the verifier: false replies of a language model about the sample documents, and honest ones.

`python -m benchmarks.adversarial` serves them with the misbehaving server of the tests, asks the assistant, and prints
for each sort how many false statements were shown (none may be), and how many honest ones were kept.
"""

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.generate import Generative
from assistant.llm.language_model import open_model
from assistant.llm.prompt import NOT_FOUND
from assistant.types import Query
from benchmarks.measure import ROOT
from eval.mutate import MUTATIONS, Fact, Reply
from ingest.encode import load_encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from ingest.read import read
from ingest.sentences import sentences
from tests.openai_server import Behaviour, Script, serving

DOCUMENTS = ROOT / "voorbeelden" / "documenten"
HONEST = Path(__file__).parent / "honest_replies.tsv"
SEED = 2026
REPLIES = 200
TRIES = 400  # facts tried for a reply of one sort
ASKING = ("Wat staat er over {}?", "{}?", "Waarom {}?", "Wat zeggen de documenten over {}?")
WORDS = range(6, 32)  # of a sentence that replies are made from


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one reply: the statements that were shown; `asked` is whether the model was asked at all."""

    reply: Reply
    shown: tuple[str, ...]
    asked: bool


def true_sentences(folder: Path = DOCUMENTS) -> list[Fact]:
    """The sentences of these documents that can be quoted."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".toml":
            continue
        _, blocks = read(path, source=path.name)
        for block in blocks:
            if block.kind not in {"paragraph", "list_item"}:
                continue
            for start, end in sentences(block.text):
                text = block.text[start:end]
                if len(text.split()) in WORDS and text.endswith(".") and not re.search(r"[\[\]«»\n]", text):
                    found.append(Fact(path.name, text))
    return list(dict.fromkeys(found))


def adversarial(sort: str, facts: Sequence[Fact], chance: random.Random) -> Reply:
    """A false reply of this sort."""
    for _ in range(TRIES):
        if reply := MUTATIONS[sort](chance.choice(facts), facts, chance):
            return reply
    raise ValueError(f"no sentence gives a reply of sort {sort!r}")


def adversarial_replies(count: int, facts: Sequence[Fact], seed: int = SEED) -> Iterator[Reply]:
    """So many false replies, of every sort in turn."""
    chance = random.Random(seed)
    sorts = list(MUTATIONS)
    for number in range(count):
        yield adversarial(sorts[number % len(sorts)], facts, chance)


def honest_replies() -> list[Reply]:
    """The honest replies: paraphrases written by hand, and sentences quoted as they stand."""
    found = []
    for line in HONEST.read_text(encoding="utf-8").splitlines()[1:]:
        quote, statement = line.split("\t")
        sort = "letterlijk" if quote == statement else "in andere volgorde of vorm"
        found.append(Reply(sort, Fact("", quote), statement.rstrip("."), (quote,)))
    return found


def outcomes(replies: Sequence[Reply], library: LiveLibrary) -> Iterator[Outcome]:
    """What the assistant shows of each reply, asked about the sentence that it was made from."""
    with _asking(library) as (assistant, script):
        for reply in replies:
            question = _question(reply.fact, assistant, script)
            yield Outcome(reply, (), asked=False) if question is None else _outcome(reply, question, assistant, script)


def answerable(facts: Sequence[Fact], library: LiveLibrary) -> list[Fact]:
    """The facts that a language model is asked about, with the passage that has them before it."""
    with _asking(library) as (assistant, script):
        return [fact for fact in facts if _question(fact, assistant, script)]


@contextmanager
def _asking(library: LiveLibrary) -> Iterator[tuple[Assistant, Script]]:
    with serving("") as (url, script):
        model = open_model("openai", url=url, model="proef", key=None, seconds=20, tokens=400, context_words=2500)
        yield Assistant(library, load_encoder(None), generator=Generative(model, 2500)), script


def _question(fact: Fact, assistant: Assistant, script: Script) -> str | None:
    """A question about a fact that leads the assistant to its passage; None when none of them does."""
    text = fact.text.rstrip(".")
    script.respond = lambda asked: Behaviour(NOT_FOUND)
    for asking in ASKING:
        script.asked.clear()
        question = asking.format(text[:1].lower() + text[1:])
        assistant.ask(Query(question))
        if script.asked and any(
            " ".join(text.split()) in " ".join(one.split()) for one in script.asked[0].passages.values()
        ):
            return question
    return None


def _outcome(reply: Reply, question: str, assistant: Assistant, script: Script) -> Outcome:
    script.respond = lambda asked: Behaviour(reply.written(asked))
    answer = assistant.ask(Query(question))
    statements = answer.statements if answer.generator == "proef" else ()
    return Outcome(reply, tuple(one.text for one in statements), asked=True)


def table(found: Sequence[Outcome], *, honest: bool) -> str:
    """The outcomes by sort, as a table of Markdown."""
    last = "honest kept" if honest else "unsupported shown"
    lines = [f"| sort | replies | model asked | {last} |", "| --- | --: | --: | --: |"]
    for sort in [*dict.fromkeys(one.reply.sort for one in found), None]:
        of_sort = [one for one in found if sort in (None, one.reply.sort)]
        shown = sum(bool(one.shown) for one in of_sort)
        cell = f"{shown} ({shown / len(of_sort):.0%})" if honest else str(sum(len(one.shown) for one in of_sort))
        lines.append(f"| {sort or '**all**'} | {len(of_sort)} | {sum(one.asked for one in of_sort)} | {cell} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print; fails when anything false was shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=REPLIES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--all", action="store_true", help="print each reply that was shown, or dropped though honest")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        encoder = load_encoder(None)
        publish([DOCUMENTS], Path(work), encoder)
        library = LiveLibrary(Path(work), encoder)
        facts = answerable(true_sentences(), library)
        false = [*outcomes([*adversarial_replies(chosen.replies, facts, chosen.seed)], library)]
        honest = [*outcomes(honest_replies(), library)]
        library.close()
    print(table(false, honest=False), "", table(honest, honest=True), sep="\n")
    for one in false:
        if one.shown:
            print(f"\nSHOWN ({one.reply.sort}): {one.shown[0]}\n   but: {' '.join(one.reply.quotes)}")
    if chosen.all:
        for one in honest:
            if not one.shown:
                print(f"\ndropped: {one.reply.statement}\n   from: {' '.join(one.reply.quotes)}")
    sys.exit(1 if any(one.shown for one in false) else 0)


if __name__ == "__main__":
    main()
