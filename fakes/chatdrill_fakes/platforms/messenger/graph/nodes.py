"""What can be read: the Page, customers' profiles, conversations and messages, tokens."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.families.graph import cdn, reading, tokens
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.conversations import Conversations, updated_at, written
from chatdrill_fakes.families.graph.selection import page, read_fields, select
from chatdrill_fakes.families.graph.state import Json
from chatdrill_fakes.families.meta import GraphError

from .. import errors
from ..state import MessengerChat, MessengerState
from .call import Asked

_USER_FIELDS = "first_name,last_name,profile_pic"
_ROUTING = {"hop_v2": True, "msgr_multi_app": True, "ig_multi_app": True}


def read_page(asked: Asked) -> Answered:
    """``GET /me``, also the way from an account linking token to its PSID."""
    if asked.values.get("account_linking_token") is not None:
        return _linked(asked)
    state = asked.state
    values: Json = {
        "id": state.page_id,
        "name": state.settings["page_name"],
        "category": "Shopping/Retail",
        "link": f"https://www.facebook.com/{state.page_id}",
        "messaging_feature_status": _ROUTING,
    }
    return Answered(select(values, read_fields(asked.values.get("fields"), "name,id")))


def _linked(asked: Asked) -> Answered:
    known = asked.state.linking_tokens.get(str(asked.values["account_linking_token"]))
    chat = None if known is None else asked.state.chats.get(known[0])
    if known is None or chat is None or chat.at(asked.now) > known[1]:
        raise GraphError(10303, "(#10303) Invalid account_linking_token")
    return Answered({"id": asked.state.page_id, "recipient": known[0]})


def read_user(asked: Asked) -> Answered:
    """``GET /{psid}``: nothing but the id before the person has written; never what needs more permissions."""
    chat = asked.chat
    if chat.profile_failures:
        raise chat.profile_failures.pop(0)
    fields = read_fields(asked.values.get("fields"), _USER_FIELDS)
    values: Json = {"id": chat.address}
    if chat.opened:
        customer = chat.customer
        values |= {
            "first_name": customer.first_name,
            "last_name": customer.last_name or None,
            "name": customer.name,
            "profile_pic": cdn.portrait_url(asked.state, chat, chat.at(asked.now)),
        }
    return Answered(select(values, fields))


def accounts(asked: Asked) -> Answered:
    """``GET /me/accounts``: the Page with its token."""
    state = asked.state
    account = {
        "access_token": state.page_token,
        "category": "Shopping/Retail",
        "name": state.settings["page_name"],
        "id": state.page_id,
        "tasks": ["MESSAGING", "MODERATE"],
    }
    return Answered(page([account], asked))


def debug_token(asked: Asked) -> Answered:
    """``GET /debug_token?input_token=``"""
    own: Json = {
        "type": "PAGE",
        "is_valid": True,
        "expires_at": 0,
        "scopes": ["pages_messaging", "pages_manage_metadata", "pages_show_list"],
        "profile_id": asked.state.page_id,
    }
    return tokens.debug_token(asked, own)


# ---------------------------------------------------------------------------------------------- conversations


def _elsewhere(asked: Asked) -> None:
    if asked.values.get("platform") is not None:
        reading.one_of(str(asked.values["platform"]).lower(), "platform", ("messenger",))


def _thread(state: MessengerState, chat: MessengerChat) -> Json:
    people = [_person(chat.customer.name, chat.address), _person(state.settings["page_name"], state.page_id)]
    return {
        "id": chat.thread_id,
        "updated_time": written(updated_at(chat)),
        "link": f"/{state.page_id}/inbox/{chat.thread_id}/",
        "message_count": len(chat.messages),
        "unread_count": 0,
        "can_reply": True,
        "participants": {"data": people},
        "senders": {"data": people},
    }


def _person(name: str, id: str) -> Json:
    return {"name": name, "email": f"{id}@facebook.com", "id": id}


def _message(state: MessengerState, chat: MessengerChat, mid: str) -> Json:
    message, record = chat.messages[mid], chat.records.get(mid, {})
    customer = _person(chat.customer.name, chat.address)
    own = _person(state.settings["page_name"], state.page_id)
    sender, recipient = (customer, own) if message.author == "customer" else (own, customer)
    values: Json = {
        "id": mid,
        "created_time": written(message.at),
        "from": sender,
        "to": {"data": [recipient]},
        "message": record.get("text", ""),
        "reply_to": record.get("reply_to"),
    }
    if attachments := record.get("attachments"):
        values["attachments"] = {"data": [_attachment(number, one) for number, one in enumerate(attachments)]}
    return values


def _attachment(number: int, attachment: Json) -> Json:
    """The Conversations API words attachments differently from webhooks."""
    payload: Any = attachment.get("payload")
    url = payload.get("url") if isinstance(payload, dict) else None
    key = {"image": "image_data", "video": "video_data"}.get(str(attachment.get("type")))
    shown: Json = {"id": str(number), "type": attachment.get("type")}
    if url is not None:
        shown |= {key: {"url": url}} if key else {"file_url": url}
    return shown


CONVERSATIONS = Conversations(_thread, _message, _elsewhere)


def unlink(asked: Asked) -> Answered:
    """``POST /me/unlink_accounts``"""
    psid = reading.identifier(asked.values.get("psid"), "psid")
    if psid not in asked.state.chats:
        raise errors.no_such_user()
    return Answered({"result": "unlink account success"})
