"""The one place with the sentences that a person reads about an answer, in plain Dutch and in English.

What stands in a document or a question is passed on as it is: whoever shows it escapes it.
"""

from assistant.errors import RecordError
from assistant.record import CitationCheck, Outcome
from assistant.types import Answer, Generation, Language, Level, Reason, Suggestion

_NOT_FOUND: dict[Language, str] = {
    "nl": "Dit staat niet in de documenten.",
    "en": "The documents do not say this.",
}
_PARTIAL: dict[Language, str] = {
    "nl": "Dit is een deel van het antwoord. Over de rest van je vraag staat niets in de documenten.",
    "en": "This is part of the answer. The documents say nothing about the rest of your question.",
}
_LEVELS: dict[Language, dict[Level, str]] = {
    "nl": {
        Level.HIGH: "Zeker: het antwoord staat zo in de bron.",
        Level.MEDIUM: "Waarschijnlijk: dit lijkt het antwoord te zijn. Controleer het in de bron.",
        Level.LOW: "Onzeker: misschien staat het antwoord niet in de documenten. Dit komt het dichtst in de buurt. "
        "Lees eerst de bron.",
    },
    "en": {
        Level.HIGH: "Certain: this is what the source says.",
        Level.MEDIUM: "Likely: this seems to be the answer. Check it in the source.",
        Level.LOW: "Uncertain: the documents may not hold the answer. This comes nearest. Read the source first.",
    },
}
_HEADINGS: dict[Language, dict[str, str]] = {
    "nl": {
        "sources": "Bronnen",
        "nearest": "Het dichtst in de buurt:",
        "questions": "Dit kun je wel vragen:",
    },
    "en": {
        "sources": "Sources",
        "nearest": "What comes nearest:",
        "questions": "What you can ask (in Dutch, like the documents):",
    },
}
# With the word that the reason is about, and without one.
_REASONS: dict[Language, dict[Reason, tuple[str, str]]] = {
    "nl": {
        Reason.OTHER_DOCUMENT: (
            "Dit komt uit een ander document dan waar je naar vraagt.",
            "Dit komt uit een ander document dan waar je naar vraagt.",
        ),
        Reason.OTHER_YEAR: (
            "Dit noemt het jaar {detail}, en niet het jaar in je vraag.",
            "Dit noemt een ander jaar dan je vraag.",
        ),
        Reason.OTHER_NAME: (
            "Hier wordt “{detail}” niet genoemd.",
            "Hier staat een andere naam dan in je vraag.",
        ),
        Reason.NO_AMOUNT: (
            "Dit gaat over je onderwerp, maar noemt er geen aantal of bedrag bij.",
            "Dit gaat over je onderwerp, maar noemt er geen aantal of bedrag bij.",
        ),
        Reason.NO_TIME: (
            "Dit gaat over je onderwerp, maar noemt er geen jaar of datum bij.",
            "Dit gaat over je onderwerp, maar noemt er geen jaar of datum bij.",
        ),
        Reason.NO_PERSON: (
            "Dit gaat over je onderwerp, maar noemt er geen naam bij.",
            "Dit gaat over je onderwerp, maar noemt er geen naam bij.",
        ),
        Reason.NO_REASON: (
            "Dit gaat over je onderwerp, maar noemt er geen duidelijke reden bij.",
            "Dit gaat over je onderwerp, maar noemt er geen duidelijke reden bij.",
        ),
        Reason.PART: (
            "Dit gaat over een deel van je vraag: “{detail}” komt er niet in voor.",
            "Dit komt in de buurt, maar geeft geen antwoord op je vraag.",
        ),
        Reason.SUBJECT: (
            "Dit lijkt er alleen op: “{detail}” komt er niet in voor.",
            "Dit lijkt er alleen op en geeft geen antwoord op je vraag.",
        ),
    },
    "en": {
        Reason.OTHER_DOCUMENT: (
            "This is from another document than the one you ask about.",
            "This is from another document than the one you ask about.",
        ),
        Reason.OTHER_YEAR: (
            "This names the year {detail}, and not the year in your question.",
            "This names another year than your question.",
        ),
        Reason.OTHER_NAME: (
            "This does not mention “{detail}”.",
            "This has another name than your question.",
        ),
        Reason.NO_AMOUNT: (
            "This is about your subject, but gives no number or amount.",
            "This is about your subject, but gives no number or amount.",
        ),
        Reason.NO_TIME: (
            "This is about your subject, but gives no year or date.",
            "This is about your subject, but gives no year or date.",
        ),
        Reason.NO_PERSON: (
            "This is about your subject, but names nobody.",
            "This is about your subject, but names nobody.",
        ),
        Reason.NO_REASON: (
            "This is about your subject, but gives no clear reason.",
            "This is about your subject, but gives no clear reason.",
        ),
        Reason.PART: (
            "This is about part of your question: “{detail}” is not in it.",
            "This comes near, but does not answer your question.",
        ),
        Reason.SUBJECT: (
            "This is only alike: “{detail}” is not in it.",
            "This is only alike and does not answer your question.",
        ),
    },
}
_WITHOUT_MODEL = "extractive"
_READ_AS: dict[Language, str] = {
    "nl": "Ik heb je vraag gelezen als: “{question}”",
    "en": "I read your question as: “{question}”",
}
_GENERATED: dict[Language, dict[str, str]] = {
    "nl": {
        "by": "Opgesteld door het taalmodel {model}. Elke zin is vergeleken met de bronnen.",
        "one": "1 zin is weggelaten, omdat die niet in de bronnen staat.",
        "more": "{count} zinnen zijn weggelaten, omdat die niet in de bronnen staan.",
        "fell_back": "Het taalmodel {why}. Daarom bestaat dit antwoord uit letterlijke zinnen uit de bronnen.",
        "cut_short": "Het taalmodel {why}. Daarom kan dit antwoord onvolledig zijn.",
    },
    "en": {
        "by": "Written by the language model {model}. Each sentence was checked against the sources.",
        "one": "1 sentence was left out, because it is not in the sources.",
        "more": "{count} sentences were left out, because they are not in the sources.",
        "fell_back": "The language model {why}. So this answer consists of sentences as they stand in the sources.",
        "cut_short": "The language model {why}. So this answer may be incomplete.",
    },
}
_FELL_BACK: dict[Language, dict[str, str]] = {
    "nl": {
        "timeout": "antwoordde niet op tijd",
        "rate_limit": "had het te druk",
        "unreachable": "was niet te bereiken",
        "server": "had een storing",
        "refused": "weigerde de vraag",
        "broken": "stopte halverwege",
        "language": "antwoordde in een andere taal",
        "unsupported": "schreef iets wat niet in de bronnen staat",
        "": "gaf geen bruikbaar antwoord",
    },
    "en": {
        "timeout": "did not answer in time",
        "rate_limit": "was too busy",
        "unreachable": "could not be reached",
        "server": "was out of order",
        "refused": "refused the question",
        "broken": "stopped halfway",
        "language": "answered in another language",
        "unsupported": "wrote what the sources do not say",
        "": "gave no answer that can be used",
    },
}
_OUTCOMES: dict[Language, dict[Outcome, str]] = {
    "nl": {
        Outcome.UNCHANGED: "Het citaat staat nog op dezelfde plek in de bron.",
        Outcome.MOVED: "Het citaat staat nog in de bron, maar op een andere plek.",
        Outcome.CHANGED: "Deze bron is gewijzigd sinds dit antwoord: het citaat staat er niet meer in.",
        Outcome.GONE: "Deze bron is er niet meer.",
    },
    "en": {
        Outcome.UNCHANGED: "The quote is still in the same place in the source.",
        Outcome.MOVED: "The quote is still in the source, but in another place.",
        Outcome.CHANGED: "This source has changed since this answer: the quote is no longer in it.",
        Outcome.GONE: "This source is no longer there.",
    },
}
_REVISED: dict[Language, str] = {
    "nl": "Deze bron is gewijzigd sinds dit antwoord.",
    "en": "This source has changed since this answer.",
}
_RECORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "syntax": "Dit is geen bewaard antwoord: het bestand is niet te lezen als JSON.",
        "foreign": "Dit is geen bewaard antwoord van de assistent. Kijk of je het goede bestand hebt.",
        "version": "Dit antwoord is bewaard in versie {place}, en die kent dit programma niet. Werk het programma bij.",
        "content": "Dit bewaarde antwoord is beschadigd of veranderd (bij {place}). Stel de vraag opnieuw.",
    },
    "en": {
        "syntax": "This is not a stored answer: the file cannot be read as JSON.",
        "foreign": "This is not a stored answer of the assistant. See whether you have the right file.",
        "version": "This answer is stored in version {place}, which this program does not know. Update the program.",
        "content": "This stored answer is damaged or altered (at {place}). Ask the question again.",
    },
}


def message_text(answer: Answer) -> str:
    """What is said where there are no statements: the fixed reply, or that nothing was found; "" otherwise."""
    if answer.statements:
        return ""
    if answer.reply is None:
        return not_found_text(answer.language)
    from assistant.scope import reply_text  # noqa: PLC0415

    return reply_text(answer.reply, answer.language)


def not_found_text(language: Language = "nl") -> str:
    """That the documents do not hold the answer."""
    return _NOT_FOUND[language]


def partial_text(language: Language = "nl") -> str:
    """That the statements answer the question in part."""
    return _PARTIAL[language]


def level_text(level: Level, language: Language = "nl") -> str:
    """How sure an answer is, and what a reader is to do with that."""
    return _LEVELS[language][level]


def heading_text(name: str, language: Language = "nl") -> str:
    """What stands above the "sources", the "nearest" passages or the "questions" that can be answered."""
    return _HEADINGS[language][name]


def explain_reason(suggestion: Suggestion, language: Language = "nl") -> str:
    """Why a passage that comes near does not answer the question."""
    detailed, plain = _REASONS[language][suggestion.reason]
    return detailed.replace("{detail}", suggestion.detail) if suggestion.detail else plain


def read_as_text(standalone_query: str, language: Language = "nl") -> str:
    """As what a follow-up question was understood."""
    return _READ_AS[language].replace("{question}", standalone_query)


def generated_by_text(generation: Generation, language: Language = "nl") -> str:
    """Which language model made an answer, or why it did not; "" where none was to."""
    said = _GENERATED[language]
    if generation.fell_back is not None:
        reasons = _FELL_BACK[language]
        # A model that failed after its first sentences had been shown leaves an answer of its own.
        what = "fell_back" if generation.generator == _WITHOUT_MODEL else "cut_short"
        return said[what].replace("{why}", reasons.get(generation.fell_back, reasons[""]))
    if generation.model is None:
        return ""
    made = said["by"].replace("{model}", generation.model)
    if not generation.dropped:
        return made
    return f"{made} {said['one' if generation.dropped == 1 else 'more'].replace('{count}', str(generation.dropped))}"


def recheck_text(check: CitationCheck, language: Language = "nl") -> str:
    """What became of a citation since the answer was given."""
    said = _OUTCOMES[language][check.outcome]
    return f"{_REVISED[language]} {said}" if check.revised and check.stands else said


def explain_record(error: RecordError, language: Language = "nl") -> str:
    """Why a stored answer cannot be read, and what to do about it."""
    place = "".join(character if character.isprintable() else " " for character in error.place)
    return _RECORDS[language][error.problem].replace("{place}", place)
