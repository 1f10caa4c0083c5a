"""A good call of every kind, and one of everything that is not emulated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Happens, Step

from ..graph.routes import REFUSED as REFUSED_ROUTES

_APP = (("Authorization", "Bearer {app_id}|{app_secret}"),)
V = "/v25.0"
INBOX = "263902037430900"
_SHOP = "https://shop.example"
_PICTURE = f"{_SHOP}/map.png"
POSTBACK = {"type": "postback", "title": "Track parcel", "payload": "TRACK"}
_BUTTONS = [
    POSTBACK,
    {"type": "phone_number", "title": "Call us", "payload": "+4312345678"},
    {"type": "web_url", "title": "Shop", "url": _SHOP},
]


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


ASKED_FOR_NUMBER = send(chips({"content_type": "user_phone_number"}))
YES = {"content_type": "text", "title": "Yes", "payload": "YES"}
ELEMENT = {"title": "Mug", "subtitle": "blue", "image_url": f"{_SHOP}/mug.png", "buttons": _BUTTONS}
UPLOADED = post(
    "/me/message_attachments",
    keeps={"upload": "attachment_id"},
    message=attachment("image", _PICTURE, is_reusable=True),
)
FEEDBACK: dict[str, Any] = {
    "title": "How was it?",
    "subtitle": "One tap",
    "button_title": "Rate",
    "feedback_screens": [{"questions": [{"id": "q-csat", "type": "csat", "title": "Rate our answer"}]}],
    "business_privacy": {"url": f"{_SHOP}/privacy"},
    "expires_in_days": 3,
}
RECEIPT: dict[str, Any] = {
    "recipient_name": "Anna",
    "order_number": "A-77",
    "currency": "EUR",
    "payment_method": "Visa",
    "summary": {"total_cost": 40.9},
    "elements": [{"title": "Blue mug", "quantity": 2, "price": 18.0, "currency": "EUR"}],
}
GRID = {"title": "New in", "images": [{"url": f"{_SHOP}/1.png"}, {"url": f"{_SHOP}/2.png"}], "buttons": [POSTBACK]}
_COMPONENTS = [{"type": "BODY", "text": "Parcel {{nr}} is out"}]
_UTILITY = post(
    "/me/message_templates",
    name="parcel_update",
    language="en",
    category="UTILITY",
    parameter_format="NAMED",
    components=_COMPONENTS,
)
_FILLED = {
    "template": {
        "name": "parcel_update",
        "language": {"code": "en"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "nr", "text": "77"}]},
        ],
    }
}
COMMENTED = Happens(Event(name="feed"), keeps={"comment": "changes.0.value.comment_id"})
_OPTED_IN = Happens(Event(name="optin"), keeps={"token": "messaging.0.optin.notification_messages_token"})
_SENDS = "POST /me/messages"


def _to(recipient: dict[str, str], *after: Step) -> Ask:
    """A message to somebody who is not named by id."""
    return post("/me/messages", *after, recipient=recipient, message={"text": "Hi!"})


_SENDING = (
    send({"text": "Your parcel is on its way"}),
    replace(send(chips(YES, {"content_type": "user_email"})), shows=f"{_SENDS} quick replies"),
    send(attachment("image", _PICTURE)),
    send(attachment("image", f"{_SHOP}/a.gif")),
    send(attachment("audio", f"{_SHOP}/a.mp3")),
    send(attachment("video", f"{_SHOP}/a.mp4")),
    send(attachment("file", f"{_SHOP}/a.pdf")),
    replace(send({"attachments": [attachment("image", _PICTURE)["attachment"]] * 2}), shows=f"{_SENDS} several images"),
    send({"sticker_id": 369239263222822}),
    template("button", text="How may I help?", buttons=_BUTTONS),
    template("generic", elements=[ELEMENT]),
    template("media", UPLOADED, elements=[{"media_type": "image", "attachment_id": "{upload}", "buttons": [POSTBACK]}]),
    template("product", elements=[{"id": "5218907442"}]),
    template("coupon", title="10% off", coupon_code="MUG10"),
    template("image_grid", elements=[GRID]),
    template("customer_feedback", **FEEDBACK),
    template("instant_form", form_id="99001122"),
    template("receipt", **RECEIPT),
    template("notification_messages", title="Weekly", payload="W"),
    send(_FILLED, _UTILITY, messaging_type="UTILITY"),
    action("typing_on"),
    action("typing_off"),
    action("mark_seen"),
    action("react", message_id="{mine}", reaction="love"),
    action("unreact", message_id="{mine}"),
    replace(_to({"comment_id": "{comment}"}, COMMENTED), shows=f"{_SENDS} private reply"),
    replace(_to({"notification_messages_token": "{token}"}, _OPTED_IN), shows=f"{_SENDS} marketing message"),
)
_PERSONA = post("/me/personas", keeps={"persona": "id"}, name="Eva", profile_picture_url=f"{_SHOP}/eva.png")
_LABEL = post("/me/custom_labels", keeps={"label": "id"}, page_label_name="vip")
GET_STARTED = {"payload": "GET_STARTED"}
ENTRY = {"type": "postback", "title": "Help", "payload": "HELP"}
_MENU = [{"locale": "default", "composer_input_disabled": False, "call_to_actions": [ENTRY]}]
_OWN_MENU = post("/me/custom_user_settings", psid="{to}", persistent_menu=_MENU)
_TO: dict[str, Any] = {"recipient": {"id": "{to}"}}
_PASSED = post("/me/pass_thread_control", **_TO, target_app_id=INBOX)
_THREAD = Ask(f"{V}/me/conversations?user_id={{to}}", method="GET", keeps={"thread": "data.0.id"})
_PACK = Ask(f"{V}/sticker_packs", method="GET", headers=_APP, keeps={"pack": "data.0.id"})
_HOOK = {
    "object": "page",
    "callback_url": "http://127.0.0.1:8000/hook",
    "verify_token": "s3cret",
    "fields": "messages,messaging_postbacks",
}
_BAN: dict[str, Any] = {"user_ids": [{"id": "{to}"}], "actions": ["BLOCK_USER"]}
_BATCH = [{"method": "GET", "relative_url": "me?fields=id"}]
_ATTACHED = Ask(
    f"{V}/{{message}}?fields=attachments",
    method="GET",
    after=(send(attachment("image", _PICTURE)),),
    keeps={"file": "attachments.data.0.image_data.url"},
)

_ASKING = (
    UPLOADED,
    get("/me"),
    post("/me"),
    get("/me/accounts"),
    post("/me/subscribed_apps", subscribed_fields="messages"),
    get("/me/subscribed_apps"),
    delete("/me/subscribed_apps"),
    post("/me/messenger_profile", get_started=GET_STARTED),
    get("/me/messenger_profile?fields=greeting"),
    delete("/me/messenger_profile", fields=["greeting"]),
    _OWN_MENU,
    get("/me/custom_user_settings?psid={to}", _OWN_MENU),
    delete("/me/custom_user_settings", _OWN_MENU, psid="{to}", params=["persistent_menu"]),
    _PASSED,
    post("/me/request_thread_control", _PASSED, **_TO),
    get("/me/thread_owner?recipient={to}"),
    get("/me/secondary_receivers"),
    _PERSONA,
    get("/me/personas"),
    get("/{persona}", _PERSONA),
    delete("/{persona}", _PERSONA),
    _LABEL,
    get("/me/custom_labels"),
    get("/{label}", _LABEL),
    delete("/{label}", _LABEL),
    post("/{label}/label", _LABEL, user="{to}"),
    delete("/{label}/label", post("/{label}/label", _LABEL, user="{to}"), user="{to}"),
    get("/{to}/custom_labels"),
    post("/me/moderate_conversations", **_BAN),
    _UTILITY,
    get("/me/message_templates"),
    delete("/me/message_templates?name=parcel_update", _UTILITY),
    post("/me/unlink_accounts", Event(name="account_linking"), psid="{to}"),
    _THREAD,
    get("/{thread}", _THREAD),
    get("/{thread}/messages", _THREAD),
    get("/{sent}"),
    get("/{to}"),
    get("/debug_token?input_token={page_token}", app=True),
    get("/sticker_packs", app=True),
    get("/sticker_packs/{pack}/stickers", _PACK, app=True),
    get("/sticker_search?q=large", app=True),
    Ask(f"{V}/{{app_id}}/subscriptions", _HOOK, headers=_APP),
    get("/{app_id}/subscriptions", app=True),
    Ask(f"{V}/{{app_id}}/subscriptions", method="DELETE", headers=_APP),
    Ask(f"{V}/", {"batch": _BATCH}),
    Ask("{file}", method="GET", headers=(), after=(_ATTACHED,)),
)
DEFAULT_APP = {"default_app": "728451930662814"}
"""This app gets new conversations."""
_CONTROL = (
    post("/me/take_thread_control", _PASSED, **_TO),
    post("/me/extend_thread_control", **_TO, duration=3600),
    post("/me/release_thread_control", **_TO),
)
EXAMPLES = (*_SENDING, *_ASKING, *(replace(ask, settings=DEFAULT_APP) for ask in _CONTROL))
_NODES = {"page": "/me", "user": "/{to}", "app": "/{app_id}", "root": "", "message": "/{mine}"}
REFUSED = tuple(get(f"{_NODES[place]}/{edge}") for place, edge in REFUSED_ROUTES)
