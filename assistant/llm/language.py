"""Whether a text is in the language of the answer, by the commonest words of each language."""

from assistant.understand import DUTCH, ENGLISH
from ingest.dutch import words

# Common words of the neighbours' languages that are no Dutch or English words, folded.
FOREIGN = frozenset(
    """
    le les des du et une dans est sont pour avec sur qui que aux cette ces mais nous vous ils elle pas plus par leur
    selon commune communes
    das dass und ist sind nicht ein eine einen einem eines auf fur mit von zu zum zur wird werden auch sich dem laut
    gemeinde bei nach aus uber sie
    el los las una por para con como del pero segun municipio il gli che di della per sono
    ve bir bu icin ile degil
    w na nie jest sie oraz
    """.split()
)
OWN = {"nl": DUTCH - {"en", "de", "in"}, "en": ENGLISH}


def is_in(text: str, language: str) -> bool:
    """Whether a text can be in this language ("nl" or "en"): it has no more common words of another one.

    Text without common words of any language can be; text in another script than the Latin one cannot.
    """
    letters = [c for c in text if c.isalpha()]
    if any(ord(c) >= 0x250 for c in letters):
        return False
    said = words(text)
    own = sum(word in OWN[language] for word in said)
    other = "en" if language == "nl" else "nl"
    foreign = sum(word in FOREIGN for word in said)
    # The names of Dutch documents stand in English text; one English word in Dutch text is a borrowed one.
    rival = sum(word in OWN[other] for word in said)
    return own >= foreign and own >= rival
