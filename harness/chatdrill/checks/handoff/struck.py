"""Whether the records that a finding cites were struck by faults that came by chance: then it proves nothing against the bot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.excuses import OF_FILES, by_chance
from chatdrill.checks.handoff.matching import squeezed
from chatdrill.checks.handoff.passing import TELLING_MIN
from chatdrill.checks.handoff.promises import REFUSAL
from chatdrill.checks.results import Finding
from chatdrill.model import (
    Accepted,
    Assigned,
    Entry,
    EntryAdded,
    HandoffAsked,
    Media,
    OwnerChanged,
    Press,
    Sent,
    TicketClosed,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Called, Filed, Injected, Record, Took
from chatdrill.wire import strings_in

_NEWS_S = 1.0
"""So soon after something became true at the desk its webhook is on the way, if nothing holds it up."""
_GRACE_S = 2.0
"""What a message may take to be sent once nothing holds it up."""
_APOLOGY_S = 60.0
"""How long a bot may try to reach a helpdesk before it says that it cannot."""
_UNHEARD = "lost-ack"
"""The bot was told, and nobody knows that it was."""
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){12,}")
"""A bot may blot it out."""


_NEVER = frozenset({"HO-01", "HO-03", "HO-12", "HO-30", "HO-31", "HO-47", "HO-51"})
"""What holds whatever was struck: one ticket, the right person, no secrets, no leaks, no loops, no forgeries, patience."""
_OF_THE_MOMENT = frozenset(
    {"HO-04", "HO-14", "HO-15", "HO-16", "HO-17", "HO-19", "HO-20", "HO-21", "HO-35", "HO-42", "HO-44"}
)
"""What is wrong because somebody was in charge at that moment, or was not."""


def is_excused(case: CaseEvidence, finding: Finding) -> bool:
    """True where what a finding cites was struck: words that were lost on the way, a message that was sent and nobody could know, a
    handover that the API broke off; and, for the rules of who may speak when, news that came too late for what is held against the
    bot, a message that the API put off until it broke a law, an API that did not hear that it did not."""
    if not case.injected or finding.conv is None or finding.check in _NEVER:
        return False
    strikes = _strikes(case, finding.conv)
    cited = [strikes.records[number] for number in finding.cites if number in strikes.records]
    if not cited or not (strikes.calls or strikes.news):
        return False
    if any(_was_lost(strikes, cited[0], one) or _was_called_off(strikes, one) for one in cited):
        return True
    return finding.check in _OF_THE_MOMENT and (
        _was_put_off(strikes, cited)
        or _was_barred(strikes, cited)
        or any(_came_too_late(strikes, cited[0], one) for one in cited)
    )


@dataclass(frozen=True)
class _Call:
    """A call that was struck."""

    called: Called
    strike: Injected


@dataclass(frozen=True)
class _Strikes:
    """What struck one conversation: ``calls``, by the number of the ``Called``, and ``news``, which are webhooks."""

    case: CaseEvidence
    records: dict[int, Record]
    calls: dict[int, _Call]
    news: list[Injected]


def _strikes(case: CaseEvidence, conv: str) -> _Strikes:
    kept: dict[str, tuple[int, _Strikes]] = case.memo.setdefault("strikes", {})
    if conv not in kept or kept[conv][0] != len(case.records):
        kept[conv] = len(case.records), _find(case, conv)
    return kept[conv][1]


def _find(case: CaseEvidence, conv: str) -> _Strikes:
    felt = [one for one in by_chance(case, conv) if one.bears != "nothing"]
    called = {call.n: call for call in case.calls if call.conv in (conv, None)}
    return _Strikes(
        case,
        {record.n: record for record in case.records},
        {each.called.n: each for each in _struck(called, [one for one in felt if one.call is not None])},
        [one for one in felt if one.updates],
    )


def _struck(called: dict[int, Called], strikes: list[Injected]) -> Iterator[_Call]:
    """A fault is written down when it strikes, the call when it is over."""
    left = list(strikes)
    for call in called.values():
        note = (call.note or "").removeprefix("fault: ")
        own = next((one for one in left if one.n < call.n and one.platform == call.platform and one.what == note), None)
        if own is not None:
            left.remove(own)
            yield _Call(call, own)


# ------------------------------------------------------------------------------------------------------- what was lost


def _was_lost(strikes: _Strikes, accused: Record, record: Record) -> bool:
    """Its words, its file or its news were lost; or it was done by a call whose answer was lost, so that the bot cannot know."""
    own = strikes.calls.get(_call_of(record))
    if own is not None and own.strike.bears == "loss":
        return True
    if any(one.bears == "loss" for one in _news_of(strikes, record)):
        return True
    lost = [each for each in _lost_on_its_way(strikes, accused, record) if each.called.n > record.n]
    letters = squeezed(_LONG_NUMBER.sub("", _words_of(record)))
    return any(_holds(each.called, letters) for each in lost if letters) or (
        _has_files(record)
        and any(each.strike.fault in OF_FILES for each in strikes.calls.values() if each.called.n > record.n)
    )


def _lost_on_its_way(strikes: _Strikes, accused: Record, record: Record) -> list[_Call]:
    """The calls that were lost on the way to where a record's words had to go: an agent's to the customer, all others to the desk.
    Where the bot is accused of words of its own, nothing that is not on their way counts."""
    is_agents = isinstance(record, Filed) and record.by != "bot"
    if isinstance(accused, Took) and not is_agents:
        return []
    if _entry_of(accused) is not None and _call_of(accused) >= 0 and not isinstance(record, Acted):
        return []
    is_messenger = strikes.case.began.is_messenger
    lost = (each for each in strikes.calls.values() if each.strike.bears == "loss")
    return [each for each in lost if is_messenger(each.called.platform) == is_agents]


def _call_of(record: Record) -> int:
    number = record.call if isinstance(record, Took | Filed) else None
    return -1 if number is None else number


def _words_of(record: Record) -> str:
    if isinstance(record, Acted) and isinstance(record.act, Write):
        return " ".join(map(part_text, record.act.parts))
    if isinstance(record, Acted) and isinstance(record.act, Press):
        return record.act.button.title
    if isinstance(record, Took):
        return record.effect.message.text if isinstance(record.effect, Sent) else ""
    entry = _entry_of(record)
    return "" if entry is None else entry.text


def _entry_of(record: Record) -> Entry | None:
    return record.event.entry if isinstance(record, Filed) and isinstance(record.event, EntryAdded) else None


def _has_files(record: Record) -> bool:
    if isinstance(record, Acted) and isinstance(record.act, Write):
        return any(isinstance(part, Media) for part in record.act.parts)
    entry = _entry_of(record)
    return entry is not None and bool(entry.files)


def _holds(call: Called, letters: str) -> bool:
    """All of the words, or a piece of them."""
    texts = (squeezed(text) for text in strings_in(call.arguments))
    return any(letters in text or (len(text) >= TELLING_MIN and text in letters) for text in texts)


# ---------------------------------------------------------------------------------------------- what came too late


def _news_of(strikes: _Strikes, record: Record) -> list[Injected]:
    """The faults that struck the webhook which tells of something."""
    if isinstance(record, Acted):
        return [one for one in strikes.news if not set(record.updates).isdisjoint(one.updates)]
    if not isinstance(record, Filed) or record.by == "bot":
        return []
    found, behind_s = [], 0.0
    for one in strikes.news:  # what is held up holds up what follows
        if one.platform == record.desk and one.n > record.n:
            if strikes.case.seconds_between(record, one) > _NEWS_S + behind_s:
                break
            found.append(one)
            behind_s += one.late_s
    return found


def _came_too_late(strikes: _Strikes, accused: Record, record: Record) -> bool:
    """The bot had not been told of it when it did what is held against it. Where the bot has words from it knew them."""
    if accused is record or accused.n < record.n or _call_of(accused) < 0 or _entry_of(record) is not None:
        return False
    late = [one for one in _news_of(strikes, record) if accused.t < _arrived_t(strikes, one)]
    return bool(late) and not (isinstance(record, Filed) and _heard_otherwise(strikes, record, accused))


def _heard_otherwise(strikes: _Strikes, record: Filed, accused: Record) -> bool:
    """Another webhook of the desk came in between: most tell of all that is true by then."""
    return any(
        each.platform == record.desk
        and accused.conv in (each.conv, *each.convs)
        and record.t <= each.began_t < accused.t
        for each in strikes.case.attempts
        if each.ok
    )


def _arrived_t(strikes: _Strikes, strike: Injected) -> float:
    """When the struck webhook came to the bot, in real seconds."""
    tries = [each for update in strike.updates for each in strikes.case.tries.get(update, ())]
    reached = (each.began_t for each in tries if each.ok or each.status is not None or strike.fault == _UNHEARD)
    return min(reached, default=float("inf"))


def _was_put_off(strikes: _Strikes, cited: Sequence[Record]) -> bool:
    """When somebody else took over a call of the bot's was held up, and what is held against the bot waited behind that call, or is
    it. An answer to what the customer said after that is late by nobody's fault but the bot's; unless it was said at that moment, and
    the call that answers it is the one that was struck."""
    accused, case = cited[0], strikes.case
    switch = max((one for one in cited if _is_a_turn(one) and one.n < accused.n), key=lambda one: one.n, default=None)
    if switch is None or _call_of(accused) < 0:
        return False
    later = [one for one in cited if isinstance(one, Acted) and one.n > switch.n]
    if later and (_call_of(accused) not in strikes.calls or case.seconds_between(switch, later[-1]) > _GRACE_S):
        return False
    return any(
        case.seconds_between(switch, each.strike) <= _GRACE_S and _holds_up(case, each, accused)
        for each in strikes.calls.values()
    )


def _is_a_turn(record: Record) -> bool:
    """Who is in charge changed, or was about to."""
    return isinstance(record, Filed) and isinstance(record.event, OwnerChanged | Accepted | Assigned | TicketClosed)


def _holds_up(case: CaseEvidence, struck: _Call, record: Record) -> bool:
    """A call that was carried out holds nothing up once it is over; after one that failed a bot waits, and tries again."""
    again_s = 0.0 if struck.called.ok else struck.strike.late_s
    return struck.strike.n < record.n and case.seconds_between(struck.called, record) <= again_s + _GRACE_S


# ------------------------------------------------------------------------------------------------- what was called off


def _was_barred(strikes: _Strikes, cited: Sequence[Record]) -> bool:
    """The bot could not tell the desk that nobody is to be in charge any more: the last that it tried there was struck."""
    accused, desks = cited[0], {one.desk for one in cited if isinstance(one, Filed) and _is_a_turn(one)}
    calls = [call for call in strikes.case.calls if call.conv == accused.conv and call.platform in desks]
    last = next((call for call in reversed(calls) if call.n < accused.n), None)
    own = None if last is None or last.ok else strikes.calls.get(last.n)
    return own is not None and own.strike.bears == "loss" and _call_of(accused) >= 0


def _was_called_off(strikes: _Strikes, record: Record) -> bool:
    """The desk's API was down in the middle of the handover, and the bot said so: the ticket stands there, and the bot need not know."""
    if not isinstance(record, Filed):
        return False
    lost = [
        each for each in strikes.calls.values() if each.strike.platform == record.desk and each.strike.bears == "loss"
    ]
    for each in lost:
        refused = _next_refusal(strikes.case, each)
        if refused is not None and each.called.n < record.n and not _asked_between(strikes.case, refused, record):
            return True
    return False


def _next_refusal(case: CaseEvidence, struck: _Call) -> Took | None:
    for heard in case.heard:
        is_soon = heard.record.n > struck.called.n and case.seconds_between(struck.called, heard.record) <= _APOLOGY_S
        if heard.record.conv == struck.called.conv and is_soon and REFUSAL.search(heard.message.text):
            return heard.record
    return None


def _asked_between(case: CaseEvidence, since: Took, until: Filed) -> bool:
    asked = (record for record in case.filed if isinstance(record.event, HandoffAsked) and record.conv == since.conv)
    return any(since.n < record.n < until.n for record in asked)
