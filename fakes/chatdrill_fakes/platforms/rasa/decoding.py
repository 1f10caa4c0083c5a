"""Messages to the bot read back as acts: the opposite of ``acts``. Source: rasa.com/docs, Your own website: REST channel (3.x, 2025).

A pressed button is its payload and nothing else, so it is known by the message that showed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatdrill.model import Act, Press, Start, Text, Write
from chatdrill.wire.reading import Reads, Said, pressed_in, unread_event
from chatdrill_fakes.platforms.rasa.state import RasaState

Json = Mapping[str, Any]
READS = Reads(
    acts=frozenset(("write", "start")),
    parts=frozenset(("text",)),
    loses=frozenset(("start.referral", "message.ids")),
)
FIELDS = frozenset(("sender", "message", "metadata", "input_channel"))
NOBODY = "default"
"""The sender of a message that names none."""
START = "/session_start"


def read_message(
    body: Json, start: str = START, pressed: Callable[[str, str], Press | None] | None = None
) -> Iterator[Said]:
    """What a message to the bot tells of. ``start`` is what is sent as a visitor opens the chat; ``pressed`` finds the button of a sender that
    has a payload. Raises ``ValueError`` for a body that is none of this channel's."""
    sender, text = body.get("sender", NOBODY), body.get("message")
    if "message" not in body or not isinstance(sender, str) or not sender:
        raise ValueError("there is no message with its sender")
    if text is not None and not isinstance(text, str):
        raise ValueError(f"the message is no text, it is {type(text).__name__}")
    given = body.get("metadata")
    page: Json = given if isinstance(given, dict) else {}
    id = page.get("message_id")
    known = id if isinstance(id, str) else ""
    head: dict[str, Any] = {"update": known, "ids": (known,) if known else (), "person": _person(page)}
    if text is None:
        yield unread_event(sender, "message", dict(body), **head)
        return
    act: Act | None
    if text == start:
        ref = page.get("ref")
        act = Start(payload=ref if isinstance(ref, str) else None)
    else:
        act = pressed(sender, text) if pressed is not None else None
    yield Said(to=sender, act=act or Write(parts=(Text(text=text),)), **head)


def shown_in(state: RasaState) -> Callable[[str, str], Press | None]:
    """Finds the button of a payload among those that the bot has shown to a sender."""

    def find(sender: str, payload: str) -> Press | None:
        return pressed_in(
            state.chats.get(sender), lambda one: one.kind != "url" and payload == (one.payload or one.title)
        )

    return find


def _person(page: Json) -> dict[str, str]:
    """What the page says of a visitor, where it says so by the usual names."""
    name, language = page.get("name"), page.get("language")
    first, _, last = name.partition(" ") if isinstance(name, str) else ("", "", "")
    found = {"first_name": first, "last_name": last, "locale": language if isinstance(language, str) else ""}
    return {key: value for key, value in found.items() if value}
