"""Choices where a messenger has no buttons: the bot numbers them in its words, and the customer answers by the number.

A platform that works so declares ``keyboard.numbered`` among its ``bot_parts``. It adds to a message what ``numbered`` finds in it, and
encodes a press of that as the words ``typed`` says.
"""

from __future__ import annotations

import re

from chatdrill.model import Button, Keyboard, Part, Press, Text, Write

NO_BUTTONS = (
    "there are no buttons here: number the choices in the text (1. Yes), and the customer answers by the number"
)
"""What a platform says in ``lacks`` instead of other keyboards."""
CHOICES_MAX = 99
_LINE = re.compile(
    r"[ \t]*(?:(?P<plain>[0-9]{1,2})[ \t]*(?:[.):][ \t]+|[ \t][-–—][ \t]+)|(?P<cap>[0-9])\ufe0f?\u20e3[ \t]*)(?P<title>\S.*?)[ \t\r]*"
)


def numbered(text: str) -> Keyboard | None:
    """The last lines in a row that count from 1 (``1. Yes``, ``1) Yes``, ``1 - Yes``, a key cap), as choices; ``None`` without any."""
    found = _titles(text)
    return (
        Keyboard(style="numbered", rows=tuple((_choice(n, title),) for n, title in enumerate(found, 1)))
        if found
        else None
    )


def _titles(text: str) -> list[str]:
    if "1" not in text:
        return []
    found: list[str] = []
    run: list[str] = []
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        number = int(match["plain"] or match["cap"]) if match else 0
        if number == 1:
            run = []
        if match and number == len(run) + 1 and number <= CHOICES_MAX:
            run.append(match["title"])
            found = run
        else:
            run = []
    return found


def without_choices(text: str) -> str:
    """The words of a text before and behind its choices."""
    left = len(_titles(text))
    if not left:
        return text
    kept: list[str] = []
    for line in reversed(text.split("\n")):
        match = _LINE.fullmatch(line) if left else None
        if match and int(match["plain"] or match["cap"]) == left:
            left -= 1
        else:
            kept.append(line)
    return "\n".join(reversed(kept)).strip()


def _choice(number: int, title: str) -> Button:
    return Button(title=title, kind="reply", payload=str(number))


def with_choices(text: str) -> tuple[Part, ...]:
    """The parts of a message of the bot's that has only words."""
    choices = numbered(text)
    return (Text(text=text),) if choices is None else (Text(text=text), choices)


def typed(press: Press) -> Write:
    """What a customer writes in the place of a press: the number, or the words of a button that no message has."""
    words = press.button.title if press.message_id is None else press.button.payload or press.button.title
    return Write(parts=(Text(text=words),))
