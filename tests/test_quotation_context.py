"""What is quoted of lists and tables: an item with its list, a row with its headings."""

from ingest.types import Block
from tests.test_quotation import LEAD, PLACES, quoted
from tests.test_sentence_features import HEADING, item, paragraph

# Text that cannot be understood without its list, or its list without it


def test_a_lead_in_that_comes_along_brings_its_list():
    refers = "De gemeente bouwt weer."
    text = paragraph(f"Dit jaar gaat alles sneller. {refers} Daarvoor zijn drie plekken:")
    said = quoted("Waarom gaat het sneller?", refers, text, *(item(place) for place in PLACES))
    assert said == f"“{refers} Daarvoor zijn drie plekken:\n– " + "\n– ".join(PLACES) + "”"


def test_an_item_that_is_no_sentence_comes_with_its_list():
    items = [item(f"{place};") for place in PLACES]
    said = quoted("Waar wordt gebouwd?", f"{PLACES[1]};", paragraph(LEAD), *items)
    assert said == f"“{LEAD}\n– " + ";\n– ".join(PLACES) + ";”"


def test_an_item_stands_alone_where_one_thing_is_asked_for():
    items = [item(f"{place};") for place in PLACES]
    assert quoted("Wanneer begint de bouw?", items[1].text, paragraph(LEAD), *items) == f"“{items[1].text}”"


def test_an_item_that_is_a_sentence_stands_alone():
    items = [item(f"De gemeente bouwt op {place}.") for place in PLACES]
    said = quoted("Waar wordt gebouwd?", items[1].text, paragraph(LEAD), *items)
    assert said == f"“{items[1].text}”"


def test_a_long_list_is_not_quoted_for_one_of_its_items():
    items = [item(f"plek {n} met alles wat daar in de buurt bij hoort, ook al duurt dat jaren;") for n in range(9)]
    said = quoted("Waar wordt gebouwd?", items[1].text, paragraph("De gemeente bouwt op veel plekken:"), *items)
    assert said == f"“{items[1].text}”"


# Tables

ROWS = ("Dorp | Datum | Plek", "Elzen | 12 mei | het dorpshuis", "Havendorp | 19 mei | de oude kerk")
TABLE = Block("table", "\n".join(ROWS))


def test_a_row_of_a_table_comes_with_its_headings():
    asked = "Wanneer is de avond in Havendorp?"
    assert quoted(asked, ROWS[2], HEADING, TABLE) == f"“{ROWS[0]}”\n– “{ROWS[2]}”"
    assert quoted(asked, ROWS[1], HEADING, TABLE) == f"“{ROWS[0]}\n– {ROWS[1]}”"


def test_a_table_is_quoted_whole_where_a_list_is_asked_for():
    assert quoted("Welke avonden zijn er?", ROWS[2], HEADING, TABLE) == "“" + "\n– ".join(ROWS) + "”"


def test_a_long_table_is_not_quoted_whole():
    rows = ["Dorp | Datum", *(f"Dorp nummer {n} bij de rivier | {n} mei" for n in range(1, 30))]
    said = quoted("Welke avonden zijn er?", rows[7], HEADING, Block("table", "\n".join(rows)))
    assert said == f"“{rows[0]}”\n– “{rows[7]}”"
