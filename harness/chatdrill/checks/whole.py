"""Checks that nothing but the bot's words decided: conversations ended, the bot stayed alive, chatdrill did its work."""

from __future__ import annotations

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, case_check, refuse_unknown_checks, suite_check
from chatdrill.errors import UsageError
from chatdrill.trace import BotState, Trouble


@case_check(
    "whole",
    "The conversation was played to its end; nothing but the bot's words decided it.",
    broken="the conversation was not played to its end",
)
def whole(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    outcome.evidence = 1
    _refuse_unknown_checks(case, outcome)
    for trouble in case.troubles:
        _report(trouble, outcome)
    ended = case.ended
    if ended is None:
        outcome.broken("the run ended before this conversation did", fault="infrastructure")
    elif ended.outcome in ("broken", "stopped") and not case.troubles:  # else it is said already, with its cause
        detail = ended.detail or f"the conversation was {ended.outcome}"
        outcome.broken(detail, fault="infrastructure", cites=(ended.n,))


def _refuse_unknown_checks(case: CaseEvidence, outcome: Outcome) -> None:
    """A promise that nobody knows cannot be held: the scenario asks for it in vain."""
    try:
        refuse_unknown_checks(case.began.checks, f"{case.began.file or case.began.name}: checks")
    except UsageError as error:
        outcome.broken(str(error), fault="scenario")


def _report(trouble: Trouble, outcome: Outcome) -> None:
    if trouble.fault == "bot":
        outcome.fail(trouble.what, cites=(trouble.n,), conv=trouble.conv)
    else:
        outcome.broken(trouble.what, fault=trouble.fault, cites=(trouble.n,), conv=trouble.conv)


@suite_check("bot-alive", "The bot runs from the first word to the last.")
def bot_alive(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    for record in evidence.outside:
        if isinstance(record, BotState):
            outcome.evidence += 1
            if record.state in ("exited", "unreachable"):
                outcome.fail(record.detail or f"the bot is {record.state}", cites=(record.n,))


@suite_check(
    "undisturbed", "Beside the conversations, too, nothing went wrong: no bad request, no trouble of chatdrill."
)
def undisturbed(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    outcome.evidence = int(evidence.run is not None)
    for record in evidence.outside:
        if isinstance(record, Trouble):
            _report(record, outcome)
