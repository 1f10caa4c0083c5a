"""The customers', the platform's and the bot's side of a told trace, and its judging; see ``traces``."""

from __future__ import annotations

import itertools
import re
from abc import ABC, abstractmethod
from typing import Any, Self

import msgspec

from chatdrill.checks import CheckResult, Finding
from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.registry import CHECKS, Outcome, effective_parameters
from chatdrill.model import (
    Act,
    Activity,
    Agent,
    Button,
    Customer,
    Delete,
    Edit,
    Edited,
    Effect,
    Entry,
    File,
    Media,
    Message,
    Part,
    Press,
    Sent,
    Start,
    Text,
    Write,
    part_text,
)
from chatdrill.trace import (
    Acted,
    Attempt,
    BotState,
    Called,
    CaseBegan,
    CaseEnded,
    Filed,
    Record,
    RunBegan,
    RunEnded,
    Skipped,
    Took,
)

SUNDAY = 1795338900.0  # 2026-11-22 09:15:00 UTC
CUSTOMERS = {
    "anna": Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48501234567", email="anna@example.org"),
    "boris": Customer(key="boris", first_name="Boris", last_name="Petrov", phone="+79161234599", locale="ru_RU"),
    "carl": Customer(key="carl", first_name="Carl", last_name="O'Neil", phone="+442071838750"),
}
ADDRESSES = {"anna": "5550001", "boris": "5550002", "carl": "5550003"}


class Telling(ABC):
    """A trace that is being told. ``records`` has it; ``judge``, ``verdict`` and ``findings`` apply one check to it."""

    def __init__(self, *, speed: float = 1.0, clock: str = "virtual", **case: Any) -> None:
        self.now, self.speed = 0.0, speed
        self.made: list[Record] = []
        self.indexed: tuple[int, Evidence] | None = None
        self.ids = itertools.count(1)
        self.add(
            RunBegan,
            case=None,
            conv=None,
            version="1",
            seed=7,
            clock=clock,
            speed=speed,
            bot="a bot",
            platforms=("telegram",),
        )
        self.begins("story", **case)

    # ------------------------------------------------------------------------------------------------- the frame

    def begins(
        self,
        name: str,
        *,
        people: tuple[str, ...] = ("anna",),
        desk: str = "chatwoot",
        platform: str = "telegram",
        agents: tuple[str, ...] = ("bob", "carol"),
        **fields: Any,
    ) -> Self:
        """Another case. ``fields`` are those of ``CaseBegan``: ``checks``, ``facts``, ``secrets`` ..."""
        self.name, self.desk, self.platform, self.who = f"{name} [{platform}]", desk, platform, people[0]
        self.tickets: dict[str, str] = {}
        self.said: dict[str, list[Acted]] = {}
        self.sent: dict[str, list[Message]] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.add(
            CaseBegan, conv=None, name=name, platform=platform, seed=7, persona="patient", steps=(), desk=desk,
            customers={key: CUSTOMERS[key] for key in people}, addresses={key: ADDRESSES[key] for key in people},
            agents={key: self.seat(key) for key in agents}, **fields,
        )  # fmt: skip
        self.began_n = len(self.made) - 1
        return self

    @abstractmethod
    def seat(self, key: str) -> Agent:
        """The agent of this key; who has a desk knows its people."""

    def to(self, who: str) -> Self:
        """The next verbs are about this customer."""
        self.who = who
        return self

    def wait(self, seconds: float) -> Self:
        """Drill seconds go by."""
        self.now += seconds
        return self

    def add(self, kind: type, *, after: float = 0.0, **fields: Any) -> Any:
        """The next record, of whatever kind; returned."""
        self.now = round(self.now + after, 6)
        place = {} if kind is RunBegan else {"case": self.name, "conv": self.conv}
        record = kind(n=len(self.made), t=self.now, at=SUNDAY + self.now, **{**place, **fields})
        self.made.append(record)
        return record

    @property
    def conv(self) -> str:
        """The conversation that the verbs are about."""
        return f"{self.name}/{self.who}"

    def done(self) -> Self:
        """All steps were played."""
        return self.ends("done")

    def ends(self, outcome: str) -> Self:
        """The case is over: ``done``, ``unmet``, ``stopped`` or ``broken``."""
        self.add(CaseEnded, after=0.25, conv=None, outcome=outcome)
        return self

    # ---------------------------------------------------------------------------------------------- the customer

    def acts(self, act: Act, *, ids: int = 0, told: bool = True, after: float = 1.0, **fields: Any) -> Self:
        """Any act; the bot is told of it unless ``told`` is false."""
        made = tuple(f"m{next(self.ids)}" for _ in range(ids))
        update = f"u{next(self.ids)}"
        record = self.add(Acted, after=after, act=act, ids=made, updates=(update,), **fields)
        self.said.setdefault(self.who, []).append(record)
        return self.delivers() if told else self

    def says(self, text: str, **more: Any) -> Self:
        return self.sends(Text(text=text), **more)

    def sends(self, *parts: Part, **more: Any) -> Self:
        return self.acts(Write(parts=parts), ids=1, **more)

    def photo(self, sha256: str = "aa", **more: Any) -> Self:
        return self.sends(Media(kind="photo", file=File(sha256=sha256, mime="image/jpeg")), **more)

    def presses(self, title: str, **more: Any) -> Self:
        return self.acts(Press(button=Button(title=title, kind="callback")), **more)

    def starts(self, **more: Any) -> Self:
        return self.acts(Start(), **more)

    def edits(self, text: str, *, back: int = 1, **more: Any) -> Self:
        """The customer changes their newest message but ``back - 1``."""
        return self.acts(Edit(message_id=self.message(back).ids[0], parts=(Text(text=text),)), **more)

    def deletes(self, *, back: int = 1, **more: Any) -> Self:
        return self.acts(Delete(message_id=self.message(back).ids[0]), **more)

    def message(self, back: int = 1) -> Acted:
        """The record of the customer's newest message but ``back - 1``."""
        return [act for act in self.said[self.who] if act.ids][-back]

    def delivers(self, *, number: int = 1, status: int = 200, note: str | None = None) -> Self:
        """The webhook with the customer's newest act comes to the bot (``number=2``: once more)."""
        return self.attempt(self.platform, self.said[self.who][-1].updates, number=number, status=status, note=note)

    def attempt(self, platform: str, updates: tuple[str, ...], *, status: int = 200, **fields: Any) -> Self:
        """A webhook of a platform or desk."""
        facts = {"number": 1, "url": "http://bot/hook", "began_t": self.now, "took_s": 0.004, **fields}
        self.add(
            Attempt, after=0.01, platform=platform, updates=updates, convs=(self.conv,), status=status,
            ok=status < 300, **facts,
        )  # fmt: skip
        return self

    def skips(self, seconds: float) -> Self:
        """A scripted pause."""
        self.wait(seconds)
        self.add(Skipped, seconds=seconds)
        return self

    # ---------------------------------------------------------------------------------------------------- the bot

    def bot(self, text: str = "", *parts: Part, after: float = 0.3, **fields: Any) -> Self:
        """The bot sends a message; ``ids``, ``reply_to`` ... are the message's."""
        made = ((Text(text=text),) if text else ()) + parts
        ids = fields.pop("ids", (f"b{next(self.ids)}",))
        message = Message(ids=ids, author="bot", parts=made, at=SUNDAY + self.now + after, **fields)
        self.sent.setdefault(self.who, []).append(message)
        return self.takes(Sent(to=ADDRESSES[self.who], message=message), after=after)

    def notice(self, text: str, **more: Any) -> Self:
        """The bot says something that the scenario lists among its notices."""
        began = self.made[self.began_n]
        assert isinstance(began, CaseBegan)
        block = began.checks.get("handoff", {})
        listed = {**block, "notices": [*block.get("notices", ()), re.escape(text)]}
        checks = {**began.checks, "handoff": listed}
        self.made[self.began_n] = msgspec.structs.replace(began, checks=checks)
        return self.bot(text, **more)

    def bot_edits(self, text: str, *, after: float = 0.3) -> Self:
        """The bot changes its newest message."""
        ids = self.sent[self.who][-1].ids
        message = Message(ids=ids, author="bot", parts=(Text(text=text),), at=SUNDAY + self.now)
        return self.takes(Edited(to=ADDRESSES[self.who], message=message), after=after)

    def types(self, *, after: float = 0.1) -> Self:
        return self.takes(Activity(to=ADDRESSES[self.who], action="typing"), after=after)

    def takes(self, effect: Effect, *, after: float = 0.1) -> Self:
        """A call of the bot to the platform, and its effect."""
        call = self.calls("send", platform=self.platform, after=after)
        self.add(Took, platform=self.platform, effect=effect, call=call.n)
        return self

    def calls(
        self, method: str, *, platform: str | None = None, after: float = 0.1, status: int = 200, **fields: Any
    ) -> Called:
        """A call of the bot, to the desk unless said otherwise; the record. ``note="fault: ..."`` is an injected fault."""
        facts = {"took_s": 0.001, "ok": status < 400, **fields}
        made = self.add(Called, after=after, platform=platform or self.desk, method=method, status=status, **facts)
        assert isinstance(made, Called)
        return made

    def fails_to_call(self, method: str, status: int = 500, **fields: Any) -> Self:
        """A call to the desk that is refused, or whose answer was lost (``note``)."""
        self.calls(method, status=status, **fields)
        return self

    def restarts(self) -> Self:
        """The bot is stopped and started again."""
        for state in ("stopped", "started", "ready"):
            self.add(BotState, after=0.5, case=None, conv=None, state=state)
        return self

    # ------------------------------------------------------------------------------------------------- judging

    @property
    def records(self) -> list[Record]:
        """The whole trace."""
        ended = RunEnded(n=len(self.made), t=self.now, at=SUNDAY + self.now)
        return [*self.made, ended]

    @property
    def evidence(self) -> Evidence:
        if self.indexed is None or self.indexed[0] != len(self.made):
            self.indexed = (len(self.made), Evidence.of(self.records))
        return self.indexed[1]

    @property
    def case(self) -> CaseEvidence:
        """The newest case."""
        return self.evidence.cases[self.name]

    def judge(self, check: str, **given: Any) -> CheckResult:
        """What one check says of the newest case, or of the whole trace if it is the suite's; ``given`` are parameters."""
        found = CHECKS[check]
        subject: CaseEvidence | Evidence = self.evidence if found.scope == "suite" else self.case
        layers = (self.case.began.checks, {check: given} if given else {})
        parameters = effective_parameters(found, *layers)
        assert parameters is not None, "the check is switched off"
        outcome = Outcome(check, self.name)
        if found.applies is None or isinstance(subject, Evidence) or found.applies(subject):
            found.function(subject, parameters, outcome)
        return outcome.result()

    def verdict(self, check: str, **given: Any) -> str:
        return self.judge(check, **given).verdict

    def findings(self, check: str, **given: Any) -> tuple[Finding, ...]:
        return self.judge(check, **given).findings

    def cited(self, finding: Finding) -> list[str]:
        """What the cited records say, or what they are."""
        return [_words(self.made[n]) for n in finding.cites]


def text_of(parts: tuple[Part, ...]) -> str:
    return "\n".join(filter(None, map(part_text, parts)))


def files_of(parts: tuple[Part, ...]) -> tuple[File, ...]:
    return tuple(part.file for part in parts if isinstance(part, Media))


def _words(record: Record) -> str:
    if isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        return record.effect.message.text
    if isinstance(record, Acted) and isinstance(record.act, Write):
        return text_of(record.act.parts)
    if isinstance(record, Filed):
        return record.event.__struct_config__.tag
    return record.__struct_config__.tag
