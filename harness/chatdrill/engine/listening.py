"""Listening: waiting for what a turn expects, with a customer's patience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatdrill.engine.conversation import Conversation
from chatdrill.engine.hearing import TurnHeard, hear, is_said
from chatdrill.engine.steps import Hears, Never
from chatdrill.engine.timing import Span


class Unmet(Exception):
    """Going on makes no sense: an expectation was not met, or the bot is gone. The text says which."""


@dataclass
class Watch:
    """A ``never``: from the ``seen``-th message on, until drill time ``until`` (``None``: the end)."""

    step: Never
    conversation: Conversation
    seen: int
    until: float | None

    @classmethod
    def of(cls, step: Never, conversation: Conversation, at: float) -> Watch:
        """Begin to watch at the drill time ``at``."""
        return cls(step, conversation, len(conversation.heard), None if step.for_s is None else at + step.for_s)

    def broken(self) -> str | None:
        """The text of a message that should never have come; each message is looked at once."""
        while self.seen < len(self.conversation.heard):
            item = self.conversation.heard[self.seen]
            self.seen += 1
            in_time = self.until is None or item.at <= self.until
            if in_time and is_said(self.step, item, self.conversation.known):
                return item.message.text
        return None


LEFT = "the customer lost patience and left"
INTERRUPTED = "interrupted"
"""What is recorded of a case that the customer gave up, and of one that was sent home when the run ended."""


class Nudging:
    """The customer's patience: ``wait_s`` real seconds until the next nudge; ``nudge()`` is false when they leave."""

    def __init__(self, wait_s: Callable[[], float | None], nudge: Callable[[], bool]) -> None:
        self.wait_s = wait_s
        self.nudge = nudge


NEVER_NUDGING = Nudging(lambda: None, lambda: True)
"""The patience of somebody who does not wait for an answer."""


async def listen(
    conversation: Conversation,
    steps: Sequence[Hears],
    spans: Sequence[Span],
    limits_s: Sequence[float],
    nudging: Nudging,
    interrupted: Callable[[Conversation], None],
) -> TurnHeard:
    """Wait for ``steps``, each at most ``limits_s`` (real seconds), nudging when the customer's patience ends.

    The wait is over at once when a message comes outside the step's span. ``interrupted`` raises to stop the wait.
    """
    result: TurnHeard | None = None
    conversation.listened = True
    waited_s = limit_s = 0.0

    def done() -> bool:
        nonlocal result
        interrupted(conversation)
        result = hear(steps, conversation.pool, conversation.known, spans)
        misses = result.misses
        return not misses or bool(result.mistimed) or all(limits_s[miss.step] < limit_s for miss in misses)

    interrupted(conversation)
    if not (conversation.pool and done()):
        for number, limit_s in enumerate(sorted(set(limits_s)) if len(limits_s) > 1 else limits_s):
            if number and done():
                break
            left_s, waited_s = limit_s - waited_s, limit_s
            while left_s > 0:
                patience_s = nudging.wait_s() if conversation.awaiting else None
                wait_s = left_s if patience_s is None else min(left_s, patience_s)
                if await conversation.until(done, wait_s, look=False):
                    break
                left_s -= wait_s
                if await conversation.until_grace_ends(done):  # nobody loses patience for what a fault did
                    break
                if left_s > 0 and not nudging.nudge():
                    raise Unmet(LEFT)
    if result is None:  # nothing came
        result = hear(steps, conversation.pool, conversation.known, spans)
    conversation.pool = result.extra
    return result
