"""Messages and views of the Slack bot as pages to look at: `python -m benchmarks.slack_preview FOLDER [--data DIR]`.

The pages are drawn as Slack draws blocks, nearly: what matters is what stands where, and how long it gets. Without a
data directory the sample documents are published in a folder of their own first.
"""

import argparse
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.assistant import Assistant
from assistant.types import Query
from ingest.encode import load_encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from integrations.slack.render_answer import answer_message
from integrations.slack.render_errors import problem_message, recalling
from integrations.slack.render_feedback import colleague_message, reason_view
from integrations.slack.render_home import Recent, home_view
from integrations.slack.render_parts import Json, Links
from integrations.slack.render_settings import settings_view
from integrations.slack.render_source import passage_view
from integrations.slack.types import ChannelSettings

ROOT = Path(__file__).parent.parent
LINKS = Links("https://vragen.veldrijk.example", "S0123456789")
QUESTIONS = {
    "feit": "Onder wiens voorzitterschap werkte de vierde VNG Denktank?",
    "lijst": "Welke soorten overheid kun je volgens het Denktank-onderzoek zijn?",
    "vergelijking": "Jeugdzorg en geld: hoe staat het in de VNG-strategie uit 2019 en hoe in de blog uit 2022?",
    "niet-gevonden": "Hoeveel woningen moeten er tot 2040 bijkomen volgens de blog?",
    "engels": "Since when has joint implementation been one of the VNG's statutory tasks?",
}
_STYLE = """
body{margin:0;background:#fff;font:15px/1.4667 Lato,'Liberation Sans',Arial,sans-serif;color:#1d1c1d}
.message{display:flex;gap:8px;padding:16px 20px;max-width:680px}
.modal{max-width:520px;margin:20px;border-radius:8px;
box-shadow:0 0 0 1px #ddd,0 8px 24px #0003}
.modal>div{padding:12px 24px}
.home{padding:20px;max-width:760px}
.who{font-weight:900}
.app{background:#ddd;color:#616061;font-size:10px;padding:1px 4px;border-radius:2px;margin:0 4px}
.time,.context{color:#616061;font-size:12px;white-space:pre-line}
.face{flex:none;width:36px;height:36px;border-radius:8px;
background:#0b3c5d;color:#fff;font-weight:700;text-align:center;line-height:36px}
.block{margin:8px 0}
.body{flex:1}
.section{display:flex;gap:16px}
.section>p{flex:1;margin:0;white-space:pre-line}
p{margin:0;white-space:pre-wrap}
blockquote{margin:4px 0;padding:0 0 0 14px;border-left:4px solid #ddd;white-space:pre-wrap}
ul{margin:2px 0;padding-left:26px}
ul p{display:block}
button,.button{font:700 13px Lato,'Liberation Sans',Arial;border:1px solid #1d1c1d4d;background:#fff;
border-radius:8px;padding:5px 11px;height:30px;white-space:nowrap;color:#1d1c1d;box-sizing:border-box;
margin:0 8px 8px 0}
.actions{display:flex;flex-wrap:wrap}
hr{border:0;border-top:1px solid #ddd;margin:12px 0}
a{color:#1264a3;text-decoration:none}
.mention{background:#1d9bd11a;color:#1264a3;border-radius:3px;padding:0 2px}
h3{font-size:18px;margin:12px 0 4px}
.thumb{display:inline-block;border:1px solid #ddd;border-radius:12px;padding:1px 9px;margin-right:6px;font-size:13px}
.field{border:1px solid #8d8d8d;border-radius:8px;padding:7px 12px;color:#616061;background:#fff}
label{font-weight:700}
h1{font-size:22px;margin:0}
.green .primary{background:#007a5a;color:#fff}
.foot{text-align:right}
.hint{color:#616061;font-size:13px}
"""
_PATH = "M2 7h2v7H2zM5 14V7l3-6c1 0 2 1 1.500 2.500L9 6h4c1 0 1.500 1 1 2l-1.500 5c-.2.600-.800 1-1.500 1z"
_THUMB = f'<svg width="13" height="13" viewBox="0 0 16 16"><path d="{_PATH}" fill="none" stroke="#616061"/></svg>'
_THUMB_DOWN = _THUMB.replace("<svg", '<svg style="transform:scaleY(-1)"')


def page(name: str, blocks: list[Json], *, view: Json | None = None) -> str:
    """The page that shows a message, or a view."""
    inner = "".join(_block(block) for block in blocks)
    if view is None:
        face = '<div class="face">V</div><div class="body"><span class="who">VNG-assistent</span>'
        shown = (
            f'<div class="message">{face}<span class="app">APP</span><span class="time">10:24</span>{inner}</div></div>'
        )
    elif view["type"] == "home":
        shown = f'<div class="home">{inner}</div>'
    else:
        foot = "".join(f"<button>{_plain(view[one])}</button>" for one in ("close", "submit") if one in view)
        title = f"<h1>{_plain(view['title'])}</h1>"
        shown = (
            f'<div class="modal"><div>{title}</div><div>{inner}</div><div style="text-align:right">{foot}</div></div>'
        )
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="nl">{head}{shown}</html>'


def _plain(text: Json) -> str:
    return escape(text["text"])


def _marked(text: Json) -> str:
    if text["type"] == "plain_text":
        return _plain(text)
    # The text is escaped for Slack already, in the same way; bold is the one markup that the bot uses.
    bold = text["text"].replace("\u2060*\u2060", "\u0001").split("*")
    return "".join(f"<b>{one}</b>" if at % 2 else one for at, one in enumerate(bold)).replace("\u0001", "*")


def _block(block: Json) -> str:  # noqa: PLR0911 - a line a kind
    match block["type"]:
        case "rich_text":
            return f'<div class="block">{"".join(_rich(one) for one in block["elements"])}</div>'
        case "section":
            beside = _element(block["accessory"]) if "accessory" in block else ""
            return f'<div class="block section"><p>{_marked(block["text"])}</p>{beside}</div>'
        case "context":
            return "".join(f'<div class="block context">{_marked(one)}</div>' for one in block["elements"])
        case "header":
            return f"<h3>{_plain(block['text'])}</h3>"
        case "divider":
            return "<hr>"
        case "actions" | "context_actions":
            return f'<div class="block actions">{"".join(_element(one) for one in block["elements"])}</div>'
        case "input":
            hint = f'<div class="hint">{_plain(block["hint"])}</div>' if "hint" in block else ""
            return f'<div class="block"><label>{_plain(block["label"])}</label>{_element(block["element"])}{hint}</div>'
        case other:
            raise ValueError(other)


def _rich(part: Json) -> str:  # noqa: PLR0911 - a line a kind
    match part["type"]:
        case "rich_text_section":
            return f"<p>{''.join(_rich(one) for one in part['elements'])}</p>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(_rich(one) for one in part['elements'])}</blockquote>"
        case "rich_text_list":
            return f"<ul>{''.join(f'<li>{_rich(one)}</li>' for one in part['elements'])}</ul>"
        case "link":
            return f'<a href="#">{escape(part["text"])}</a>'
        case "user":
            return '<span class="mention">@Noor de Wit</span>'
        case "usergroup":
            return '<span class="mention">@informatiepunt</span>'
    text = escape(part["text"])
    for style, tag in (("bold", "b"), ("italic", "i")):
        text = f"<{tag}>{text}</{tag}>" if part.get("style", {}).get(style) else text
    return text


def _element(element: Json) -> str:
    match element["type"]:
        case "button":
            return f"<button>{_plain(element['text'])}</button>"
        case "feedback_buttons":
            sides = ((_THUMB, element["positive_button"]), (_THUMB_DOWN, element["negative_button"]))
            return "".join(f'<span class="thumb">{mark} {_plain(one["text"])}</span>' for mark, one in sides)
        case "radio_buttons":
            first = element.get("initial_option")
            marks = (("◉" if one == first else "○", one) for one in element["options"])
            return "".join(f"<p>{mark} {_plain(one['text'])}</p>" for mark, one in marks)
        case _:
            chosen = " · ".join(_plain(one["text"]) for one in element.get("initial_options", []))
            return (
                f'<div class="field">{chosen or element.get("initial_value") or _plain(element["placeholder"])}</div>'
            )


def pages(assistant: Assistant, library: LiveLibrary) -> Iterator[tuple[str, list[Json], Json | None]]:
    """The name, the blocks and, where it is one, the view of each page."""
    answers = {name: assistant.ask(Query(question)) for name, question in QUESTIONS.items()}
    for name, answer in answers.items():
        private = name == "engels"
        message = answer_message(answer, links=LINKS, private=private, shareable=private, show_question=private)
        yield name, message.blocks, None
    first = answers["feit"]
    if first.citations:
        before, after = "De tekst die voor de passage staat.", "De tekst die na de passage staat."
        view = passage_view(first, 1, links=LINKS, before=before, after=after)
        yield "passage", view["blocks"], view
    yield "collega", colleague_message(first.query.text, links=LINKS).blocks, None
    yield "collega-besloten", colleague_message("", links=LINKS, hidden=True, user="U0NOOR").blocks, None
    failed = problem_message("given_up", question=first.query.text)
    yield "mislukt", recalling(failed, first.query.text).blocks, None
    with library.lease() as opened:
        documents = list(opened.documents.values())
    recent = [
        Recent(question, "https://veldrijk.slack.com/archives/C1/p1") for question in list(QUESTIONS.values())[:3]
    ]
    for name, view in (
        ("home", home_view(documents, links=LINKS, examples=list(QUESTIONS.values())[:3], recent=recent)),
        ("reden", reason_view(first.answer_id)),
        ("instellingen", settings_view("C1", ChannelSettings("mention", (documents[0].doc_id,)), documents)),
    ):
        yield name, view["blocks"], view


def main() -> None:
    """Writes a page and the blocks of each message into a folder."""
    parser = argparse.ArgumentParser(description="Berichten van de Slack-bot als pagina's om naar te kijken.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    encoder = load_encoder(None)
    with TemporaryDirectory() as own:
        data = given.data or Path(own)
        if given.data is None:
            publish([ROOT / "voorbeelden" / "documenten"], data, encoder)
        library = LiveLibrary(data, encoder)
        for name, blocks, view in pages(Assistant(library, encoder), library):
            (given.folder / f"{name}.html").write_text(page(name, blocks, view=view), encoding="utf-8")
            said = json.dumps(view or {"blocks": blocks}, ensure_ascii=False, indent=1)
            (given.folder / f"{name}.json").write_text(said, encoding="utf-8")
        library.close()


if __name__ == "__main__":
    main()
