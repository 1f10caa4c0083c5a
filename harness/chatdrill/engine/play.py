"""What all players of a session share: the stage, the clock, and who listens to which conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from chatdrill.calendars import Calendar
from chatdrill.clock import GRAIN_S, Clock, Deadlines, real_monotonic
from chatdrill.engine.conversation import Conversation, end_wait
from chatdrill.errors import ScenarioError
from chatdrill.seeds import Seed
from chatdrill.serve import Stage
from chatdrill.serve.channel import Office
from chatdrill.trace import Acted, Filed, Injected, Recorder, Skipped, Took


@dataclass(frozen=True, kw_only=True)
class PlayOptions:
    """How cases are played. Drill seconds, except ``settle_s``, ``case_timeout_s`` and ``patience_floor_s`` (real).

    ``calendars`` are those of the settings, by name. A pause longer than ``skip_over_s`` is skipped where time is not virtual. However fast the drill, a bot gets
    ``patience_floor_s`` to answer (or the whole of the wait, if that is shorter): its own time does not run faster.
    """

    reply_timeout_s: float = 10.0
    settle_s: float = 0.25
    skip_over_s: float = 10.0
    case_timeout_s: float = 300.0
    patience_floor_s: float = 5.0
    runaway: int = 30
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


Attend = Callable[[Filed | Skipped], None]
"""Who is told of what is true at the desk, and of the pauses that are skipped."""


async def _nothing_to_restart() -> None:
    raise ScenarioError("there is no bot to restart")


@dataclass
class Play:
    """What all players of a session share. Records are handed to the conversation they are about.
    ``restart`` kills the bot and starts it again."""

    stage: Stage
    recorder: Recorder
    clock: Clock
    seed: Seed
    options: PlayOptions
    stopped_because: str | None = None
    restart: Callable[[], Awaitable[None]] = _nothing_to_restart
    deadlines: Deadlines[asyncio.Future[None]] = field(init=False)
    _conversations: dict[str | None, Conversation] = field(default_factory=dict)
    _attending: dict[str, Attend] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.deadlines = Deadlines(end_wait, 0.0 if self.clock.is_virtual else GRAIN_S)
        self.recorder.listen(Acted, self._acted)
        self.recorder.listen(Took, self._took)
        self.recorder.listen(Skipped, self._tell)
        self.recorder.listen(Injected, self._struck)
        self.stage.bureau.watchers.append(self._file)

    @property
    def office(self) -> Office | None:
        """The desk behind the bot, if there is one."""
        return next(iter(self.stage.bureau.offices.values()), None)

    def _file(self, office: Office, filed: Filed) -> None:  # noqa: ARG002  one desk a run
        self._tell(filed)

    def _tell(self, record: Filed | Skipped) -> None:
        attend = self._attending.get(record.case or "")
        if attend is not None:
            attend(record)

    def attend(self, case: str, note: Attend) -> None:
        """Tell ``note`` of everything at the desk that is about a case, and of its skipped pauses."""
        self._attending[case] = note

    def unattend(self, case: str) -> None:
        """Stop that."""
        self._attending.pop(case, None)

    def wake(self, conv: str) -> None:
        """Something happened that this conversation may wait for."""
        conversation = self._conversations.get(conv)
        if conversation is not None:
            conversation.wake()

    def _acted(self, record: Acted) -> None:
        conversation = self._conversations.get(record.conv)
        if conversation is not None:
            conversation.acted(record)

    def _took(self, record: Took) -> None:
        conversation = self._conversations.get(record.conv)
        if conversation is not None:
            conversation.took(record)

    def _struck(self, record: Injected) -> None:
        conversation = self._conversations.get(record.conv)
        if conversation is not None and record.by == "chance":
            conversation.grace_s += self.real_s(record.late_s)

    def listen(self, conversation: Conversation) -> None:
        """Keep ``conversation`` up to date from now on."""
        self._conversations[conversation.id] = conversation

    def forget(self, conversation: Conversation) -> None:
        """Stop that."""
        self._conversations.pop(conversation.id, None)

    def stop(self, reason: str) -> None:
        """The bot is gone: no conversation needs to wait any longer."""
        self.stopped_because = reason
        for conversation in self._conversations.values():
            conversation.wake()

    def is_waiting(self) -> bool:
        """True while a customer waits for an answer that may yet come: a bot in another process needs real time for it."""
        now = real_monotonic()
        most_s = self.options.patience_floor_s
        return any(conversation.is_waiting(now, most_s) for conversation in self._conversations.values())

    def real_s(self, drill_s: float) -> float:
        """How long, really, a customer waits for a bot when the scenario says ``drill_s``."""
        if self.clock.is_virtual:
            return drill_s
        return max(drill_s / self.clock.speed, min(drill_s, self.options.patience_floor_s))
