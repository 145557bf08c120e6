"""A conversation in the terminal: a question a line, each answered with the ones before it in mind."""

from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from assistant.errors import BadQuery
from assistant.types import Answer, Query, Turn
from integrations.terminal import shown

WELCOME = "Stel een vraag. Een vervolgvraag mag. Een lege regel stopt."
REMEMBERED = 8  # turns


def hold_conversation(
    questions: Iterable[str],
    ask: Callable[[Query], Answer],
    show: Callable[[Answer], None],
    explain: Callable[[BadQuery], str],
    console: Console,
) -> int:
    """Answer the questions one by one until an empty one, and give back how many were answered.

    A question that cannot be asked is explained and forgotten.
    """
    turns: list[Turn] = []
    answered = 0
    for question in questions:
        if not question.strip():
            break
        try:
            answer = ask(Query(question, history=tuple(turns[-REMEMBERED:])))
        except BadQuery as error:
            console.print(explain(error), markup=False, highlight=False)
            continue
        show(answer)
        console.print()
        turns.append(Turn(question, answer.text))
        answered += 1
    return answered


def typed_questions(console: Console) -> Iterator[str]:
    """What is typed, line by line, after a prompt; ends with the input."""
    console.print(WELCOME)
    while True:
        try:
            yield console.input(Text("\n› ", style="bold"))
        except EOFError:
            return


def read_questions(lines: Iterable[str], console: Console) -> Iterator[str]:
    """The lines of a file, each repeated before its answer, so that what comes out can be read by itself."""
    for line in lines:
        question = line.strip()
        if question:
            console.print(Text(f"› {shown(question)}", style="bold"), highlight=False)
        yield question
