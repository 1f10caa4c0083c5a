"""Checks of what passes over the wire: acknowledgements, refused calls, redelivery, floods, trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence, Heard, Turn
from chatdrill.checks.registry import Outcome, Parameters, case_check, suite_check
from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.model import Echo, Message, Receipt, Sent
from chatdrill.trace import Acted, Attempt, BotState, Called, Record, Took, Trouble


@case_check(
    "acknowledged",
    "Every webhook is acknowledged with success, in the platform's time.",
    within=None,
)
def acknowledged(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``within`` sets a stricter bound than the platform's, for example ``1s``."""
    bound = parse_duration(parameters["within"]) if parameters["within"] is not None else None
    outcome.evidence = len(case.attempts)
    for attempt in case.attempts:
        took_ms = round(attempt.took_s * 1000)
        if attempt.error is not None and attempt.error.startswith("fault:"):
            continue  # chatdrill injected it
        if not attempt.ok:
            what = attempt.error or f"status {attempt.status}"
            outcome.fail(
                f"the webhook was not acknowledged: {what} after {took_ms} ms (attempt {attempt.number})",
                cites=(attempt.n,),
                conv=attempt.conv,
            )
        elif bound is not None and attempt.took_s > bound:
            outcome.fail(
                f"the webhook was acknowledged after {took_ms} ms, later than {parameters['within']}",
                cites=(attempt.n,),
                conv=attempt.conv,
            )


@case_check(
    "calls-accepted",
    "The platform accepts every call of the bot: arguments, limits, rates and messaging windows are respected.",
    ignore=(),
)
def calls_accepted(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``ignore`` lists methods whose refusal does not matter. A call that was refused for its rate and later succeeded
    is accepted."""
    outcome.evidence = len(case.calls)
    for position, call in enumerate(case.calls):
        if call.method in parameters["ignore"] or call.support == "refused":
            continue
        if not call.ok and not _was_repeated(call, case.calls[position + 1 :]):
            outcome.fail(_refusal(call), cites=(call.n,), conv=call.conv)
    for record in case.records:
        if isinstance(record, Acted) and isinstance(record.act, Receipt) and record.act.status == "failed":
            code = f" with error {record.act.error}" if record.act.error is not None else ""
            outcome.evidence += 1
            outcome.fail(
                f"the platform accepted the bot's message and then failed it{code}",
                cites=(record.n, *_sent_as(case, record.act.message_id)),
                conv=record.conv,
            )


def _refusal(call: Called) -> str:
    return f"the platform refused {call.method}: {call.error or f'status {call.status}'}"


def _was_repeated(call: Called, later: list[Called]) -> bool:
    temporary = call.status == 429 or call.status >= 500 or "rate limit" in (call.error or "").lower()
    return temporary and any(other.ok and other.method == call.method and other.conv == call.conv for other in later)


def _sent_as(case: CaseEvidence, message_id: str) -> tuple[int, ...]:
    return tuple(item.record.n for item in case.heard if message_id in item.message.ids)


@case_check("emulated", "The drill emulates every call that the bot makes, so its verdict rests on real answers.")
def emulated(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    outcome.evidence = len(case.calls)
    for call in case.calls:
        if call.support == "refused":
            outcome.undecided(f"chatdrill does not emulate {call.method}", cites=(call.n,), conv=call.conv)


@case_check("once", "A webhook that is delivered again has no second effect.")
def once(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    for conv, redelivered in _redeliveries(case).items():
        outcome.evidence += len(redelivered)
        for turn in case.turns:
            if turn.conv == conv and any(_in_turn(turn, attempt) for attempt in redelivered):
                _accuse_twins(turn, outcome)


def _redeliveries(case: CaseEvidence) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in case.attempts:
        if attempt.number > 1:
            for conv in attempt.convs:
                found.setdefault(conv, []).append(attempt)
    return found


def _in_turn(turn: Turn, attempt: Attempt) -> bool:
    updates = {update for act in turn.acts for update in act.updates}
    return bool(updates & set(attempt.updates))


def _accuse_twins(turn: Turn, outcome: Outcome) -> None:
    seen: dict[bytes, Heard] = {}
    for item in turn.messages:
        likeness = what_it_says(item.message)
        if likeness in seen:
            outcome.fail(
                f"the bot said the same twice after a redelivered webhook: {item.message.text[:80]!r}",
                cites=(item.record.n, seen[likeness].record.n),
                conv=turn.conv,
            )
        seen[likeness] = item


def what_it_says(message: Message) -> bytes:
    """The content of a message without its id and time: two messages with the same are twins."""
    return msgspec.json.encode(message.parts)


@case_check(
    "no-echo",
    "The bot never answers its own words: echoes, receipts and other news of its own messages are no customer.",
)
def no_echo(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Where the bot speaks again after an echo, without a customer's word in between, and repeats what was echoed."""
    echoed: dict[str, dict[int, str]] = {}
    for record in case.records:
        conv = record.conv or ""
        if isinstance(record, Acted) and record.cause != "platform":
            echoed.pop(conv, None)
        elif isinstance(record, Acted) and isinstance(record.act, Echo):
            outcome.evidence += 1
            echoed.setdefault(conv, {})[record.n] = record.act.message.text
        elif isinstance(record, Took) and isinstance(record.effect, Sent):
            _accuse_echo(record, record.effect.message.text, echoed.get(conv, {}), outcome)


def _accuse_echo(record: Took, text: str, echoed: dict[int, str], outcome: Outcome) -> None:
    for number, words in echoed.items():
        if len(words) > 1 and words in text:
            outcome.fail(f"the bot answered its own echo: {text[:80]!r}", cites=(record.n, number), conv=record.conv)
            return


@case_check(
    "no-runaway", "The bot does not flood: a bounded number of messages for one word of the customer.", limit=30
)
def no_runaway(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    limit = int(parameters["limit"])
    outcome.evidence = len(case.heard)
    for turn in case.turns:
        if len(turn.messages) > limit:
            outcome.fail(
                f"the bot sent {len(turn.messages)} messages without a word of the customer (the limit is {limit})",
                cites=(turn.messages[limit].record.n,),
                conv=turn.conv,
            )


@case_check("order", "The bot's answers keep the order of the customer's messages.")
def order(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Looks at answers that say which message they answer: by quoting it, or by repeating its words."""
    for turn in case.turns:
        spoken = [(act.ids[0], _words(act)) for act in turn.acts if act.ids]
        highest, best = -1, None
        for item in turn.messages:
            position = _answers(item.message, spoken)
            if position is None:
                continue
            outcome.evidence += 1
            if position < highest and best is not None:
                outcome.fail(
                    f"the bot answered a later message first, then {item.message.text[:60]!r}",
                    cites=(item.record.n, best.record.n),
                    conv=turn.conv,
                )
            if position > highest:
                highest, best = position, item


def _words(act: Acted) -> str:
    parts = getattr(act.act, "parts", ())
    return " ".join(part.text for part in parts if hasattr(part, "text")).strip()


def _answers(message: Message, spoken: list[tuple[str, str]]) -> int | None:
    ids = [identity for identity, _ in spoken]
    if message.reply_to in ids:
        return ids.index(message.reply_to)
    if len(spoken) < 2:
        return None
    counts = Counter(words for _, words in spoken)
    hits = [
        at for at, (_, words) in enumerate(spoken) if len(words) > 3 and counts[words] == 1 and words in message.text
    ]
    return hits[0] if len(hits) == 1 else None


@case_check("whole", "The conversation was played to its end; nothing but the bot's words decided it.")
def whole(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    outcome.evidence = 1
    for trouble in (record for record in case.records if isinstance(record, Trouble)):
        _report_trouble(trouble, outcome)
    if case.ended is None:
        outcome.broken("the run ended before this conversation did", fault="infrastructure")
    elif case.ended.outcome in ("broken", "stopped"):
        _report_end(case, outcome)


def _report_trouble(trouble: Trouble, outcome: Outcome) -> None:
    if trouble.fault == "bot":
        outcome.fail(trouble.what, cites=(trouble.n,), conv=trouble.conv)
    else:
        outcome.broken(trouble.what, fault=trouble.fault, cites=(trouble.n,), conv=trouble.conv)


def _report_end(case: CaseEvidence, outcome: Outcome) -> None:
    assert case.ended is not None
    if any(isinstance(record, Trouble) for record in case.records):
        return  # said already, with its cause
    detail = case.ended.detail or f"the conversation was {case.ended.outcome}"
    outcome.broken(detail, fault="infrastructure", cites=(case.ended.n,))


@suite_check("bot-alive", "The bot runs from the first word to the last.")
def bot_alive(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    for record in _outside(evidence):
        outcome.evidence += 1
        if isinstance(record, BotState) and record.state in ("exited", "unreachable"):
            outcome.fail(record.detail or f"the bot is {record.state}", cites=(record.n,))
        elif isinstance(record, Trouble):
            _report_trouble(record, outcome)


def _outside(evidence: Evidence) -> Iterator[Record]:
    return (record for record in evidence.outside if isinstance(record, BotState | Trouble))


@suite_check("setup-accepted", "The platform accepts the bot's calls that belong to no conversation.")
def setup_accepted(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    calls = [record for record in evidence.outside if isinstance(record, Called)]
    outcome.evidence = len(calls)
    for position, call in enumerate(calls):
        if call.support == "refused":
            outcome.undecided(f"chatdrill does not emulate {call.method}", cites=(call.n,))
        elif not call.ok and call.status != 409 and not _was_repeated(call, calls[position + 1 :]):
            outcome.fail(_refusal(call), cites=(call.n,))
