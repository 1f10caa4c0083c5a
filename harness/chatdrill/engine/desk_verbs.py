"""The verbs about the helpdesk, for Python: the same words, the same data as in YAML."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Self

from chatdrill.engine.expect import Expectation

Duration = str | float


class DeskVerbs(ABC):
    """What agents do and see, and what goes wrong behind the bot. ``by`` is the customer whose conversation is meant,
    ``agent`` the key of who acts (without it, the agent who has the conversation)."""

    @abstractmethod
    def _step(self, verb: str, value: Any, by: str | None) -> Self:
        """This, with one step more."""

    def _agent(self, verb: str, by: str | None, agent: str | None, **values: Any) -> Self:
        given = {key: value for key, value in {**values, "by": agent}.items() if value is not None}
        return self._step(f"agent {verb}", given or None, by)

    def handoff(
        self,
        to: str | None = None,
        *,
        within: Duration | None = None,
        carries: str | Iterable[str] = (),
        by: str | None = None,
    ) -> Self:
        """Expect that the bot hands the conversation over, to a team, and that the ticket shows these facts."""
        facts = [carries] if isinstance(carries, str) else list(carries)
        given = {"to": to, "within": within, "carries": facts or None}
        return self._step("handoff", {key: value for key, value in given.items() if value is not None}, by)

    def agent_says(
        self,
        text: str | None = None,
        *,
        template: str | None = None,
        reply_to: str | None = None,
        agent: str | None = None,
        by: str | None = None,
    ) -> Self:
        """An agent writes to the customer: a text, or a canned answer of the scenario's ``templates`` by name."""
        return self._agent("says", by, agent, text=text, template=template, reply_to=reply_to)

    def agent_sends(self, content: Any, *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent sends a file by name, or what ``photo()``, ``location()`` ... describe."""
        return self._agent("sends", by, agent, content=content)

    def agent_notes(self, text: str, *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent writes a private note."""
        return self._agent("notes", by, agent, text=text)

    def agent_edits(self, to: str, *, message: str = "last", agent: str | None = None, by: str | None = None) -> Self:
        """An agent changes an own message."""
        return self._agent("edits", by, agent, to=to, message=message)

    def agent_deletes(self, message: str = "last", *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent deletes an own message."""
        return self._agent("deletes", by, agent, message=message)

    def agent_types(self, duration: Duration, *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent types for a while."""
        return self._agent("types", by, agent, **{"for": duration})

    def agent_accepts(self, agent: str | None = None, *, within: Duration | None = None, by: str | None = None) -> Self:
        """An agent takes the conversation from the queue."""
        return self._agent("accepts", by, agent, within=within)

    def agent_declines(self, agent: str | None = None, *, by: str | None = None) -> Self:
        """An agent refuses the conversation that waits."""
        return self._agent("declines", by, agent)

    def agent_takes_over(self, agent: str | None = None, *, by: str | None = None) -> Self:
        """An agent takes the conversation although nobody asked for a person."""
        return self._agent("takes over", by, agent)

    def agent_transfers(
        self, to: str | None = None, *, team: str | None = None, agent: str | None = None, by: str | None = None
    ) -> Self:
        """An agent passes the conversation on, to another agent or a team."""
        return self._agent("transfers", by, agent, to=to, team=team)

    def agent_sets(self, state: str, *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent sets the ticket's status."""
        return self._agent("sets", by, agent, state=state)

    def agent_closes(self, agent: str | None = None, *, by: str | None = None) -> Self:
        """An agent ends the conversation."""
        return self._agent("closes", by, agent)

    def agent_releases(self, agent: str | None = None, *, by: str | None = None) -> Self:
        """An agent gives the conversation back to the bot and leaves the ticket open."""
        return self._agent("releases", by, agent)

    def agent_reopens(self, agent: str | None = None, *, by: str | None = None) -> Self:
        """An agent opens the ticket again."""
        return self._agent("reopens", by, agent)

    def agent_goes(self, presence: str, *, agent: str | None = None, by: str | None = None) -> Self:
        """An agent comes (``online``), takes a break (``away``) or goes home (``offline``); without ``agent`` all of them."""
        return self._agent("goes", by, agent, presence=presence)

    def agent_sees(self, *expected: str | Expectation, within: Duration | None = None, by: str | None = None) -> Self:
        """Expect messages in the customer's ticket."""
        return self._step("agent sees", {"all": list(expected)} | ({"within": within} if within else {}), by)

    def rates(self, score: int, *, comment: str = "", by: str | None = None) -> Self:
        """The customer answers the survey: 1 (worst) to 5 (best)."""
        return self._step("rates", {"score": score, "comment": comment}, by)

    def breaks(self, where: str, kind: str, *, by: str | None = None, **more: Any) -> Self:
        """From here on something fails: calls of the bot (``where`` is ``api``) or webhooks to it (``webhook``)."""
        fault: Mapping[str, Any] = {"where": where, "kind": kind, **more}
        return self._step("breaks", fault, by)

    def forges(self, how: str = "wrong", *, text: str | None = None, by: str | None = None) -> Self:
        """Somebody who must not sends the bot an agent's reply."""
        return self._step("forges", {"how": how} | ({"text": text} if text is not None else {}), by)

    def bot_restarts(self, *, by: str | None = None) -> Self:
        """The bot is killed and started again."""
        return self._step("bot restarts", None, by)
