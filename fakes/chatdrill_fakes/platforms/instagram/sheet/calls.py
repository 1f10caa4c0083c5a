"""A good call of every kind, and one of everything that is not emulated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Happens, Step

from ..graph.routes import REFUSED as REFUSED_ROUTES

_APP = (("Authorization", "Bearer {app_id}|{app_secret}"),)
V = "/v25.0"
INBOX = "1217981644879628"
_SHOP = "https://shop.example"
PICTURE = f"{_SHOP}/map.png"
POSTBACK = {"type": "postback", "title": "Track parcel", "payload": "TRACK"}
_BUTTONS = [POSTBACK, {"type": "web_url", "title": "Shop", "url": _SHOP}]
DEFAULT_APP = {"default_app": "614052937184620"}
"""This app gets new conversations."""


def send(message: Any, *after: Step, **more: Any) -> Ask:
    """A message to the customer; its id is kept as ``message``."""
    body = {"recipient": {"id": "{to}"}, "message": message, **more}
    return Ask(f"{V}/me/messages", body, after=after, keeps={"message": "message_id"})


def template(kind: str, *after: Step, **payload: Any) -> Ask:
    """A template as an attachment."""
    return send({"attachment": {"type": "template", "payload": {"template_type": kind, **payload}}}, *after)


def attachment(kind: str, url: str, **payload: Any) -> dict[str, Any]:
    """A file by its address."""
    return {"attachment": {"type": kind, "payload": {"url": url, **payload}}}


def action(name: str, **payload: str) -> Ask:
    """Something that is shown and is no message."""
    body = {"recipient": {"id": "{to}"}, "sender_action": name}
    return Ask(f"{V}/me/messages", {**body, "payload": payload} if payload else body)


def get(path: str, *after: Step, app: bool = False) -> Ask:
    """A question."""
    return Ask(f"{V}{path}", method="GET", after=after, headers=_APP if app else None)


def post(path: str, *after: Step, keeps: dict[str, str] | None = None, **body: Any) -> Ask:
    """A change."""
    return Ask(f"{V}{path}", body, after=after, keeps=keeps or {})


def delete(path: str, *after: Step, **body: Any) -> Ask:
    """A deletion."""
    return Ask(f"{V}{path}", body or None, method="DELETE", after=after)


def chips(*replies: dict[str, Any]) -> dict[str, Any]:
    """A text with quick replies."""
    return {"text": "?", "quick_replies": list(replies)}


YES = {"content_type": "text", "title": "Yes", "payload": "YES"}
ASKED_FOR_NUMBER = send(chips({"content_type": "user_phone_number"}))
ELEMENT = {"title": "Mug", "subtitle": "blue", "image_url": f"{_SHOP}/mug.png", "buttons": _BUTTONS}
UPLOADED = post(
    "/me/message_attachments",
    keeps={"upload": "attachment_id"},
    platform="instagram",
    message=attachment("image", PICTURE, is_reusable=True),
)
COMMENTED = Happens(Event(name="comments"), keeps={"comment": "changes.0.value.id"})
_OPTED_IN = Happens(Event(name="optin"), keeps={"grant": "messaging.0.optin.notification_messages_token"})
_SENDS = "POST /me/messages"


def to(recipient: dict[str, str], *after: Step, **more: Any) -> Ask:
    """A message to somebody who is not named by id."""
    return post("/me/messages", *after, recipient=recipient, message={"text": "Hi!"}, **more)


_SENDING = (
    send({"text": "Your parcel is on its way"}),
    replace(send(chips(YES, {"content_type": "user_phone_number"})), shows=f"{_SENDS} quick replies"),
    send(attachment("image", PICTURE)),
    send(attachment("image", f"{_SHOP}/a.gif")),
    send(attachment("audio", f"{_SHOP}/a.mp4")),
    send(attachment("video", f"{_SHOP}/a.mp4")),
    send(attachment("file", f"{_SHOP}/a.pdf")),
    replace(send({"attachments": [attachment("image", PICTURE)["attachment"]] * 2}), shows=f"{_SENDS} several images"),
    send({"attachment": {"type": "like_heart"}}),
    send({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "18055512345678901"}}}),
    template("button", text="How may I help?", buttons=_BUTTONS),
    template("generic", elements=[ELEMENT]),
    template("product", elements=[{"id": "5218907442"}]),
    action("typing_on"),
    action("typing_off"),
    action("mark_seen"),
    action("react", message_id="{mine}", reaction="love"),
    action("unreact", message_id="{mine}"),
    replace(to({"comment_id": "{comment}"}, COMMENTED), shows=f"{_SENDS} private reply"),
    replace(to({"notification_messages_token": "{grant}"}, _OPTED_IN), shows=f"{_SENDS} marketing message"),
)
QUESTION = {"question": "Opening hours?", "payload": "HOURS"}
ENTRY = {"type": "postback", "title": "Help", "payload": "HELP"}
_TO: dict[str, Any] = {"recipient": {"id": "{to}"}}
_PASSED = post("/me/pass_thread_control", **_TO, target_app_id=INBOX)
_THREAD = Ask(f"{V}/me/conversations?platform=instagram&user_id={{to}}", method="GET", keeps={"thread": "data.0.id"})
_HOOK = {
    "object": "instagram",
    "callback_url": "http://127.0.0.1:8000/hook",
    "verify_token": "s3cret",
    "fields": "messages,messaging_postbacks",
}
_LOGIN = {
    "client_id": "{app_id}",
    "client_secret": "{app_secret}",
    "grant_type": "authorization_code",
    "redirect_uri": f"{_SHOP}/back",
    "code": "AQBx",
}
_ATTACHED = Ask(
    f"{V}/{{message}}?fields=attachments",
    method="GET",
    after=(send(attachment("image", PICTURE)),),
    keeps={"file": "attachments.data.0.image_data.url"},
)

_ASKING = (
    UPLOADED,
    get("/me?fields=id,user_id,username"),
    get("/me/accounts"),
    post("/me/subscribed_apps", subscribed_fields="messages,messaging_postbacks"),
    get("/me/subscribed_apps"),
    delete("/me/subscribed_apps"),
    post("/me/messenger_profile", platform="instagram", ice_breakers=[QUESTION]),
    get("/me/messenger_profile?platform=instagram&fields=ice_breakers"),
    delete("/me/messenger_profile", platform="instagram", fields=["ice_breakers"]),
    _PASSED,
    post("/me/request_thread_control", _PASSED, **_TO),
    get("/me/thread_owner?recipient={to}"),
    get("/me/secondary_receivers"),
    _THREAD,
    get("/{thread}", _THREAD),
    get("/{thread}/messages", _THREAD),
    get("/{sent}"),
    get("/{to}"),
    get("/debug_token?input_token={token}", app=True),
    Ask("/oauth/access_token", _LOGIN, headers=()),
    get("/access_token?grant_type=ig_exchange_token&client_secret={app_secret}"),
    get("/refresh_access_token?grant_type=ig_refresh_token"),
    Ask(f"{V}/{{app_id}}/subscriptions", _HOOK, headers=_APP),
    get("/{app_id}/subscriptions", app=True),
    Ask(f"{V}/{{app_id}}/subscriptions", method="DELETE", headers=_APP),
    Ask(f"{V}/", {"batch": [{"method": "GET", "relative_url": "me?fields=id"}]}),
    Ask("{file}", method="GET", headers=(), after=(_ATTACHED,)),
)
_CONTROL = (
    post("/me/take_thread_control", _PASSED, **_TO),
    post("/me/extend_thread_control", **_TO, duration=3600),
    post("/me/release_thread_control", **_TO),
)
EXAMPLES = (*_SENDING, *_ASKING, *(replace(ask, settings=DEFAULT_APP) for ask in _CONTROL))
_NODES = {"page": "/me", "user": "/{to}", "app": "/{app_id}", "root": "", "message": "/{mine}"}
REFUSED = tuple(get(f"{_NODES[place]}/{edge}") for place, edge in REFUSED_ROUTES)
