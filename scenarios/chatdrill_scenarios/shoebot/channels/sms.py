"""What every SMS gateway has in common: no buttons, so choices are numbered; words that opt out; no names and no windows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Button, Event, Pin, Say
from ..store import Store
from . import Writable, pieces

# Whoever sends one of these, alone, deals with the carrier: words of ours would be refused.
LEAVING = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
ASKING = frozenset({"HELP", "INFO"})
STARTING = frozenset({"START", "UNSTOP"})
COMING_BACK = STARTING | {"YES"}  # which, from whoever has not left, is an answer
_MAP = "https://maps.google.com/?q={:.5f},{:.5f}"


class Texting(Writable):
    """A channel of bare words. `text_max` is how many characters one message takes; `explains`, whether the gateway answers HELP."""

    name = ""
    text_max = 1600
    explains = True
    can_reopen = False

    def __init__(self, store: Store) -> None:
        self._store = store

    def handshake(self, query: Any) -> str | None:  # noqa: ARG002 - gateways ask nothing
        return None

    async def register(self) -> None:
        """Nothing to do: the webhook is entered in the gateway's console."""

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press is a message."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: bots can neither mark as read nor show that they type."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - no window closes here
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    def heard(self, user: str, number: str, text: str) -> Iterator[Event]:
        """What a text means: nothing, if it is for the carrier; a choice, if it is the number of one."""
        word, conversation = text.strip().upper(), f"{self.name}:{user}"
        if word in LEAVING:
            self._store.leave(conversation)
        if (
            word in LEAVING
            or (word in ASKING and self.explains)
            or (word in COMING_BACK and self._store.come_back(conversation))
        ):
            return
        person: dict[str, Any] = {"channel": self.name, "user": user, "id": number, "message_id": number}
        offered = self._store.offered(conversation)
        choice = word.rstrip(".)")
        if word in STARTING:
            yield Event(kind="start", **person)
        elif choice.isascii() and choice.isdigit() and 0 < int(choice[:3]) <= len(offered):
            yield Event(kind="press", payload=offered[int(choice[:3]) - 1], **person)
        else:
            yield Event(kind="text", text=text, **person)

    def has_left(self, user: str) -> bool:
        """True for who has sent STOP, perhaps while an answer was being made: nothing may be sent any more."""
        return self._store.has_left(f"{self.name}:{user}")

    def texts(self, user: str, reply: Say | Pin) -> list[str]:
        """A reply as the messages to send. What it offers is remembered until the next one: the number comes back without what it
        stands for."""
        if isinstance(reply, Pin):
            return [f"{reply.title}, {reply.address} {_MAP.format(reply.latitude, reply.longitude)}"]
        self._store.offer(f"{self.name}:{user}", [button.payload for button in reply.buttons])
        return pieces(f"{reply.text}\n\n{_numbered(reply.buttons)}" if reply.buttons else reply.text, self.text_max)


def _numbered(buttons: tuple[Button, ...]) -> str:
    return "\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, 1))
