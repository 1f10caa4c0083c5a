"""Management webhooks: templates, quality, account. Payloads after Meta, "Webhooks reference" (2025/26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill_fakes.platforms.whatsapp import envelope
from chatdrill_fakes.platforms.whatsapp.state import DAY_S, TemplateEntry, WhatsAppChat, WhatsAppState

Payload = Callable[[WhatsAppState, WhatsAppChat | None, float], dict[str, Any]]

# Fields that Meta sends and whose payload a scenario gives whole.
FREE_FIELDS = (
    "smb_app_state_sync",
    "history",
    "business_username_update",
    "phone_number_username_update",
    "calls",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "flows",
    "payment_configuration_update",
    "partner_solutions",
    "automatic_events",
)


def template_fields(entry: TemplateEntry) -> dict[str, Any]:
    """How webhooks name a template; its id is a number here, a string in the API."""
    return {
        "message_template_id": int(entry.id),
        "message_template_name": entry.name,
        "message_template_language": entry.language,
    }


def status_update(entry: TemplateEntry, event: str) -> dict[str, Any]:
    """The value of ``message_template_status_update``."""
    named = template_fields(entry)
    return {"event": event, **named, "reason": entry.reason, "message_template_category": entry.category}


def _sample(state: WhatsAppState) -> TemplateEntry:
    named = (entry for entry in state.templates.values() if entry.name == "parcel_update")
    blank = TemplateEntry("1689556908129832", "parcel_update", "de", "UTILITY", [])
    return next(named, blank)


def _template_status(state: WhatsAppState, _chat: WhatsAppChat | None, _at: float) -> dict[str, Any]:
    return status_update(_sample(state), "APPROVED")


def _template_quality(state: WhatsAppState, _chat: WhatsAppChat | None, _at: float) -> dict[str, Any]:
    scores = {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"}
    return {**scores, **template_fields(_sample(state))}


def _template_components(state: WhatsAppState, _chat: WhatsAppChat | None, _at: float) -> dict[str, Any]:
    entry = _sample(state)
    body = entry.component("BODY") or {}
    return {**template_fields(entry), "message_template_element": str(body.get("text", ""))}


def _template_category(state: WhatsAppState, _chat: WhatsAppChat | None, _at: float) -> dict[str, Any]:
    change = {"previous_category": "UTILITY", "new_category": "MARKETING"}
    return {**template_fields(_sample(state)), **change}


def _preferences(state: WhatsAppState, chat: WhatsAppChat | None, at: float) -> dict[str, Any]:
    wa_id = chat.wa_id if chat else ""
    preference = {
        "wa_id": wa_id,
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": int(at),
    }
    contacts = {"contacts": [envelope.contact(state, chat)]} if chat else {}
    named = {"messaging_product": "whatsapp", "metadata": envelope.metadata(state)}
    return {**named, **contacts, "user_preferences": [preference]}


def _number(state: WhatsAppState, **fields: Any) -> dict[str, Any]:
    return {"display_phone_number": state.settings["display_phone_number"], **fields}


def _restriction(_state: WhatsAppState, _chat: WhatsAppChat | None, at: float) -> dict[str, Any]:
    kind = "RESTRICTED_BIZ_INITIATED_MESSAGING"
    restriction = {"restriction_type": kind, "expiration": int(at + 3 * DAY_S)}
    return {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]}


def _alert(_state: WhatsAppState, _chat: WhatsAppChat | None, _at: float) -> dict[str, Any]:
    alert = {
        "alert_severity": "WARNING",
        "alert_status": "ACTIVE",
        "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        "alert_description": "Limits cannot be increased yet.",
    }
    return {"entity_type": "BUSINESS", "entity_id": "506914307656634", "alert_info": alert}


STANDARD: dict[str, Payload] = {
    "message_template_status_update": _template_status,
    "message_template_quality_update": _template_quality,
    "message_template_components_update": _template_components,
    "template_category_update": _template_category,
    "user_preferences": _preferences,
    "phone_number_quality_update": lambda state, _chat, _at: _number(
        state, event="THROUGHPUT_UPGRADE", max_daily_conversations_per_business="TIER_UNLIMITED"
    ),
    "phone_number_name_update": lambda state, _chat, _at: _number(
        state, decision="APPROVED", requested_verified_name="Atelier", rejection_reason=None
    ),
    "business_capability_update": lambda _state, _chat, _at: {
        "max_daily_conversations_per_business": 2000,
        "max_phone_numbers_per_waba": 25,
    },
    "account_alerts": _alert,
    "account_review_update": lambda _state, _chat, _at: {"decision": "APPROVED"},
    "account_update": _restriction,
    "security": lambda state, _chat, _at: _number(state, event="PIN_CHANGED"),
}


def apply(state: WhatsAppState, chat: WhatsAppChat | None, field: str, value: Mapping[str, Any]) -> None:
    """Let the account behave as a webhook says: a paused template is paused, a stopped preference is heeded."""
    if field == "message_template_status_update":
        for entry in _named(state, value):
            entry.status = str(value.get("event", entry.status)).replace("REINSTATED", "APPROVED")
    elif field == "template_category_update" and "previous_category" in value:
        for entry in _named(state, value):
            entry.category = str(value.get("new_category", entry.category))
    elif field == "user_preferences" and chat:
        wishes = value.get("user_preferences")
        last = wishes[-1] if isinstance(wishes, list) and wishes else {}
        chat.marketing_stopped = isinstance(last, Mapping) and last.get("value") == "stop"


def _named(state: WhatsAppState, value: Mapping[str, Any]) -> list[TemplateEntry]:
    name, language = value.get("message_template_name"), value.get("message_template_language")
    wanted = str(language).replace("-", "_")
    return [entry for entry in state.templates.values() if entry.name == name and entry.language == wanted]
