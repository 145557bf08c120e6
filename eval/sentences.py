"""The Dutch sentences of `eval.messages` about what is wrong, by the word that a problem has for it.

What stands between braces is filled in by `eval.messages`.
"""

from assistant.assistant import MAX_QUESTION
from eval.table import LONGEST_CELL, MOST_ROWS
from eval.topics import LONGEST_ID

TOPICS = {
    "suffix": "de naam moet eindigen op .jsonl, .csv of .xlsx. Sla het bestand op in een van deze vormen.",
    "too_large": "het bestand is te groot ({megabytes} MB). Maak er bestanden van hoogstens {largest} MB van.",
    "encoding": "dit is geen tekst die te lezen is. Sla het bestand opnieuw op, als UTF-8.",
    "empty": "er staan geen vragen in.",
    "syntax": "dit is geen goede JSON{place}. Kijk of alle aanhalingstekens, komma's en haken er staan.",
    "no_object": "hier hoort één vraag te staan, tussen {{ en }}.",
    "repeated_field": 'het veld "{detail}" staat er twee keer in. Haal er één weg.',
    "missing": "{column} ontbreekt.",
    "unknown_field": 'het veld "{detail}" hoort er niet bij. Haal het weg.',
    "type": "{column} heeft een verkeerde vorm. Schrijf {form}.",
    "characters": "in {column} staan tekens die niet bestaan. Typ de tekst opnieuw.",
    "blank": "in {column} staan geen woorden. Vul dit in.",
    "id": (
        'het nummer "{detail}" kan niet. Gebruik alleen letters, cijfers, spaties, punten en streepjes, en hoogstens '
        f"{LONGEST_ID} tekens."
    ),
    "repeated_id": 'het nummer "{rest}" staat ook in {row} {first}. {repeated_advice}',
    "long_question": f"de vraag heeft {{detail}} tekens. Maak hem korter: {MAX_QUESTION} tekens of minder.",
    "kind": 'de soort "{detail}" bestaat niet. Kies uit: {kinds}.',
    "answerable": 'de soort is "{kind}", maar bij "{answerable}" staat {yes}. Verander een van de twee.',
    "unanswerable": (
        'bij "{answerable}" staat {no}, maar de soort is "{kind}". Verander dat, of maak de soort "{no_answer}".'
    ),
    "lacking": "{column} is leeg. {lacking_advice}",
    "surplus": 'in {column} staat iets, maar bij "{answerable}" staat {no}. Verander een van de twee.',
    "repeated_evidence": "hetzelfde citaat staat twee keer bij deze vraag. Haal er één weg.",
    "missing_columns": "deze kolommen ontbreken: {detail}. Zet de namen in de eerste rij.",
    "unknown_columns": "deze kolommen horen er niet bij: {detail}. Haal ze weg.",
    "repeated_columns": "deze kolommen staan er twee keer in: {detail}. Haal er steeds één weg.",
    "outside": "naast de tabel staat nog iets, in een kolom zonder naam. Haal het weg.",
    "no_question": "hier hoort een vraag bij, maar daarboven staat er geen. Vul de vraag in.",
    "yes_no": "in {column_of_first} staat {quoted_rest}. Vul ja of nee in.",
    "many_rows": f"het bestand heeft meer dan {MOST_ROWS} rijen. Maak er meer bestanden van.",
    "quotes": "hier kloppen de aanhalingstekens niet, of een cel is te lang. Sla het bestand opnieuw op uit Excel.",
    "password": "het bestand heeft een wachtwoord. Haal het wachtwoord eraf.",
    "no_excel": "dit is geen Excel-bestand van nu. Open het in Excel en sla het op als Excel-werkmap (.xlsx).",
    "damaged": "het bestand is beschadigd. Open het in Excel en sla het opnieuw op.",
    "formula": "in cel {detail} staat een formule of een foutmelding van Excel. Typ de tekst zelf in de cel.",
    "not_text": "in cel {detail} heeft Excel een getal, datum of percentage gezet. Maak er tekst van met een ' ervoor.",
    "unholdable": (
        "in {column_of_first} van vraag {rest} staat een teken dat een spreadsheet niet kan bewaren. Haal het weg, of "
        "bewaar de vragen als .jsonl."
    ),
    "long_cell": (
        f"{{column_of_first}} van vraag {{rest}} is langer dan de {LONGEST_CELL} tekens die in een cel passen. Maak de "
        "tekst korter, of bewaar de vragen als .jsonl."
    ),
}
FORMS = {
    "id": 'tekst, zoals "v1"',
    "question": "tekst, tussen aanhalingstekens",
    "kind": "een soort tussen aanhalingstekens",
    "answerable": "true of false",
    "all_evidence": "true of false",
    "evidence": '[{"doc": "naam van het bestand", "quote": "citaat"}]',
    "facts": '[["een feit", "hetzelfde in andere woorden"], ["nog een feit"]]',
}
LACKING = {
    "evidence": "Vul het document in met de zin die het antwoord geeft.",
    "facts": "Vul in wat een goed antwoord moet noemen.",
}
REPEATED = {
    False: "Geef elke vraag een eigen nummer.",
    True: "Geef elke vraag een eigen nummer. Is dit nog een citaat bij dezelfde vraag? Vul dan alleen document en "
    "citaat in.",
}
GATES = {
    "encoding": "dit is geen tekst die te lezen is. Sla het bestand opnieuw op, als UTF-8.",
    "syntax": "dit is geen goede TOML{toml_place}. Kijk of alle aanhalingstekens en haken er staan, en schrijf 0.75 "
    "met een punt.",
    "empty": "er staan geen eisen in.",
    "unknown_part": 'het deel "{detail}" bestaat niet. Kies uit: {parts}.',
    "unknown_kind": 'de soort vraag "{detail}" bestaat niet. Kies uit: {kinds}.',
    "no_table": '"{detail}" moet een kop zijn, met de eisen eronder: [{detail}].',
    "alpha": "alpha is {detail}. Kies een getal tussen 0 en 1, zoals 0.05.",
    "no_list": '"{detail}" moet een lijst van metingen zijn, zoals ["facts", "R@5"].',
    "unknown_measure": 'de meting "{detail}" bestaat niet. {measures}',
    "no_number": 'bij "{detail}" hoort een getal, zoals 0.75.',
    "out_of_range": '"{first}" kan nooit {rest} zijn. Kies een getal tussen 0 en 1, zoals 0.75.',
    "no_direction": '"{detail}" wordt niet beter of slechter. Haal deze eis weg.',
    "not_comparable": '"{detail}" is per vraag niet te vergelijken. Haal deze weg uit not_worse.',
}
HARVEST = {
    "encoding": "dit is geen tekst die te lezen is. Sla het bestand opnieuw op, als UTF-8.",
    "empty": "er staan geen antwoorden in.",
    "syntax": "dit is geen goede JSON.",
    "no_object": "hier hoort één antwoord te staan, tussen {{ en }}.",
    "missing": 'het veld "{detail}" ontbreekt.',
    "type": 'het veld "{detail}" heeft een verkeerde vorm.',
    "record": "dit is geen antwoord dat deze versie van de assistent kan lezen.",
}
UNHELD = {
    "unknown_document": 'er is geen document "{detail}". {nearest}',
    "ambiguous_document": "meer dan één document heet zo: {others}. Geef ze een eigen naam.",
    "unheld_quote": 'het citaat "{quote}" staat niet in {detail}. Neem het letterlijk over uit het document.',
    "partly_held": 'het citaat "{quote}" staat niet helemaal zo in {detail}. Het telt wel mee. Neem het liever '
    "letterlijk over.",
    "common_quote": 'het citaat "{quote}" staat op veel plaatsen in {detail}. Kies liever een langer citaat.',
}
BASELINE = {
    "syntax": "is geen JSON. Geef de uitvoer van: vng-assistent evaluate VRAGEN --json.",
    "foreign": "is geen eerdere evaluatie. Geef de uitvoer van: vng-assistent evaluate VRAGEN --json.",
    "version": "is gemaakt met een andere versie van de assistent. Maak die evaluatie opnieuw.",
    "content": "is geen hele evaluatie{place}. Maak die evaluatie opnieuw.",
}
PARTS = {
    "": ("at_least", "at_most", "kinds", "baseline"),
    "kinds": ("at_least", "at_most"),
    "baseline": ("not_worse", "alpha", "largest_drop"),
}
LOST = (
    "Een deel van de evaluatie is onverwacht gestopt. Misschien was er te weinig geheugen.\n"
    "Geef dezelfde opdracht nog eens: wat klaar was, is bewaard. Stopt het weer? Zet VNG_WORKERS op 1."
)
NO_NEAREST = "Bekijk de namen met: vng-assistent documents."
OTHER = "De evaluatie is gestopt door een fout. Probeer het opnieuw."
