"""Events on their way out: whom they reach, what authorises them, how a form spells them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chatdrill.wire import Hook, HttpRequest, Update
from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Binding, Bitrix24State, Record
from chatdrill_fakes.families.desks.brackets import decode_brackets, encode_brackets

TOKEN_S = 3600  # OAuth documentation: an access token lives for an hour
SERVER = "https://oauth.bitrix.info/rest/"
CONNECTOR_EVENTS = (
    "ONIMCONNECTORMESSAGEADD", "ONIMCONNECTORMESSAGEUPDATE", "ONIMCONNECTORMESSAGEDELETE", "ONIMCONNECTORDIALOGSTART",
    "ONIMCONNECTORDIALOGFINISH", "ONIMCONNECTORSTATUSDELETE", "ONIMCONNECTORLINEDELETE",
)  # fmt: skip
LINE_EVENTS = (
    "ONSESSIONSTART", "ONSESSIONFINISH", "ONOPENLINEMESSAGEADD", "ONOPENLINEMESSAGEUPDATE", "ONOPENLINEMESSAGEDELETE",
)  # fmt: skip
CRM_EVENTS = tuple(
    f"ONCRM{kind}{what}" for kind in ("LEAD", "CONTACT", "DEAL", "COMPANY") for what in ("ADD", "UPDATE", "DELETE")
)
BOT_EVENTS = {
    "add": ("ONIMBOTMESSAGEADD", "ONIMBOTV2MESSAGEADD"),
    "update": ("ONIMBOTMESSAGEUPDATE", "ONIMBOTV2MESSAGEUPDATE"),
    "delete": ("ONIMBOTMESSAGEDELETE", "ONIMBOTV2MESSAGEDELETE"),
    "join": ("ONIMBOTJOINCHAT", "ONIMBOTV2JOINCHAT"),
    "gone": ("ONIMBOTDELETE", "ONIMBOTV2DELETE"),
}
EMULATED = (*CONNECTOR_EVENTS, *LINE_EVENTS, *CRM_EVENTS, "ONCRMDEALMOVETOCATEGORY")
SILENT = ("ONAPPINSTALL", "ONAPPUNINSTALL", "ONAPPUPDATE", "ONUSERADD", "ONOFFLINEEVENT", "ONCRMACTIVITYADD")
"""Events that may be bound and never come here."""


def tell(scene: Scene, event: str, data: Any, *, ticket: str | None = None, key: str = "") -> None:
    """Send an event to everybody who bound it, and file it for those who ask later. ``key`` names the object."""
    bound = [each for each in scene.state.bindings if each.event == event]
    for binding in bound:
        if binding.offline:
            _file(scene, binding, key, data)
        else:
            _put(scene, event, data, ticket, binding.hook, binding.id, binding.user)
    state = scene.state
    is_primary = event in values.text(state.settings["events"]).upper().replace(" ", "").split(",")
    if state.webhook_url is not None and is_primary and not any(not each.offline for each in bound):
        _put(scene, event, data, ticket, None, state.counts["handler"], "0")


def _put(scene: Scene, event: str, data: Any, ticket: str | None, hook: Hook | None, handler: int, user: str) -> None:
    whose = scene.user if user == "0" else user
    body = {
        "event": event,
        "event_handler_id": handler,
        "data": data,
        "ts": int(scene.at),
        "auth": authority(scene.state, scene.at, whose),
    }
    send(scene, event, body, ticket, hook)


def send(scene: Scene, event: str, body: dict[str, Any], ticket: str | None, hook: Hook | None) -> None:
    """Put one event into the outbox, in the portal's own form."""
    serial = scene.state.next("event")
    lane = f"{'' if hook is None else hook.id}:{ticket}"
    update = Update(f"{serial}", event, ticket, lane, encode_brackets(_blank(body)), scene.at, hook=hook)
    scene.state.outbox.put(update)


def _blank(value: Any) -> Any:
    """The value with empty strings for what is nothing: PHP would leave it out, the portal does not."""
    if isinstance(value, dict):
        return {key: _blank(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_blank(item) for item in value]
    return "" if value is None else value


def authority(state: Bitrix24State, at: float, user: str | None) -> dict[str, Any]:
    """The block ``auth`` of an event. Without a user there are no tokens; ``application_token`` is always there."""
    common = {
        "domain": state.settings["domain"],
        "client_endpoint": f"https://{state.settings['domain']}/rest/",
        "server_endpoint": SERVER,
        "member_id": state.settings["member_id"],
        "status": "L",
        "scope": state.settings["scope"],
        "application_token": state.settings["application_token"],
    }
    if user is None or not user.isdigit():
        return common
    token, until = fresh_token(state, at, user)
    return {
        "access_token": token,
        "expires": int(until),
        "expires_in": TOKEN_S,
        **common,
        "user_id": int(user),
    }


def fresh_token(state: Bitrix24State, at: float, user: str) -> tuple[str, float]:
    """An access token of a user and its end; one that has half of its time left is given again."""
    token = state.last_tokens.get(user, "")
    until = state.tokens.get(token, (0.0, user))[0] or 0.0
    if until - at < TOKEN_S / 2 or until - at > TOKEN_S:
        token, until = state.chance.hex(32), at + TOKEN_S
        state.tokens[token] = (until, user)
        state.last_tokens[user] = token
    return token, until


def _file(scene: Scene, binding: Binding, key: str, data: Any) -> None:
    """Keep a change for ``event.offline.get``: repeated changes of one object are one record."""
    state = scene.state
    state.records = [
        each
        for each in state.records
        if (each.event, each.key, each.connector) != (binding.event, key, binding.connector)
        or each.process_id
        or not key
    ]
    record = Record(state.next("event"), scene.at, binding.event, key, data, connector=binding.connector)
    state.records.append(record)


def request(state: Bitrix24State, update: Update) -> HttpRequest:
    """The request that carries an event."""
    url = update.hook.url if update.hook is not None else state.webhook_url or ""
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("User-Agent", "Bitrix24 Webhook Engine"),
        ("Accept", "*/*"),
    )
    return HttpRequest("POST", url, headers, update.body)


def forged(request: HttpRequest, token: str | None) -> bytes:
    """The body of an event with another ``application_token``, everywhere it stands, or without one."""
    return encode_brackets(dict(_forged(decode_brackets(request.body), token)))


def _forged(tree: dict[str, Any], token: str | None) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield key, dict(_forged(value, token))
        elif key != "application_token":
            yield key, value
        elif token is not None:
            yield key, token
