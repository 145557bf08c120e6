"""An answer as plain text with its sources, for a clipboard."""

from api.export.compose import sure_text, web_address
from api.export.paper import clean, one_line
from api.export.words import ended, place_text, title_text
from assistant.messages import message_text
from assistant.types import Answer


def copy_text(answer: Answer, link: str) -> str:
    """The question, what was said with its [n], the quote behind each number, how sure it is, and the address."""
    parts = [clean(answer.query.text).strip()]
    if not answer.statements:
        parts.append(message_text(answer))
    else:
        parts += [
            clean(one.text).rstrip() + "".join(f" [{number}]" for number in one.citations) for one in answer.statements
        ]
        parts.append(sure_text(answer))
        sources = [
            f"[{one.number}] “{one_line(one.quote)}” – {ended(title_text(one.document) + place_text(one))}"
            for one in answer.citations
        ]
        parts.append("\n".join(("Bronnen", *sources)))
    if address := web_address(link):
        parts.append(f"Te vinden op: {one_line(address)}")
    return "\n\n".join(parts) + "\n"
