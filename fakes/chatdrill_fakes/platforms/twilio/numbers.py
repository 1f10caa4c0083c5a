"""The number and its settings: where its webhooks go. Source: twilio.com/docs, IncomingPhoneNumbers (2026)."""

from __future__ import annotations

from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.objects import list_page
from chatdrill_fakes.platforms.twilio.sending import is_url
from chatdrill_fakes.platforms.twilio.state import Json, TwilioState

_URLS = {
    "SmsUrl": "webhook_url",
    "SmsFallbackUrl": "fallback_url",
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "voice_status_callback",
}
"""Which address is which; ``StatusCallback`` of a number is about its calls, messages name their own."""


def number_object(state: TwilioState) -> Json:
    """The number as answers show it."""
    sid = state.settings["phone_number_sid"]
    has_mms = state.settings["mms"] != "no"
    return {
        "sid": sid,
        "account_sid": state.account,
        "friendly_name": state.number,
        "phone_number": state.number,
        "sms_url": state.webhook_url or "",
        "sms_method": state.method,
        "sms_fallback_url": state.fallback_url,
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "voice_url": state.voice_address,
        "voice_method": "POST",
        "voice_fallback_url": state.voice_fallback_url,
        "voice_fallback_method": "POST",
        "status_callback": state.voice_status_callback,
        "status_callback_method": "POST",
        "capabilities": {"voice": True, "sms": True, "mms": has_mms, "fax": False},
        "api_version": "2010-04-01",
        "status": "in-use",
        "uri": f"{state.root}/IncomingPhoneNumbers/{sid}.json",
    }


def listed(asked: Asked) -> Answered:
    """The numbers of the account: one."""
    wanted = asked.values.get("PhoneNumber", "")
    items = [number_object(asked.state)] if wanted in asked.state.number else []
    path = "IncomingPhoneNumbers.json"
    return Answered(
        list_page(asked.state, "incoming_phone_numbers", path, items, (0, 50, False), ""), root="IncomingPhoneNumbers"
    )


def read(asked: Asked) -> Answered:
    """The number."""
    _check(asked)
    return Answered(number_object(asked.state), root="IncomingPhoneNumber")


def change(asked: Asked) -> Answered:
    """Where webhooks go, and how."""
    _check(asked)
    state, values = asked.state, asked.values
    for name in _URLS:
        if values.get(name) and not is_url(values[name]):
            raise ApiError(21609 if name == "StatusCallback" else 20001, values[name], note=f"{name} is no address")
    if values.get("SmsMethod", "POST").upper() not in ("GET", "POST"):
        raise ApiError(20001, note="SmsMethod is GET or POST")
    for name, attribute in _URLS.items():
        if name in values:
            setattr(state, attribute, values[name] or (None if attribute == "webhook_url" else ""))
    state.method = values.get("SmsMethod", state.method).upper()
    state.outbox.changed()
    return Answered(number_object(state), root="IncomingPhoneNumber")


def _check(asked: Asked) -> None:
    if asked.sid != asked.state.settings["phone_number_sid"]:
        raise ApiError(20404, asked.exchange.request.path)
