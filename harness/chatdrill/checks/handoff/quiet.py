"""The bot is quiet while a person is in charge, or asked for (HO-14 to HO-17 and HO-20).

Whatever the bot says of its own in an agent's time breaks one rule, by its cause: a word of the customer's from before the switch
(HO-15), no word of theirs at all (HO-16), a word after an agent has come uncalled (HO-17), any other word (HO-14).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out, Span
from chatdrill.checks.handoff.languages import is_foreign
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.pace import RECONCILE_S, known_since
from chatdrill.checks.handoff.tickets import quoted
from chatdrill.checks.parameters import Parameter, Parameters, duration, whole
from chatdrill.checks.registry import Outcome
from chatdrill.model import Assigned, Echo, StateChanged, TicketClosed
from chatdrill.trace import Acted, Filed, Record

IN_FLIGHT_S = 60.0
"""Real answers of slow models take up to half a minute; what comes a minute after the customer's word is no answer to it."""


@dataclass(frozen=True)
class Slip:
    """A message of the bot's own in an agent's time: what it came after, and when the agent took over."""

    out: Out
    switch: Filed
    cause: Acted | None
    rule: str
    after_s: float


def slips(dialog: Dialog, grace_s: float) -> Iterator[Slip]:
    """The bot's own words while an agent is in charge. Foreign words may be notices, so they are only counted."""
    for out in dialog.outs:
        if out.kind != "bot" or is_foreign(out.text):
            continue
        switch = switched(dialog, out.record.n)
        episode = dialog.episode_at(out.record.n)
        if switch is None or episode is None:
            continue
        known = known_since(dialog, switch) if episode.by_agent else switch
        after_s = dialog.case.seconds_between(known, out.record)
        late_s = RECONCILE_S if episode.by_agent and known is switch else grace_s
        if after_s > late_s:
            cause = _cause(dialog, out)
            yield Slip(out, switch, cause, _rule_of(dialog, out, switch, cause, episode), after_s)


def switched(dialog: Dialog, number: int) -> Filed | None:
    """The record with which an agent came into the charge that holds when a record was made; passing on is no new one."""
    place = dialog.spans.index(dialog.span_at(number))
    if dialog.spans[place].owner != "agent":
        return None
    while place > 0 and dialog.spans[place - 1].owner == "agent":
        place -= 1
    return dialog.spans[place].since


def _cause(dialog: Dialog, out: Out) -> Acted | None:
    """The customer's word that a message answers: the one it quotes, else the last one."""
    quotes = out.heard.message.reply_to
    earlier = [act for act in dialog.said if act.n < out.record.n]
    quoted_one = [act for act in earlier if quotes is not None and quotes in act.ids]
    return next(reversed(quoted_one or earlier), None)


def _rule_of(dialog: Dialog, out: Out, switch: Filed, cause: Acted | None, episode: Episode) -> str:
    if cause is None or dialog.case.seconds_between(cause, out.record) > IN_FLIGHT_S:
        return "HO-16"
    if cause.n < switch.n:
        return "HO-15"
    return "HO-17" if episode.by_agent else "HO-14"


def _agents_spans(dialog: Dialog, episode: Episode) -> list[Span]:
    return [
        span
        for span in dialog.spans
        if span.owner == "agent" and span.since is not None and episode.holds(span.since.n)
    ]


def _accuse(dialog: Dialog, slip: Slip, what: str, outcome: Outcome, **more: Any) -> None:
    cause = () if slip.cause is None else (slip.cause.n,)
    outcome.fail(
        f"{what}: {quoted(slip.out.text)}", cites=(slip.out.record.n, slip.switch.n, *cause), conv=dialog.conv, **more
    )


# ------------------------------------------------------------------------------------------------------- HO-14


@rule(
    "HO-14",
    "While an agent is in charge the bot says nothing of its own but a few notices.",
    grace=duration("1.5s"),
    notices_max=whole(3),
)
def silence(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Counts notices by episode, and a further one for each time it was passed on."""
    for episode in dialog.episodes:
        spans = _agents_spans(dialog, episode)
        outcome.evidence += bool(spans)
        if spans:
            _accuse_chatter(dialog, episode, len(spans) - 1 + parameters["notices_max"], outcome)
    for slip in slips(dialog, parameters["grace"]):
        if slip.rule == "HO-14":
            _accuse(dialog, slip, f"the bot spoke {slip.after_s:.1f} s after an agent took over", outcome)


def _accuse_chatter(dialog: Dialog, episode: Episode, bound: int, outcome: Outcome) -> None:
    said = [
        out
        for out in dialog.outs
        if episode.holds(out.record.n)
        and dialog.owner_at(out.record.n) == "agent"
        and (out.kind == "notice" or (out.kind == "bot" and is_foreign(out.text)))
    ]
    if len(said) > bound:
        outcome.fail(
            f"the bot sent {len(said)} notices while an agent was in charge (the limit is {bound}), the last of them {quoted(said[-1].text)}",
            cites=(said[bound].record.n, *(out.record.n for out in said[:bound])),
            conv=dialog.conv,
        )


# ------------------------------------------------------------------------------------------------------- HO-15


@rule(
    "HO-15",
    "An answer that was under way when a person was called or came is not delivered any more.",
    grace=duration("1.5s"),
    ack=duration("5s"),
)
def in_flight(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """What the bot says within ``ack`` of its own call for a person belongs to that."""
    for episode in dialog.episodes:
        before = [act for act in dialog.said if act.n < episode.asked.n]
        outcome.evidence += bool(before)
        for out in _late_answers(dialog, episode, max(parameters["grace"], parameters["ack"])):
            outcome.fail(
                f"an answer to what was said before the handover came after it: {quoted(out.text)}",
                cites=(out.record.n, episode.asked.n, before[-1].n),
                conv=dialog.conv,
                details={"hint": "who owns the conversation must be looked up right before an answer is sent"},
            )
    for slip in slips(dialog, parameters["grace"]):
        if slip.rule == "HO-15":
            _accuse(dialog, slip, "an answer that was under way came after an agent took over", outcome)


def _late_answers(dialog: Dialog, episode: Episode, after_s: float) -> Iterator[Out]:
    """Answers that come while somebody is waited for, to what was said before."""
    for out in _waiting_outs(dialog, episode, after_s):
        cause = _cause(dialog, out)
        if cause is not None and _is_late(dialog, episode, out, cause):
            yield out


def _is_late(dialog: Dialog, episode: Episode, out: Out, cause: Acted) -> bool:
    return cause.n < episode.asked.n and dialog.case.seconds_between(cause, out.record) <= IN_FLIGHT_S


def _waiting_outs(dialog: Dialog, episode: Episode, after_s: float) -> Iterator[Out]:
    """The bot's own words to a customer who waits, later than ``after_s`` after its call."""
    if episode.by_agent or episode.asked.by != "bot":
        return
    for out in dialog.outs_between(episode.asked.n, episode.ends_n):
        is_own = out.kind == "bot" and dialog.owner_at(out.record.n) == "queue" and not is_foreign(out.text)
        if is_own and dialog.case.seconds_between(episode.asked, out.record) > after_s:
            yield out


# ------------------------------------------------------------------------------------------------------- HO-16


@rule(
    "HO-16",
    "Reminders, campaigns and closings by timer wait until no agent is in charge.",
    grace=duration("1.5s"),
)
def timers(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Looks at what the bot says or closes a minute or more after the customer's last word, in an agent's time."""
    for episode in dialog.episodes:
        outcome.evidence += bool(_agents_spans(dialog, episode))
    for slip in slips(dialog, parameters["grace"]):
        if slip.rule == "HO-16":
            _accuse(dialog, slip, "the bot spoke of its own accord while an agent was in charge", outcome)
    for record in dialog.records(TicketClosed, StateChanged):
        if record.by == "bot" and _ends_it(record) and _is_uncalled_for(dialog, record):
            outcome.fail(
                "the bot closed the ticket while an agent was in charge, and nobody had asked for it",
                cites=(record.n,),
                conv=dialog.conv,
            )
            return


def _ends_it(record: Filed) -> bool:
    event = record.event
    return isinstance(event, TicketClosed) or (isinstance(event, StateChanged) and event.state in ("solved", "closed"))


def _is_uncalled_for(dialog: Dialog, record: Filed) -> bool:
    """An agent had it just before, and neither the customer nor the agent did anything of late."""
    case = dialog.case
    if switched(dialog, record.n - 1) is None:
        return False
    acts: list[Record] = [act for act in case.acts if act.conv == dialog.conv and act.cause != "platform"]
    acts += [each for file in dialog.tickets.values() for each in file.records if each.by in ("agent", "customer")]
    return not any(act.n < record.n and case.seconds_between(act, record) <= IN_FLIGHT_S for act in acts)


# ------------------------------------------------------------------------------------------------------- HO-17


@rule(
    "HO-17",
    "An agent who comes uncalled is in charge all the same: the bot is quiet from the agent's first word on.",
    grace=duration("1.5s"),
    takeover=duration("5m"),
)
def uncalled_agent(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Time counts from the webhook that tells the bot. An agent's word from the vendor's own inbox or phone (an echo on the
    messenger) keeps the bot quiet for ``takeover`` at least."""
    outcome.evidence += sum(episode.by_agent and episode.accepted is not None for episode in dialog.episodes)
    for slip in slips(dialog, parameters["grace"]):
        if slip.rule == "HO-17":
            _accuse(dialog, slip, "the bot answered although an agent had taken over", outcome)
    for echo in agents_echoes(dialog):
        outcome.evidence += 1
        _accuse_after_echo(dialog, echo, parameters, outcome)


def agents_echoes(dialog: Dialog) -> list[Acted]:
    echoes = [act for act in dialog.case.acts if act.conv == dialog.conv and isinstance(act.act, Echo)]
    return [act for act in echoes if isinstance(act.act, Echo) and act.act.message.author == "agent"]


def _accuse_after_echo(dialog: Dialog, echo: Acted, parameters: Parameters, outcome: Outcome) -> None:
    case = dialog.case
    tries = [attempt for attempt in case.tries_of([echo]) if attempt.ok]
    changes = [span.since.n for span in dialog.spans if span.since is not None and span.since.n > echo.n]
    if not tries:
        return
    for out in dialog.outs_between(tries[0].n, min(changes, default=float("inf"))):
        cause = _cause(dialog, out)
        since_s = case.seconds_between(tries[0], out.record)
        is_own = out.kind == "bot" and not is_foreign(out.text)
        is_answer = cause is not None and cause.n > echo.n
        if cause is not None and is_own and is_answer and parameters["grace"] < since_s <= parameters["takeover"]:
            outcome.fail(
                f"a person had answered from the vendor's inbox, and the bot went on: {quoted(out.text)}",
                cites=(out.record.n, echo.n, cause.n),
                conv=dialog.conv,
            )
            return


# ------------------------------------------------------------------------------------------------------- HO-20


def yes_or_no(default: bool) -> Parameter:
    """A switch: ``true``, ``false``, ``yes`` or ``no``."""

    def read(value: Any) -> bool:
        known = {"true": True, "yes": True, "false": False, "no": False}
        if str(value).lower() not in known:
            raise ValueError(f"expected yes or no, got {value!r}")
        return known[str(value).lower()]

    return Parameter(default, read)


_GROUP_S = 5.0  # messages this near to one another are one notice


@rule(
    "HO-20",
    "Who waits for a person hears notices, not too many, and no answers of the bot's.",
    ack=duration("5s"),
    notice_every=duration("60s"),
    answer_while_waiting=yes_or_no(False),
)
def quiet_waiting(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """What is said within ``ack`` of the call belongs to it. A notice by the clock and one about news may fall together, so two
    in ``notice_every`` are borne, and what follows at once on a change at the desk is not counted."""
    for episode in dialog.episodes:
        if episode.by_agent or episode.asked.by != "bot":
            continue
        outcome.evidence += 1
        for out in () if parameters["answer_while_waiting"] else _waiting_outs(dialog, episode, parameters["ack"]):
            cause = _cause(dialog, out)
            if cause is None or not _is_late(dialog, episode, out, cause):
                outcome.fail(
                    f"the customer waited for a person, and the bot answered: {quoted(out.text)}",
                    cites=(out.record.n, episode.asked.n),
                    conv=dialog.conv,
                )
                break
        _accuse_flood(dialog, episode, parameters, outcome)


_BORNE = 2


def _accuse_flood(dialog: Dialog, episode: Episode, parameters: Parameters, outcome: Outcome) -> None:
    case = dialog.case
    heads: list[Out] = []
    changes = [span.since for span in dialog.spans if span.since is not None] + dialog.records(Assigned)
    for out in dialog.outs_between(episode.asked.n, episode.ends_n):
        if out.kind == "agent" or dialog.owner_at(out.record.n) != "queue":
            continue
        if any(0 <= case.seconds_between(change, out.record) <= parameters["ack"] for change in changes):
            continue
        if not heads or case.seconds_between(heads[-1].record, out.record) > _GROUP_S:
            heads.append(out)
    for first, last in zip(heads, heads[_BORNE:], strict=False):
        if case.seconds_between(first.record, last.record) <= parameters["notice_every"]:
            outcome.fail(
                f"who waited heard {_BORNE + 1} notices within {parameters['notice_every']:g} s, the last of them {quoted(last.text)}",
                cites=(last.record.n, first.record.n),
                conv=dialog.conv,
            )
            return
