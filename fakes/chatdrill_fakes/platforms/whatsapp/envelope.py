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
    entry: dict[str, Any] = {"profile": profile}
    if "hidden_numbers" not in state.quirks:
        entry["wa_id"] = chat.wa_id
    elif chat.customer.username:
        profile["username"] = f"@{chat.customer.username}"
    entry["user_id"] = chat.user_id
    if chat.identity_hash:
        entry["identity_key_hash"] = chat.identity_hash
    return entry


def messages_value(state: WhatsAppState, chat: WhatsAppChat, message: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a change that carries one message of a customer."""
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": metadata(state)}
    if "no_contacts" not in state.quirks:
        value["contacts"] = [contact(state, chat)]
    value["messages"] = [message]
    return value


def entry(state: WhatsAppState, field: str, value: Mapping[str, Any], *, time: int | None = None) -> bytes:
    """One element of ``entry``, escaped; only management webhooks carry a ``time``."""
    whole: dict[str, Any] = {"id": state.settings["business_account_id"]}
    if time is not None:
        whole["time"] = time
    whole["changes"] = [{"value": value, "field": field}]
    return escaped_json(whole)


def body(updates: Sequence[Update]) -> bytes:
    """The body of the webhook that carries updates, in their order."""
    joined = b",".join([update.body for update in updates])
    return b'{"object":"whatsapp_business_account","entry":[' + joined + b"]}"


def wanted(state: WhatsAppState, field: str) -> bool:
    """True if the app is subscribed to the account and to a field."""
    fields = state.account.fields
    return state.account.subscribed and (fields is None or field in fields)
