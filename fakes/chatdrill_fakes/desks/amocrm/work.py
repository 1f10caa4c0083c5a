"""How a conversation moves through the account: mirrored, asked for, accepted, worked on, closed, begun anew.

A customer's message without ``silent`` asks for a person: an incoming lead is made for it, or the talk of the lead that is
still open goes on. Agents, calls of the bot and the account's own bots all come through here, so that the same happens
whoever causes it.
"""

from __future__ import annotations

from chatdrill.model import (
    Accepted,
    ContactFiled,
    Declined,
    HandoffAsked,
    SurveyAsked,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill_fakes.desks.amocrm import ids, records, shapes
from chatdrill_fakes.desks.amocrm.outgoing import Outgoing, Speaker, send
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import (
    LOST,
    STAGES,
    UNSORTED,
    WORKING,
    AmoState,
    AmoTicket,
    Conversation,
    Document,
    Incoming,
    Talk,
)

ROBOT = 0
RATE_MAX = 10
RATING_QUESTION = "How likely are you to recommend us? Answer with a number from 0 to 10."


def open_chat(state: AmoState, conversation: Conversation, now: float, keys: tuple[str, ...]) -> Scene:
    """The ticket of a chat, opened with its first message, and a contact unless the chat has one."""
    ticket = state.tickets.get(conversation.ticket or "")
    if ticket is None:
        ticket = AmoTicket(address=conversation.id, made_at=now, changed_at=now, chat=conversation.id)
        state.chats[ticket.address] = ticket
        conversation.ticket = ticket.address
        scene = Scene(state, ticket, now, ROBOT)
        _give_contact(scene, conversation, keys)
        name = conversation.person.name
        scene.tell(TicketOpened(ticket=ticket.address, contact=ticket.contact, keys=keys, name=name))
        return scene
    scene = Scene(state, ticket, now, ROBOT)
    _give_contact(scene, conversation, keys)
    return scene


def _give_contact(scene: Scene, conversation: Conversation, keys: tuple[str, ...]) -> None:
    state, known = scene.state, scene.state.contacts.get(conversation.contact or 0)
    if known is None or known["is_deleted"]:
        given = records.contact_of_person(conversation.person)
        known = records.new_contact(state, given, by=ROBOT, now=scene.now)
        conversation.contact, conversation.link = known["id"], state.next_id()
        scene.tell(ContactFiled(contact=str(known["id"]), keys=keys, name=known["name"]))
    scene.ticket.contact = str(known["id"])


# ---------------------------------------------------------------------------------------- asking for a person


def ask(scene: Scene, item: Document) -> None:
    """A customer's message that is not silent: somebody shall look at it."""
    ticket = scene.ticket
    held = ticket.asked or ticket.assignee is not None
    if not scene.lead_is_open and (ticket.talk is None or not ticket.talk.in_work):
        _make_incoming(scene, item)
    elif ticket.talk is None:
        _begin_talk(scene)
    elif not ticket.talk.in_work:
        reopen_talk(scene)
    elif ticket.talk.is_read:
        ticket.talk.is_read = False
        touch_talk(scene)
    if not held:
        _call_somebody(scene)


def _make_incoming(scene: Scene, item: Document) -> None:
    state, ticket = scene.state, scene.ticket
    conversation = state.conversation_of(ticket)
    assert conversation is not None  # only chats have messages
    again = ticket.lead is not None or ticket.talk is not None
    given = {"name": f"Lead from {conversation.person.name}", "created_by": ROBOT}
    contacts = [] if conversation.contact is None else [conversation.contact]
    lead = records.new_lead(state, given, by=ROBOT, now=scene.now, status=UNSORTED, contacts=contacts)
    ticket.lead = lead["id"]
    incoming = Incoming(
        uid=ids.uid(state.chance),
        category="chats",
        created_at=scene.now,
        lead=lead["id"],
        contact=conversation.contact,
        metadata=_chat_metadata(state, conversation, item),
        source_name=state.settings["channel_code"],
    )
    state.incoming[incoming.uid] = incoming
    ticket.incoming = incoming.uid
    if again:
        scene.tell(TicketReopened(ticket=ticket.address))
    scene.becomes("new", STAGES[UNSORTED])
    scene.hook("add_unsorted", "unsorted", "add", shapes.incoming(state, incoming))
    _begin_talk(scene)


def _chat_metadata(state: AmoState, conversation: Conversation, item: Document) -> Document:
    person = conversation.person
    return {
        "from": person.name,
        "to": conversation.source or state.settings["channel_id"],
        "received_at": item["timestamp"],
        "service": state.settings["channel_code"],
        "client": {"name": person.name, "avatar": person.avatar or None},
        "origin": {"chat_id": conversation.id, "ref": None, "visitor_uid": None},
        "last_message_text": item["message"]["text"] or None,
        "source_name": state.settings["channel_code"],
    }


def _call_somebody(scene: Scene) -> None:
    """Nobody has the ticket: the lead's responsible user gets it back, or, where that is the bot, it waits for one."""
    ticket, lead = scene.ticket, scene.state.lead_of(scene.ticket)
    scene.tell(HandoffAsked(ticket=ticket.address))
    if ticket.incoming is not None or lead is None:
        return
    agent = scene.state.agent_of_user(lead["responsible_user_id"])
    if agent is None:
        ticket.waiting = True
    else:
        scene.assigned(agent)


# ------------------------------------------------------------------------------------------------------ talks


def _begin_talk(scene: Scene) -> None:
    """A session of support begins; one that was closed makes room for it."""
    state, ticket = scene.state, scene.ticket
    if ticket.chat is None:
        return
    talk = ticket.talk = Talk(state.next_id(), scene.now, scene.now)
    state.talks[talk.id] = ticket.address
    scene.hook("add_talk", "talk", "add", shapes.talk(state, ticket, talk))


def touch_talk(scene: Scene) -> None:
    """The talk has changed: subscribers are told."""
    talk = scene.ticket.talk
    if talk is not None:
        talk.updated_at = scene.now
        scene.hook("update_talk", "talk", "update", shapes.talk(scene.state, scene.ticket, talk))


def join_talk(scene: Scene) -> None:
    """An agent writes: the talk is in work and read, whatever it was before."""
    talk = scene.ticket.talk
    if talk is None:
        _begin_talk(scene)
    elif not talk.in_work:
        reopen_talk(scene)
    if (talk := scene.ticket.talk) is not None and not talk.is_read:
        talk.is_read = True
        touch_talk(scene)


def reopen_talk(scene: Scene) -> None:
    """A closed talk goes on."""
    talk = scene.ticket.talk
    if talk is not None and not talk.in_work:
        talk.in_work, talk.closing, talk.is_read = True, False, False
        scene.tell(TicketReopened(ticket=scene.ticket.address))
        lead = scene.state.lead_of(scene.ticket)
        scene.stage(WORKING if lead is None else lead["status_id"])
        touch_talk(scene)


def close_talk(scene: Scene, *, force: bool) -> bool:
    """Close the talk, or let the rating bot ask first. Returns false if it is closed or closing already."""
    talk = scene.ticket.talk
    if talk is None or not talk.in_work or (talk.closing and not force):
        return False
    if scene.state.on("nps") and not force:
        talk.closing = True
        _ask_for_rating(scene)
        return True
    finish_talk(scene)
    return True


def _ask_for_rating(scene: Scene) -> None:
    """The rating bot speaks in the chat; the channel's hook carries it like any message."""
    scene.tell(SurveyAsked(ticket=scene.ticket.address))
    bot = Speaker(scene.state.settings["bot_id"], "NPS bot", "system")
    rows = [[{"text": str(rate)} for rate in range(RATE_MAX + 1)]]
    send(scene, bot, Outgoing(text=RATING_QUESTION, more={"markup": {"mode": "inline", "buttons": rows}}))


def finish_talk(scene: Scene) -> None:
    """The talk is over, and with it the human part."""
    talk = scene.ticket.talk
    if talk is None:
        return
    let_go(scene)
    talk.in_work, talk.closing = False, False
    touch_talk(scene)
    scene.becomes("solved", "talk closed")


def let_go(scene: Scene) -> None:
    """Control goes back to the bot; nothing where it had it all along."""
    ticket = scene.ticket
    if ticket.assignee is not None or ticket.asked:
        ticket.assignee, ticket.waiting = None, False
        scene.tell(TicketClosed(ticket=ticket.address))


# --------------------------------------------------------------------------------------------- incoming leads


def accept(scene: Scene, incoming: Incoming, user: int, status: int = WORKING) -> None:
    """An incoming lead becomes a real one, with ``user`` responsible."""
    state, lead = scene.state, scene.state.leads[incoming.lead]
    lead["status_id"], lead["responsible_user_id"] = status, user
    lead["updated_at"], lead["updated_by"] = int(scene.now), user
    _settle(scene, incoming, "accept")
    scene.hook("add_lead", "leads", "add", shapes.lead(state, lead))
    if incoming.contact is not None:
        contact = state.contacts[incoming.contact]
        contact["responsible_user_id"] = user
        scene.hook("add_contact", "contacts", "add", shapes.contact(state, contact))
    agent = state.agent_of_user(user)
    if agent is None:
        scene.tell(TicketClosed(ticket=scene.ticket.address))
        scene.assigned(None, bot=True)
    else:
        scene.tell(Accepted(ticket=scene.ticket.address, agent=agent))
        scene.assigned(agent)
    scene.stage(status)
    touch_talk(scene)


def decline(scene: Scene, incoming: Incoming, agent: str | None) -> None:
    """An incoming lead goes to the bin, with its contact; the chat itself stays."""
    state, lead = scene.state, scene.state.leads[incoming.lead]
    lead["is_deleted"] = True
    if incoming.contact is not None and not _other_leads(state, incoming):
        state.contacts[incoming.contact]["is_deleted"] = True
    _settle(scene, incoming, "decline")
    if agent is not None:
        scene.tell(Declined(ticket=scene.ticket.address, agent=agent))
    talk = scene.ticket.talk
    if talk is not None and talk.in_work:
        talk.in_work, talk.closing = False, False
        touch_talk(scene)
    scene.ticket.assignee, scene.ticket.waiting = None, False
    scene.becomes("closed", "declined")
    scene.tell(TicketClosed(ticket=scene.ticket.address))


def _settle(scene: Scene, incoming: Incoming, action: str) -> None:
    state = scene.state
    state.incoming.pop(incoming.uid, None)
    state.settled.append((action, scene.now - incoming.created_at))
    scene.ticket.incoming = None
    result: Document = {"leads": [incoming.lead]}
    if action == "accept" and incoming.contact is not None:
        result["contacts"] = [incoming.contact]
    scene.hook(
        "delete_unsorted",
        "unsorted",
        "delete",
        {
            "action": action,
            "uid": incoming.uid,
            "category": incoming.category,
            "created_at": int(incoming.created_at),
            f"{action}_result": result,
        },
    )


def _other_leads(state: AmoState, incoming: Incoming) -> bool:
    return any(
        incoming.contact in lead["contacts"] and lead["id"] != incoming.lead and not lead["is_deleted"]
        for lead in state.leads.values()
    )


# ------------------------------------------------------------------------------------------------------ leads


def make_responsible(scene: Scene, user: int) -> None:
    """Another user is responsible for the lead: an agent has the ticket now, or the bot again."""
    state, lead = scene.state, scene.state.lead_of(scene.ticket)
    if lead is None:
        return
    old = lead["responsible_user_id"]
    lead["responsible_user_id"] = user
    lead["updated_at"], lead["updated_by"] = int(scene.now), scene.by
    if old != user:
        item = shapes.lead(state, lead, old_responsible_user_id=old)
        scene.hook("responsible_lead", "leads", "responsible", item)
    agent = state.agent_of_user(user)
    if agent is None:
        if scene.ticket.incoming is None:  # an incoming lead asks for a person, whoever is responsible for it
            let_go(scene)
        scene.assigned(None, bot=True)
        return
    if scene.ticket.assignee is None and not scene.ticket.asked and scene.by == state.bot_user:
        scene.tell(HandoffAsked(ticket=scene.ticket.address))
    scene.ticket.waiting = False
    if agent != scene.ticket.assignee:
        scene.assigned(agent)


def move(scene: Scene, status: int, pipeline: int | None = None) -> None:
    """The lead comes to another stage. A lead without a chat is over with its final stage."""
    state, lead = scene.state, scene.state.lead_of(scene.ticket)
    if lead is None or (lead["status_id"] == status and pipeline in (None, lead["pipeline_id"])):
        return
    old = {"old_status_id": lead["status_id"], "old_pipeline_id": lead["pipeline_id"]}
    lead["status_id"], lead["pipeline_id"] = status, pipeline or lead["pipeline_id"]
    lead["updated_at"], lead["updated_by"] = int(scene.now), scene.by
    lead["closed_at"] = None if scene.lead_is_open else int(scene.now)
    scene.hook("status_lead", "leads", "status", shapes.lead(state, lead, **old))
    scene.stage(status)
    if not scene.lead_is_open and scene.ticket.chat is None:
        let_go(scene)


def lose(scene: Scene) -> None:
    """End a lead that has no chat."""
    move(scene, LOST)
