"""Cases of the customer half of a trace: every act at its time, and after it the patience to hear what was heard then.

Nothing is expected: a bot that answers otherwise is compared afterwards. What a customer answered to, they wait for, but go on without it
once it is late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from chatdrill.engine.cases import Case
from chatdrill.engine.desk_steps import AgentDoes, AgentSees, Breaks, Handoff, Rates, Restarts
from chatdrill.engine.expect import Expectation, MessageRef
from chatdrill.engine.persona import Persona, Spread
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Blocks,
    Deletes,
    Edits,
    Happens,
    Hears,
    Piece,
    Presses,
    Reacts,
    Says,
    Sends,
    Starts,
    Step,
    Unblocks,
    Waits,
    step_from_dict,
    step_to_dict,
)
from chatdrill.errors import UsageError
from chatdrill.model import (
    Block,
    Contact,
    Customer,
    Delete,
    Edit,
    Event,
    Form,
    Location,
    Media,
    MediaKind,
    Order,
    Other,
    Part,
    Press,
    React,
    Sent,
    Start,
    Text,
    Unblock,
    Write,
    part_text,
)
from chatdrill.trace import Acted, CaseBegan, CaseEnded, Injected, Record, RunBegan, StepBegan, Took

RECORDED = Persona(
    name="recorded",
    about="Acts when and as somebody once did.",
    typing=1e9,
    reading=1e9,
    think=Spread(0.0),
    gap=Spread(0.0),
)
_PAUSE_MIN_S = 0.05
_SILENCE_MIN_S = 2.0
_SLOW_S = 5.0  # a bot that took longer gets more than the usual time
_UNASKED_S = 60.0  # what comes later than this is waited for by the clock, and then listened to
_AT_DESK = (Handoff, AgentDoes, AgentSees, Rates)
_SAMPLES: dict[MediaKind, str] = {
    "photo": "shoe-front.jpg",
    "video": "clip.mp4",
    "voice": "voice-en.ogg",
    "audio": "song.mp3",
    "document": "invoice-553.pdf",
    "sticker": "thumbs-up.webp",
    "animation": "wave.gif.mp4",
    "video_note": "round.mp4",
}
_NO_DEEDS: Mapping[str, frozenset[str]] = {}
_SENT_AS_THEY_ARE = (Location, Contact, Order, Form, Other)


@dataclass
class Planned:
    """The cases, and in words what of the trace they leave out."""

    cases: list[Case] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(
    records: Sequence[Record],
    *,
    platforms: Sequence[str],
    files: Mapping[str, Path],
    samples: Mapping[str, Path],
    desk: str | None = None,
    keeps_dates: bool = False,
    deeds: Mapping[str, frozenset[str]] = _NO_DEEDS,
) -> Planned:
    """The customer half of a trace as cases. ``files`` are those that lie beside it, by SHA-256, and ``samples`` stand for others.
    ``keeps_dates``: it begins at the drill time at which it began. ``deeds`` are the events of each platform that customers bring about.
    Raises ``UsageError`` for a trace without customers."""
    began = {record.case: record for record in records if isinstance(record, CaseBegan) and record.case is not None}
    if not any(isinstance(record, RunBegan) for record in records) or not began:
        raise UsageError("there is no conversation in the trace")
    recorded = any(isinstance(record, RunBegan) and record.settings.get("recorded") for record in records)
    planned, notes = Planned(), Counter[str]()
    of_case: dict[str, list[Record]] = {}
    for record in records:
        if record.case in began:
            of_case.setdefault(record.case, []).append(record)
    for name, case in began.items():
        missing = {case.platform, *case.channels.values()} - set(platforms)
        if missing:
            notes[f"not played, for {', '.join(sorted(missing))} is left out"] += 1
            continue
        weaving = _Weaving(
            case, files, samples, notes, desk, deeds.get(case.platform, frozenset()), is_recorded=bool(recorded)
        )
        for record in of_case[name]:
            weaving.take(record)
        weaving.finish()
        if any(not isinstance(step, Waits | Hears) for step in weaving.steps):
            planned.cases.append(_case(case, weaving, keeps_dates=keeps_dates))
        else:
            notes["not played, for the customer did nothing"] += 1
    planned.notes += [f"{what} ({times} conversation{'s'[: times != 1]})" for what, times in notes.most_common()]
    if not planned.cases:
        raise UsageError("\n".join(["nothing of the trace can be played", *planned.notes]))
    return planned


def _case(began: CaseBegan, weaving: _Weaving, *, keeps_dates: bool) -> Case:
    plain = {"platform": began.platform, "locale": "", "desk": began.desk or ""}
    scenario = Scenario(
        began.name,
        tags=(*began.tags, "replayed"),
        platforms=(began.platform,),
        starts=began.at if keeps_dates else None,
        persona=RECORDED,
        customers={key: _described(key, person, began) for key, person in began.customers.items()},
        agents={key: {"name": agent.name} for key, agent in began.agents.items()} if weaving.has_agents else None,
    )
    steps = tuple(weaving.steps)
    scenario = scenario.placed(steps, ("",) * len(steps), file=began.file, line=began.line, folder="")
    return Case(
        id=began.case or began.name,
        scenario=scenario,
        platform=began.platform,
        row={key: str(value) for key, value in began.row.items()},
        values=plain,
        steps=steps,
        marks=scenario.marks,
        files=weaving.used,
        plain=tuple(map(step_to_dict, steps)),
        is_improvised=True,
    )


def _described(key: str, person: Customer, began: CaseBegan) -> dict[str, Any]:
    """Who this was, so that the same person comes again."""
    names = ("first_name", "last_name", "username", "phone", "email", "locale")
    given = {name: str(value) for name in names if (value := getattr(person, name))}
    return {**given, **({"platform": began.channels[key]} if key in began.channels else {})}


class _Weaving:
    """One case on its way to steps."""

    def __init__(
        self,
        began: CaseBegan,
        files: Mapping[str, Path],
        samples: Mapping[str, Path],
        notes: Counter[str],
        desk: str | None,
        deeds: frozenset[str],
        *,
        is_recorded: bool,
    ) -> None:
        self._began, self._files, self._samples, self._notes = began, files, samples, notes
        self._plays_desk = desk is not None and began.desk == desk
        self._is_recorded, self._deeds = is_recorded, deeds
        self.steps: list[Step] = []
        self.used: dict[str, Path] = {}
        self.has_agents = False
        self._at: float | None = None  # of what was woven last
        self._heard: dict[str, int] = {}  # messages of the bot's since the customer spoke, by customer
        self._heard_at = 0.0
        self._since: float | None = None
        self._ended_at: float | None = None
        self._own: dict[str, str] = {}  # texts of own messages, by id
        self._buttons: set[str] = set()
        self._left_out: set[str] = set()

    def take(self, record: Record) -> None:
        """Go on with a record of the case."""
        key = (record.conv or "").rpartition("/")[2]
        if isinstance(record, Took):
            self._hear(record, key)
        elif isinstance(record, StepBegan):
            self._at_desk(record)
        elif isinstance(record, Acted) and record.cause != "platform":
            self._act(record, key)
        elif isinstance(record, CaseEnded):
            self._ended_at = record.at
        elif isinstance(record, Injected) and record.by == "chance":
            self._leave_out("faults by chance: give them again (--faults), and they strike elsewhere")

    def finish(self) -> None:
        """The last answer is waited for as well, and the silence behind it: what came later was never heard. (Whoever records goes on
        listening for as long as they like.)"""
        at = max(filter(None, (self._at, self._heard_at)), default=None)
        self._wait_for_bot()
        if (
            at is not None
            and self._ended_at is not None
            and not self._is_recorded
            and self._ended_at - at >= _SILENCE_MIN_S
        ):
            self._pause(self._ended_at - at)

    # ------------------------------------------------------------------------------------------------------ the bot

    def _hear(self, record: Took, key: str) -> None:
        if isinstance(record.effect, Sent) and not record.is_platforms:
            self._heard[key] = self._heard.get(key, 0) + 1
            self._heard_at = record.at
            self._buttons |= {button.title for button in record.effect.message.buttons}

    def _wait_for_bot(self) -> None:
        """What was heard since the last act, in whatever words; it may be later than it was then, or not come at all."""
        if not self._heard or self._at is None:
            self._heard = {}
            return
        took_s = self._heard_at - self._at
        if took_s > _UNASKED_S:
            self._pause(took_s - 1.0)
            took_s = _SLOW_S
        within_s = round(2 * took_s, 1) if took_s > _SLOW_S else None
        for key, count in self._heard.items():
            anything = (Expectation(),) * count
            self.steps.append(Hears(expectations=anything, within_s=within_s, optional=True, customer=self._who(key)))
        self._heard, self._at = {}, self._heard_at

    def _who(self, key: str) -> str | None:
        return key if key in self._began.customers and len(self._began.customers) > 1 else None

    def _pause(self, seconds: float) -> None:
        if seconds >= _PAUSE_MIN_S:
            self.steps.append(Waits(seconds=round(seconds, 6)))

    # ----------------------------------------------------------------------------------------------------- customers

    def _act(self, record: Acted, key: str) -> None:
        maker = _MAKERS.get(type(record.act))
        if maker is None:
            return
        made = maker(self, record.act)
        if not made:
            return
        self._begin(record.at)
        self.steps += [msgspec.structs.replace(step, customer=self._who(key)) for step in made]
        if isinstance(record.act, Write) and record.ids:
            self._own[record.ids[0]] = "\n".join(filter(None, map(part_text, record.act.parts)))

    def _begin(self, at: float) -> None:
        self._wait_for_bot()
        if self._at is not None:
            self._pause(at - self._at)
        self._at = at

    def _leave_out(self, what: str) -> list[Step]:
        if what not in self._left_out:
            self._left_out.add(what)
            self._notes[f"left out: {what}"] += 1
        return []

    def _write(self, act: Write) -> list[Step]:
        quoted = self._message(act.reply_to) if act.reply_to else None
        made: list[Step] = []
        contents = [one for part in act.parts if (one := self._content(part)) is not None]
        if contents:
            made.append(Sends(contents=tuple(contents), reply_to=quoted, forwarded=act.forwarded))
        for part in act.parts:
            if isinstance(part, Text):
                pieces = (Piece(part.text, 0.0),)
                made.append(Says(pieces=pieces, reply_to=quoted, forwarded=act.forwarded, referral=act.referral))
            elif isinstance(part, Other) and self._is_recorded:
                made += self._leave_out(f"a message of the kind {part.kind}, which only the vendor can make")
        return made

    def _content(self, part: Part) -> Content | None:
        if isinstance(part, Media):
            return self._attachment(part)
        is_foreign = isinstance(part, Other) and self._is_recorded
        return part if isinstance(part, _SENT_AS_THEY_ARE) and not is_foreign else None

    def _attachment(self, part: Media) -> Attachment | None:
        path = self._files.get(part.file.sha256) or self._samples.get(_SAMPLES[part.kind])
        if path is None:
            self._leave_out(f"a {part.kind} that does not lie beside the trace")
            return None
        self.used[path.name] = path
        caption = part.caption.text if part.caption else None
        return Attachment(file=path.name, kind=part.kind, caption=caption, name=part.file.name, emoji=part.emoji)

    def _message(self, id: str) -> MessageRef:
        """An own message by its words; one of the bot's may have others, so it is the last."""
        text = self._own.get(id, "")
        return MessageRef(text) if text and id != next(reversed(self._own)) else MessageRef()

    def _press(self, act: Press) -> list[Step]:
        title, payload = act.button.title or None, act.button.payload
        is_menu = act.message_id is None and title not in self._buttons
        return [Presses(title=title, payload=payload if is_menu or title is None else None, menu=is_menu)]

    def _edit(self, act: Edit) -> list[Step]:
        if act.message_id not in self._own:
            return self._leave_out("an edit of what was said before the recording")
        text = "\n".join(filter(None, map(part_text, act.parts)))
        made: list[Step] = [Edits(text=text, message=self._message(act.message_id))] if text else []
        self._own[act.message_id] = text or self._own[act.message_id]
        return made

    def _delete(self, act: Delete) -> list[Step]:
        if act.message_id not in self._own:
            return self._leave_out("deleting what was said before the recording")
        return [Deletes(message=self._message(act.message_id))]

    def _event(self, act: Event) -> list[Step]:
        if self._is_recorded and act.name not in self._deeds:
            return self._leave_out(f"the event {act.name}, which only the vendor can make")
        return [Happens(platform=self._began.platform, event=act.name, data=act.data)]

    # ---------------------------------------------------------------------------------------------------------- desk

    def _at_desk(self, record: StepBegan) -> None:
        steps = self._began.steps
        if record.step >= len(steps):
            return
        step = step_from_dict(record.played or steps[record.step])
        is_about_desk = isinstance(step, _AT_DESK) or (
            isinstance(step, Breaks) and self._began.desk is not None and self._began.desk in step.fault.values()
        )
        if not is_about_desk and not isinstance(step, Breaks | Restarts):
            return
        if is_about_desk and not self._plays_desk:
            self._leave_out("what agents do, for it needs the desk that stood behind the bot (--desk)")
            return
        self._begin(record.at)
        self.has_agents = self.has_agents or is_about_desk
        self.steps.append(msgspec.structs.replace(step, when=()))


_MAKERS: dict[type, Callable[[_Weaving, Any], list[Step]]] = {
    Write: _Weaving._write,
    Press: _Weaving._press,
    Edit: _Weaving._edit,
    Delete: _Weaving._delete,
    Event: _Weaving._event,
    Start: lambda _, act: [Starts(payload=act.payload, referral=act.referral)],
    React: lambda _, act: [Reacts(emoji=act.emoji)],
    Block: lambda _, __: [Blocks()],
    Unblock: lambda _, __: [Unblocks()],
}
