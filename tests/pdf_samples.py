"""Small PDFs for the tests: each function writes one, with Dutch text of our own, and gives back its path."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, RIGHT = 70.0, WIDTH - 70.0
SENTENCES = (
    "De gemeente Duinoord bouwt de komende vijf jaar negenhonderd woningen aan de rand van het dorp.",
    "Bewoners denken mee over het groen, de speelplekken en de parkeerplaatsen in hun straat.",
    "Het college stelt daarvoor een budget van twee miljoen euro beschikbaar.",
    "Wie slecht ter been is, kan rekenen op een drempelvrije woning dicht bij de winkels.",
    "De raad bespreekt het voorstel in de vergadering van november.",
    "Een onafhankelijk bureau onderzocht hoe tevreden de inwoners zijn over het contact met de ambtenaren.",
    "Uit de antwoorden blijkt dat mensen vooral sneller een reactie willen op hun vragen.",
    "De wethouder gaat daarom met alle afdelingen afspraken maken over de afhandeling.",
    "Ook de dorpsraden krijgen een grotere rol bij het maken van plannen voor hun omgeving.",
    "Na een jaar bekijkt de gemeente samen met de bewoners wat er beter kan.",
)


def prose(start: int, sentences: int) -> str:
    """So many sentences from the list, from one of them on."""
    return " ".join(SENTENCES[(start + step) % len(SENTENCES)] for step in range(sentences))


@dataclass
class Pen:
    """Writes down a canvas: `y` is the baseline of the next line."""

    canvas: Canvas
    x: float = LEFT
    right: float = RIGHT
    y: float = HEIGHT - 100
    size: float = 10
    font: str = "Times-Roman"
    leading: float = 13

    def write(
        self, text: str, *, font: str = "", size: float = 0, indent: float = 0, first: float = 0, gap: float = 8
    ) -> None:
        """Write a paragraph, wrapped; `first` is the extra indent of its first line."""
        font, size = font or self.font, size or self.size
        step = self.leading * size / self.size
        pad = " " * round(first / stringWidth(" ", font, size))
        for index, line in enumerate(simpleSplit(pad + text, font, size, self.right - self.x - indent)):
            self.put(line.strip(), indent=indent + (first if index == 0 else 0), font=font, size=size)
            self.y -= step
        self.y -= gap

    def put(self, text: str, *, indent: float = 0, font: str = "", size: float = 0) -> None:
        """Write one line at the baseline."""
        self.canvas.setFont(font or self.font, size or self.size)
        self.canvas.drawString(self.x + indent, self.y, text)

    def column(self, x: float, right: float, top: float) -> None:
        """Go on at the top of another column."""
        self.x, self.right, self.y = x, right, top


def write(path: Path, *pages: Callable[[Pen], None], **properties: str) -> Path:
    """Write a PDF with these pages; `properties` may hold `title`, `author` and `subject`."""
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(properties.get("title", ""))
    canvas.setAuthor(properties.get("author", ""))
    for page in pages:
        page(Pen(canvas))
        canvas.showPage()
    canvas.save()
    return path


def report(path: Path, pages: int, *, furniture: bool = True) -> Path:
    """A report with a chapter every third page, running headers left and right, and page numbers from page 3 on."""

    def page(number: int) -> Callable[[Pen], None]:
        def fill(pen: Pen) -> None:
            if furniture:
                _furniture(pen, number)
            if number % 3 == 1:
                pen.write(f"Hoofdstuk over onderwerp {_word(number)}", font="Helvetica-Bold", size=18, gap=12)
            for part in range(5):
                if part == 2:
                    pen.write(f"Wat er speelt bij {_word(number)}", font="Helvetica-Bold", size=12, gap=4)
                pen.write(f"Op blad {_word(number)} staat dit. " + prose(number + part, 6))

        return fill

    return write(path, *(page(number) for number in range(1, pages + 1)))


def _furniture(pen: Pen, number: int) -> None:
    pen.canvas.setFont("Helvetica", 8)
    if number % 2:
        pen.canvas.drawRightString(RIGHT, HEIGHT - 50, "Omgevingsvisie Duinoord 2040")
        pen.canvas.drawRightString(RIGHT, 40, str(number + 2))
    else:
        pen.canvas.drawString(LEFT, HEIGHT - 50, "Gemeente Duinoord")
        pen.canvas.drawString(LEFT, 40, str(number + 2))


def _word(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number // 26 % 26] + letters[number % 26] + "veld"


def in_columns(path: Path, count: int, *, title: str = "", size: float = 10) -> Path:
    """Running text in columns: paragraph n of a column ends in "kolom c alinea n"; a title over all of them."""

    def page(pen: Pen) -> None:
        pen.size, pen.leading = size, 1.25 * size
        if title:
            pen.write(title, font="Helvetica-Bold", size=22, gap=10)
        top, gutter = pen.y, 18.0
        width = (RIGHT - LEFT - gutter * (count - 1)) / count
        for index in range(count):
            x = LEFT + index * (width + gutter)
            pen.column(x, x + width, top)
            for number in range(1, 4):
                pen.write(f"{prose(index * 3 + number, 4)} Dit is kolom {index + 1} alinea {number}.")

    return write(path, page)


def scanned(path: Path, pages: int = 2) -> Path:
    """Pages with an image and no text."""
    return write(path, *[_picture] * pages)


def _picture(pen: Pen) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    pen.canvas.drawImage(ImageReader(Image.new("L", (60, 80), 180)), LEFT, 200, 300, 400)


def half_scanned(path: Path) -> Path:
    """A page with an image, and one with text."""
    return write(path, _picture, lambda pen: pen.write(prose(0, 5)))


def encrypted(path: Path, *, user: str, owner: str) -> Path:
    """A page of text, encrypted: without `user` anyone can open it."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    canvas = Canvas(
        str(path), pagesize=A4, encrypt=StandardEncryption(user, ownerPassword=owner, canPrint=0), invariant=1
    )
    Pen(canvas).write(prose(0, 5))
    canvas.showPage()
    canvas.save()
    return path


def table(path: Path, rows: Sequence[Sequence[str]], *, grid: bool = True) -> Path:
    """A table between two paragraphs, with a caption: all its cells ruled, or only level lines."""

    def page(pen: Pen) -> None:
        pen.write(prose(0, 4))
        pen.write("Tabel 1. Woningen en inwoners per kern", font="Times-Italic", size=9, gap=4)
        top, height, wide = pen.y, 18.0, (RIGHT - LEFT) / len(rows[0])
        for index, row in enumerate(rows):
            for place, cell in enumerate(row):
                pen.canvas.setFont("Times-Roman", 10)
                pen.canvas.drawString(LEFT + place * wide + 4, top - index * height - 13, cell)
        bottom = top - height * len(rows)
        for index in range(len(rows) + 1):
            pen.canvas.line(LEFT, top - index * height, RIGHT, top - index * height)
        if grid:
            for place in range(len(rows[0]) + 1):
                pen.canvas.line(LEFT + place * wide, top, LEFT + place * wide, bottom)
        pen.y = bottom - 25
        pen.write(prose(5, 4))

    return write(path, page)


def outlined(path: Path) -> Path:
    """Headings set like the text, which only the bookmarks tell; the page labels are i and 1."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for number, (title, level) in enumerate((("Waarom dit plan", 0), ("Wat het kost", 1))):
        pen = Pen(canvas)
        canvas.bookmarkPage(title)
        canvas.addOutlineEntry(title, title, level)
        pen.write(title)
        pen.write(prose(number, 6))
        canvas.addPageLabel(number, "ROMAN_LOWER" if number == 0 else "ARABIC", start=1)
        canvas.showPage()
    canvas.save()
    return path


def divided(path: Path) -> Path:
    """Words divided at the ends of lines, with a dividing hyphen or with one of their own."""
    lines = (
        "In de vergadering van de raads- en commissieleden sprak de wethouder over de woning-",
        "bouw. Het plan is sociaal-economisch van belang, zo blijkt uit de toelichting van VNG-",
        "bureau Noord. De afspraken gelden voor de hele regio en ook voor alle raads-",
        "en statenleden. De gemeente noemt dit een sociaal-",
        "economisch akkoord over auto-",
        "ongelukken en over de financi-",
        "ële gevolgen daarvan.",
    )

    def page(pen: Pen) -> None:
        for line in lines:
            pen.put(line)
            pen.y -= pen.leading

    return write(path, page)


def lists(path: Path) -> Path:
    """A list with bullets and one nested in it, a numbered list and one with letters."""

    def item(pen: Pen, sign: str, text: str, depth: int) -> None:
        pen.put(sign, indent=depth * 16)
        pen.write(text, indent=depth * 16 + 14, gap=2)

    def page(pen: Pen) -> None:
        pen.write("We maken drie afspraken met elkaar:")
        item(pen, "•", "De gemeente antwoordt binnen vijf dagen op een brief, of laat weten waarom dat niet lukt.", 0)
        item(pen, "•", "Bewoners krijgen een vast aanspreekpunt:", 0)
        item(pen, "–", "per telefoon op werkdagen;", 1)
        item(pen, "–", "aan het loket in het gemeentehuis, ook op donderdagavond en op de eerste zaterdag.", 1)
        item(pen, "•", "De dorpsraad krijgt ieder kwartaal een overzicht.", 0)
        pen.y -= 8
        pen.write("De stappen zijn:")
        item(pen, "1.", "De aanvrager vult het formulier in.", 0)
        item(pen, "2.", "De afdeling Vergunningen beoordeelt de aanvraag binnen de termijn die daarvoor geldt.", 0)
        pen.y -= 8
        pen.write("Er zijn twee uitkomsten:")
        item(pen, "a)", "de aanvraag wordt toegewezen;", 0)
        item(pen, "b)", "de aanvraag wordt afgewezen.", 0)

    return write(path, page)


def noted(path: Path) -> Path:
    """Text with raised note numbers, square metres and carbon dioxide, and footnotes at the bottom of the page."""

    def raised(pen: Pen, parts: Sequence[tuple[str, int]]) -> None:
        x = LEFT
        for text, shift in parts:
            size = 6 if shift else 10
            pen.canvas.setFont("Times-Roman", size)
            pen.canvas.drawString(x, pen.y + shift, text)
            x += stringWidth(text, "Times-Roman", size)
        pen.y -= pen.leading

    def page(pen: Pen) -> None:
        pen.write(prose(0, 3))
        raised(pen, (("Het perceel van 300 m", 0), ("2", 4), (" ligt aan de haven.", 0), ("1", 4)))
        raised(pen, (("Er komt minder CO", 0), ("2", -2), (" vrij.", 0)))
        raised(pen, (("De raad stemde", 0), ("2", 4), (" in met het plan.", 0)))
        pen.y = 110
        pen.write("1 Zie het raadsvoorstel van 12 maart, met de bijlagen die daarbij horen.", size=8, gap=2)
        pen.write("2 Met negentien stemmen voor en vier tegen.", size=8, gap=2)

    return write(path, page, lambda pen: pen.write(prose(4, 8)))


def magazine(path: Path) -> Path:
    """Two columns with a drop cap, a boxed text in the second column, and a pull quote across the gutter."""

    def page(pen: Pen) -> None:
        pen.write("Een dorp dat zelf beslist", font="Helvetica-Bold", size=24, gap=14)
        top, middle = pen.y, (LEFT + RIGHT) / 2
        pen.canvas.setFont("Times-Roman", 34)
        pen.canvas.drawString(LEFT, top - 16, "D")
        pen.column(LEFT + 28, middle - 10, top)
        pen.put("e dorpsraad van Achterdijk kreeg")
        pen.y -= pen.leading
        pen.put("een eigen budget van de gemeente")
        pen.y -= pen.leading
        pen.x = LEFT
        pen.write(prose(2, 7))
        pen.write("Dit is de laatste zin van kolom een, die nog niet af is en verder gaat in de volgende kolom met de")
        pen.column(middle + 10, RIGHT, top)
        pen.write("rest van diezelfde zin. " + prose(1, 3))
        box_top = pen.y + 8
        pen.canvas.setFillGray(0.88)
        pen.canvas.rect(middle + 10, box_top - 66, RIGHT - middle - 10, 64, stroke=0, fill=1)
        pen.canvas.setFillGray(0)
        pen.x, pen.y, pen.right = middle + 18, box_top - 18, RIGHT - 8
        pen.write("Wat is een dorpsraad?", font="Helvetica-Bold", size=9, gap=2)
        pen.write("Een groep bewoners die het gemeentebestuur gevraagd en ongevraagd advies geeft.", size=9)
        pen.column(middle + 10, RIGHT, box_top - 88)
        pen.write("Na het kader gaat kolom twee verder. " + prose(6, 4))

    def second(pen: Pen) -> None:
        middle, top = (LEFT + RIGHT) / 2, pen.y
        for index, (x, right) in enumerate(((LEFT, middle - 10), (middle + 10, RIGHT))):
            pen.column(x, right, top)
            pen.write(prose(index * 2, 8), gap=0)
            pen.y -= pen.leading
            low = pen.y
            shift = 0 if index else -70
            pen.column(x + 70 * index, right + shift, low)
            pen.write("Hier wijkt de tekst uit voor een citaat. " + prose(index + 3, 2), gap=0)
            pen.column(x, right, pen.y)
            pen.write("Daaronder is de kolom weer breed. " + prose(index + 5, 4))
        pen.column(middle - 62, middle + 66, low - 8)
        pen.write("“Wij weten zelf het best wat het dorp nodig heeft”", font="Helvetica-Oblique", size=15)

    return write(path, page, second)


def sideways(path: Path) -> Path:
    """A page with a line of text up its margin, and a page that the file turns with /Rotate."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    Pen(canvas).write(prose(0, 5))
    canvas.saveState()
    canvas.translate(30, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Vormgeving en druk: Drukkerij De Pers")
    canvas.restoreState()
    canvas.showPage()
    canvas.setPageRotation(90)
    canvas.translate(60, 70)
    canvas.rotate(90)
    pen = Pen(canvas, x=0, right=450, y=0)
    pen.write("Op deze gedraaide bladzijde staat ook tekst. " + prose(3, 4))
    canvas.showPage()
    canvas.save()
    return path


def contents(path: Path) -> Path:
    """A table of contents with rows of dots, and a page of text."""

    def page(pen: Pen) -> None:
        pen.write("Inhoud", font="Helvetica-Bold", size=16)
        for title, number in (("Inleiding", 3), ("Wonen in de kernen", 5), ("Wat het plan kost", 12)):
            pen.put(title)
            pen.canvas.drawRightString(RIGHT, pen.y, f"{'.' * 70} {number}")
            pen.y -= 14

    return write(path, page, lambda pen: pen.write(prose(1, 6)))


def sidebar(path: Path) -> Path:
    """Running text with a narrow column of small address lines to the right of it."""

    def page(pen: Pen) -> None:
        top = pen.y
        pen.column(LEFT, 400, top)
        for number in range(3):
            pen.write(prose(number, 6))
        pen.column(425, RIGHT, top - 40)
        for line in (
            "Meer weten?",
            "Gemeente Duinoord",
            "Postbus 12",
            "Telefoon 14 0299",
            "Iedere werkdag",
            "van 9 tot 17 uur",
        ):
            pen.put(line, size=8, font="Helvetica")
            pen.y -= 11

    return write(path, page)


def running_on(path: Path) -> Path:
    """A paragraph, divided in the middle of a word, that runs on over the page after a footnote and a caption."""

    def first(pen: Pen) -> None:
        pen.write(prose(0, 6))
        pen.y = 170
        pen.put("Aan het einde van het jaar maakt de gemeente samen met de bewoners de balans op van de")
        pen.y -= pen.leading
        pen.put("afspraken, en dan blijkt of de woning-")
        pen.y -= 30
        pen.write("Figuur 3. Het aantal woningen in elke kern", font="Times-Italic", size=9)
        pen.y = 90
        pen.write("1 Dit staat in het akkoord.", size=8)

    def second(pen: Pen) -> None:
        pen.write("bouw op gang is gekomen. " + prose(3, 2))
        pen.write(prose(5, 5))

    return write(path, first, second)


def unreadable(path: Path) -> Path:
    """A page whose font does not say which letters its glyphs are."""
    plain = write(path, lambda pen: pen.write(prose(0, 6), font="Helvetica"))
    data = plain.read_bytes()
    encoding = b"/Encoding /WinAnsiEncoding"
    codes = b" ".join(b"/g%d" % number for number in range(32, 123))
    changed = b"/Encoding << /Type /Encoding /Differences [32 " + codes + b"] >>"
    path.write_bytes(data.replace(encoding, changed))
    return path
