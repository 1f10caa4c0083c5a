"""Listening: waiting for what a turn expects, with a customer's patience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatdrill.engine.conversation import Conversation
from chatdrill.engine.hearing import TurnHeard, hear
from chatdrill.engine.match import matches
from chatdrill.engine.steps import Hears, Never


class Unmet(Exception):
    """Going on makes no sense: an expectation was not met, or the bot is gone. The text says which."""


@dataclass
class Watch:
    """A ``never``: from ``since`` on, until ``until_t`` (real seconds since the run began)."""

    step: Never
    conversation: Conversation
    seen: int
    until_t: float | None

    @classmethod
    def of(cls, step: Never, conversation: Conversation, t: float, speed: float) -> Watch:
        """Begin to watch now."""
        until = None if step.for_s is None else t + step.for_s / speed
        return cls(step, conversation, len(conversation.heard), until)

    def broken(self) -> str | None:
        """The text of a message that should never have come; each message is looked at once."""
        while self.seen < len(self.conversation.heard):
            item = self.conversation.heard[self.seen]
            self.seen += 1
            in_time = self.until_t is None or item.t <= self.until_t
            if in_time and matches(self.step.expectation, item.message, self.conversation.known) is None:
                return item.message.text
        return None


class Nudging:
    """The customer's patience: ``wait_s`` real seconds until the next nudge; ``nudge()`` is false when they leave."""

    def __init__(self, wait_s: Callable[[], float | None], nudge: Callable[[], bool]) -> None:
        self.wait_s = wait_s
        self.nudge = nudge


class Ears:
    """Waits until the steps of one turn have heard what they expect."""

    def __init__(self, reply_timeout_s: float, real_s: Callable[[float], float]) -> None:
        self._reply_timeout_s = reply_timeout_s
        self._real_s = real_s

    async def listen(
        self,
        conversation: Conversation,
        steps: Sequence[Hears],
        nudging: Nudging,
        interrupted: Callable[[Conversation], None],
    ) -> TurnHeard:
        """Wait for ``steps``, nudging when the customer's patience ends. ``interrupted`` raises to stop the wait."""
        result = TurnHeard()
        conversation.listened = True

        def done() -> bool:
            nonlocal result
            interrupted(conversation)
            result = hear(steps, conversation.pool, conversation.known)
            return not result.misses

        left_s = self._real_s(max(step.within_s or self._reply_timeout_s for step in steps))
        await self._wait(conversation, done, left_s, nudging)
        conversation.pool = result.extra
        return result

    async def _wait(
        self, conversation: Conversation, done: Callable[[], bool], left_s: float, nudging: Nudging
    ) -> None:
        while left_s > 0:
            patience_s = nudging.wait_s()
            wait_s = left_s if patience_s is None else min(left_s, patience_s)
            if await conversation.until(done, wait_s):
                return
            left_s -= wait_s
            if left_s > 0 and not nudging.nudge():
                raise Unmet("the customer lost patience and left")
