"""Follow-up questions: `python -m benchmarks.follow_ups TRAINING_FOLDER [TOPICS.jsonl]` prints Markdown tables.

All documents of our own are published; for the written follow-ups it is measured whether the passages that
answer them are found with the bare question, with the earlier question in front, with the rules of
`assistant.converse`, and with the question as its writer made it stand alone. Of the sets below, written by hand, how
many come out as they should. And of all written questions, and those of TOPICS, how many would get a fixed reply by
mistake, or would be taken for a follow-up.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.converse import leans, standalone
from assistant.rerank import embedded_reranker
from assistant.retrieve import retrieve
from assistant.scope import fixed_reply
from assistant.types import Turn
from assistant.understand import understand
from benchmarks.written_questions import publish_sources, written_sources
from ingest.encode import load_encoder
from ingest.library import Library
from ingest.thesaurus import load_thesaurus

RANKS = (1, 5, 10)
SPLITS = ("train", "valid")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up question: the turns before it, what was asked, and how it reads when it stands alone."""

    history: tuple[Turn, ...]
    question: str
    expected: str
    split: str = ""
    document: str = ""
    passage_ids: tuple[str, ...] = ()


def _made(text: str) -> Iterator[FollowUp]:
    """One for each line: earlier questions, the follow-up and what is expected, with " | " between them; behind an
    earlier question may stand " => " and its answer.
    """
    for line in text.strip().splitlines():
        *earlier, question, expected = line.split(" | ")
        turns = (one.partition(" => ") for one in earlier)
        yield FollowUp(tuple(Turn(asked, answer) for asked, _, answer in turns), question, expected)


FOLLOW_UPS = tuple(
    _made("""
Hoeveel woningen bouwt Veldrijk tot 2030? | En Elzen? | Hoeveel woningen bouwt Elzen tot 2030?
Hoeveel zonnepanelen liggen er in Veldrijk? | En in Elzen? | Hoeveel zonnepanelen liggen er in Elzen?
Hoeveel zonnepanelen liggen er in Veldrijk? | En in Elzen? | En in Oostmarke? | Hoeveel zonnepanelen liggen er in Oostmarke?
Hoeveel bomen plantte Oostmarke in 2019? | En in 2021? | Hoeveel bomen plantte Oostmarke in 2021?
Hoeveel bomen plantte Oostmarke in 2019? | En een jaar later? | Hoeveel bomen plantte Oostmarke in 2020?
Hoeveel bomen plantte Oostmarke in 2019? | En in Zandermeer? | En in 2022? | Hoeveel bomen plantte Zandermeer in 2022?
Wat kost een parkeervergunning in Zandermeer? | En een dagkaart? | Wat kost een dagkaart in Zandermeer?
Wat vindt wethouder Hulst van de fietsbrug? | En de burgemeester? | Wat vindt de burgemeester van de fietsbrug?
Wat zei burgemeester Slingerland over de dorpsraad? | En wethouder Hulst? | Wat zei wethouder Hulst over de dorpsraad?
Hoeveel mannen werken er in de zorg in Elzen? | En vrouwen? | Hoeveel vrouwen werken er in de zorg in Elzen?
Hoeveel procent van de ouderen in Elzen is eenzaam? | En jongeren? | Hoeveel procent van de jongeren in Elzen is eenzaam?
Hoeveel procent van de ouderen in Elzen is eenzaam? | En van de jongeren? | Hoeveel procent van de jongeren in Elzen is eenzaam?
Welke regels gelden er voor groene daken in Veldrijk? | En witte? | Welke regels gelden er voor witte daken in Veldrijk?
Hoelang wacht je op een rijbewijs in Elzen? | En op een paspoort? | Hoelang wacht je op een paspoort in Elzen?
Hoeveel subsidie is er voor sportclubs? | En voor muziekverenigingen? | Hoeveel subsidie is er voor muziekverenigingen?
Wat gebeurt er bij een boete boven 500 euro? | En onder 100 euro? | Wat gebeurt er bij een boete onder 100 euro?
Hoeveel moties dienden de partijen in Elzen in? | Ook in Veldrijk? | Hoeveel moties dienden de partijen in Veldrijk in?
Wordt het zwembad in Elzen gesloten? | Waarom? | Waarom wordt het zwembad in Elzen gesloten?
Krijgt Oostmarke een nieuw theater? | Waarom niet? | Waarom krijgt Oostmarke geen nieuw theater?
Steunt de raad van Elzen het fusieplan? | Waarom niet? | Waarom steunt de raad van Elzen niet het fusieplan?
Wordt het zwembad in Elzen gesloten? | Wanneer? | Wanneer wordt het zwembad in Elzen gesloten?
Wordt het zwembad in Elzen gesloten? | Wanneer? | En waarom? | Waarom wordt het zwembad in Elzen gesloten?
Hoeveel woningen bouwt Veldrijk? | Waarom? | Waarom bouwt Veldrijk zoveel woningen?
Wat vindt de dorpsraad van de windmolens? | Hoezo? | Hoezo vindt de dorpsraad dat van de windmolens?
Welke maatregelen neemt de gemeente tegen hitte? | Waarom? | Waarom neemt de gemeente die maatregelen tegen hitte?
Welke gemeenten doen mee aan de proef met deelauto's? | Hoeveel? | Hoeveel gemeenten doen mee aan de proef met deelauto's?
Komen er nieuwe laadpalen in Elzen? | Hoeveel? | Hoeveel nieuwe laadpalen komen er in Elzen?
Wanneer werd de bibliotheek van Elzen geopend? | Door wie? | Door wie werd de bibliotheek van Elzen geopend?
Wanneer opent het jongerencentrum? | En waar dan? | Waar opent het jongerencentrum?
Wie werd voorzitter van de dorpsraad? => Dat werd Mirthe Zandstra. | Waarom? | Waarom werd Mirthe Zandstra voorzitter van de dorpsraad?
Is de afvalstroom in Oostmarke gehalveerd? | Wie zei dat? | Wie zei dat de afvalstroom in Oostmarke gehalveerd is?
Klopt het dat de pont naar Elzen stopt? | Wie zegt dat? | Wie zegt dat de pont naar Elzen stopt?
Wanneer werd de sluis van Zandermeer hersteld? | Wie deed dat? | Wanneer werd de sluis van Zandermeer hersteld, en wie deed dat?
Welke regels staan er in het bomenplan van Elzen? | Wie heeft die bedacht? | Wie heeft die regels in het bomenplan van Elzen bedacht?
Wie schreef de nota over stilte in Oostmarke? | Wat vond de raad daarvan? | Wat vond de raad van de nota over stilte in Oostmarke?
Hoe groot is het tekort op de veerpont? | Wie betaalt daaraan mee? | Wie betaalt aan het tekort op de veerpont mee?
Komt er in de oude school in Elzen een museum? | Wie is daar tegen? | Wie is tegen een museum in de oude school in Elzen?
Wat zei wethouder Hulst over de marktkramen? | Wanneer zei zij dat? | Wat zei wethouder Hulst over de marktkramen, en wanneer zei zij dat?
Wat wil wethouder Hulst met het stationsplein? | Wat kost dat? | Wat wil wethouder Hulst met het stationsplein, en wat kost dat?
Welke wijken van Veldrijk krijgen een warmtenet? | Noem er nog een paar | Welke wijken van Veldrijk krijgen een warmtenet nog meer?
Welke gemeenten doen mee aan de proef met deelauto's? | En verder? | Welke gemeenten doen mee aan de proef met deelauto's nog meer?
Hoe werkt het omgekeerd inzamelen in Elzen? | Kun je dat uitleggen? | Hoe zit dat: hoe werkt het omgekeerd inzamelen in Elzen?
Hoeveel uitkeringen verstrekt Oostmarke? | Bedankt! | En Elzen? | Hoeveel uitkeringen verstrekt Elzen?
How many homes does Veldrijk build? | And in Elzen? | How many homes does Elzen build?
How many homes does Veldrijk build? | Why? | Why does Veldrijk build so many homes?
Is the pool in Elzen closed? | Who said that? | Who said that the pool in Elzen is closed?
When did the library in Elzen open? | And in Oostmarke? | When did the library in Oostmarke open?
Which parties supported the bridge in Elzen? | Any others? | Which other parties supported the bridge in Elzen?
How many trees were planted in 2019? | What about 2021? | How many trees were planted in 2021?
Hoeveel zonnepanelen liggen er in Veldrijk? | And in Elzen? | Hoeveel zonnepanelen liggen er in Elzen?
Hoe groot is het tekort op de veerpont? | Wie betaalt? | Wie betaalt, als het gaat om het tekort op de veerpont?
Wordt het zwembad in Elzen gesloten? | Wat is de reden? | Wat is de reden, als het gaat om het zwembad in Elzen?
Krijgt Oostmarke een nieuw theater? | Wat kost zo'n gebouw? | Wat kost zo'n gebouw, als het gaat om een nieuw theater van Oostmarke?
Is de markt in Elzen verplaatst? | Why? | Waarom is de markt in Elzen verplaatst?
""")  # noqa: E501 - a conversation a line
)
NEW_TOPICS = tuple(
    """
Wat is een raadsakkoord?
Wie is de burgemeester van Elzen?
Waarom stijgen de woonlasten in Oostmarke?
Welke gemeenten hebben een loket dat op zaterdag open is?
Welke raadsleden stemden tegen het plan dat de wethouder indiende?
Hoeveel kost een paspoort in Veldrijk?
Wat doet een wijkcoach?
Is er een avondwinkel in Elzen?
Hoe vaak vergadert de dorpsraad?
Wat staat er in de nota over stilte?
Hoeveel inwoners heeft Zandermeer?
Wanneer komt de nieuwe dienstregeling?
Wie zegt dat de sluis te smal is?
Vindt de raad dat de fietsbrug te duur is?
Hoe gaat het met de vergroening van schoolpleinen?
Hoe zit het met de veiligheid op het stationsplein?
Klopt het dat Veldrijk een eigen warmtebedrijf opricht?
Is het waar dat de bibliotheek verhuist?
Hoe komt het dat de pont zo vaak uitvalt?
Wat vinden inwoners van hun eigen buurt?
Wat vindt wethouder Hulst zelf van haar eerste jaar?
Welke partijen steunen het voorstel en waarom doen zij dat?
Waarom is het nodig om de dijk te verhogen?
Noem drie maatregelen tegen hitte in de stad
Geef de belangrijkste punten van het bomenplan
Op welke dagen is het loket open?
In welke wijk begint de proef met deelauto's?
Voor wie is de energietoeslag bedoeld?
Door wie werd het theater van Oostmarke geopend?
Welke taken heeft de omgevingsdienst en wie betaalt die?
Zijn er subsidies voor zonnepanelen op scholen?
Mag een ondernemer reclame op de stoep zetten?
Wat gebeurt er als een raadslid zijn zetel opgeeft?
Hoeveel fietsenstallingen komen er bij het station?
Hoe lang duurt een bezwaarprocedure?
Wat waren de gevolgen van de hoge waterstand voor de boeren?
warmtenet Veldrijk
raadsakkoord 2022
Wie zijn de leden van het jongerenpanel?
Wat betekent zelfredzaamheid volgens het sociaal plan?
Wat is het verschil tussen een motie en een amendement?
Waar kan ik mijn oude verf inleveren?
What is a council agreement?
Who is the mayor of Elzen?
Why does the ferry stop so often?
Which villages have a council that decides on its own budget?
""".strip().splitlines()
)


def written_follow_ups(folder: Path) -> list[FollowUp]:
    """The written follow-ups of a training folder; their earlier turns have no answers."""
    found = []
    with gzip.open(folder / "own.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["history"]:
                turns = tuple(Turn(asked, "") for asked in row["history"])
                pids = tuple(row["pids"])
                found.append(FollowUp(turns, row["question"], row["standalone"], row["split"], row["doc"], pids))
    return found


READINGS: dict[str, Callable[[FollowUp], str]] = {
    "the bare question": lambda one: one.question,
    "the earlier question in front": lambda one: f"{one.history[-1].question.rstrip(' ?')} – {one.question}",
    "the rules": lambda one: standalone(one.question, one.history),
    "as its writer reads it": lambda one: one.expected,
}


def retrieval(folder: Path) -> Iterator[str]:
    """The lines of a table: for each reading of a follow-up, how often a passage that answers it is found."""
    asked = written_follow_ups(folder)
    sources = [source for source in written_sources(folder) if source.collection == "own"]
    encoder, thesaurus, reranker = load_encoder(None), load_thesaurus(), embedded_reranker()
    with tempfile.TemporaryDirectory() as data:
        publish_sources(sources, Path(data), encoder)
        library = Library.open(Path(data), encoder)
        yield f"{len(sources)} documents, {library.manifest.passages} passages\n"
        yield f"| read as | split | questions | {' | '.join(f'R@{rank}' for rank in RANKS)} |"
        yield f"|---|---|---:|{'---:|' * len(RANKS)}"
        for split in SPLITS:
            for name, reading in READINGS.items():
                ranks = []
                for one in (one for one in asked if one.split == split):
                    question = understand(reading(one), library, encoder, thesaurus)
                    hits = retrieve(question, library, reranker, limit=max(RANKS)).passages
                    ranks.append(next((hit.rank for hit in hits if hit.passage.passage_id in one.passage_ids), 99))
                shares = (f"{sum(rank <= most for rank in ranks) / len(ranks):.3f}" for most in RANKS)
                yield f"| {name} | {split} | {len(ranks)} | {' | '.join(shares)} |"
        library.close()


def hand_made() -> Iterator[str]:
    """The lines of a table: what became of the questions of this file."""
    alone = sum(standalone(question, FOLLOW_UPS[0].history) == question for question in NEW_TOPICS)
    read = sum(standalone(one.question, one.history) == one.expected for one in FOLLOW_UPS)
    yield "| written by hand | questions | as it should be |\n|---|---:|---:|"
    yield f"| new topics, left alone | {len(NEW_TOPICS)} | {alone} |"
    yield f"| follow-ups, word for word | {len(FOLLOW_UPS)} | {read} |"


def mistaken(questions: Sequence[str]) -> Iterator[str]:
    """How many questions that stand alone would get a fixed reply, or would be taken for a follow-up."""
    replied = [question for question in questions if fixed_reply(question, has_history=True)]
    leaning = sum(map(leans, questions))
    yield f"Of {len(questions)} questions {len(replied)} get a fixed reply; {leaning} have words that point elsewhere."
    yield from (f"- fixed reply: {question}" for question in replied)


def main(folder: Path, topics: Path | None = None) -> None:
    """Print all tables."""
    questions = [question.text for source in written_sources(folder) for question in source.questions]
    if topics:
        questions += [json.loads(line)["question"] for line in topics.read_text(encoding="utf-8").splitlines()]
    for part in (hand_made(), mistaken(questions), retrieval(folder)):
        print("\n".join(part), end="\n\n", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
