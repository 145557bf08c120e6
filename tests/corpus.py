"""A tiny Dutch corpus about an imagined municipality, for tests that need a library."""

from pathlib import Path

from ingest.encode import Encoder
from ingest.library import Library
from ingest.publish import PublishReport

DOCUMENTS = {
    "woonvisie.md": """# Woonvisie Veldrijk 2030

## Inleiding

Veldrijk telt 38.400 inwoners en groeit. In deze woonvisie staat waar de gemeente tot 2030 wil bouwen en voor wie.
De gemeenteraad stelde de visie vast op 14 maart 2024.

## Opgave

Tot 2030 bouwt Veldrijk 2.150 woningen. Een derde daarvan is sociale huur. De woningbouwopgave is groter dan vroeger,
omdat huishoudens steeds kleiner worden. Wethouder Karin Hulst noemt betaalbaarheid het belangrijkste doel.

## Locaties

De gemeente bouwt op drie plekken:

- het oude fabrieksterrein aan de Havenkade
- de noordrand van het dorp Elzen
- het stationsgebied

## Duurzaamheid

Nieuwe woningen krijgen geen aansluiting op het gasnet. Het stationsgebied krijgt een warmtenet dat de gemeente zelf
beheert, zodat bewoners niet afhankelijk zijn van één commerciële leverancier.
""",
    "brieven/jeugdhulp.md": """# Raadsbrief jeugdhulp

## Aanleiding

De uitgaven aan jeugdhulp stegen in 2023 naar 12,4 miljoen euro. Daardoor ontstond een tekort van 1,9 miljoen euro.

## Maatregelen

Het college kiest voor meer hulp dicht bij huis. Op elke school komt een gezinscoach. Lichte opvoedvragen gaan eerst
naar het wijkteam, omdat zware hulp daarmee vaak voorkomen wordt.

## Planning

De gezinscoaches beginnen op 1 september 2025. In 2026 volgt een evaluatie door de Hogeschool Oostmarke.
""",
    "interview.md": """# Interview met burgemeester Aart Slingerland

Slingerland is sinds 2019 burgemeester van Veldrijk. Hij wil dat inwoners eerder meepraten.

**Waarom is inspraak zo belangrijk?**

'Mensen weten zelf het best wat hun straat nodig heeft. Als je pas aan het eind om een mening vraagt, is het te laat.'

**Wat gaat er veranderen?**

'Vanaf volgend jaar heeft elk dorp een eigen budget. Over dat budget beslist een dorpsraad, niet het gemeentehuis.'
""",
}
METADATA = """
["woonvisie.md"]
title = "Woonvisie Veldrijk 2030"
publisher = "Gemeente Veldrijk"
issued = "2024-03"
kind = "visie"

["brieven/jeugdhulp.md"]
publisher = "Gemeente Veldrijk"
issued = "2025-05-06"
kind = "raadsbrief"
"""


def write_corpus(folder: Path) -> Path:
    """Write the corpus into a folder and give the folder back."""
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "bronnen.toml").write_text(METADATA, encoding="utf-8")
    return folder


def outcomes(report: PublishReport) -> dict[str, str]:
    """Source -> what became of it."""
    return {file.source: file.outcome for file in report.files}


def sources(data: Path, encoder: Encoder) -> set[str]:
    """The sources of the documents in a library."""
    library = Library.open(data, encoder)
    found = {document.source for document in library.documents.values()}
    library.close()
    return found
