"""From the agent to the customer, HO-28, HO-29, HO-32 and HO-33: what agents write reaches their customer, whole, once, and nobody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from chatdrill.checks.evidence import CaseEvidence, Heard
from chatdrill.checks.handoff.dialogs import Dialog, Out, dialogs
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import normal, squeezed
from chatdrill.checks.handoff.pace import LATEST, asks_to_wait, extra_s, moment, outlook
from chatdrill.checks.handoff.passing import (
    TELLING_MIN,
    Passing,
    hashes_of,
    is_by_another,
    is_reported,
    letters_of,
    passings_of,
    quote_of,
    refusals,
    was_withdrawn,
)
from chatdrill.checks.parameters import Parameters, duration, whole
from chatdrill.checks.registry import Outcome
from chatdrill.trace import Called
from chatdrill.wire import strings_in

_PIECE_MIN = 8  # letters and digits of a piece behind a name


# ---------------------------------------------------------------------------------------------- HO-28: once, only there


@case_rule(
    "HO-28",
    "Every message of an agent reaches its customer exactly once, and no other customer.",
    relay_within=duration("5s"),
)
def only_that_customer_once(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """What the platform refuses is HO-32's, what only arrived in part HO-29's, and the words of a second agent are HO-33's."""
    found, within_s = dialogs(case), parameters["relay_within"]
    theirs = {out.record.n for dialog in found for out in dialog.outs if out.kind == "agent"}
    others = [heard for heard in case.heard if heard.record.n not in theirs] if len(case.began.customers) > 1 else []
    for dialog in found:
        for passing in passings_of(dialog, within_s):
            outcome.evidence += 1
            if not passing.outs and not is_by_another(dialog, passing):
                _judge_lost(dialog, passing, outcome, "the customer never got the agent's message {quote}")
            _judge_twice(dialog, passing, outcome)
            _judge_strangers(dialog, passing, others, LATEST * within_s, outcome)


def _judge_lost(dialog: Dialog, passing: Passing, outcome: Outcome, message: str) -> None:
    record, due = passing.record, passing.due
    if due is None or was_withdrawn(dialog, passing) or dialog.case.blocking(dialog.conv, record.n) is not None:
        return
    if refusals(dialog, record.n, float("inf")) or is_reported(dialog, record, passing.entry, record.n):
        return
    ahead = outlook(dialog.case, due)
    if ahead == "over":
        outcome.fail(message.format(quote=quote_of(passing.entry)), cites=(record.n,), conv=dialog.conv)
    elif ahead == "cut":
        what = f"the run ended before the customer had to get the agent's message {quote_of(passing.entry)}"
        outcome.undecided(what, cites=(record.n,), conv=dialog.conv)


def _judge_twice(dialog: Dialog, passing: Passing, outcome: Outcome) -> None:
    seen: dict[tuple[str, frozenset[str]], Out] = {}
    whole = squeezed(passing.entry.text)
    for out in passing.outs:
        is_whole = bool(hashes_of(out)) or (bool(whole) and whole in letters_of(out)) or not whole
        first = seen.setdefault((letters_of(out), hashes_of(out)), out)
        if first is not out and is_whole and _is_too_many(dialog, out) and not _had_no_answer(dialog.case, first):
            outcome.fail(
                f"the customer got the agent's message {quote_of(passing.entry)} twice",
                cites=(out.record.n, first.record.n, passing.record.n),
                conv=dialog.conv,
            )
            return


def _is_too_many(dialog: Dialog, out: Out) -> bool:
    """True if the customer saw it more often than agents wrote it: replies with the same words or file are interchangeable."""
    letters, hashes = letters_of(out), hashes_of(out)
    seen = [
        one
        for one in dialog.outs
        if one.record.n <= out.record.n and (letters_of(one), hashes_of(one)) == (letters, hashes)
    ]
    written = 0
    for record, entry in dialog.agent_replies:
        words = squeezed(entry.text)
        files = [file.sha256 for file in entry.files]
        if record.n < out.record.n and (hashes & set(files) or (not hashes and words and words in letters)):
            written += max([files.count(sha256) for sha256 in hashes], default=1)
    return len(seen) > written


def _had_no_answer(case: CaseEvidence, out: Out) -> bool:
    """The call's answer was lost on purpose: no bot can know that it had succeeded."""
    return any(call.n == out.record.call and (call.note or "").startswith("fault:") for call in case.calls)


def _judge_strangers(
    dialog: Dialog, passing: Passing, others: Iterable[Heard], latest_s: float, outcome: Outcome
) -> None:
    case, hashes = dialog.case, {file.sha256 for file in passing.entry.files if file.sha256}
    letters = squeezed(passing.entry.text)
    for heard in others:
        record = heard.record
        late_s = moment(case, record) - moment(case, passing.record)
        if record.conv == dialog.conv or record.n < passing.record.n or late_s > latest_s:
            continue
        has_words = len(letters) >= TELLING_MIN and letters in squeezed(heard.message.text)
        has_files = any(media.file.sha256 in hashes for media in heard.message.media)
        if (has_words or has_files) and not _is_known(case, passing, letters, hashes):
            outcome.fail(
                f"another customer got the agent's message {quote_of(passing.entry)}",
                cites=(record.n, passing.record.n),
                conv=record.conv,
                details={"expected": f"it reaches {dialog.conv} only"},
            )
            return


def _is_known(case: CaseEvidence, passing: Passing, letters: str, hashes: set[str]) -> bool:
    """The bot said the same before the agent did, so it may have it from elsewhere."""
    earlier = [heard.message for heard in case.heard if heard.record.n < passing.record.n]
    said = any(letters and letters in squeezed(message.text) for message in earlier)
    return said or any(media.file.sha256 in hashes for message in earlier for media in message.media)


# ------------------------------------------------------------------------------------------- HO-29: in order, complete


@rule(
    "HO-29",
    "The customer gets the agent's messages in the order in which they were written, and each with all its words and files.",
    relay_within=duration("5s"),
)
def in_order_complete(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Where webhooks of the desk were swapped, delayed or repeated on purpose the order is HO-48's."""
    passings = [passing for passing in passings_of(dialog, parameters["relay_within"]) if passing.outs]
    outcome.evidence += len(passings)
    for passing in passings:
        lack = None if was_withdrawn(dialog, passing) else _lack(dialog, passing)
        if lack is not None and passing.due is not None and outlook(dialog.case, passing.due) == "over":
            outcome.fail(
                f"the agent's message {quote_of(passing.entry)} came without {lack}",
                cites=(passing.outs[0].record.n, passing.record.n),
                conv=dialog.conv,
            )
    _judge_order(dialog, passings, outcome)


def _judge_order(dialog: Dialog, passings: list[Passing], outcome: Outcome) -> None:
    case = dialog.case
    alone = Counter(normal(passing.entry.text) for passing in passings)
    clear = [passing for passing in passings if alone[normal(passing.entry.text)] == 1]
    for earlier, later in pairwise(clear):
        first = later.outs[0]
        last = max(_firsts(earlier), key=lambda out: out.record.n)
        begin, end = moment(case, earlier.record), moment(case, last.record)
        if first.record.n < last.record.n and extra_s(case, begin, end, "webhook", "api", "bot") == 0.0:
            outcome.fail(
                f"the customer got {quote_of(later.entry)} before {quote_of(earlier.entry)}, which the agent wrote first",
                cites=(first.record.n, last.record.n, later.record.n, earlier.record.n),
                conv=dialog.conv,
            )


def _firsts(passing: Passing) -> list[Out]:
    """The messages that carry a reply, repetitions left out."""
    seen: dict[tuple[str, frozenset[str]], Out] = {}
    for out in passing.outs:
        seen.setdefault((letters_of(out), hashes_of(out)), out)
    return list(seen.values())


def _lack(dialog: Dialog, passing: Passing) -> str | None:
    """What the customer did not get of a message that came."""
    outs = [*passing.outs, *_beside(dialog, passing)]
    left = squeezed(passing.entry.text)
    for out in outs:
        letters = letters_of(out)
        if left and left in letters:
            left = ""
        elif letters:
            left = left.replace(letters, "", 1) if letters in left else _without_a_name(left, letters)
    if left:
        return f"some of its words; {left[:40]!r} is missing"
    seen = {sha256 for out in dialog.outs if out.record.n > passing.record.n for sha256 in hashes_of(out)}
    known = sum(file.sha256 in seen for file in passing.entry.files)
    shown = max(known, sum(len(out.heard.message.media) for out in outs))
    links = sum(out.text.count("://") for out in outs) - passing.entry.text.count("://")
    missing = len(passing.entry.files) - shown - max(0, links)
    return f"{missing} of its {len(passing.entry.files)} files" if missing > 0 else None


def _without_a_name(left: str, letters: str) -> str:
    """A piece of a reply may have the agent's name, or its number, in front."""
    for begin in range(1, min(len(letters), 40)):
        piece = letters[begin:]
        if len(piece) >= _PIECE_MIN and piece in left:
            return left.replace(piece, "", 1)
    return left


def _beside(dialog: Dialog, passing: Passing) -> list[Out]:
    """What came meanwhile and may be a part of it: pieces that are too short to tell, files that were packed anew."""
    end = passing.due if passing.due is not None else float("inf")
    later = (out for out in dialog.outs if out.record.n > passing.record.n and out.reply is None)
    return [out for out in later if moment(dialog.case, out.record) <= end]


# ------------------------------------------------------------------------------------------- HO-32: failure is shown


@rule(
    "HO-32",
    "If the platform refuses an agent's message, the agent is shown that, and the bot does not try without end.",
    relay_within=duration("5s"),
    tries=whole(6),
)
def failure_is_shown(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A mark on the message or a note in the ticket. An answer that asks to try again later is no refusal yet."""
    items = list(passings_of(dialog, parameters["relay_within"]))
    for place, passing in enumerate(items):
        until = items[place + 1].record.n if place + 1 < len(items) else float("inf")
        refused = _refused(dialog, passing, until)
        if passing.outs or not refused:
            continue
        outcome.evidence += 1
        _judge_tries(passing, refused, parameters["tries"], outcome)
        _judge_report(dialog, passing, refused, parameters["relay_within"], outcome)


def _refused(dialog: Dialog, passing: Passing, until: float) -> list[Called]:
    """The refused calls that carried a reply: they have its words, else (a file) they came before the next reply."""
    letters = squeezed(passing.entry.text)
    calls = refusals(dialog, passing.record.n, float("inf"))
    worded = [
        call for call in calls if letters and any(letters in squeezed(text) for text in strings_in(call.arguments))
    ]
    return worded or ([] if letters else [call for call in calls if call.n < until])


def _judge_tries(passing: Passing, refused: list[Called], most: int, outcome: Outcome) -> None:
    final = [call for call in refused if not asks_to_wait(call)]
    if len(final) > most:
        outcome.fail(
            f"the platform refused the agent's message {quote_of(passing.entry)} {len(final)} times, and the bot went on trying",
            cites=(final[most].n, final[0].n, passing.record.n),
            conv=final[0].conv,
            details={"expected": f"at most {most} tries"},
        )


def _judge_report(dialog: Dialog, passing: Passing, refused: list[Called], within_s: float, outcome: Outcome) -> None:
    case, last = dialog.case, refused[-1]
    if is_reported(dialog, passing.record, passing.entry, refused[0].n, said=True):
        return
    began, ended = moment(case, refused[0]), moment(case, last)
    patience_s = LATEST * within_s + (ended - began if asks_to_wait(last) else 0.0)
    more = extra_s(case, began, ended, "api", "bot")
    if more is None:
        return
    ahead = outlook(case, ended + patience_s + more)
    if ahead == "over":
        outcome.fail(
            f"the platform refused the agent's message {quote_of(passing.entry)}, and nobody told the agent",
            cites=(last.n, passing.record.n),
            conv=dialog.conv,
            details={"answer": last.error or f"status {last.status}"},
        )
    elif ahead == "cut":
        outcome.undecided(
            "the run ended before the agent had to be told of a refused message",
            cites=(last.n, passing.record.n),
            conv=dialog.conv,
        )


# ---------------------------------------------------------------------------------------------- HO-33: several agents


@rule(
    "HO-33",
    "The words of every agent of a conversation reach the customer, under the name of the agent who wrote them.",
    relay_within=duration("5s"),
)
def several_agents(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """For conversations in which more than one agent writes. A second ticket is HO-01's, a second greeting HO-14's, a lost word
    of the customer's HO-22's."""
    items = list(passings_of(dialog, parameters["relay_within"]))
    for passing in items:
        if is_by_another(dialog, passing):
            outcome.evidence += 1
            if not passing.outs:
                who = passing.entry.said_by
                _judge_lost(dialog, passing, outcome, f"{who} took over, and the customer never got {{quote}}")
    if len({passing.entry.said_by for passing in items}) > 1:
        for passing in items:
            _judge_name(dialog, passing, outcome)


def _judge_name(dialog: Dialog, passing: Passing, outcome: Outcome) -> None:
    writer = (passing.entry.said_by or "").casefold()
    others = [agent for agent in dialog.case.began.agents.values() if agent.first_name.casefold() not in writer]
    if any(e.text == passing.entry.text and e.said_by != passing.entry.said_by for _, e in dialog.agent_replies):
        return  # two agents wrote the same: which of them a message shows, only the name says
    for out in passing.outs:
        shown = f"{out.heard.message.sender or ''} {_around(out.text, passing.entry.text)}".casefold()
        first = writer.partition(" ")[0]
        wrong = [agent for agent in others if agent.first_name and _has_word(shown, agent.first_name.casefold())]
        if writer and wrong and not _has_word(shown, first):
            outcome.fail(
                f"the customer reads {wrong[0].name}'s name over what {passing.entry.said_by} wrote: {out.text[:80]!r}",
                cites=(out.record.n, passing.record.n),
                conv=dialog.conv,
            )
            return


def _around(text: str, written: str) -> str:
    """What stands round the agent's words."""
    return normal(text).replace(normal(written), " ", 1) if written.strip() else ""


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
