"""What Chatwoot says by itself: the greeting, the out-of-office text, the survey.

Source: Chatwoot v4.15.1, app/services/message_templates and csat_survey_service.rb.
"""

from __future__ import annotations

from datetime import UTC, datetime

from chatdrill_fakes.desks.chatwoot.hours import is_out_of_office
from chatdrill_fakes.desks.chatwoot.limits import OUT_OF_OFFICE_QUIET_S
from chatdrill_fakes.desks.chatwoot.state import ChatwootState, Conversation, Message

DELETED = "This message was deleted"
NOT_ASKED = "CSAT survey not sent due to outgoing message restrictions"
BOT_FAILED = "Conversation was marked open by system due to an error with the agent bot."
MARKED = {
    "open": "Conversation was marked open by {who}",
    "resolved": "Conversation was marked resolved by {who}",
    "pending": "Conversation was marked as pending by {who}",
    "snoozed": "Conversation was snoozed by {who}",
}


def survey_text(state: ChatwootState, talk: Conversation) -> str:
    """What asks for a rating: it ends with the link to the page."""
    return f"Please rate this conversation, {state.base_url}/survey/responses/{talk.uuid}"


def asks_rating(state: ChatwootState, talk: Conversation) -> bool:
    """True if a conversation that was just resolved has a survey coming: once in its life."""
    return state.inbox.csat_survey_enabled and not any(each.content_type == "input_csat" for each in talk.messages)


def reply_text(state: ChatwootState, talk: Conversation, now: float) -> str | None:
    """The answer to a customer's message: out of office, or else the greeting, once each is due."""
    inbox = state.inbox
    if inbox.out_of_office_message and is_out_of_office(inbox, now) and _is_unattended(talk, now):
        return inbox.out_of_office_message
    answered = any(each.message_type in ("outgoing", "template") for each in talk.messages)
    return inbox.greeting_message if inbox.greeting_message and not answered else None


def _is_unattended(talk: Conversation, now: float) -> bool:
    """No template yet today (UTC), and no public answer in the last five minutes."""
    today = datetime.fromtimestamp(now, UTC).date()
    return not any(_speaks_for_today(each, now, today) for each in talk.messages)


def _speaks_for_today(each: Message, now: float, today: object) -> bool:
    if each.message_type == "template":
        return datetime.fromtimestamp(each.at, UTC).date() == today
    return each.message_type == "outgoing" and not each.private and now - each.at < OUT_OF_OFFICE_QUIET_S
