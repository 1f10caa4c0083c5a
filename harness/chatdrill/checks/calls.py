"""Checks of the bot's calls: the platform accepted them, and chatdrill emulates what they asked for."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameters, words
from chatdrill.checks.refusals import is_harmless, is_shut_out, is_temporary, retry_after_s, say_error, say_refusal
from chatdrill.checks.registry import Outcome, case_check, suite_check
from chatdrill.model import Block, Event, Receipt, TicketClosed
from chatdrill.trace import Acted, Called, Filed, Record

_CITES_MAX = 10
_ANSWER_S = 5.0
"""Within so long after a customer's deed a bot answers it, and does not think of windows."""
_IN_FLIGHT_S = 0.5
"""A call that is made this soon after a bot was told of something was on its way."""
_RETRY_S = 5.0  # beside what the vendor asks for: bots that wait longer and longer begin with a second or two
_RESTART = "restart"
_CONFLICT = 409
_TOO_SOON = "; the conversation ended before the bot could try again"
_ANNOUNCED = re.compile(r"it will fail with (\d+): ")
_UPLOAD_NAME = re.compile(r"attach://[^\"]+")
Key = Callable[[Called], object]


@case_check(
    "calls-accepted",
    "The platform accepts every call of the bot: arguments, limits, rates and messaging windows are respected.",
    broken="the platform refused a call of the bot",
    ignore=words(),
)
def calls_accepted(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``ignore`` lists methods, or pieces of error texts, whose refusal does not matter.

    Excused: a look-up (GET) of what is not there; a temporary refusal (a rate limit, the platform's own trouble) after which the same call was accepted; what
    the scenario or an injected fault made fail; whatever a customer who has blocked the bot does not get; an edit that
    would have changed nothing; a word for a ticket that an agent closed, or for a customer whom an agent took over, at that moment; an answer at once to what a customer did that
    opens no window (an edit, the second line tapped of an old menu), which no bot can know. A temporary refusal is undecided where the case ended before the bot could try again.
    """
    outcome.evidence = len(case.calls)
    refused = [call for call in case.snags if _is_refused(call, parameters["ignore"])]
    failed = list(_failed_receipts(case))
    if not refused and not failed:
        return
    excused = _excused_by_scenario(case)
    later = [record for record in case.late if isinstance(record, Called)]
    standing = [
        call
        for call in refused
        if call.n not in excused and not _crosses_a_turn(case, call) and not _answers_at_once(case, call)
    ]
    standing = list(_not_made_good(standing, [*case.calls, *later], _same_call))
    _accuse([call for call in standing if _had_time(case, call)], outcome.fail)
    if case.ended is not None:
        _accuse([call for call in standing if not _had_time(case, call)], outcome.undecided, _TOO_SOON)
    for record, why, call in failed:
        outcome.evidence += 1
        if record.n not in excused:
            cites = (record.n,) if call is None else (record.n, call.n)
            message = f"the platform accepted the bot's message and then failed it{why}"
            outcome.fail(message, cites=cites, conv=record.conv)


def _is_refused(call: Called, ignore: Sequence[str]) -> bool:
    if call.ok or call.support == "refused" or is_harmless(call) or _is_injected(call) or _is_look_up(call):
        return False
    return not any(word == call.method or word.casefold() in (call.error or "").casefold() for word in ignore)


def _crosses_a_turn(case: CaseEvidence, call: Called) -> bool:
    """A word for an agent who closed at that moment, or for a customer whom an agent took over then: the bot could not know. Nor could it
    of what happened while it waited to repeat a call."""
    if case.began.is_messenger(call.platform):
        changes = case.owners_of(call.conv or "")
        turns = [changed for changed, owner in changes if owner != "bot" and changed.by != "bot"]
    elif call.status == _CONFLICT or "closed" in (call.error or "").casefold():
        turns = [one for one in case.filed if _is_closed_by_another(one, call.platform)]
    else:
        return False
    if not turns:
        return False
    _, *asked = _same_call(call)  # a call that is not carried out has no name but its address
    tried = next((one for one in case.calls if is_temporary(one) and [*_same_call(one)[1:]] == asked), call)
    return any(
        tried.n < one.n < call.n or 0 <= case.drill_seconds_between(one, call) <= case.crossing_s(one) for one in turns
    )


def _answers_at_once(case: CaseEvidence, call: Called) -> bool:
    """An answer within seconds that the platform does not let through, because what the customer did opens no window."""
    if not (case.began.is_messenger(call.platform) and is_shut_out(call)):
        return False
    done = next(
        (act for act in reversed(case.acts) if act.n < call.n and act.conv == call.conv and act.cause != "platform"),
        None,
    )
    return done is not None and case.drill_seconds_between(done, call) <= _ANSWER_S


def _is_closed_by_another(record: Filed, desk: str) -> bool:
    return isinstance(record.event, TicketClosed) and record.desk == desk and record.by != "bot"


def _is_look_up(call: Called) -> bool:
    """Whoever looks before they make something is told that it is not there."""
    return call.status == 404 and call.method.startswith("GET ") and call.support != "unknown"


def _had_time(case: CaseEvidence, call: Called) -> bool:
    """Whether the case went on long enough for the bot to try again, if the vendor asks for that."""
    if not is_temporary(call):
        return True
    wait_s = _RETRY_S + retry_after_s(call)
    return case.ended is not None and case.seconds_between(call, case.ended) >= wait_s


def _is_injected(call: Called) -> bool:
    return "fault:" in (call.note or "")


def _excused_by_scenario(case: CaseEvidence) -> set[int]:
    """The numbers of the refusals that the scenario made happen.

    An event of the scenario that tells the bot nothing prepares the platform to refuse (``times`` calls, else one); a
    customer who has blocked the bot gets nothing at all. Who has left by a word that the bot was told, is not to be written to.
    """
    excused: set[int] = set()
    prepared: dict[str | None, int] = defaultdict(int)
    for record in case.records:
        if isinstance(record, Acted) and record.cause != "platform":
            prepared[record.conv] += _prepares(record)
        elif _is_failure(record):
            blocked = case.blocking(record.conv or "", record.n)
            if blocked is not None and not _knew_of(case, blocked, record):
                excused.add(record.n)
            elif prepared[record.conv] > 0:
                prepared[record.conv] -= 1
                excused.add(record.n)
    return excused


def _knew_of(case: CaseEvidence, blocked: Acted, refused: Record) -> bool:
    """It was told the word that the customer left by, and not while it was answering."""
    if isinstance(blocked.act, Block):
        return False
    told = next((attempt for attempt in case.tries_of([blocked]) if attempt.ok), None)
    return told is not None and case.drill_seconds_between(told, refused) > _IN_FLIGHT_S


def _prepares(record: Acted) -> int:
    """How many refusals an event of the scenario that tells the bot nothing makes ready."""
    if not isinstance(record.act, Event) or record.updates:
        return 0
    times = record.act.data.get("times", 1)
    return times if isinstance(times, int) else 1


def _is_failure(record: Record) -> bool:
    if isinstance(record, Called):
        return not record.ok
    return isinstance(record, Acted) and isinstance(record.act, Receipt) and record.act.status == "failed"


def _same_call(call: Called) -> tuple[str, str | None, str]:
    """What makes two calls the same: method, conversation and arguments. The names of uploads may differ."""
    arguments = msgspec.json.encode(call.arguments, order="sorted").decode()
    return call.method, call.conv, _UPLOAD_NAME.sub("attach://", arguments)


def _not_made_good(refused: Iterable[Called], calls: Iterable[Called], key: Key) -> Iterator[Called]:
    """The refusals that stand: all but the temporary ones after which the same call was accepted."""
    refused = list(refused)
    temporary = {call.n: key(call) for call in refused if is_temporary(call)}
    methods = {call.method for call in refused if call.n in temporary}
    accepted = {key(call): call.n for call in calls if call.ok and call.method in methods}  # the last of each
    for call in refused:
        if call.n not in temporary or accepted.get(temporary[call.n], -1) < call.n:
            yield call


def _accuse(refused: Iterable[Called], tell: Callable[..., None], more: str = "") -> None:
    """One finding for each reason in each conversation, however often it came."""
    groups: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for call in refused:
        groups[call.conv, say_refusal(call)].append(call.n)
    for (conv, reason), numbers in groups.items():
        times = f" ({len(numbers)} times)" if len(numbers) > 1 else ""
        tell(reason + times + more, cites=tuple(numbers[:_CITES_MAX]), conv=conv)


def _failed_receipts(case: CaseEvidence) -> Iterator[tuple[Acted, str, Called | None]]:
    """Every failed receipt with its reason, and the call that had been accepted, where its note announces the code."""
    if Receipt not in case.kinds:
        return
    announced: dict[tuple[str | None, str], deque[Called]] = defaultdict(deque)
    for call in case.snags:
        found = _ANNOUNCED.search(call.note) if call.note else None
        if found:
            announced[call.conv, found[1]].append(call)
    for record in case.acts:
        if isinstance(record.act, Receipt) and record.act.status == "failed":
            code = str(record.act.error or "")
            waiting = announced[record.conv, code]
            call_of_it = waiting.popleft() if waiting else None
            yield record, _why(code, call_of_it), call_of_it


def _why(code: str, call: Called | None) -> str:
    text = f"error {code}" if call is None else _ANNOUNCED.split(call.note or "", maxsplit=1)[-1]
    return f": {say_error(f'{code}: {text}' if call is not None else text)}" if code else ""


@case_check(
    "calls-proper",
    "The bot keeps to what the platform's reference asks for, also where the platform lets it pass.",
    broken="the platform let a call pass that its reference advises against",
    ignore=words(),
)
def calls_proper(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``ignore`` lists pieces of remarks that do not matter."""
    outcome.evidence = len(case.calls)
    groups: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for call in case.snags:
        for remark in call.remarks:
            if not any(word.casefold() in remark.casefold() for word in parameters["ignore"]):
                groups[call.conv, remark].append(call.n)
    for (conv, remark), numbers in groups.items():
        times = f" ({len(numbers)} times)" if len(numbers) > 1 else ""
        outcome.fail(remark + times, cites=tuple(numbers[:_CITES_MAX]), conv=conv)


@case_check(
    "emulated",
    "The drill emulates every call that the bot makes, so its verdict rests on real answers.",
    broken="the bot made a call that is not emulated",
)
def emulated(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    outcome.evidence = len(case.calls)
    _doubt(case.snags, outcome)


def _doubt(calls: Iterable[Called], outcome: Outcome) -> None:
    groups: dict[str, list[Called]] = defaultdict(list)
    for call in calls:
        if call.support == "refused":
            groups[call.method].append(call)
    for method, found in groups.items():
        cites = tuple(call.n for call in found[:_CITES_MAX])
        outcome.undecided(f"chatdrill does not emulate {method}", cites=cites, conv=found[0].conv)


@suite_check("setup-accepted", "The platform accepts the bot's calls that belong to no conversation.", ignore=words())
def setup_accepted(evidence: Evidence, parameters: Parameters, outcome: Outcome) -> None:
    """``ignore`` as for ``calls-accepted``. A temporary refusal is excused if the method was accepted later, or if the bot was
    restarted by chance, again and again."""
    calls = [record for record in evidence.outside if isinstance(record, Called)]
    outcome.evidence = len(calls)
    refused = [call for call in calls if _is_refused(call, parameters["ignore"])]
    if any(one.fault == _RESTART for case in evidence.cases.values() for one in case.injected):
        refused = [call for call in refused if not is_temporary(call)]
    _accuse(_not_made_good(refused, calls, lambda call: call.method), outcome.fail)
    _doubt(calls, outcome)
