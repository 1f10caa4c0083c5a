"""Traces of conversations with a helpdesk, told verb by verb.

    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts("bob")
    told.replies("Good morning!").passes_on().says("Hello Bob").mirrors().closes().done()
    assert told.verdict("HO-14") == "pass"

Time is virtual: it moves by ``wait`` and by the small ``after`` that every verb has. ``to`` says about which customer the next
verbs are, ``begins`` starts another case in the same trace. What happens at the desk is the newest ticket's of that customer;
one is made where there is none. Nothing here knows a rule.
"""

from __future__ import annotations

import itertools
from typing import Any

import msgspec

from chatdrill.checks import CheckResult, Finding
from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.registry import CHECKS, Outcome, effective_parameters
from chatdrill.model import (
    Accepted,
    Act,
    Activity,
    Agent,
    AgentTyped,
    Assigned,
    Button,
    ContactFiled,
    Customer,
    Declined,
    Delete,
    DeskEvent,
    Edit,
    Edited,
    Effect,
    Entry,
    EntryAdded,
    EntryChanged,
    File,
    HandoffAsked,
    HandoffFailed,
    Media,
    Message,
    Owner,
    OwnerChanged,
    Part,
    PresenceChanged,
    Press,
    Rated,
    Sent,
    Start,
    StateChanged,
    SurveyAsked,
    Text,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    Write,
    part_text,
)
from chatdrill.trace import (
    FORGED,
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
AGENTS = {
    "bob": Agent(key="bob", first_name="Bob", last_name="Baker"),
    "carol": Agent(key="carol", first_name="Carol", last_name="Clark"),
}


class Told:
    """A trace that is being told. ``records`` has it; ``judge``, ``verdict`` and ``findings`` apply one check to it."""

    def __init__(self, *, speed: float = 1.0, clock: str = "virtual", **case: Any) -> None:
        self.now, self.speed = 0.0, speed
        self.made: list[Record] = []
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
    ) -> Told:
        """Another case. ``fields`` are those of ``CaseBegan``: ``checks``, ``facts``, ``secrets`` ..."""
        self.name, self.desk, self.platform, self.who = f"{name} [{platform}]", desk, platform, people[0]
        self.tickets: dict[str, str] = {}
        self.said: dict[str, list[Acted]] = {}
        self.sent: dict[str, list[Message]] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.add(
            CaseBegan, conv=None, name=name, platform=platform, seed=7, persona="patient", steps=(), desk=desk,
            customers={key: CUSTOMERS[key] for key in people}, addresses={key: ADDRESSES[key] for key in people},
            agents={key: AGENTS[key] for key in agents}, **fields,
        )  # fmt: skip
        self.began_n = len(self.made) - 1
        return self

    def to(self, who: str) -> Told:
        """The next verbs are about this customer."""
        self.who = who
        return self

    def wait(self, seconds: float) -> Told:
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

    def done(self) -> Told:
        """All steps were played."""
        return self.ends("done")

    def ends(self, outcome: str) -> Told:
        """The case is over: ``done``, ``unmet``, ``stopped`` or ``broken``."""
        self.add(CaseEnded, after=0.25, conv=None, outcome=outcome)
        return self

    # ---------------------------------------------------------------------------------------------- the customer

    def acts(self, act: Act, *, ids: int = 0, told: bool = True, after: float = 1.0, **fields: Any) -> Told:
        """Any act; the bot is told of it unless ``told`` is false."""
        made = tuple(f"m{next(self.ids)}" for _ in range(ids))
        update = f"u{next(self.ids)}"
        record = self.add(Acted, after=after, act=act, ids=made, updates=(update,), **fields)
        self.said.setdefault(self.who, []).append(record)
        return self.delivers() if told else self

    def says(self, text: str, **more: Any) -> Told:
        return self.sends(Text(text=text), **more)

    def sends(self, *parts: Part, **more: Any) -> Told:
        return self.acts(Write(parts=parts), ids=1, **more)

    def photo(self, sha256: str = "aa", **more: Any) -> Told:
        return self.sends(Media(kind="photo", file=File(sha256=sha256, mime="image/jpeg")), **more)

    def presses(self, title: str, **more: Any) -> Told:
        return self.acts(Press(button=Button(title=title, kind="callback")), **more)

    def starts(self, **more: Any) -> Told:
        return self.acts(Start(), **more)

    def edits(self, text: str, *, back: int = 1, **more: Any) -> Told:
        """The customer changes their newest message but ``back - 1``."""
        return self.acts(Edit(message_id=self.message(back).ids[0], parts=(Text(text=text),)), **more)

    def deletes(self, *, back: int = 1, **more: Any) -> Told:
        return self.acts(Delete(message_id=self.message(back).ids[0]), **more)

    def message(self, back: int = 1) -> Acted:
        """The record of the customer's newest message but ``back - 1``."""
        return [act for act in self.said[self.who] if act.ids][-back]

    def delivers(self, *, number: int = 1, status: int = 200, note: str | None = None) -> Told:
        """The webhook with the customer's newest act comes to the bot (``number=2``: once more)."""
        return self.attempt(self.platform, self.said[self.who][-1].updates, number=number, status=status, note=note)

    def attempt(self, platform: str, updates: tuple[str, ...], *, status: int = 200, **fields: Any) -> Told:
        """A webhook of a platform or desk."""
        facts = {"number": 1, "url": "http://bot/hook", "began_t": self.now, "took_s": 0.004, **fields}
        self.add(
            Attempt, after=0.01, platform=platform, updates=updates, convs=(self.conv,), status=status,
            ok=status < 300, **facts,
        )  # fmt: skip
        return self

    def skips(self, seconds: float) -> Told:
        """A scripted pause."""
        self.wait(seconds)
        self.add(Skipped, seconds=seconds)
        return self

    # ---------------------------------------------------------------------------------------------------- the bot

    def bot(self, text: str = "", *parts: Part, after: float = 0.3, **fields: Any) -> Told:
        """The bot sends a message; ``ids``, ``reply_to`` ... are the message's."""
        made = ((Text(text=text),) if text else ()) + parts
        ids = fields.pop("ids", (f"b{next(self.ids)}",))
        message = Message(ids=ids, author="bot", parts=made, at=SUNDAY + self.now + after, **fields)
        self.sent.setdefault(self.who, []).append(message)
        return self.takes(Sent(to=ADDRESSES[self.who], message=message), after=after)

    def notice(self, text: str, **more: Any) -> Told:
        """The bot says something that the scenario lists among its notices."""
        began = self.made[self.began_n]
        assert isinstance(began, CaseBegan)
        block = began.checks.get("handoff", {})
        listed = {**block, "notices": [*block.get("notices", ()), text.replace("(", r"\(").replace(")", r"\)")]}
        checks = {**began.checks, "handoff": listed}
        self.made[self.began_n] = msgspec.structs.replace(began, checks=checks)
        return self.bot(text, **more)

    def bot_edits(self, text: str, *, after: float = 0.3) -> Told:
        """The bot changes its newest message."""
        ids = self.sent[self.who][-1].ids
        message = Message(ids=ids, author="bot", parts=(Text(text=text),), at=SUNDAY + self.now)
        return self.takes(Edited(to=ADDRESSES[self.who], message=message), after=after)

    def types(self, *, after: float = 0.1) -> Told:
        return self.takes(Activity(to=ADDRESSES[self.who], action="typing"), after=after)

    def takes(self, effect: Effect, *, after: float = 0.1) -> Told:
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

    def fails_to_call(self, method: str, status: int = 500, **fields: Any) -> Told:
        """A call to the desk that is refused, or whose answer was lost (``note``)."""
        self.calls(method, status=status, **fields)
        return self

    def restarts(self) -> Told:
        """The bot is stopped and started again."""
        for state in ("stopped", "started", "ready"):
            self.add(BotState, after=0.5, case=None, conv=None, state=state)
        return self

    # --------------------------------------------------------------------------------------- the desk, by the bot

    def files(self, *events: DeskEvent, by: str = "bot", after: float = 0.1, **fields: Any) -> Told:
        """Something becomes true at the desk; where the bot did it, by a call of its own."""
        if by == "bot" and "call" not in fields:
            fields["call"] = self.calls("desk", after=after).n
            after = 0.0
        for event in events:
            self.add(Filed, after=after, desk=self.desk, event=event, by=by, **fields)
            after = 0.0
        return self

    @property
    def ticket(self) -> str:
        """The id of the customer's newest ticket, which is made where there is none."""
        if self.who not in self.tickets:
            self.opens()
        return self.tickets[self.who]

    def opens(self, **fields: Any) -> Told:
        """The bot makes a contact and a ticket, by the customer's address unless ``keys`` are given."""
        how = {name: fields.pop(name) for name in ("by", "after", "call") if name in fields}
        ticket = self.tickets[self.who] = fields.pop("ticket", f"T{next(self.ids)}")
        facts = {"contact": f"c-{self.who}", "keys": (ADDRESSES[self.who],), "name": CUSTOMERS[self.who].name, **fields}
        contact = ContactFiled(contact=facts["contact"] or "", keys=facts["keys"], name=facts["name"])
        return self.files(contact, TicketOpened(ticket=ticket, **facts), **how)

    def asks(self, **fields: Any) -> Told:
        """The bot asks the desk for a person: the ticket waits in the queue."""
        ticket = self.ticket
        return self.files(HandoffAsked(ticket=ticket, fields=fields), OwnerChanged(ticket=ticket, owner="queue"))

    def handoff(self, *transcript: str, **fields: Any) -> Told:
        """The ticket is made if there is none, what was said so far is put into it (unless ``transcript`` says what, each an
        entry of the bot's), and the queue has it. ``fields`` are the ticket's."""
        if self.who not in self.tickets:
            self.opens(**fields)
            self.hands_history() if not transcript else None
        for text in transcript:
            self.enters("bot", text)
        return self.asks()

    def hands_history(self) -> Told:
        """Everything public so far stands in the ticket, message by message."""
        for record in list(self.made):
            if record.conv != self.conv:
                continue
            if isinstance(record, Acted) and isinstance(record.act, Write):
                self.enters(
                    "customer", _text(record.act.parts), origin_id=record.ids[0], files=_files(record.act.parts)
                )
            elif isinstance(record, Took) and isinstance(record.effect, Sent):
                self.enters("bot", record.effect.message.text, files=_files(record.effect.message.parts))
        return self

    def fails_to_hand_over(self, reason: str = "nobody is there") -> Told:
        return self.files(HandoffFailed(ticket=self.ticket, reason=reason), by="desk")

    def enters(self, author: Any, text: str = "", *, by: str = "bot", after: float = 0.05, **entry: Any) -> Told:
        """An entry in the ticket."""
        ticket = self.ticket
        made = Entry(id=f"e{next(self.ids)}", author=author, at=SUNDAY + self.now + after, text=text, **entry)
        self.entries.setdefault(self.who, []).append(made)
        return self.files(EntryAdded(ticket=ticket, entry=made), by=by, after=after)

    def mirrors(self, back: int = 1, *, after: float = 0.2, **entry: Any) -> Told:
        """The bot puts the customer's newest message but ``back - 1`` into the ticket."""
        said = self.message(back)
        assert isinstance(said.act, Write)
        entry = {"text": _text(said.act.parts), "files": _files(said.act.parts), "origin_id": said.ids[0], **entry}
        return self.enters("customer", after=after, **entry)

    def mirrors_bot(self, back: int = 1, **entry: Any) -> Told:
        """The bot puts its own newest message but ``back - 1`` into the ticket."""
        sent = self.sent[self.who][-back]
        return self.enters("bot", sent.text, files=_files(sent.parts), **entry)

    # ------------------------------------------------------------------------------- the desk, by agents and itself

    def owner(self, owner: Owner, agent: str | None = None, *, by: str = "desk", after: float = 0.0) -> Told:
        return self.files(OwnerChanged(ticket=self.ticket, owner=owner, agent=agent), by=by, after=after)

    def accepts(self, agent: str = "bob", *, after: float = 3.0) -> Told:
        """An agent takes the conversation; the bot is told."""
        ticket, owner = self.ticket, OwnerChanged(ticket=self.ticket, owner="agent", agent=agent)
        self.files(
            Assigned(ticket=ticket, agent=agent), Accepted(ticket=ticket, agent=agent), owner, by="agent", after=after
        )
        return self.hooked("accepted")

    takes_over = accepts
    """An agent takes a conversation although nobody asked for a person."""

    def declines(self, agent: str = "bob", *, after: float = 3.0) -> Told:
        return self.files(Declined(ticket=self.ticket, agent=agent), by="agent", after=after).hooked("declined")

    def transfers(self, agent: str = "carol", *, after: float = 3.0) -> Told:
        """The agent passes the conversation to another one."""
        ticket = self.ticket
        owner = OwnerChanged(ticket=ticket, owner="agent", agent=agent)
        return self.files(Assigned(ticket=ticket, agent=agent), owner, by="agent", after=after).hooked("assigned")

    def replies(self, text: str = "", *, agent: str = "Bob Baker", after: float = 5.0, **entry: Any) -> Told:
        """The agent writes to the customer; the bot is told."""
        return self.enters("agent", text, by="agent", after=after, said_by=agent, **entry).hooked("reply")

    def passes_on(self, *, prefix: str = "", back: int = 1, after: float = 0.3) -> Told:
        """The bot shows the customer the agent's newest reply but ``back - 1``."""
        entry = [entry for entry in self.entries[self.who] if entry.author == "agent" and entry.public][-back]
        media = [Media(kind="document", file=file) for file in entry.files]
        return self.bot(prefix + entry.text, *media, after=after)

    def notes(self, text: str, *, after: float = 2.0) -> Told:
        return self.enters("agent", text, by="agent", after=after, public=False).hooked("note")

    def agent_edits(self, text: str = "", *, deleted: bool = False, after: float = 2.0) -> Told:
        """The agent changes or deletes the newest own entry."""
        entry = [entry for entry in self.entries[self.who] if entry.author == "agent"][-1]
        return self.files(
            EntryChanged(ticket=self.ticket, entry_id=entry.id, text=text, deleted=deleted), by="agent", after=after
        )

    def agent_types(self, agent: str = "bob", *, after: float = 1.0) -> Told:
        return self.files(AgentTyped(ticket=self.ticket, agent=agent), by="agent", after=after)

    def presence(self, agent: str, presence: Any, *, after: float = 1.0) -> Told:
        return self.files(PresenceChanged(agent=agent, presence=presence), by="agent", after=after)

    def sets(self, state: Any, *, after: float = 1.0) -> Told:
        """The ticket has another status, which changes no owner."""
        return self.files(StateChanged(ticket=self.ticket, state=state), by="agent", after=after)

    def closes(self, *, after: float = 5.0, owner: Owner = "bot") -> Told:
        """The agent ends the human part: the bot is in charge again."""
        ticket = self.ticket
        closed = (StateChanged(ticket=ticket, state="closed"), TicketClosed(ticket=ticket))
        return self.files(*closed, OwnerChanged(ticket=ticket, owner=owner), by="agent", after=after).hooked("closed")

    def reopens(self, *, by: str = "agent", after: float = 1.0) -> Told:
        return self.files(TicketReopened(ticket=self.ticket), by=by, after=after)

    def surveys(self, *, after: float = 1.0) -> Told:
        return self.files(SurveyAsked(ticket=self.ticket), by="desk", after=after)

    def rated(self, score: float, agent: str | None = "bob", *, by: str = "bot", after: float = 0.2) -> Told:
        return self.files(Rated(ticket=self.ticket, score=score, agent=agent), by=by, after=after)

    def hooked(self, what: str, *, status: int = 200, number: int = 1, note: str | None = None) -> Told:
        """The desk's webhook about it comes to the bot."""
        update = f"{what}-{next(self.ids)}"
        return self.attempt(self.desk, (update,), status=status, number=number, note=note)

    def forges(self, how: str = "signature", *, status: int = 403, body: str = "") -> Told:
        """A webhook comes that the desk has not sent."""
        updates = (f"forged-{next(self.ids)}",)
        return self.attempt(self.desk, updates, status=status, note=f"{FORGED}: {how}", body=body)

    # ------------------------------------------------------------------------------------------------- judging

    @property
    def records(self) -> list[Record]:
        """The whole trace."""
        ended = RunEnded(n=len(self.made), t=self.now, at=SUNDAY + self.now)
        return [*self.made, ended]

    @property
    def evidence(self) -> Evidence:
        return Evidence.of(self.records)

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


def _text(parts: tuple[Part, ...]) -> str:
    return "\n".join(filter(None, map(part_text, parts)))


def _files(parts: tuple[Part, ...]) -> tuple[File, ...]:
    return tuple(part.file for part in parts if isinstance(part, Media))


def _words(record: Record) -> str:
    if isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        return record.effect.message.text
    if isinstance(record, Acted) and isinstance(record.act, Write):
        return _text(record.act.parts)
    if isinstance(record, Filed):
        return record.event.__struct_config__.tag
    return record.__struct_config__.tag
