"""HO-39: a customer who no longer wants a person gets the bot back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from chatdrill.checks.handoff.dialogs import Dialog, Episode
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import normal, words_of
from chatdrill.checks.handoff.pace import bot_words, extra_s, is_unreachable, moment, outlook, told
from chatdrill.checks.parameters import Parameters, duration, words
from chatdrill.checks.registry import Outcome
from chatdrill.model import Press, Write
from chatdrill.trace import Acted, Filed

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
    if isinstance(act.act, Press):
        title = act.act.button.title
        return normal(title) in wishes or _TO_THE_BOT.search(title) is not None
    return isinstance(act.act, Write) and words_of(act) in wishes


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
    following = next((other for other in dialog.said if other.n > act.n), None)
    until_n = float("inf") if following is None else following.n
    said = [out for out in bot_words(dialog, moment(case, act), due) if out.record.n < until_n]
    is_last = following is None or moment(case, following) > due
    if not said and is_last and outlook(case, due) == "over" and not is_unreachable(dialog, act.n):
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
