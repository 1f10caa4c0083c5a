"""Steps about what lies behind the bot: the helpdesk's people, ratings, faults, forgeries, a restart of the bot."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chatdrill.engine.acting import Actor
from chatdrill.engine.cases import Case
from chatdrill.engine.chronicle import Chronicle
from chatdrill.engine.conversation import Conversation
from chatdrill.engine.desk_steps import AgentDoes, AgentSees, Breaks, DeskStep, Forges, Handoff, Rates, Restarts
from chatdrill.engine.deskwork import DeskWork, Interrupted
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.listening import Nudging, Unmet
from chatdrill.engine.play import Play
from chatdrill.errors import BotError, ScenarioError
from chatdrill.model import Press, Rate, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve.faults import Fault

_SURVEY_S = 60.0
"""Drill seconds that a customer who wants to rate waits to be asked."""
_STARS = "★⭐"


class Stunts:
    """Plays those steps for one case."""

    def __init__(self, case: Case, play: Play, chronicle: Chronicle, seed: Seed) -> None:
        self._case = case
        self._shared = play
        self._chronicle = chronicle
        self._seed = seed
        self._desk: DeskWork | None = None

    def open_desk(self, facts: Mapping[str, str]) -> None:
        """Let the agents come, if there is a desk behind the bot. ``facts`` are what the customers will tell.

        Raises ``ScenarioError`` for a shift in a calendar that nobody knows.
        """
        if (faults := self._case.scenario.faults) is not None:
            self._shared.stage.expose(read_faults(faults), case=self._case.id)
        office = self._shared.office
        if office is not None:
            self._desk = DeskWork(self._case, self._shared, office, self._seed, facts, self._trouble)
            self._chronicle.staffed(office.name, self._desk.agents)

    def patience(self, conversation: Conversation, nudging: Nudging) -> Nudging:
        """Who waits for a person nudges like anybody else, but does not leave: the queue is the scenario's, not the bot's."""
        if self._desk is None:
            return nudging
        desk = self._desk

        def nudge() -> bool:
            return nudging.nudge() or desk.is_with_people(conversation)

        return Nudging(nudging.wait_s, nudge)

    def _trouble(self, what: str) -> None:
        self._chronicle.trouble("harness", what)

    def enter(self, conversation: Conversation) -> None:
        """A customer comes in."""
        if self._desk is not None:
            self._desk.enter(conversation)

    def close(self) -> None:
        """The case is over: the agents go, and what was broken for it is whole again."""
        self._shared.stage.mend(self._case.id)
        if self._desk is not None:
            self._desk.close()

    async def do(
        self, index: int, step: DeskStep, conversation: Conversation, actor: Actor, interrupted: Interrupted
    ) -> None:
        """Play a step. Raises ``Unmet`` where what it needs never comes."""
        if isinstance(step, Breaks):
            self._shared.stage.break_by(msgspec.convert({**step.fault, "case": self._case.id}, Fault))
        elif isinstance(step, Restarts):
            await self._restart(conversation, by_chance=step.by_chance)
        else:
            await self._at_the_desk(index, step, conversation, actor, interrupted)

    async def _restart(self, conversation: Conversation, *, by_chance: bool) -> None:
        if by_chance:
            self._chronicle.restarted(conversation)
        try:
            await self._shared.restart()
        except BotError as error:
            raise Unmet(f"the bot did not come up again: {error}") from error

    async def _at_the_desk(
        self,
        index: int,
        step: Handoff | AgentDoes | AgentSees | Rates | Forges,
        conversation: Conversation,
        actor: Actor,
        interrupted: Interrupted,
    ) -> None:
        desk = self._desk
        if desk is None:
            raise ScenarioError(
                "there is no helpdesk behind the bot; name one with --desk", where=self._case.marks[index]
            )
        if isinstance(step, Handoff):
            self._unless(index, conversation, await desk.hand_over(step, conversation, interrupted))
        elif isinstance(step, AgentSees):
            self._unless(index, conversation, await desk.sees(step, conversation, interrupted))
        elif isinstance(step, AgentDoes):
            await desk.do(index, step, conversation, interrupted)
        elif isinstance(step, Forges):
            await self._forge(step, desk, conversation)
        else:
            await self._rate(index, step, desk, conversation, actor, interrupted)

    def _unless(self, index: int, conversation: Conversation, missing: str | None) -> None:
        if missing is not None:
            self._chronicle.left(index, conversation, "unmet", missing)
            raise Unmet(missing)

    async def _forge(self, step: Forges, desk: DeskWork, conversation: Conversation) -> None:
        ticket = desk.floor.ticket_of(conversation.id)
        if ticket is None:
            raise Unmet("there is nothing to forge a reply in: no ticket was made")
        agent = ticket.agent or next(iter(desk.agents))
        await self._shared.stage.forge(desk.floor.office.name, ticket.id, agent, step.text, step.how)

    async def _rate(
        self,
        index: int,
        step: Rates,
        desk: DeskWork,
        conversation: Conversation,
        actor: Actor,
        interrupted: Interrupted,
    ) -> None:
        """Where the desk has asked on a page of its own, rate there; else press the bot's button or write the digit.

        Raises ``Unmet`` where nobody has asked.
        """
        office = desk.floor.office
        has_page = office.desk.capabilities.survey == "page"

        def by_page() -> bool:
            return has_page and desk.surveyed(conversation.id)

        def asked() -> bool:
            interrupted(conversation)
            return by_page() or _survey_in(conversation, step.score) is not None

        await conversation.until_at_last(asked, self._shared.real_s(_SURVEY_S))
        ticket = desk.floor.ticket_of(conversation.id)
        if by_page() and ticket is not None:
            rate = Rate(agent="", score=step.score, comment=step.comment)
            self._shared.stage.bureau.act(office.name, ticket.id, rate, step=index)
            return
        press = _survey_in(conversation, step.score)
        if press is None and not _was_spoken_to(conversation):
            raise Unmet(f"nobody asked the customer for a rating within {say_seconds(_SURVEY_S)}")
        actor.do(press or Write(parts=(Text(text=str(step.score)),)), step=index)


def _survey_in(conversation: Conversation, score: int) -> Press | None:
    """The button for a score in the newest message that has one."""
    for message in reversed(conversation.messages("bot")):
        for button in message.buttons:
            if _means(button.title, score):
                return Press(button=button, message_id=message.id)
    return None


def _means(title: str, score: int) -> bool:
    """Whether a button stands for a score: by its digit, or by so many stars."""
    digits = "".join(char if char.isdigit() else " " for char in title).split()
    return str(score) in digits or (not digits and sum(char in _STARS for char in title) == score)


def _was_spoken_to(conversation: Conversation) -> bool:
    """True if the bot has said something since the customer's last word: a survey without buttons may be among it."""
    word_at = conversation.word_at or 0.0
    return any(item.at >= word_at for item in conversation.heard)
