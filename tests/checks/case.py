"""One case of a tale, told verb by verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from chatdrill.engine.expect import Expectation, as_expectation
from chatdrill.engine.steps import Eventually, Hears, HearsNothing, Never, Piece, Says, Step, Waits, step_to_dict
from chatdrill.model import (
    Act,
    Activity,
    Block,
    Button,
    Customer,
    Echo,
    Edited,
    Effect,
    Event,
    File,
    MarkedRead,
    Media,
    Message,
    Part,
    Press,
    PressAnswered,
    Receipt,
    Sent,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.trace import (
    Acted,
    Attempt,
    Called,
    CaseBegan,
    CaseEnded,
    Dropped,
    Skipped,
    StepBegan,
    StepEnded,
    Took,
    Trouble,
)

if TYPE_CHECKING:
    from checks.tale import Tale

SUNDAY = 1_795_338_900.0  # 2026-11-22 09:15:00 UTC
PEOPLE = {
    "anna": Customer(
        key="anna", first_name="Anna", last_name="Nowak", phone="+48501234567", email="anna.nowak@example.org"
    ),
    "boris": Customer(
        key="boris", first_name="Boris", last_name="Petrov", phone="+79161234599", email="boris@example.net"
    ),
    "carl": Customer(key="carl", first_name="Carl", last_name="O'Neil-Braun", phone="+442071838750"),
}


class Case:
    """One case; every verb returns it. ``to`` says whose conversation the next verbs are about."""

    def __init__(
        self,
        tale: Tale,
        name: str,
        *,
        platform: str = "telegram",
        people: tuple[str, ...] = ("anna",),
        customers: Mapping[str, Customer] | None = None,
        starts_t: float = 0.0,
        **fields: Any,
    ) -> None:
        self.tale, self.name, self.platform = tale, f"{name} [{platform}]", platform
        self.customers = dict(customers or {key: PEOPLE[key] for key in people})
        self.who = next(iter(self.customers))
        self.t = starts_t
        self.steps: list[Step] = []
        self.open: list[int] = []
        self.ahead: dict[str, float] = {}
        self.last: Message | None = None
        self.said: list[tuple[str, tuple[str, ...]]] = []
        self.began = {"name": name, "platform": platform, "seed": 7, "persona": "patient", **fields}
        tale.put(self.t, CaseBegan, self._beginning)

    def _beginning(self) -> dict[str, Any]:
        steps = tuple(step_to_dict(step) for step in self.steps)
        return {"at": SUNDAY, "case": self.name, "customers": self.customers, "steps": steps, **self.began}

    # ---------------------------------------------------------------------------------------------- the frame

    @property
    def conv(self) -> str:
        return f"{self.name}/{self.who}"

    @property
    def at(self) -> float:
        return SUNDAY + self.t * self.tale.speed + self.ahead.get(self.who, 0.0)

    def put(self, kind: type, *, after: float = 0.0, **fields: Any) -> Case:
        self.t = round(self.t + after, 6)
        self.tale.put(self.t, kind, {"at": self.at, "case": self.name, "conv": self.conv, **fields})
        return self

    def to(self, who: str) -> Case:
        self.who = who
        return self

    def wait(self, seconds: float) -> Case:
        self.t += seconds
        return self

    def skip(self, seconds: float) -> Case:
        self.ahead[self.who] = self.ahead.get(self.who, 0.0) + seconds
        return self.put(Skipped, seconds=seconds)

    def waits(self, seconds: float, *, skipped: float = 0.0) -> Case:
        self.begins(Waits(seconds=seconds + skipped)).wait(seconds)
        return (self.skip(skipped) if skipped else self)._close("played")

    def begins(self, step: Step, played: Step | None = None, **times: Any) -> Case:
        """A step that nothing ends yet; ``times`` are the player's, as in ``StepBegan``."""
        self.steps.append(msgspec.structs.replace(step, customer=self.who))
        self.open.append(len(self.steps) - 1)
        given = None if played is None else step_to_dict(played)
        return self.put(StepBegan, step=self.open[-1], played=given, **times)

    def _close(self, outcome: str, detail: str | None = None) -> Case:
        for step in self.open:
            self.put(StepEnded, step=step, outcome=outcome, detail=detail)
        self.open = []
        return self

    def done(self) -> Case:
        return self.ends("done", after=0.25)

    def ends(self, outcome: str, detail: str | None = None, *, after: float = 0.0) -> Case:
        self.t += after
        self.tale.put(self.t, CaseEnded, {"at": self.at, "case": self.name, "outcome": outcome, "detail": detail})
        return self

    # ------------------------------------------------------------------------------------------- the customer

    def act(self, act: Act, *, ids: int = 0, told: bool = True, after: float = 0.1, **fields: Any) -> Case:
        made = tuple(f"m{next(self.tale.ids)}" for _ in range(ids))
        update = f"u{next(self.tale.ids)}"
        silent = fields.pop("silent", False)
        self.put(Acted, after=after, act=act, ids=made, updates=() if silent else (update,), **fields)
        self.said.append((update, made))
        if told and not silent:
            self.attempt()
        return self

    def says(self, *texts: str, gap: float = 1.0, told: bool = True, **fields: Any) -> Case:
        self.begins(Says(pieces=tuple(map(Piece, texts))))
        for number, text in enumerate(texts):
            after = 0.1 if number == 0 else gap
            self.act(Write(parts=(Text(text=text),)), ids=1, told=told, after=after, step=self.open[-1], **fields)
        return self._close("played")

    def sends(self, *parts: Part) -> Case:
        return self.act(Write(parts=parts), ids=1)

    def photo(self, sha256: str) -> Case:
        return self.sends(Media(kind="photo", file=File(sha256=sha256, mime="image/jpeg")))

    def act_silently(self, text: str) -> Case:
        """Words of which the platform does not tell the bot."""
        return self.act(Write(parts=(Text(text=text),)), ids=1, silent=True)

    def starts(self) -> Case:
        return self.act(Start())

    def presses(self, title: str) -> Case:
        return self.act(Press(button=Button(title=title, kind="callback")))

    def blocks(self) -> Case:
        return self.act(Block(), blocks=True)

    def unblocks(self) -> Case:
        return self.act(Unblock(), blocks=False)

    def nudges(self, text: str = "??", *, after: float = 8.0) -> Case:
        return self.act(Write(parts=(Text(text=text),)), ids=1, after=after, cause="persona")

    def event(self, name: str, **data: Any) -> Case:
        """An event of the scenario of which the bot is not told."""
        return self.act(Event(name=name, data=data), silent=True)

    # ------------------------------------------------------------------------------------------- the platform

    def attempt(self, *, back: int = 1, after: float = 0.01, status: int | None = 200, **fields: Any) -> Case:
        """The webhook with the customer's newest act (``back=2``: the one before) is sent."""
        facts = {
            "number": 1,
            "url": "http://bot/hook",
            "took_s": 0.004,
            "ok": status == 200,
            "status": status,
            **fields,
        }
        facts.setdefault("updates", (self.said[-back][0],))
        facts.setdefault("convs", (self.conv,))
        facts.setdefault("began_t", self.t)
        return self.put(Attempt, after=after, platform=self.platform, **facts)

    def dropped(self, reason: str) -> Case:
        return self.put(Dropped, platform=self.platform, updates=(self.said[-1][0],), reason=reason)

    def echo(self, message: Message | None = None, *, told: bool = True) -> Case:
        assert message is not None or self.last is not None
        return self.act(Echo(message=message or self.last), told=told, cause="platform")

    def receipt(self, status: str, error: int | None = None) -> Case:
        message_id = self.last.id if self.last else "m0"
        return self.act(Receipt(message_id=message_id, status=status, error=error), cause="platform")

    # ------------------------------------------------------------------------------------------------ the bot

    def calls(self, method: str = "sendMessage", *, ok: bool = True, after: float = 0.05, **fields: Any) -> Case:
        facts = {"status": 200 if ok else 400, "took_s": 0.001, **fields}
        return self.put(Called, after=after, platform=self.platform, method=method, ok=ok, **facts)

    def takes(self, effect: Effect) -> Case:
        number = len(self.tale.events) - 1

        def fields() -> dict[str, Any]:
            return {**place, "platform": self.platform, "effect": effect, "call": self.tale.numbers[number]}

        place = {"at": self.at, "case": self.name, "conv": self.conv}
        self.tale.put(self.t, Took, fields)
        return self

    def bot(self, text: str = "", *parts: Part, after: float = 0.2, method: str = "sendMessage", **fields: Any) -> Case:
        """The bot sends a message."""
        made = ((Text(text=text),) if text else ()) + parts
        ids = fields.pop("ids", (f"b{next(self.tale.ids)}",))
        self.calls(method, after=after, arguments={"text": text})
        self.last = Message(ids=ids, author="bot", parts=made, at=self.at, **fields)
        return self.takes(Sent(to="1", message=self.last))

    def bot_edits(self, text: str, *, after: float = 0.2) -> Case:
        assert self.last is not None
        message = Message(ids=self.last.ids, author="bot", parts=(Text(text=text),), at=self.last.at)
        return self.calls("editMessageText", after=after).takes(Edited(to="1", message=message))

    def types(self) -> Case:
        return self.calls("sendChatAction").takes(Activity(to="1", action="typing"))

    def reads(self) -> Case:
        return self.calls("read").takes(MarkedRead(to="1", message_id="m0"))

    def toasts(self, text: str | None = None) -> Case:
        return self.calls("answerCallbackQuery").takes(PressAnswered(to="1", press_id="1", text=text))

    def replies_to(self, text: str, to: str, **fields: Any) -> Case:
        """The bot quotes the customer's message ``to``."""
        return self.bot(text, reply_to=to, **fields)

    def id_of(self, back: int) -> str:
        """The platform's id of the customer's newest message but ``back - 1``."""
        return self.said[-back][1][0]

    # ------------------------------------------------------------------------------------------- the scenario

    def hears(self, *wanted: str | Expectation, played: Step | None = None, **how: Any) -> Case:
        """The scenario begins to listen; further ``hears`` before ``met`` belong to the same turn."""
        return self.begins(Hears(expectations=tuple(map(as_expectation, wanted)), **how), played)

    def eventually(self, *wanted: str | Expectation, **how: Any) -> Case:
        return self.begins(Eventually(expectations=tuple(map(as_expectation, wanted)), **how))

    def hears_nothing(self, seconds: float) -> Case:
        return self.begins(HearsNothing(seconds=seconds))

    def never(self, wanted: str | Expectation, for_s: float | None = None) -> Case:
        return self.begins(Never(expectation=as_expectation(wanted), for_s=for_s))._close("played")

    def met(self) -> Case:
        return self._close("met")

    def unmet(self, detail: str = "the bot did not say what was expected") -> Case:
        """The expectation fails, and with it the case ends."""
        return self._close("unmet", detail).ends("unmet", detail)

    def skipped(self) -> Case:
        return self._close("skipped")

    def trouble(self, fault: str, what: str) -> Case:
        return self.put(Trouble, fault=fault, what=what)
