"""What somebody thinks of an answer or of one of its sources, as a form has it."""

from dataclasses import dataclass, field

from starlette.datastructures import FormData

from api.storage.store import MAX_COMMENT
from api.storage.types import Feedback
from assistant.types import Answer

REASON, COMMENT = "reden", "toelichting"


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons there are to choose from: the word that is kept, and what a person reads."""

    answer: list[tuple[str, str]]
    source: list[tuple[str, str]]


REASONS = Reasons(
    [
        ("onjuist", "Het antwoord klopt niet"),
        ("onvolledig", "Er ontbreekt iets"),
        ("ander-onderwerp", "Het gaat over iets anders dan mijn vraag"),
        ("niet-gevonden", "Het staat wel in de documenten"),
        ("verouderd", "Het is verouderd"),
        ("onduidelijk", "Het is niet duidelijk"),
        ("anders", "Iets anders"),
    ],
    [
        ("ander-onderwerp", "Dit gaat over iets anders"),
        ("verouderd", "Deze bron is verouderd"),
        ("onjuist", "Dit is een verkeerde lezing van de bron"),
        ("verkeerde-plek", "De pagina of de plek klopt niet"),
        ("onleesbaar", "De tekst is slecht leesbaar"),
        ("anders", "Iets anders"),
    ],
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was filled in, and what is wrong with it by field.

    `number` is that of a citation, 0 for the answer. `source` is the number of the source that has the form.
    """

    helpful: bool
    number: int = 0
    source: int = 0
    reason: str = ""
    comment: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """What it is about, as a word in an address."""
        return f"bron-{self.number}" if self.number else "antwoord"

    @property
    def place(self) -> str:
        """The id of the part of the page with the form."""
        return f"mening-{self.source}" if self.source else "mening"

    def placed_errors(self) -> dict[str, str]:
        """The id of a field on the page -> what is wrong with it."""
        suffix = f"-{self.source}" if self.source else ""
        return {f"{name}{suffix}": said for name, said in self.errors.items()}

    def feedback(self, answer_id: str) -> Feedback:
        """The same, as it is kept."""
        return Feedback(answer_id, self.helpful, self.reason, self.comment, self.number or None)


def read_opinion(form: FormData, answer: Answer) -> Opinion:
    """What somebody thinks of this answer; a number that is no source of it is taken for the answer as a whole."""
    given = {name: str(form.get(name) or "").strip() for name in ("nuttig", "bron", REASON, COMMENT)}
    cited = next((one for one in answer.citations if str(one.number) == given["bron"]), None)
    number = cited.number if cited else 0
    # As the page shows them: the citations of a passage together, by the first of their numbers.
    of_source = [one.number for one in answer.citations if cited and one.passage.passage_id == cited.passage.passage_id]
    source = of_source[0] if of_source else 0
    comment = given[COMMENT].replace("\r\n", "\n")
    if given["nuttig"] == "ja":
        return Opinion(True, number, source)
    known = {word for word, _ in (REASONS.source if number else REASONS.answer)}
    reason = given[REASON] if given[REASON] in known else ""
    errors = {}
    if not reason and not comment:
        errors[REASON] = "Kies wat er mis is, of schrijf het op bij de toelichting."
    if len(comment) > MAX_COMMENT:
        errors[COMMENT] = f"Je toelichting is te lang. Gebruik hoogstens {MAX_COMMENT} tekens."
    elif any(character == "\0" or "\ud800" <= character <= "\udfff" for character in comment):
        errors[COMMENT] = "Gebruik gewone tekst, zonder vreemde tekens."
    return Opinion(False, number, source, reason, comment, errors)
