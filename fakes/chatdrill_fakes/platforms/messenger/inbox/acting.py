"""What agents do in the inbox. What they write goes to the customer directly; the bot sees it as an echo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    Act,
    Agent,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Assigned,
    Close,
    DeskEvent,
    Elapse,
    Entry,
    EntryAdded,
    EntryFailed,
    Event,
    Message,
    Note,
    Part,
    PresenceChanged,
    Release,
    Reopen,
    Reply,
    Sent,
    SetPresence,
    SetState,
    TakeOver,
    Transfer,
)
from chatdrill.wire import Later
from chatdrill_fakes.families.graph.limits import HUMAN_AGENT_S
from chatdrill_fakes.families.graph.sending import afterwards
from chatdrill_fakes.families.graph.state import Json

from .. import limits
from ..inbound.messages import contents
from ..inbound.scene import Scene
from ..product import PRODUCT
from ..state import MessengerChat
from .declared import LACKS, TITLE
from .noticing import IDLE, added, closed, entry_of, look, opened
from .state import InboxState, InboxThread


@dataclass
class Work:
    """One act: where, who (``agent`` is missing where time acts), when, and what becomes true by it."""

    state: InboxState
    thread: InboxThread
    agent: Agent | None
    now: float
    events: list[DeskEvent] = field(default_factory=list)

    @property
    def ticket(self) -> str:
        """The address of the thread."""
        return self.thread.address

    @property
    def chat(self) -> MessengerChat:
        """The thread as the Page has it."""
        return self.state.page.chats[self.ticket]

    @property
    def who(self) -> str:
        """The key of the agent."""
        return "" if self.agent is None else self.agent.key

    @property
    def controls(self) -> bool:
        """True while the thread is the inbox's."""
        return self.thread.controller == self.state.app_id

    def plan(self, act: Act, after_s: float = 0.0) -> None:
        """Let the platform tell the bot."""
        self.state.planned.append(Later(after_s, self.ticket, act))


def act(state: InboxState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    if isinstance(act, SetPresence):
        return _presence(state, act)
    do = _ACTS.get(type(act))
    if do is None:
        raise Unsupported(LACKS[type(act).__struct_config__.tag])  # type: ignore[index]  # a tagged union has tags
    thread = state.tickets.get(ticket)
    if thread is None or ticket not in state.page.chats:
        raise UsageError(f"{TITLE} has no thread {ticket!r}")
    work = Work(state, thread, None if isinstance(act, Elapse) else _agent(state, act.agent), now)
    work.events += look(state, thread, now)
    do(work, act)
    return work.events


def _agent(state: InboxState, key: str) -> Agent:
    if key not in state.seats:
        raise UsageError(f"{TITLE} has no agent {key!r}")
    return state.seats[key].agent


def _presence(state: InboxState, act: SetPresence) -> list[DeskEvent]:
    _agent(state, act.agent)
    state.seats[act.agent].presence = act.presence
    return [PresenceChanged(agent=act.agent, presence=act.presence)]


# ------------------------------------------------------------------------------------------------------- control


def _accept(work: Work, _act: Accept) -> None:
    """Who is shown a thread of the inbox assigns it to themselves. The bot is not told."""
    if not work.controls or work.thread.assignee not in (None, work.who):
        whose = work.thread.assignee if work.controls else "the bot"
        raise UsageError(f"{TITLE}: there is nothing to accept in thread {work.ticket}: {whose} has it")
    _assign(work, work.who)
    work.events.append(Accepted(ticket=work.ticket, agent=work.who))


def _assign(work: Work, agent: str) -> None:
    work.thread.assignee = agent
    work.events.append(Assigned(ticket=work.ticket, agent=agent))


def _take_over(work: Work, _act: TakeOver) -> None:
    """The Page Inbox and the default app take the thread; another app asks its owner for it, and waits."""
    if not work.controls and not work.state.takes:
        _ask_for_it(work)
        return
    _take(work)


def _ask_for_it(work: Work) -> None:
    work.plan(Event(name="request_thread_control", data=_told(requested_owner_app_id=work.state.app_id)))


def _take(work: Work) -> None:
    if not work.controls:
        page = work.state.page
        told = _told(previous_owner_app_id=page.owner_of(work.chat, work.now), new_owner_app_id=work.state.app_id)
        _give(work, work.state.app_id)
        work.events += opened(work.state, work.thread)
        work.plan(Event(name="take_thread_control", data=told))
    if work.thread.assignee != work.who:
        _assign(work, work.who)
        work.events.append(Accepted(ticket=work.ticket, agent=work.who))


def _told(**apps: str | None) -> Json:
    """The event's data; a person in the inbox says nothing with it."""
    return {**apps, "metadata": None}


def _give(work: Work, app_id: str) -> None:
    work.chat.give(app_id, work.now)
    work.thread.controller = app_id


def _pass_back(work: Work) -> None:
    if not work.controls:
        raise UsageError(f"{TITLE}: thread {work.ticket} is not the inbox's, so nobody can give it back")
    bot = work.state.page.app_id
    _give(work, bot)
    told = _told(previous_owner_app_id=work.state.app_id, new_owner_app_id=bot)
    work.plan(Event(name="pass_thread_control", data=told))


def _close(work: Work, _act: Close) -> None:
    """``Move to done``: the thread goes back to the bot."""
    _pass_back(work)
    work.events += closed(work.thread)


def _release(work: Work, _act: Release) -> None:
    """The thread goes back to the bot and stays among the open ones."""
    _pass_back(work)
    work.thread.assignee = None


def _reopen(work: Work, _act: Reopen) -> None:
    if work.thread.state != "closed":
        raise UsageError(f"{TITLE}: thread {work.ticket} is {work.thread.state}, not done")
    _take_over(work, TakeOver(agent=work.who))


def _set_state(work: Work, act: SetState) -> None:
    if act.state in ("closed", "solved"):
        _close(work, Close(agent=work.who))
    elif act.state == "open":
        _take_over(work, TakeOver(agent=work.who))
    else:
        raise Unsupported(LACKS[f"set_state.{act.state}"])


def _transfer(work: Work, act: Transfer) -> None:
    if act.to_agent is None:
        raise Unsupported(LACKS["transfer.team"])
    _agent(work.state, act.to_agent)
    if not work.controls:
        raise UsageError(f"{TITLE}: thread {work.ticket} is the bot's; take it over first")
    _assign(work, act.to_agent)


def _elapse(work: Work, act: Elapse) -> None:
    """A day has passed; ``look`` has seen whether the thread is idle. Where the customer wrote meanwhile, it takes longer."""
    if act.what != IDLE:
        raise Unsupported(f"{TITLE} plans nothing called {act.what!r}; it plans {IDLE}")
    work.thread.timed = work.controls
    if work.controls:
        left_s = max(work.chat.owner_until - work.now, 0.0)
        work.state.planned.append(Later(left_s, work.ticket, Elapse(agent="", what=IDLE)))


# ------------------------------------------------------------------------------------------------------ speaking


def _reply(work: Work, act: Reply) -> None:
    """Whoever writes in the Page Inbox takes the thread over by that; another app must control it already."""
    if not work.controls and not work.state.takes:
        raise UsageError(f"{TITLE}: another app controls thread {work.ticket} (10/2018300); take it over first")
    _check_length(act.parts)
    scene = Scene(work.state.page, work.chat, work.now)
    said = Message(ids=(), author="agent", parts=act.parts, at=work.now, reply_to=act.reply_to)
    pieces = list(contents(scene, said))
    _take(work)
    problem = _refusal(work)
    for record, parts in pieces:
        mid = work.state.page.new_mid(work.chat)
        sent = msgspec.structs.replace(said, ids=(mid,), parts=parts)
        work.events.append(_added(work, sent))
        if problem is not None:
            work.events.append(EntryFailed(ticket=work.ticket, entry_id=mid, reason=problem))
            continue
        quoted: Json = {} if act.reply_to is None else {"reply_to": {"mid": act.reply_to}}
        work.chat.keep(sent, {"mid": mid, **record, **quoted})
        work.state.effects.append(Sent(to=work.ticket, message=sent))
        work.state.planned += afterwards(PRODUCT, _told_fields(work.state), work.ticket, sent)


def _added(work: Work, sent: Message) -> EntryAdded:
    return added(work.thread, entry_of(sent, said_by=None if work.agent is None else work.agent.name))


def _told_fields(state: InboxState) -> frozenset[str]:
    """On standby the one field stands for echoes and receipts."""
    fields = state.page.fields
    return fields | {"message_echoes", "message_deliveries"} if "standby" in fields else fields


def _check_length(parts: Sequence[Part]) -> None:
    longest = max((len(part.text) for part in parts if hasattr(part, "text")), default=0)
    if longest > limits.TEXT_MAX:
        raise UsageError(f"{TITLE} takes {limits.TEXT_MAX} characters in a message, not {longest}")


def _refusal(work: Work) -> str | None:
    """Why Messenger does not deliver what a person writes now."""
    chat, last = work.chat, work.chat.last_customer_at
    if chat.blocked or chat.banned:
        return "This person isn't available right now."
    if last is None or work.now - last > HUMAN_AGENT_S:
        return "This message is sent outside of allowed window."
    return None


def _note(work: Work, act: Note) -> None:
    work.thread.notes += 1
    name = None if work.agent is None else work.agent.name
    id = f"note-{work.thread.notes}"
    entry = Entry(id=id, author="agent", at=work.now, text=act.text, public=False, said_by=name)
    work.events.append(added(work.thread, entry))


def _typing(work: Work, act: AgentTyping) -> None:
    work.events.append(AgentTyped(ticket=work.ticket, agent=act.agent))


_ACTS: dict[type, Callable[[Work, Any], None]] = {
    Accept: _accept,
    TakeOver: _take_over,
    Transfer: _transfer,
    SetState: _set_state,
    Close: _close,
    Release: _release,
    Reopen: _reopen,
    Reply: _reply,
    Note: _note,
    AgentTyping: _typing,
    Elapse: _elapse,
}
