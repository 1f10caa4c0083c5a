"""When people are not there, HO-34 to HO-36 and HO-39: closed hours, nobody accepts, somebody refuses, the customer gives up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from chatdrill.calendars import Calendar, read_calendar, read_calendars
from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import normal
from chatdrill.checks.handoff.opening import promises_haste, says_when, tells_time
from chatdrill.checks.handoff.pace import LATEST, extra_s, moment, outlook, told
from chatdrill.checks.parameters import Parameter, Parameters, choice, duration, words
from chatdrill.checks.registry import Outcome
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import Declined, HandoffFailed, Press, TicketClosed
from chatdrill.trace import Acted, Filed, Record


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


def _between(dialog: Dialog, since: float, until: float) -> list[Out]:
    """What the bot itself told the customer between two moments."""
    own = (out for out in dialog.outs if out.kind != "agent")
    return [out for out in own if since <= moment(dialog.case, out.record) <= until]


def _last_words(dialog: Dialog, before: Record) -> Record:
    """The customer's last words before a record, or the record."""
    return max((act for act in dialog.said if act.n < before.n), key=lambda act: act.n, default=before)  # type: ignore[return-value]


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
    now = _between(dialog, began, due + more)
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
    wrong = [out for out in now if tells_time(out.text)]
    if wrong:
        message, cites = f"the bot names another time: {wrong[0].text[:80]!r}", (wrong[0].record.n, asked.n)
    else:
        message, cites = "the bot does not say when somebody will be there", (asked.n,)
    if wrong or outlook(case, due + more) == "over":
        outcome.fail(
            f"asked for a person in closed hours, {message}",
            cites=cites,
            conv=dialog.conv,
            details={"expected": f"somebody is there again on {_shown(opens, calendar)}"},
        )
    elif outlook(case, due + more) == "cut":
        outcome.undecided(
            "the run ended before the bot had to name the opening hours", cites=(asked.n,), conv=dialog.conv
        )


def _shown(at: float, calendar: Calendar) -> str:
    import datetime

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
        if not _between(dialog, moment(case, act), due) and outlook(case, due) == "over":
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
    ended = min((moment(case, one) for one in (episode.accepted, episode.returned) if one is not None), default=None)
    if ended is not None and ended <= due:
        outcome.evidence += ended > timeout
        return
    ahead = outlook(case, due)
    more = extra_s(case, timeout, due, "api", "bot")
    if ahead == "open" or more is None:
        return
    outcome.evidence += 1
    said = _between(dialog, moment(case, _last_words(dialog, asked)), due + more)
    later = [out for out in said if moment(case, out.record) > moment(case, asked) + parameters["ack"]]
    if later or any(tells_time(out.text) for out in said) or _is_unreachable(dialog, asked.n):
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


def _is_unreachable(dialog: Dialog, since: int) -> bool:
    """The platform refused the bot's words, so the customer cannot hear them."""
    case = dialog.case
    own = (call for call in case.calls if call.conv == dialog.conv and call.platform == case.began.platform)
    return any(call.n > since and not call.ok for call in own)


_AT_ONCE_S = 2.0
"""A timer that fires twice does so at once; a bot that says the same again later means it."""


def _judge_repeated(dialog: Dialog, said: list[Out], timeout: float, outcome: Outcome) -> None:
    late = [out for out in said if moment(dialog.case, out.record) >= timeout]
    for first, second in zip(late, late[1:], strict=False):
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
    if first is not None and not named and not _between(dialog, moment(case, came), until):
        outcome.fail(
            f"the customer was told that nobody would come, and then an agent wrote without a word about it: {first.text[:80]!r}",
            cites=(first.record.n, came.n, gone.returned.n),
            conv=dialog.conv,
        )


def _is_named(out: Out) -> bool:
    """More stands there than the agent wrote: a name."""
    from chatdrill.checks.handoff.arrivals import entry_of

    return out.reply is not None and normal(out.text) != normal(entry_of(out.reply).text)


# ---------------------------------------------------------------------------------- HO-36: refusals and failed transfers


@rule(
    "HO-36",
    "If an agent declines or the handover fails, somebody else or the bot takes care, and the customer is not left alone.",
    accept_within=duration("120s"),
    return_within=duration("10s"),
)
def refused_and_failed(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """After a failure the customer hears something or is with somebody. Nobody is in charge for a moment only. Who waits in the
    queue after an agent declined is HO-35's."""
    case = dialog.case
    failures = dialog.records(HandoffFailed, Declined)
    outcome.evidence += len(failures)
    for failed in failures:
        if isinstance(failed.event, HandoffFailed):
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


def _judge_failed(dialog: Dialog, failed: Filed, within_s: float, outcome: Outcome) -> None:
    case, since = dialog.case, moment(dialog.case, failed)
    taken = [span for span in dialog.spans if span.since is not None and span.since.n > failed.n]
    if any(span.owner in ("queue", "agent") for span in taken) or _is_unreachable(dialog, failed.n):
        return
    due = since + within_s
    more = extra_s(case, since, due, "api", "webhook", "bot")
    if more is None or _between(dialog, since, due + more):
        return
    ahead = outlook(case, due + more)
    if ahead == "over":
        outcome.fail("the handover failed, and the customer heard nothing", cites=(failed.n,), conv=dialog.conv)
    elif ahead == "cut":
        what = "the run ended before the customer had to hear of the failed handover"
        outcome.undecided(what, cites=(failed.n,), conv=dialog.conv)


def _was_closed(dialog: Dialog, since: Filed) -> bool:
    """The ticket is over; that nobody owns it then is as it should be."""
    return any(
        closed.event.ticket == since.event.ticket for closed in dialog.records(TicketClosed) if closed.n <= since.n
    )


# ----------------------------------------------------------------------------------------- HO-39: the customer gives up


_TO_THE_BOT = re.compile(r"(?<!\w)(?:chat)?bot\w{0,2}(?!\w)|(?<!\w)бот\w{0,2}(?!\w)", re.IGNORECASE)
"""A button with this word, pressed while people are in charge, asks for the bot."""


@rule(
    "HO-39",
    "A customer who wants the bot back gets it back, once, and is told so.",
    cancel=words("back to bot", "back to the bot", "вернуться к боту", "wróć do bota", "zurück zum bot"),
    return_within=duration("10s"),
)
def customer_cancels(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The wish is one of the words ``cancel``, alone in a message, or a button with the word bot."""
    wishes = {normal(word) for word in parameters["cancel"]}
    for act in dialog.said:
        episode, known = dialog.episode_at(act.n), told(dialog.case, act)
        if episode is not None and known is not None and _wants_the_bot(act, wishes):
            outcome.evidence += 1
            _judge_cancel(dialog, episode, act, known, parameters["return_within"], outcome)


def _wants_the_bot(act: Acted, wishes: Iterable[str]) -> bool:
    from chatdrill.checks.handoff.matching import words_of

    if isinstance(act.act, Press):
        title = act.act.button.title
        return normal(title) in wishes or _TO_THE_BOT.search(title) is not None
    return getattr(act.act, "parts", None) is not None and words_of(act) in wishes


def _judge_cancel(
    dialog: Dialog, episode: Episode, act: Acted, known: float, within_s: float, outcome: Outcome
) -> None:
    case, due = dialog.case, known + within_s
    more = extra_s(case, known, due, "api", "bot")
    if more is None:
        return
    due += more
    returned = episode.returned
    if returned is None or moment(case, returned) > due:
        ahead = outlook(case, due)
        if ahead == "over":
            owner = dialog.owner_at(act.n)
            outcome.fail(
                f"the customer wanted the bot back, but the conversation stays with {'the queue' if owner == 'queue' else 'the agent'}",
                cites=(act.n, episode.asked.n),
                conv=dialog.conv,
                details={"expected": f"the bot is in charge within {within_s:g} s"},
            )
        elif ahead == "cut":
            outcome.undecided("the run ended before the bot had to be back", cites=(act.n,), conv=dialog.conv)
        return
    _judge_confirmation(dialog, act, returned, due, outcome)


def _judge_confirmation(dialog: Dialog, act: Acted, returned: Filed, due: float, outcome: Outcome) -> None:
    case = dialog.case
    following = next((moment(case, other) for other in dialog.said if other.n > act.n), float("inf"))
    said = _between(dialog, moment(case, act), min(due, following))
    if not said and following > due and outlook(case, due) == "over" and not _is_unreachable(dialog, act.n):
        outcome.fail(
            "the bot is back, but the customer who asked for it was not told",
            cites=(act.n, returned.n),
            conv=dialog.conv,
        )
    twice = [text for text, count in Counter(normal(out.text) for out in said if out.text).items() if count > 1]
    if twice:
        again = [out for out in said if normal(out.text) == twice[0]]
        outcome.fail(
            f"the customer was told twice that the bot is back: {again[-1].text[:80]!r}",
            cites=(again[-1].record.n, again[0].record.n, act.n),
            conv=dialog.conv,
        )
