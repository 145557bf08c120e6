"""Charts: the same data gives the same bytes, colours follow the page, and labels are text whatever is in them."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures.calibration import Bin
from eval.report.charts import (
    MOST_POINTS,
    PROPERTIES,
    Bars,
    Dot,
    Line,
    bars_chart,
    history_chart,
    latency_chart,
    measures_chart,
    reliability_chart,
)

SVG = "{http://www.w3.org/2000/svg}"
DOTS = [Dot("Feiten in het antwoord", 0.712, 0.6, 0.82, 0.65), Dot("Letterlijke citaten", 1.0, None, None)]


def draw_all(key="proef"):
    return [
        measures_chart(f"{key}-1", "De maten", DOTS),
        reliability_chart(f"{key}-2", "Zekerheid", [Bin(0.1, 0.2, 3, 0.15, 0.0), Bin(0.9, 1.0, 41, 0.93, 1.0)]),
        latency_chart(f"{key}-3", "Wachttijd", [0.0, 10.0, 20.0], [4, 1], {"p50: 8 ms": 8.0, "p95: 19 ms": 19.0}),
        bars_chart(f"{key}-4", "Soorten", [Bars("Feit (16)", (1.0, 0.5)), Bars("Lijst (2)", (None, 0.25))], ("a", "b")),
        history_chart(f"{key}-5", "Verloop", ["aaa", "bbb", "ccc"], [Line("Feiten", (0.5, None, 0.7))]),
    ]


def texts(svg):
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def test_same_data_gives_same_bytes():
    assert draw_all() == draw_all()


@pytest.mark.parametrize("svg", draw_all())
def test_chart_is_an_image_with_a_name_that_fits_any_width(svg):
    root = ET.fromstring(svg)  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("viewBox", "").startswith("0 0 380 ")
    assert root.get("width") is None
    assert root.get("height") is None


@pytest.mark.parametrize("svg", draw_all())
def test_every_colour_is_a_property_of_the_page(svg):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\"])", re.sub(r'(href="|url\()#[^")]+', "", svg)) == []
    assert set(re.findall(r"var\(--(\w+)\)", svg)) <= set(PROPERTIES.values())
    assert "var(--ink)" in svg


@pytest.mark.parametrize("svg", draw_all())
def test_nothing_comes_from_elsewhere_or_reaches_the_rest_of_the_page(svg):
    assert "<style" not in svg
    assert "<metadata" not in svg
    assert "<!" not in svg
    assert "font-family" not in svg
    assert re.findall(r'(?:href|src)="(?!#)', svg) == []


def test_ids_of_charts_do_not_collide():
    """Nor do those of two charts of the same data: only their keys differ."""
    found = [re.findall(r' id="([^"]+)"', svg) for svg in [*draw_all("een"), *draw_all("twee")]]
    every = [one for ids in found for one in ids]
    assert len(every) == len(set(every))
    for svg, ids in zip([*draw_all("een"), *draw_all("twee")], found, strict=True):
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) <= set(ids)


def test_values_are_text_with_a_decimal_comma():
    assert {"Feiten in het antwoord", "0,712", "1,000", "0,25"} <= set(texts(measures_chart("m", "t", DOTS)))


def test_number_of_answers_stands_with_each_bin():
    assert {"3", "41"} <= set(texts(draw_all()[1]))


def test_place_without_a_value_stays_empty():
    assert texts(draw_all()[3]).count("0,250") == 1
    assert "0,000" not in texts(draw_all()[3])


def test_history_shows_the_newest_runs():
    labels = [f"run{number}" for number in range(MOST_POINTS + 10)]
    svg = history_chart("v", "Verloop", labels, [Line("Feiten", tuple(0.5 for _ in labels))])
    shown = [text for text in texts(svg) if text.startswith("run")]
    assert shown[-1] == labels[-1]
    assert "run0" not in shown
    assert len(shown) < len(labels)


@pytest.mark.parametrize("label", ["a < b & c", "<script>alert(1)</script>", "$x_1$ en $", "\\frac", '"\' id="x"'])
def test_label_is_text_whatever_is_in_it(label):
    svg = measures_chart("m", label, [Dot(label, 0.5, 0.4, 0.6)])
    assert "<script" not in svg
    assert texts(svg)[-2:] == [label, "0,500"]
    assert ET.fromstring(svg).findtext(f"{SVG}title") == label  # noqa: S314


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4))
def test_any_shares_can_be_drawn(pairs):
    svg = measures_chart("m", "t", [Dot("maat", value, min(value, low), max(value, low), low) for value, low in pairs])
    assert "nan" not in svg.lower()


def test_drawing_leaves_the_parameters_of_matplotlib_as_they_were():
    from matplotlib import rcParams

    before = dict(rcParams)
    draw_all()
    assert dict(rcParams) == before
