"""What a person who fills in a spreadsheet with questions must know: a table that goes along with it."""

from eval.table import COLUMNS

_COLUMN, _WHAT, _EXAMPLE = "kolom", "wat je invult", "voorbeeld"

EXPLANATION: tuple[tuple[str, str, str], ...] = (
    (_COLUMN, _WHAT, _EXAMPLE),
    (
        COLUMNS["id"],
        "Een eigen nummer of korte naam voor de vraag. Elk nummer komt één keer voor. Gebruik alleen letters, cijfers, "
        "spaties, punten en streepjes.",
        "afval-01",
    ),
    (COLUMNS["question"], "De vraag, zoals iemand die zou stellen.", "Op welke dag wordt oud papier opgehaald?"),
    (
        COLUMNS["kind"],
        "Wat voor vraag het is. Kies uit de lijst:\n"
        "feit: één gegeven, zoals een getal, een naam of een datum\n"
        "opsomming: meer dingen achter elkaar\n"
        "waarom: een reden of een oorzaak\n"
        "in andere woorden: de vraag gebruikt andere woorden dan het document\n"
        "meer bewijs nodig: het antwoord staat op meer dan één plaats\n"
        "vergelijking: de vraag vergelijkt twee dingen\n"
        "slordig getypt: met typefouten, of in losse woorden\n"
        "in het Engels: een vraag in het Engels\n"
        "zonder antwoord: het antwoord staat niet in de documenten",
        "feit",
    ),
    (
        COLUMNS["answerable"],
        'Staat het antwoord in de documenten? Bij "nee" is de soort "zonder antwoord", en blijven document, citaat en '
        "feiten leeg.",
        "ja",
    ),
    (COLUMNS["doc"], "De bestandsnaam van het document waarin het antwoord staat.", "afvalplan.pdf"),
    (
        COLUMNS["quote"],
        "De zin die het antwoord geeft, letterlijk uit het document. Staat het antwoord in meer zinnen? Zet elke zin "
        "in een eigen rij onder de vraag. Vul in die rijen alleen document en citaat in.",
        "De gemeente haalt het oud papier op donderdag op.",
    ),
    (
        COLUMNS["all_evidence"],
        "Zijn alle citaten samen nodig voor een goed antwoord (ja), of is één ervan genoeg (nee)? Leeg is nee.",
        "nee",
    ),
    (
        COLUMNS["facts"],
        "Wat een goed antwoord in elk geval moet noemen. Elk feit komt op een eigen regel in de cel (Alt+Enter). Mag "
        "het op meer manieren gezegd worden? Zet er dan | tussen. Moet er zelf een | in staan? Schrijf \\| en schrijf "
        "een \\ als \\\\.",
        "donderdag | elke donderdag\noud papier",
    ),
    (
        "opslaan",
        "Sla het bestand op als Excel-werkmap (.xlsx). In een CSV-bestand maakt Excel van sommige feiten een datum of "
        "een getal. Voeg geen kolommen toe, en schrijf niets naast de tabel.",
        "",
    ),
)
