"""What lies around every webhook: the entry of the account, the change of a field, the metadata of the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.wire import Update
from chatdrill_fakes.families.meta import escaped_json
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppChat, WhatsAppState

MESSAGES = "messages"
ECHOES = "smb_message_echoes"
ACCOUNT_LANE = "account"


def metadata(state: WhatsAppState) -> dict[str, str]:
    """The phone number that a change is about."""
    return {
        "display_phone_number": state.settings["display_phone_number"],
        "phone_number_id": state.settings["phone_number_id"],
    }


def contact(state: WhatsAppState, chat: WhatsAppChat) -> dict[str, Any]:
    """The entry of ``contacts`` for a customer; without the number where it is hidden."""
    profile: dict[str, str] = {"name": chat.customer.name}
    hidden = "hidden_numbers" in state.quirks
    if hidden and chat.customer.username:
        profile["username"] = f"@{chat.customer.username}"
    number = {} if hidden else {"wa_id": chat.wa_id}
    known = {"identity_key_hash": chat.identity_hash} if chat.identity_hash else {}
    return {"profile": profile, **number, "user_id": chat.user_id, **known}


def messages_value(state: WhatsAppState, chat: WhatsAppChat, message: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a change that carries one message of a customer."""
    contacts = {} if "no_contacts" in state.quirks else {"contacts": [contact(state, chat)]}
    return {"messaging_product": "whatsapp", "metadata": metadata(state), **contacts, "messages": [message]}


def entry(state: WhatsAppState, field: str, value: Mapping[str, Any], *, time: int | None = None) -> bytes:
    """One element of ``entry``, escaped; only management webhooks carry a ``time``."""
    stamp = {} if time is None else {"time": time}
    changes = [{"value": value, "field": field}]
    return escaped_json({"id": state.settings["business_account_id"], **stamp, "changes": changes})


def body(updates: Sequence[Update]) -> bytes:
    """The body of the webhook that carries updates, in their order."""
    joined = b",".join(update.body for update in updates)
    return b'{"object":"whatsapp_business_account","entry":[' + joined + b"]}"


def wanted(state: WhatsAppState, field: str) -> bool:
    """True if the app is subscribed to the account and to a field."""
    fields = state.account.fields
    return state.account.subscribed and (fields is None or field in fields)
