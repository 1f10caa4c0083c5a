"""Which cases a record belongs to that names none: a webhook with several conversations in it, an agent who goes home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from chatdrill.model import PresenceChanged
from chatdrill.trace import Acted, Attempt, CaseBegan, Dropped, Filed, Record


class Homes:
    """Knows the cases that have ``began`` by their conversations, their updates and their agents, until told to ``forget`` one."""

    def __init__(self) -> None:
        self._case_of_conv: dict[str | None, str] = {}
        self._case_of_update: dict[tuple[str, str], str] = {}
        self._cases_of_agent: dict[tuple[str, str], list[str]] = defaultdict(list)

    def began(self, record: CaseBegan) -> None:
        """A case begins."""
        for agent in record.agents:
            self._cases_of_agent[record.desk or "", agent].append(record.case or "")

    def acted(self, record: Acted, case: str, platform: str) -> None:
        """Something happened at a customer's, in this case on this platform."""
        self._case_of_conv[record.conv] = case
        for update in record.updates:
            self._case_of_update[platform, update] = case

    def forget(self, began: CaseBegan, acts: Sequence[Acted]) -> None:
        """Nobody asks any more for what belongs to this case, in which ``acts`` happened."""
        for conv in {act.conv for act in acts}:
            self._case_of_conv.pop(conv, None)
        for act in acts:
            for update in act.updates:
                self._case_of_update.pop((began.platform_of(act.conv), update), None)
        for agent in began.agents:
            cases = self._cases_of_agent[began.desk or "", agent]
            cases.remove(began.case or "")
            if not cases:
                del self._cases_of_agent[began.desk or "", agent]

    def of(self, record: Record) -> Sequence[str]:
        """The cases whose customers it is about, or whose scenario made it happen (an event of the whole account)."""
        if isinstance(record, Attempt | Dropped):
            convs = record.convs if isinstance(record, Attempt) else ()
            named = [self._case_of_conv.get(conv) for conv in convs]
            named += [self._case_of_update.get((record.platform, update)) for update in record.updates]
            return sorted({name for name in named if name is not None})
        if isinstance(record, Filed) and isinstance(record.event, PresenceChanged):  # it is about no conversation
            return self._cases_of_agent.get((record.desk, record.event.agent), ())
        return ()
