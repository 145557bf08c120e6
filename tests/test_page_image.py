"""Pages of PDFs as images, and the boxes of quotes on them: what stands under the boxes is the quote."""

import ctypes
import io
import os
import signal
import threading

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdfium2 import raw as pdfium
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from api.page_images import parts_on, with_surroundings
from ingest.errors import DamagedFile, ReadError, ReadOutOfMemory, ReadTimeout
from ingest.isolate import StandingCrew
from ingest.read import read
from ingest.read.pdf.align import find_quote, fold
from ingest.read.pdf.page_image import MOST_PIXELS, PageWorker, quote_boxes, render_page
from ingest.sentences import sentences
from ingest.split import canonical
from tests import pdf_samples

ROWS = [("Jaar", "Woningen", "Bedrag"), ("2024", "120 woningen", "3 miljoen"), ("2025", "180 woningen", "4 miljoen")]
SAMPLES = {
    "one column": lambda path: pdf_samples.report(path, 3),
    "two columns": lambda path: pdf_samples.in_columns(path, 2, title="Verslag van de raad"),
    "three columns": lambda path: pdf_samples.in_columns(path, 3, size=8),
    "divided words": pdf_samples.divided,
    "notes": pdf_samples.noted,
    "over the page": pdf_samples.running_on,
    "sideways": pdf_samples.sideways,
    "table": lambda path: pdf_samples.table(path, ROWS),
    "lists": pdf_samples.lists,
    "magazine": pdf_samples.magazine,
    "sidebar": pdf_samples.sidebar,
}
QUOTE = "Het college stelt daarvoor een budget van twee miljoen euro beschikbaar."


def letter(path):
    """A page with a paragraph in which nothing is said twice, and one with a heading."""
    return pdf_samples.write(path, lambda pen: pen.write(pdf_samples.prose(0, 10)), lambda pen: pen.write("Bijlage"))


def text_under(path, page, boxes):
    """What PDFium itself finds in the boxes, with its own way from a place on the screen to one on the page."""
    with pypdfium2.PdfDocument(path) as pdf:
        shown = pdf[page - 1]
        textpage = shown.get_textpage()
        found = [textpage.get_text_bounded(*_on_paper(shown, box)) for box in boxes]
        textpage.close()
    return "".join(found)


def said_twice(path, page, quote):
    """Whether words stand on a page more than once, as a line of the text that is also above the page."""
    with pypdfium2.PdfDocument(path) as pdf:
        return fold(pdf[page - 1].get_textpage().get_text_range()).text.count(fold(quote).text) > 1


def _on_paper(page, box):
    corners = []
    across, down = page.get_size()
    level = box.width * across > box.height * down
    x_inset, y_inset = (0, 0.1 * box.height) if level else (0.1 * box.width, 0)  # lines may touch each other
    for x, y in (
        (box.left + x_inset, box.top + y_inset),
        (box.left + box.width - x_inset, box.top + box.height - y_inset),
    ):
        across, down = ctypes.c_double(), ctypes.c_double()
        size = 100_000
        pdfium.FPDF_DeviceToPage(page.raw, 0, 0, size, size, 0, round(x * size), round(y * size), across, down)
        corners.append((across.value, down.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1) + 0.05, min(y0, y1), max(x0, x1) - 0.05, max(y0, y1)


def quotes_of(path):
    """Every sentence of the canonical text, with the page it stands on and what stands round it."""
    _, blocks = read(path, source=path.name)
    text = canonical(blocks)
    for block in text.blocks:
        for start, end in sentences(text.text[block.start : block.end]):
            quote = text.text[block.start + start : block.start + end]
            for page in sorted({number for _, number in text.pages}):
                for part in parts_on(text, page, quote, block.start + start):
                    yield page, *with_surroundings(text.text, part)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sentence_is_boxed_and_stands_under_its_boxes(tmp_path, name):
    path = SAMPLES[name](tmp_path / "stuk.pdf")
    quotes = list(quotes_of(path))
    assert quotes
    for page, quote, before, after in quotes:
        boxes = quote_boxes(path, page, quote, before=before, after=after)
        if not boxes and said_twice(path, page, quote):
            continue
        assert boxes, (page, quote)
        found, wanted = fold(text_under(path, page, boxes)).text, fold(quote).text
        # The number of a note, and the letter that a magazine begins with, stand in between.
        assert sum(1 for letter in found if letter in wanted) >= 0.9 * len(wanted), (quote, found)
        assert found == wanted or name in ("notes", "magazine", "sideways"), (quote, found)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_a_page_that_is_turned_or_cropped(tmp_path, rotation, cropped):
    path = turned(tmp_path, rotation, cropped=cropped)
    boxes = quote_boxes(path, 1, QUOTE)
    assert fold(text_under(path, 1, boxes)).text == fold(QUOTE).text
    image = Image.open(io.BytesIO(render_page(path, 1, width=550)))
    assert image.width == 550
    assert (image.width > image.height) is (rotation in (90, 270))
    for box in boxes:
        assert 0 <= box.left < box.left + box.width <= 1
        assert 0 <= box.top < box.top + box.height <= 1
        assert inked(image, box), "there is ink under the box"


def turned(folder, rotation, *, cropped):
    plain = letter(folder / "recht.pdf")
    with pypdfium2.PdfDocument(plain) as pdf:
        pdf[0].set_rotation(rotation)
        if cropped:
            pdf[0].set_cropbox(40, 60, A4[0] - 20, A4[1] - 30)
        pdf.save(folder / "gedraaid.pdf")
    return folder / "gedraaid.pdf"


def inked(image, box):
    across, down = image.size
    area = (
        int(box.left * across),
        int(box.top * down),
        round((box.left + box.width) * across),
        round((box.top + box.height) * down),
    )
    darkest, lightest = image.convert("L").crop(area).getextrema()
    return darkest < 120 < lightest


def test_ligatures_quotes_and_soft_hyphens(tmp_path):
    registerFont(TTFont("Vera", "Vera.ttf"))
    canvas = Canvas(str(tmp_path / "stuk.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Vera", 11)
    canvas.drawString(70, 700, "De \ufb01nanci\u00eble of\ufb01cier zei: \u201cde be-")
    canvas.drawString(70, 685, "groting\u00a0\u2018klopt\u2019\u201d. Daarna ging hij weg.")
    canvas.save()
    quote = "De financiële officier zei: \"de begroting 'klopt'\"."
    boxes = quote_boxes(tmp_path / "stuk.pdf", 1, quote)
    assert len(boxes) == 2
    assert fold(text_under(tmp_path / "stuk.pdf", 1, boxes)).text == fold(quote).text


@pytest.mark.parametrize(
    "quote",
    [
        "De gemeente Duinoord sluit het zwembad en de bibliotheek.",
        "",
        "...",
        "bewon",  # the beginning of a word
        "a",
        "Het college stelt de begroting vast in juni en legt die dan voor aan de raad.",
    ],
)
def test_what_does_not_stand_there_has_no_box(tmp_path, quote):
    assert quote_boxes(letter(tmp_path / "stuk.pdf"), 1, quote) == ()


def test_what_stands_there_twice_is_told_apart_by_what_surrounds_it():
    page = "Het antwoord is ja. De vraag is groot.\r\nHet besluit is nee. De vraag is groot.\r\nEinde."
    assert find_quote(page, "De vraag is groot.") == ()
    [first] = find_quote(page, "De vraag is groot.", before="Het antwoord is ja. ")
    [second] = find_quote(page, "De vraag is groot.", before="Het besluit is nee. ", after=" Einde.")
    assert first.start == page.index("De vraag")
    assert second.start == page.rindex("De vraag")
    assert page[second.start : second.stop] == "De vraag is groot."


WORDS = st.lists(st.text(alphabet="abcdeëfi", min_size=1, max_size=9), min_size=1, max_size=40)


@given(before=WORDS, said=WORDS, after=WORDS, gap=st.sampled_from([" ", "\r\n", "-\r\n", "\u00a0"]))
def test_a_quote_is_found_where_it_stands_or_not_at_all(before, said, after, gap):
    page = " ".join(before) + " " + gap.join(said) + " " + " ".join(after)
    quote = "" if "-" in gap else " "
    stretches = find_quote(page, quote.join(said), " ".join(before), " ".join(after))
    found = "".join(fold(page[one.start : one.stop]).text for one in stretches)
    wanted = fold("".join(said)).text
    assert found in (wanted, "") or len(wanted) >= 16
    assert set(found) <= set(wanted)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_any_text_can_be_looked_for_in_any_text(page, quote, before, after):
    for stretch in find_quote(page, quote, before, after):
        assert 0 <= stretch.start < stretch.stop <= len(page)


def test_a_page_of_text_is_small_and_sharp(tmp_path):
    path = pdf_samples.in_columns(tmp_path / "stuk.pdf", 2, size=8)
    image = render_page(path, 1, width=1100)
    assert len(image) < 120_000
    shown = Image.open(io.BytesIO(image))
    assert shown.format == "WEBP"
    assert shown.size == (1100, 1556)
    darkest, _ = shown.convert("L").getextrema()
    assert isinstance(darkest, int)
    assert darkest < 40
    assert shown.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(20_000, 20_000), (10, 14_000), (14_000, 10), (1, 1)])
def test_a_page_of_any_size_has_an_image_of_no_more_than_so_many_pixels(tmp_path, size):
    canvas = Canvas(str(tmp_path / "groot.pdf"), pagesize=size)
    canvas.drawString(1, 1, "Tekst")
    canvas.save()
    across, down = Image.open(io.BytesIO(render_page(tmp_path / "groot.pdf", 1, width=1650))).size
    assert across * down <= 1.01 * MOST_PIXELS
    assert max(across, down) <= 12_001


@pytest.mark.parametrize("page", [-1, 0, 2])
def test_a_page_that_is_not_there(tmp_path, page):
    path = pdf_samples.report(tmp_path / "stuk.pdf", 1)
    with pytest.raises(DamagedFile):
        render_page(path, page, width=550)


@pytest.fixture(scope="module")
def worker():
    found = PageWorker()
    yield found
    found.close()


def test_the_worker_gives_the_same(tmp_path, worker):
    path = letter(tmp_path / "stuk.pdf")
    assert worker.render(path, 2, 550) == render_page(path, 2, width=550)
    assert worker.boxes(path, 1, QUOTE) == quote_boxes(path, 1, QUOTE) != ()


@pytest.mark.parametrize("content", [b"", b"geen pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_a_file_that_is_no_pdf_is_refused_and_the_next_is_shown(tmp_path, worker, content):
    (tmp_path / "kapot.pdf").write_bytes(content)
    for broken in (tmp_path / "kapot.pdf", tmp_path / "weg.pdf"):
        with pytest.raises(ReadError):
            worker.render(broken, 1, 550)
        with pytest.raises(ReadError):
            worker.boxes(broken, 1, QUOTE)
    assert worker.render(pdf_samples.report(tmp_path / "stuk.pdf", 1), 1, 550)


def do(item):
    """What a worker may meet: an item that takes for ever, kills its process, or eats all memory."""
    if item == "hang":
        threading.Event().wait()
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return bytearray(2**40) if item == "eat" else item * 2


def test_one_item_does_not_hurt_the_others():
    crew = StandingCrew(do, workers=1, timeout_s=1, memory_mb=1024)
    try:
        for item, error in (("hang", ReadTimeout), ("die", ReadOutOfMemory), ("eat", ReadOutOfMemory)):
            with pytest.raises(error) as ended:
                crew.run(item, "stuk.pdf")
            assert ended.value.source == "stuk.pdf"
            assert crew.run("goed", "stuk.pdf") == "goedgoed"
        crew.stop()
        assert crew.run("weer", "stuk.pdf") == "weerweer"
    finally:
        crew.stop()
