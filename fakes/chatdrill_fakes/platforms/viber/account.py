"""The calls about the bot itself and about people: webhook, account, details, presence."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import Fetch
from chatdrill_fakes.platforms.viber import limits
from chatdrill_fakes.platforms.viber.calls import Answered, Asked, hosted
from chatdrill_fakes.platforms.viber.contents import scheme_of
from chatdrill_fakes.platforms.viber.errors import ApiError, bad, missing
from chatdrill_fakes.platforms.viber.ids import millis
from chatdrill_fakes.platforms.viber.objects import avatar_url, user_object
from chatdrill_fakes.platforms.viber.state import EVENT_TYPES, FILTERABLE, Json, ViberChat, ViberState
from chatdrill_fakes.platforms.viber.webhooks import CHECK_TIMEOUT_S, check_request

ONLINE_S = 60.0
"""How long after their last act a customer counts as online; Viber does not say."""
_ANSWER_MAX_BYTES = 64 * 1024


def set_webhook(asked: Asked) -> Answered:
    """The webhook's address, which must answer a callback with 200 before it counts; an empty one takes the webhook away."""
    state, url = asked.state, asked.values.get("url")
    if url is None:
        raise missing("url")
    if not isinstance(url, str):
        raise bad("url is no string")
    wanted = _wanted(asked)
    if not url:
        state.webhook_url = None
        state.outbox.clear()
        state.outbox.changed()
        return Answered({"event_types": []})  # the official Python SDK reads them here, too
    checked = _check(asked, url)
    if checked is not None:
        return checked
    state.wanted = wanted
    for name in ("send_name", "send_photo"):
        setattr(state, name, asked.values.get(name) in (True, "true"))
    state.webhook_url = url
    state.outbox.changed()
    return Answered(hosted(event_types=_told(state)))


def _wanted(asked: Asked) -> frozenset[str]:
    """The filterable events that the bot asks for; all without a list, those that cannot be left out with an empty one."""
    given = asked.values.get("event_types")
    if given is None:
        return frozenset(FILTERABLE)
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise bad("event_types is no list of strings")
    return frozenset(given) & frozenset(FILTERABLE)


def _told(state: ViberState) -> list[str]:
    """Every event that comes; live accounts list more than was asked for."""
    return [name for name in EVENT_TYPES if name not in FILTERABLE or name in state.wanted]


def _check(asked: Asked, url: str) -> Answered | None:
    """Ask the address; ``None`` once it has answered well. One outside this machine is taken on trust."""
    scheme = scheme_of(url)
    if scheme is None or (scheme == "http" and asked.state.on("strict")):
        raise _invalid()
    got = next(iter(asked.exchange.fetched.values()), None)
    if got is None:
        # The token of the check is made of the time: the platform changes nothing while it waits, not even its chance.
        request = check_request(asked.state, url, f"5{millis(asked.now):018}", asked.now)
        return Answered(wait=Fetch((), CHECK_TIMEOUT_S, _ANSWER_MAX_BYTES, requests=(request,)))
    if got.error != "unreachable" and got.status != 200:
        raise _invalid(got.error or f"status {got.status}")
    return None


def _invalid(note: str = "") -> ApiError:
    return ApiError(1, text="invalidUrl", note=note, **hosted())


def get_account_info(asked: Asked) -> Answered:
    """Everything about the bot."""
    state, settings = asked.state, asked.state.settings
    icon = f"{state.known_url}/download_photo?dlid=icon"
    body: Json = {
        "id": settings["id"],
        "chat_hostname": hosted()["chat_hostname"],
        "name": settings["name"],
        "uri": settings["uri"],
        "icon": icon,
        "background": icon,
        "category": "Local Businesses",
        "subcategory": "Shopping",
        "location": {"lon": 16.3738, "lat": 48.2082},
        "country": "AT",
        "webhook": state.webhook_url or "",
        "event_types": _told(state),
        "subscribers_count": sum(chat.subscribed for chat in state.chats.values()),
        "members": [{"id": "01234567890A=", "name": "Admin", "avatar": icon, "role": "admin"}],
    }
    return Answered(body)


def get_user_details(asked: Asked) -> Answered:
    """The customer and their device; twice in twelve hours."""
    state = asked.state
    chat = asked.chat(asked.text("id"))
    if not chat.subscribed:
        raise ApiError(6)
    if state.limited and chat.details.take(chat.at(asked.now)):
        raise ApiError(12)
    android = state.settings["device_os"] != "ios"
    # Only the webhook's user lacks a name for bots that did not ask for one; consent counts in both places.
    known: Json = {"name": chat.customer.name, "avatar": avatar_url(state, chat)} if state.on("personalization") else {}
    user: Json = {
        **user_object(state, chat),
        **known,
        "primary_device_os": "Android 14" if android else "iOS 17.5",
        "viber_version": "22.4.0",
        "mcc": 255,
        "mnc": 1,
        "device_type": "SM-A556B" if android else "iPhone15,2",
    }
    return Answered(hosted(message_token=int(state.new_token()), user=user), to=chat.address)


def get_online(asked: Asked) -> Answered:
    """Who of up to a hundred people is there."""
    wanted = asked.texts("ids", limits.ONLINE_MAX)
    users = [_presence(to, asked.state.chats.get(to), asked.now) for to in wanted]
    return Answered({"users": users}, to=wanted[0] if len(wanted) == 1 and wanted[0] in asked.state.chats else None)


def _presence(to: str, chat: ViberChat | None, now: float) -> dict[str, Any]:
    if chat is None or not chat.subscribed:
        return {"id": to, "online_status": 4, "online_status_message": "unavailable"}
    last = chat.last_customer_at
    if last is None or chat.at(now) - last <= ONLINE_S:
        return {"id": to, "online_status": 0, "online_status_message": "online"}
    return {"id": to, "online_status": 1, "online_status_message": "offline", "last_online": millis(last)}


def post(asked: Asked) -> Answered:  # noqa: ARG001 (a method like the others)
    """A message to a public chat, which bots have none of any more."""
    raise ApiError(18)
