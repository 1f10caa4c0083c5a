"""What happens to a conversation, whoever does it: status, assignment, messages, and what follows from them by itself.

Source: Chatwoot v4.15.1, app/models/conversation.rb, message.rb and concerns; the order of webhooks is that of the callbacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import (
    Assigned,
    DeskEvent,
    Entry,
    EntryAdded,
    HandoffAsked,
    Owner,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    TicketState,
)
from chatdrill.wire import strings_in
from chatdrill_fakes.desks.chatwoot import shapes, templates
from chatdrill_fakes.desks.chatwoot.hooks import changed, message_payload, publish
from chatdrill_fakes.desks.chatwoot.hours import can_reply
from chatdrill_fakes.desks.chatwoot.routing import next_agent
from chatdrill_fakes.desks.chatwoot.state import (
    AgentBot,
    Author,
    ChatwootState,
    Contact,
    ContactInbox,
    Conversation,
    Message,
    Status,
    User,
    uuid,
)

STATES: dict[str, TicketState] = {"open": "open", "pending": "new", "snoozed": "snoozed", "resolved": "solved"}


def owner(state: ChatwootState, talk: Conversation) -> Owner:
    """Who may speak.

    A pending conversation is the bot's, whoever is still noted as its assignee: Chatwoot keeps the assignee when a
    conversation is resolved and becomes pending again.
    """
    if talk.status == "pending":
        return "bot"
    if talk.status == "resolved":
        return "bot" if state.inbox.bot is not None else "none"
    return "agent" if talk.in_hands else "queue"


@dataclass
class Work:
    """One thing that somebody does at one time. ``by`` is nobody for what the desk does itself; ``called`` says that it is
    a call of the bot, which makes an opening a request for a person."""

    state: ChatwootState
    now: float
    by: Author = None
    called: bool = False
    events: list[DeskEvent] = field(default_factory=list)

    # -- conversations

    def open_conversation(self, link: ContactInbox, values: Mapping[str, Any]) -> Conversation:
        """Make a conversation; an active bot has it first (``pending``), whatever status was asked for."""
        state, id = self.state, str(self.state.next_id("conversation"))
        asked = values.get("status")
        talk = Conversation(address=id, uuid=uuid(state.chance), link=link, contact=str(link.contact.id))
        talk.made_at = talk.changed_at = talk.active_at = talk.waiting_since = self.now
        talk.status = asked if asked in STATES else "open"
        if state.inbox.bot is not None:
            talk.status = "pending"
        if link.contact.blocked:
            talk.status = "resolved"
        talk.custom_attributes = dict(values.get("custom_attributes") or {})
        talk.additional_attributes = dict(values.get("additional_attributes") or {})
        talk.state = STATES[talk.status]
        state.tickets[id] = talk
        self._tell_opened(talk)
        return talk

    def _tell_opened(self, talk: Conversation) -> None:
        person = talk.person
        named = (talk.link.source_id, person.identifier, person.phone_number, person.email, person.custom_attributes)
        keys = tuple(dict.fromkeys(strings_in([*named, talk.custom_attributes, talk.additional_attributes])))
        fields = {**talk.additional_attributes, **talk.custom_attributes}
        opened = TicketOpened(ticket=talk.address, contact=talk.contact, keys=keys, name=person.name, fields=fields)
        self.events += [opened, StateChanged(ticket=talk.address, state=talk.state, word=talk.status)]
        publish(self.state, "conversation_created", self.payload(talk), self.now, talk)
        if owner(self.state, talk) == "queue":
            self.events.append(HandoffAsked(ticket=talk.address, fields=fields))
            self._route(talk)

    def payload(self, talk: Conversation) -> dict[str, Any]:
        """A conversation as webhooks have it."""
        return shapes.pushed_conversation(self.state, talk, self.now)

    def update(self, talk: Conversation, **values: Any) -> None:
        """Change columns of a conversation, and tell what differs now."""
        columns = {name: (_shown(getattr(talk, name)), _shown(value)) for name, value in values.items()}
        for name, value in values.items():
            setattr(talk, name, value)
        differs = {_COLUMNS.get(name, name): pair for name, pair in columns.items() if pair[0] != pair[1]}
        if not differs:
            return
        before, talk.changed_at = talk.changed_at, self.now
        if "status" in differs:
            self._tell_status(talk, differs["status"])
        stamp = {"updated_at": (shapes.iso(before), shapes.iso(self.now))}
        tell = {**self.payload(talk), "changed_attributes": changed({**differs, **stamp})}
        publish(self.state, "conversation_updated", tell, self.now, talk)

    def _tell_status(self, talk: Conversation, pair: tuple[Any, Any]) -> None:
        own = {"open": "conversation_opened", "resolved": "conversation_resolved"}.get(talk.status)
        if own:
            publish(self.state, own, self.payload(talk), self.now, talk)
        tell = {**self.payload(talk), "changed_attributes": changed({"status": pair})}
        publish(self.state, "conversation_status_changed", tell, self.now, talk)

    # -- status

    def set_status(self, talk: Conversation, status: Status, *, line: str | None = None, **values: Any) -> None:
        """Give a conversation another status; ``line`` is the activity text where it is not the usual one."""
        if status == talk.status:
            return self.update(talk, **values)
        before = owner(self.state, talk)
        talk.in_hands = talk.in_hands and status in ("open", "snoozed")
        talk.state = STATES[status]
        if status == "resolved":
            values["waiting_since"] = None
        if status != "snoozed":
            values["snoozed_until"] = None
        self.update(talk, status=status, **values)
        self.events.append(StateChanged(ticket=talk.address, state=talk.state, word=status))
        self.activity(talk, line or templates.MARKED[status].format(who=_name(self.by)))
        self._tell_owner(talk, before)
        if status == "resolved":
            self._ask_rating(talk)
        elif status == "open" and not talk.in_hands:
            self._route(talk)
        return None

    def _tell_owner(self, talk: Conversation, before: Owner) -> None:
        """The beginning and the end of the human part."""
        human = ("queue", "agent")
        after = owner(self.state, talk)
        if before in human and after not in human:
            talk.episodes += 1
            self.events.append(TicketClosed(ticket=talk.address))
        elif after in human and before not in human:
            if self.called and not isinstance(self.by, Contact):
                self.events.append(HandoffAsked(ticket=talk.address, fields=dict(talk.custom_attributes)))
            if talk.episodes:
                self.events.append(TicketReopened(ticket=talk.address))

    def _route(self, talk: Conversation) -> None:
        """Routing's own assignment, when a conversation opens that nobody has."""
        if talk.user is not None or (agent := next_agent(self.state)) is None:
            return
        talk.assignee = agent
        self.update(talk, user=self.state.user_of(agent))
        self.events.append(Assigned(ticket=talk.address, agent=agent, automatic=True))
        self.activity(talk, f"Assigned to {_name(talk.user)} via system")

    # -- assignment

    def assign(self, talk: Conversation, user: User | None) -> None:
        """Give a conversation to a user, which takes it from the bot, or to nobody."""
        talk.assignee = user.key if user else None
        talk.in_hands = user is not None
        self.update(talk, user=user, bot=None if user else talk.bot)
        self.events.append(Assigned(ticket=talk.address, agent=talk.assignee, team=talk.team))
        self.activity(talk, _assigned_line(self.by, user))

    def assign_bot(self, talk: Conversation, bot: AgentBot) -> None:
        """Give a conversation to an agent bot; in this release its status stays."""
        talk.assignee, talk.in_hands = None, False
        self.update(talk, bot=bot, user=None)
        self.events.append(Assigned(ticket=talk.address, bot=True))

    def assign_team(self, talk: Conversation, team_id: int | None) -> None:
        """Give a conversation to a team; an assignee who is not in it loses it."""
        team = self.state.teams.get(team_id) if team_id is not None else None
        outside = team is not None and talk.user is not None and talk.user.key not in team.members
        talk.team = team.name if team else None
        if outside:
            talk.assignee, talk.in_hands = None, False
        self.update(talk, team_id=team.id if team else None, **({"user": None} if outside else {}))
        self.events.append(Assigned(ticket=talk.address, agent=talk.assignee, team=talk.team))
        line = f"Assigned to {team.name} by {_name(self.by)}" if team else f"Unassigned from team by {_name(self.by)}"
        self.activity(talk, line)

    # -- messages

    def activity(self, talk: Conversation, line: str) -> None:
        """A line of the desk's own, for the agents' eyes; no webhook carries it."""
        message = Message(id=self.state.next_id("message"), content=line, message_type="activity", at=self.now)
        self._keep(talk, message)

    def add(self, talk: Conversation, message: Message) -> Message:
        """A message is written: what it does to the conversation, and what answers it by itself."""
        self._keep(talk, message)
        if message.message_type == "incoming" and not talk.person.blocked:
            self._wake(talk)
        publish(self.state, "message_created", message_payload(self.state, talk, message, self.now), self.now, talk)
        self._count_waiting(talk, message)
        if message.message_type == "incoming":
            text = templates.reply_text(self.state, talk, self.now)
            if text is not None:
                self._say(talk, text, "text")
        return message

    def _say(self, talk: Conversation, text: str, content_type: str) -> None:
        id = self.state.next_id("message")
        self.add(talk, Message(id=id, content=text, message_type="template", at=self.now, content_type=content_type))

    def _ask_rating(self, talk: Conversation) -> None:
        """The survey after a conversation was resolved; none where the window for answers is over."""
        if not templates.asks_rating(self.state, talk):
            return
        if not can_reply(self.state.inbox, talk, self.now):
            self.activity(talk, templates.NOT_ASKED)
            return
        self._say(talk, templates.survey_text(self.state, talk), "input_csat")
        self.events.append(SurveyAsked(ticket=talk.address))

    def _wake(self, talk: Conversation) -> None:
        """The customer's word opens what slept; what was resolved is the bot's again, where there is one."""
        writer = Work(self.state, self.now, talk.person, self.called, self.events)
        if talk.status == "snoozed":
            writer.set_status(talk, "open")
        elif talk.status == "resolved":
            writer.set_status(talk, "pending" if self.state.inbox.bot is not None else "open")

    def _keep(self, talk: Conversation, message: Message) -> None:
        talk.messages.append(message)
        talk.active_at = talk.changed_at = self.now
        if message.message_type == "incoming":
            talk.person.last_activity_at = self.now
        entry = self._entry(message)
        talk.entries.append(entry)
        self.events.append(EntryAdded(ticket=talk.address, entry=entry))

    def _entry(self, message: Message) -> Entry:
        stated = message.content_attributes.get("external_created_at")
        quoted = message.content_attributes.get("in_reply_to")
        plain = message.content_type in ("text", "input_csat") and message.message_type != "activity"
        return Entry(
            id=str(message.id),
            author=author_of(message),
            at=message.at,
            text=message.content or "",
            public=not message.private and message.message_type != "activity",
            files=tuple(each.file for each in message.attachments),
            kind=message.message_type
            if message.message_type == "activity"
            else None
            if plain
            else message.content_type,
            origin_id=message.source_id or message.echo_id,
            origin_at=float(stated) if isinstance(stated, int | float) else None,
            reply_to=str(quoted) if quoted is not None else None,
            said_by=message.sender.name if message.sender else None,
        )

    def _count_waiting(self, talk: Conversation, message: Message) -> None:
        """``waiting_since`` and the first reply. A note counts for nothing, a bot's answer not as a first reply."""
        if message.message_type == "incoming" and talk.waiting_since is None:
            self.update(talk, waiting_since=message.at)
        if message.message_type != "outgoing" or message.private:
            return
        if isinstance(message.sender, User) and talk.first_reply_at is None:
            self.update(talk, first_reply_at=message.at, waiting_since=None)
        elif talk.waiting_since is not None:
            self.update(talk, waiting_since=None)

    def rewrite(self, talk: Conversation, message: Message, **values: Any) -> None:
        """Change a message; nothing is told if nothing differs."""
        if all(getattr(message, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(message, name, value)
        message.changed_at = self.now
        publish(self.state, "message_updated", message_payload(self.state, talk, message, self.now), self.now, talk)


_COLUMNS = {
    "user": "assignee_id",
    "bot": "assignee_agent_bot_id",
    "first_reply_at": "first_reply_created_at",
    "labels": "label_list",
}


def author_of(message: Message) -> Literal["customer", "bot", "agent", "system"]:
    """Who is behind a message. The integration's own user is the bot under another name."""
    if message.message_type in ("activity", "template"):
        return "system"
    if message.message_type == "incoming":
        return "customer"
    return "agent" if isinstance(message.sender, User) and message.sender.key else "bot"


def _shown(value: Any) -> Any:
    """A column as ``changed_attributes`` show it."""
    if isinstance(value, User | AgentBot):
        return value.id
    if isinstance(value, float):
        return shapes.iso(value)
    return value


def _name(by: Author) -> str:
    return by.name if by else "system"


def _assigned_line(by: Author, user: User | None) -> str:
    if user is None:
        return f"Conversation unassigned by {_name(by)}"
    return f"{user.name} self-assigned this conversation" if by is user else f"Assigned to {user.name} by {_name(by)}"
