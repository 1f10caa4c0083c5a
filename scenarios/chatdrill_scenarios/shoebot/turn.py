"""One turn of the bot in the making: what was heard, what is remembered, what will be said."""

from __future__ import annotations

from dataclasses import dataclass, field

from .hearing import Heard
from .model import Author, Button, Picture, Pin, Reply, Say, State
from .policy import Policy
from .texts import label, text

MAIN_MENU = ("menu:status", "menu:return", "menu:fitting", "menu:person")


@dataclass(slots=True)
class Turn:
    """However many fragments a burst has, a turn ends in one message (and the pins and pictures that go with it)."""

    state: State
    heard: Heard
    now: float
    policy: Policy
    news: list[str] = field(default_factory=list)  # said first, whatever else is said
    preface: list[str] = field(default_factory=list)  # said in front of an answer, if there is one
    expired: str = ""  # the form that was dropped because the customer had been away for too long
    restart: str = ""  # the form that the last turn offered to begin again
    author: Author = "bot"
    parts: list[str] = field(default_factory=list)
    buttons: tuple[Button, ...] = ()
    menu: str = ""
    extras: list[Pin | Picture] = field(default_factory=list)

    def say(self, text_id: str, **values: str) -> None:
        part = self.words(text_id, **values)
        if part not in self.parts:
            self.parts.append(part)

    def words(self, text_id: str, **values: str) -> str:
        return text(text_id, self.state.language, **values)

    def label(self, payload: str) -> str:
        return label(payload, self.state.language)

    def offer(self, *payloads: str, menu: str = "list.menu") -> None:
        """The choices under the message; the last offer of a turn wins, as it belongs to the last question."""
        self.buttons = tuple(Button(self.label(payload), payload) for payload in payloads)
        self.menu = self.words(menu)

    def offer_person(self, text_id: str, *others: str, **values: str) -> None:
        """Asks whether to call a person; a plain "yes" in the next turn is then the answer to it."""
        self.say(text_id, **values)
        self.offer("menu:person", *others)
        self.state.offered = True

    def offer_menu(self) -> None:
        self.offer(*MAIN_MENU)

    def show(self, extra: Pin | Picture) -> None:
        self.extras.append(extra)

    def replies(self) -> list[Reply]:
        said = [*self.news, *(self.preface if self.parts else ()), *self.parts]
        spoken = [Say("\n\n".join(said), self.buttons, self.menu, self.author)] if said else []
        return [*spoken, *self.extras]
