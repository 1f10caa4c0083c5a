"""When people are not there, HO-34 to HO-36: closed hours, nobody accepts, somebody refuses or the handover fails."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from chatdrill.calendars import Calendar, read_calendar, read_calendars
from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import entry_of
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import normal
from chatdrill.checks.handoff.opening import names_a_time, promises_haste, says_when, tells_time
from chatdrill.checks.handoff.pace import LATEST, bot_words, extra_s, is_unreachable, moment, outlook, told
from chatdrill.checks.parameters import Parameter, Parameters, choice, duration
from chatdrill.checks.registry import Outcome
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import Declined, HandoffFailed, TicketClosed
from chatdrill.trace import Filed, Record


def _hours() -> Parameter:
    def read(value: Any) -> Any:
        if value is None or isinstance(value, str | Mapping):
            return value
        raise ValueError(f"expected the name of a calendar, or its hours, got {value!r}")

    return Parameter(None, read)


def _calendar(case: CaseEvidence, given: str | Mapping[str, Any]) -> Calendar:
    """The calendar that is meant. Raises ``UsageError`` for a name that the settings do not have."""
    blocks = (case.run.settings.get("calendars") if case.run is not None else None) or {}
    known = read_calendars(blocks, lambda name, *_: f"calendar {name!r} of the run")
    if isinstance(given, Mapping):
        return read_calendar("hours", given, "checks: handoff: hours", others=known)
    if given not in known:
        raise UsageError(f"checks: handoff: hours: no calendar is called {given!r}{did_you_mean(given, known)}")
    return known[given]


def _last_words(dialog: Dialog, before: Record) -> Record:
    """The customer's last words before a record, or the record."""
    return next((act for act in reversed(dialog.said) if act.n < before.n), before)


# ------------------------------------------------------------------------------------------------ HO-34: closed hours


@rule(
    "HO-34",
    "Who asks for a person outside the opening hours is told when somebody will be there, and is promised no haste.",
    hours=_hours(),
    ack=duration("5s"),
    closed_bot=choice("may rest", "answers"),
)
def out_of_hours(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Says nothing without ``hours``. The hours need to be told once until the desk opens. With ``closed_bot: answers`` the bot
    must go on answering while nobody is there."""
    if parameters["hours"] is None:
        return
    calendar = _calendar(dialog.case, parameters["hours"])
    for episode in dialog.episodes:
        asked = episode.asked
        opens = calendar.next_open(asked.at)
        if episode.by_agent or opens is None or opens <= asked.at:
            continue
        outcome.evidence += 1
        _judge_hours(dialog, episode, calendar, opens, parameters["ack"], outcome)
        if parameters["closed_bot"] == "answers":
            _judge_answers(dialog, episode, opens, parameters["ack"], outcome)


def _judge_hours(
    dialog: Dialog, episode: Episode, calendar: Calendar, opens: float, ack_s: float, outcome: Outcome
) -> None:
    case, asked = dialog.case, episode.asked
    began = moment(case, _last_words(dialog, asked))
    due = moment(case, asked) + ack_s
    more = extra_s(case, began, due, "api", "bot")
    if more is None or (episode.accepted is not None and moment(case, episode.accepted) <= due):
        return
    now = bot_words(dialog, began, due + more)
    for out in now:
        if promises_haste(out.text):
            outcome.fail(
                f"nobody is there before {_shown(opens, calendar)}, but the bot promises haste: {out.text[:80]!r}",
                cites=(out.record.n, asked.n),
                conv=dialog.conv,
            )
    zones = (calendar.zone.key, case.began.zone or "UTC", "UTC")
    earlier = [out for out in dialog.outs if out.record.n < asked.n and _is_same_night(calendar, out.record.at, opens)]
    if any(says_when(out.text, asked.at, opens, zones) for out in (*now, *earlier)):
        return
    wrong = next((out for out in now if tells_time(out.text, asked.at, zones)), None)
    ahead = outlook(case, due + more)
    expected = {"expected": f"somebody is there again on {_shown(opens, calendar)}"}
    if wrong is not None:
        what = f"asked for a person in closed hours, the bot names another time: {wrong.text[:80]!r}"
        outcome.fail(what, cites=(wrong.record.n, asked.n), conv=dialog.conv, details=expected)
    elif ahead == "over":
        what = "asked for a person in closed hours, the bot does not say when somebody will be there"
        outcome.fail(what, cites=(asked.n,), conv=dialog.conv, details=expected)
    elif ahead == "cut":
        what = "the run ended before the bot had to say when somebody will be there"
        outcome.undecided(what, cites=(asked.n,), conv=dialog.conv)


def _shown(at: float, calendar: Calendar) -> str:
    return datetime.datetime.fromtimestamp(at, calendar.zone).strftime("%A %d.%m. at %H:%M (%Z)")


def _is_same_night(calendar: Calendar, at: float, opens: float) -> bool:
    return calendar.next_open(at) == opens


def _judge_answers(dialog: Dialog, episode: Episode, opens: float, ack_s: float, outcome: Outcome) -> None:
    case = dialog.case
    for act in dialog.said:
        known = told(case, act)
        if not episode.holds(act.n) or known is None or act.at >= opens or dialog.owner_at(act.n) != "queue":
            continue
        due = known + LATEST * ack_s
        following = next((other for other in dialog.said if other.n > act.n), None)
        if following is not None and moment(case, following) < due:
            continue  # an answer to the next words answers these, too
        outcome.evidence += 1
        if not bot_words(dialog, moment(case, act), due) and outlook(case, due) == "over":
            outcome.fail("the bot is silent although nobody is there", cites=(act.n, episode.asked.n), conv=dialog.conv)


# ------------------------------------------------------------------------------------------- HO-35: nobody accepts


@rule(
    "HO-35",
    "If nobody accepts in time, the customer is told once; a timer that has lost against an agent does nothing more.",
    accept_within=duration("120s"),
    ack=duration("5s"),
)
def acceptance_times_out(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The word may come earlier than the time-out, after the first notice. Whoever was told a time has been told. A late
    acceptance is announced, or shown by the agent's name."""
    for place, episode in enumerate(dialog.episodes):
        if episode.by_agent:
            continue
        _judge_fallback(dialog, episode, parameters, outcome)
        _judge_lost_timer(dialog, episode, parameters, outcome)
        if place + 1 < len(dialog.episodes):
            _judge_late(dialog, episode, dialog.episodes[place + 1], parameters, outcome)


def _judge_fallback(dialog: Dialog, episode: Episode, parameters: Parameters, outcome: Outcome) -> None:
    case, asked = dialog.case, episode.asked
    timeout = moment(case, asked) + parameters["accept_within"]
    due = timeout + parameters["ack"]
    if _came_to_an_end(dialog, episode, timeout - parameters["ack"], due) or _is_shut_out(dialog, episode):
        return
    ahead = outlook(case, due)
    more = extra_s(case, timeout, due, "api", "bot")
    if ahead == "open" or more is None:
        return
    outcome.evidence += 1
    said = bot_words(dialog, moment(case, _last_words(dialog, asked)), due + more)
    later = [out for out in said if moment(case, out.record) > moment(case, asked) + parameters["ack"]]
    if later or any(names_a_time(out.text) for out in said) or is_unreachable(dialog, asked.n):
        _judge_repeated(dialog, later, timeout, outcome)
    elif ahead == "cut" or outlook(case, due + more) == "cut":
        outcome.undecided(
            "the run ended before the bot had to say that nobody came", cites=(asked.n,), conv=dialog.conv
        )
    elif outlook(case, due + more) == "over":
        outcome.fail(
            f"nobody accepted within {parameters['accept_within']:g} s, and the customer heard nothing of it",
            cites=(asked.n,),
            conv=dialog.conv,
            details={"expected": "one word: that it takes longer, or that nobody is there"},
        )


def _is_shut_out(dialog: Dialog, episode: Episode) -> bool:
    """True where the ticket is the customer's chat itself, for it has their address: the desk lives on the platform, and while
    people have the conversation the channel takes nothing from the bot."""
    return dialog.case.began.addresses.get(dialog.conv.rpartition("/")[2]) == episode.ticket


def _came_to_an_end(dialog: Dialog, episode: Episode, early: float, due: float) -> bool:
    """True if somebody accepted by then, or the conversation was given back for another reason than the time-out."""
    case, accepted, returned = dialog.case, episode.accepted, episode.returned
    if accepted is not None and moment(case, accepted) <= due:
        return True
    if returned is None or moment(case, returned) > due:
        return False
    return moment(case, returned) < early or returned.by == "agent"


_AT_ONCE_S = 2.0
"""A timer that fires twice does so at once; a bot that says the same again later means it."""


def _judge_repeated(dialog: Dialog, said: list[Out], timeout: float, outcome: Outcome) -> None:
    late = [out for out in said if moment(dialog.case, out.record) >= timeout]
    for first, second in pairwise(late):
        apart_s = moment(dialog.case, second.record) - moment(dialog.case, first.record)
        if normal(first.text) == normal(second.text) and apart_s <= _AT_ONCE_S:
            outcome.fail(
                f"the customer was told twice that nobody came: {second.text[:80]!r}",
                cites=(second.record.n, first.record.n),
                conv=dialog.conv,
            )
            return


def _judge_lost_timer(dialog: Dialog, episode: Episode, parameters: Parameters, outcome: Outcome) -> None:
    """The bot takes the conversation back from an agent, just when nobody would have accepted."""
    case, asked, returned = dialog.case, episode.asked, episode.returned
    if episode.accepted is None or returned is None or returned.by != "bot":
        return
    outcome.evidence += 1
    after_s = moment(case, returned) - moment(case, asked)
    words_before = [act for act in dialog.said if episode.accepted.n < act.n < returned.n]
    wished = any(moment(case, returned) - moment(case, act) <= parameters["ack"] * 2 for act in words_before)
    if abs(after_s - parameters["accept_within"]) <= parameters["ack"] and not wished:
        outcome.fail(
            f"the bot took the conversation back from the agent {after_s:.0f} s after it was asked for, as if nobody had come",
            cites=(returned.n, episode.accepted.n, asked.n),
            conv=dialog.conv,
        )


def _judge_late(dialog: Dialog, gone: Episode, late: Episode, parameters: Parameters, outcome: Outcome) -> None:
    """An agent comes after the bot has said that nobody will."""
    case = dialog.case
    if gone.accepted is not None or gone.returned is None or gone.returned.by == "agent":
        return
    if not late.by_agent or late.accepted is None or late.ticket != gone.ticket:
        return
    outcome.evidence += 1
    came = late.accepted
    ends = late.ends_n
    first = next((out for out in dialog.outs if out.kind == "agent" and came.n < out.record.n < ends), None)
    until = moment(case, came) + parameters["ack"] if first is None else moment(case, first.record)
    named = first is not None and first.reply is not None and _is_named(first)
    if first is not None and not named and not bot_words(dialog, moment(case, came), until):
        outcome.fail(
            f"the customer was told that nobody would come, and then an agent wrote without a word about it: {first.text[:80]!r}",
            cites=(first.record.n, came.n, gone.returned.n),
            conv=dialog.conv,
        )


def _is_named(out: Out) -> bool:
    """More stands there than the agent wrote: a name."""
    return out.reply is not None and normal(out.text) != normal(entry_of(out.reply).text)


# ---------------------------------------------------------------------------------- HO-36: refusals and failed transfers


@rule(
    "HO-36",
    "If an agent declines or the handover fails, somebody else or the bot takes care, and the customer is not left alone.",
    accept_within=duration("120s"),
    return_within=duration("10s"),
)
def refused_and_failed(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """After a failure, or a refusal that ends the handover, the customer hears something or is with somebody. Nobody is in charge
    for a moment only. Who waits in the queue after an agent declined is HO-35's."""
    case = dialog.case
    failures = dialog.records(HandoffFailed, Declined)
    outcome.evidence += len(failures)
    for failed in failures:
        if isinstance(failed.event, HandoffFailed) or _ends_it(dialog, failed, parameters["return_within"]):
            _judge_failed(dialog, failed, parameters["accept_within"], outcome)
    for span in dialog.spans:
        since = span.since
        if (
            span.owner != "none"
            or since is None
            or not any(f.n <= since.n for f in failures)
            or _was_closed(dialog, since)
        ):
            continue
        until = span.until or case.ended or case.records[-1]
        if moment(case, until) - moment(case, since) > parameters["return_within"]:
            outcome.fail(
                f"after a failed handover nobody was in charge for {moment(case, until) - moment(case, since):.0f} s",
                cites=(since.n, *(f.n for f in failures if f.n <= since.n)),
                conv=dialog.conv,
                details={"expected": f"the bot, a queue or an agent within {parameters['return_within']:g} s"},
            )


def _ends_it(dialog: Dialog, declined: Filed, within_s: float) -> bool:
    """The desk gives the conversation back at a refusal, before anybody had it, and nobody else is asked."""
    episode = dialog.episode_at(declined.n)
    returned = None if episode is None or episode.accepted is not None else episode.returned
    return (
        returned is not None
        and returned.by != "bot"
        and moment(dialog.case, returned) - moment(dialog.case, declined) <= within_s
    )


def _judge_failed(dialog: Dialog, failed: Filed, within_s: float, outcome: Outcome) -> None:
    case, since = dialog.case, moment(dialog.case, failed)
    taken = [span for span in dialog.spans if span.since is not None and span.since.n > failed.n]
    if any(span.owner in ("queue", "agent") for span in taken) or is_unreachable(dialog, failed.n):
        return
    due = since + within_s
    more = extra_s(case, since, due, "api", "webhook", "bot")
    if more is None or bot_words(dialog, since, due + more):
        return
    ahead = outlook(case, due + more)
    if ahead == "over":
        how = "was declined" if isinstance(failed.event, Declined) else "failed"
        outcome.fail(f"the handover {how}, and the customer heard nothing", cites=(failed.n,), conv=dialog.conv)
    elif ahead == "cut":
        what = "the run ended before the customer had to hear of the failed handover"
        outcome.undecided(what, cites=(failed.n,), conv=dialog.conv)


def _was_closed(dialog: Dialog, since: Filed) -> bool:
    """The ticket is over; that nobody owns it then is as it should be."""
    return any(
        closed.event.ticket == since.event.ticket for closed in dialog.records(TicketClosed) if closed.n <= since.n
    )
