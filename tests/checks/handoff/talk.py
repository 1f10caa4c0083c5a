"""One customer's conversation with a bot that does everything right: what the bot knows, and what it does about it.

The bot works through what it hears in two lanes, from the customer and from the desk, each in order. It asks the desk who is in
charge right before it speaks. How it words, splits, files and names things is its ``Manner``, which is drawn from the seed.
"""

from __future__ import annotations

import html
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import (
    Contact,
    Entry,
    EntryChanged,
    EntryFailed,
    File,
    Location,
    Media,
    Part,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Dropped
from checks.handoff.stage import Stage
from checks.handoff.telling import CUSTOMERS
from checks.handoff.traces import AGENTS
from checks.handoff.words import PREFIXES, SPEECH, Speech

Script = Iterator[float]
TWICE, SWAPPED, LOST = "fault: delivered twice", "fault: overtaken by the next one", "fault: lost for good"
FACT, SECRET = "55341", "hunter-4711"


@dataclass
class Manner:
    """How a bot, and the desk behind it, do what may be done in several ways."""

    style: str
    prefix: str
    early: bool
    ids: bool
    dated: bool
    splits: int
    new_ticket: bool
    survey: str | None
    joins: bool
    wraps: str
    locale: bool
    mishaps: float

    @classmethod
    def drawn(cls, chance: random.Random) -> Manner:
        return cls(
            style=chance.choice(["mirror", "mirror", "entries", "transcript", "note", "field"]),
            prefix=chance.choice(PREFIXES),
            early=chance.random() < 0.3,
            ids=chance.random() < 0.7,
            dated=chance.random() < 0.3,
            splits=chance.choice([1000, 4000]),
            new_ticket=chance.random() < 0.4,
            survey=chance.choice([None, "bot", "desk"]),
            joins=chance.random() < 0.7,
            wraps=chance.choice(["{}", "{}", "<p>{}</p>", "{name}: {}"]),
            locale=chance.random() < 0.5,
            mishaps=chance.choice([0.0, 0.0, 0.1, 0.3]),
        )


@dataclass
class Line:
    """Something said that the bot remembers; ``entries`` are the ids of the entries that show it."""

    author: str
    text: str
    act: Acted | None = None
    shown: bool = False
    entries: list[str] = field(default_factory=list)


class Talk(ABC):
    """The bot's and the desk's side of one conversation."""

    def __init__(self, stage: Stage, who: str, manner: Manner, chance: random.Random) -> None:
        self.stage, self.who, self.manner, self.chance = stage, who, manner, chance
        self.language = chance.choice(list(SPEECH))
        self.speech: Speech = SPEECH[self.language]
        self.owner, self.agent = "bot", ""
        self.lanes: dict[str, deque[Script]] = {"in": deque(), "out": deque()}
        self.lines: list[Line] = []
        self.withdrawn: set[str] = set()
        self.fields: dict[str, Any] = {}
        self.hushed_until = 0.0
        self.down_until, self.surveyed_at, self.is_over = 0.0, -1e9, False
        self.last_passed: Entry | None = None

    # ------------------------------------------------------------------------------------------------- its lanes

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def mishap(self) -> bool:
        return self.happens(self.manner.mishaps)

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def word(self, kind: str) -> str:
        agent = AGENTS[self.agent or "bob"].first_name
        return self.chance.choice(self.speech[kind]).format(agent, nonce=self.chance.randrange(10_000, 99_999))

    def story(self) -> str:
        """A text that is longer than what a desk takes in one piece."""
        words = [f"{self.word('asks')} {number} 👩‍👩‍👧" for number in range(self.chance.randint(30, 99))]
        return " ".join([f"№ {self.chance.randrange(10**6)}.", *words])

    def does(self, script: Script, lane: str = "in") -> None:
        """The bot does it when it is through with what came before."""
        self.lanes[lane].append(script)
        if len(self.lanes[lane]) == 1:
            self.stage.later(self.between(0.05, 0.5), self.who, lambda: self._work(lane))

    def _work(self, lane: str) -> None:
        wait = self.down_until - self.stage.now
        pause: float | None = wait if wait > 0 else next(self.lanes[lane][0], None)
        if pause is None:
            self.lanes[lane].popleft()
            pause = self.between(0.02, 0.3)
        if self.lanes[lane]:
            self.stage.later(pause, self.who, lambda: self._work(lane))

    # ------------------------------------------------------------------------------------------------- its words

    @property
    def is_mirrored(self) -> bool:
        return self.manner.style == "mirror"

    @property
    def has_ticket(self) -> bool:
        return self.who in self.stage.tickets

    def tells(self, kind: str, *, as_bot: bool = False, **message: Any) -> Script:
        """A message of the bot's own, perhaps in pieces; ``as_bot``: only while the bot is in charge."""
        text = self.word(kind)
        if kind == "question" and any(FACT in line.text for line in self.lines):
            return
        for piece in text.split(". ") if ". " in text and self.happens(0.3) else [text]:
            if as_bot and self.owner != "bot":
                return
            self.stage.bot(piece, after=0, **message)
            line = Line("bot", piece)
            self.lines.append(line)
            if self.is_mirrored and self.has_ticket:
                self.stage.mirrors_bot(after=0)
                line.shown = True
            yield self.between(0.05, 0.4)

    def hears(self, act: Acted, intent: str) -> Script:
        """What the bot does about a message of the customer's."""
        if self.is_mirrored and not self.has_ticket:
            yield from self.opens_ticket()
            yield from self.hands_history()
        line = Line("customer", said_in(act), act)
        self.lines.append(line)
        if self.is_mirrored or self.owner != "bot":
            yield from self.relays(line)
        if self.owner != "bot" or self.stage.now < self.hushed_until:
            return
        yield self.between(0.1, 2.5)
        if self.owner != "bot":  # an agent came while the bot was thinking
            yield from () if line.shown else self.relays(line)
        elif intent == "person":
            yield from self.hands_over()
        elif intent == "rating":
            yield from self.rates(act)
        elif intent != "nothing":
            yield from self.tells(intent, as_bot=True)

    def rates(self, act: Acted) -> Script:
        if self.manner.survey == "desk":
            self.stage.rated(float(said_in(act)), self.agent or None, after=0.05)
        yield 0.1
        if self.happens(0.5):
            yield from self.tells("back", as_bot=True)

    # ------------------------------------------------------------------------------------------- into the ticket

    def opens_ticket(self) -> Script:
        """A new ticket; with a mishap the desk makes it and the answer is lost, so that the bot looks for it."""
        self.is_over = False
        stage = self.stage
        more = {"locale": self.language} if self.manner.locale else {}
        if not self.mishap():
            stage.opens(fields={"source": "bot"}, after=0, **more)
        else:
            lost = stage.calls("desk", status=504, note="fault: the answer is lost", error="no answer", after=0)
            stage.opens(fields={"source": "bot"}, call=lost.n, **more)
            yield self.between(1, 5)
            stage.calls("look up", after=0)
        yield self.between(0.02, 0.3)

    @abstractmethod
    def hands_over(self) -> Script:
        """The bot calls a person."""

    def hands_history(self) -> Script:
        """What the ticket does not show yet, in the bot's style."""
        fresh = [line for line in self.lines if not line.shown]
        if self.manner.style in ("mirror", "entries"):
            for line in fresh:
                yield from self.relays(line) if line.act is not None else self.files_own(line)
            return
        shown = [line for line in fresh if masked(line.text) or line.act is None]
        text = "\n".join(
            f"[12:00] {CUSTOMERS[self.who].first_name if line.act else 'Bot'}: {masked(line.text)}" for line in shown
        )
        pieces = list(cut(text, self.manner.splits))
        for piece in pieces:
            if self.manner.style == "field" and len(pieces) == 1:
                self.fields["history"] = f"{self.fields.get('history', '')}\n{piece}"
            elif self.manner.style == "note":
                self.stage.enters("bot", piece.replace("\n", "<br>"), public=False, after=0)
            else:
                self.stage.enters("bot", piece, after=0)
            yield 0.05
        for line in fresh:
            line.shown = True
            if line.act is not None:
                yield from self.files_media(line.act, line)

    def files_own(self, line: Line) -> Script:
        line.shown = True
        if line.text:
            self.stage.enters("bot", line.text, after=0)
        yield 0.03

    def relays(self, line: Line) -> Script:
        """A message of the customer's becomes entries."""
        assert line.act is not None and isinstance(line.act.act, Write)
        line.shown = True
        yield from self.limited(line.text)
        parts = line.act.act.parts
        together = len(parts) == 1 and self.happens(0.5)
        text = masked(line.text)
        if together and isinstance(parts[0], Media) and text:
            self.enters(line, text, files=(self.filed(parts[0]),))
            return
        for piece in cut(text, self.manner.splits) if text else ():
            self.enters(line, piece)
            yield self.between(0.02, 0.2)
        yield from self.files_media(line.act, line)

    def limited(self, text: str) -> Script:
        """The desk asks for patience now and then, and is given it."""
        if self.happens(self.manner.mishaps / 2):
            asked = self.chance.randint(1, 4)
            arguments = {"text": masked(text)}
            self.stage.calls("POST messages", status=429, error=f"retry after {asked}", arguments=arguments, after=0)
            yield asked + 0.1
            self.stage.calls("POST messages", arguments=arguments, after=0)

    def files_media(self, act: Acted, line: Line) -> Script:
        assert isinstance(act.act, Write)
        for part in act.act.parts:
            if isinstance(part, Media) and part.kind == "sticker":
                self.chance.choice(
                    [
                        lambda part=part: self.enters(line, f"[sticker {part.emoji}]"),
                        lambda: self.enters(line, "", kind="sticker"),
                        lambda part=part: self.enters(line, "", files=(part.file,)),
                    ]
                )()
            elif isinstance(part, Media):
                self.enters(line, "", files=(self.filed(part),))
            elif isinstance(part, Location):
                self.enters(line, f"https://maps.example.org/?q={part.latitude},{part.longitude}")
            elif isinstance(part, Contact):
                self.enters(line, f"{part.name}: {part.phone}")
            yield self.between(0.02, 0.3)

    def filed(self, part: Media) -> File:
        """The same bytes, or the same in another format, where an id tells what it is."""
        if self.manner.ids and self.happens(0.2):
            kinds = {"photo": "image/webp", "voice": "audio/mpeg", "document": "application/pdf"}
            return File(sha256=f"new-{part.file.sha256}", mime=kinds[part.kind])
        return part.file

    def enters(self, line: Line, text: str, **entry: Any) -> None:
        assert line.act is not None
        first = CUSTOMERS[self.who].first_name
        if text:
            marked = html.escape(text) if "<p>" in self.manner.wraps else text
            text = self.manner.wraps.replace("{name}", first).replace("{}", marked)
        if self.manner.ids:
            entry["origin_id"] = self.chance.choice(["{}", "tg:{}"]).format(line.act.ids[0])
        if self.manner.dated:
            entry["origin_at"] = line.act.at
        self.stage.enters("customer", text, after=0, **entry)
        line.entries.append(self.stage.entries[self.who][-1].id)

    def changes(self, act: Acted, text: str | None) -> Script:
        """The customer changed (or, with no ``text``, deleted) a message."""
        yield 0.05
        line = next(line for line in self.lines if line.act is act)
        ticket = self.stage.tickets.get(self.who)
        if line.entries and ticket is not None:
            for place, entry_id in enumerate(line.entries):
                new = text if text is not None and place == 0 else ""
                event = EntryChanged(ticket=ticket, entry_id=entry_id, text=new, deleted=text is None or place > 0)
                self.stage.files(event, after=0)
        elif text is None:
            self.lines.remove(line)
        line.text = text or ""

    # ------------------------------------------------------------------------------------------- from the agents

    def replies(self, text: str, files: tuple[File, ...] = ()) -> None:
        """The agent in charge writes to the customer."""
        stage, writer = self.stage, AGENTS[self.agent]
        stage.enters("agent", text, by="agent", after=0, said_by=writer.name, files=files)
        entry = stage.entries[self.who][-1]
        agent = self.agent
        self.stage.later(self.tell("reply"), self.who, lambda: self.does(self.passes_on(entry, agent), "out"))

    def tell(self, what: str) -> float:
        """The desk's webhook; how long the bot needs to find out by itself."""
        fault = self.chance.choice(["twice", "swapped", "lost"]) if self.mishap() else None
        if fault == "lost":
            self.stage.add(Dropped, platform=self.stage.desk, updates=("lost",), reason=LOST)
            return self.between(1, 40)
        note = {"twice": TWICE, "swapped": SWAPPED}.get(fault or "")
        self.stage.hooked(what, note=note)
        updates = self.stage.made[-1].updates  # type: ignore[union-attr]
        if fault == "twice":
            again = lambda: self.stage.attempt(self.stage.desk, updates, number=2, note=TWICE)
            self.stage.later(self.between(0.1, 5), self.who, again)
        return 0.0

    def passes_on(self, entry: Entry, agent: str) -> Script:
        yield self.between(0.0, 1.0)
        if entry.id in self.withdrawn:
            return
        if self.happens(0.2):
            self.stage.types(after=0)
            yield self.between(0.1, 1.0)
        if self.mishap() and self.happens(0.3):
            self.is_refused(entry)
            return
        person = AGENTS[agent]
        prefix = self.manner.prefix.format(first=person.first_name, name=person.name)
        media: list[Part] = [Media(kind="document", file=file) for file in entry.files]
        for place, piece in enumerate(cut(entry.text, self.manner.splits)):
            self.stage.bot((prefix if place == 0 else "") + piece, after=0)
            yield self.between(0.05, 0.3)
        for part in media:
            self.stage.bot("", part, after=0)
            yield self.between(0.05, 0.3)

    def is_refused(self, entry: Entry) -> None:
        """The platform does not take it, and the agent is told."""
        stage = self.stage
        stage.calls(
            "sendMessage",
            platform=stage.platform,
            status=403,
            error="Forbidden",
            arguments={"text": entry.text},
            after=0,
        )
        if self.happens(0.5):
            stage.files(EntryFailed(ticket=stage.ticket, entry_id=entry.id, reason="Forbidden"))
        else:
            stage.enters("bot", "The message was not delivered: Forbidden", public=False, after=0)


def said_in(act: Acted) -> str:
    """The words of a message."""
    parts = act.act.parts if isinstance(act.act, Write) else ()
    return "\n".join(filter(None, map(part_text, parts)))


def masked(text: str) -> str:
    """Without the secret."""
    return text.replace(SECRET, "•••••")


def cut(text: str, size: int) -> Iterator[str]:
    """Pieces at white space, none longer than ``size``."""
    while len(text) > size:
        place = text.rfind(" ", 0, size)
        yield text[:place]
        text = text[place + 1 :]
    if text:
        yield text
