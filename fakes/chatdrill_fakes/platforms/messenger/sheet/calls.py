"""A good call of every kind, and one of everything that is not emulated."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Happens
from chatdrill_fakes.families.graph_sheets import (
    ACTIONS,
    BATCH_AND_FILE,
    ENTRY,
    LINK,
    MARKETING,
    POSTBACK,
    SHOP,
    YES,
    chips,
    control,
    control_by_default,
    delete,
    files,
    get,
    not_emulated,
    post,
    private_reply,
    send,
    shown_as,
    subscriptions,
    template,
    threads,
    upload,
)

from ..graph.routes import REFUSED as REFUSED_ROUTES

INBOX = "263902037430900"
_BUTTONS = [POSTBACK, {"type": "phone_number", "title": "Call us", "payload": "+4312345678"}, LINK]
_ELEMENT = {"title": "Mug", "subtitle": "blue", "image_url": f"{SHOP}/mug.png", "buttons": _BUTTONS}
UPLOADED = upload()
FEEDBACK: dict[str, Any] = {
    "title": "How was it?",
    "subtitle": "One tap",
    "button_title": "Rate",
    "feedback_screens": [{"questions": [{"id": "q-csat", "type": "csat", "title": "Rate our answer"}]}],
    "business_privacy": {"url": f"{SHOP}/privacy"},
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
GRID = {"title": "New in", "images": [{"url": f"{SHOP}/1.png"}, {"url": f"{SHOP}/2.png"}], "buttons": [POSTBACK]}
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

_SENDING = (
    send({"text": "Your parcel is on its way"}),
    shown_as("quick replies", send(chips(YES, {"content_type": "user_email"}))),
    *files("a.mp3"),
    send({"sticker_id": 369239263222822}),
    template("button", text="How may I help?", buttons=_BUTTONS),
    template("generic", elements=[_ELEMENT]),
    template("media", UPLOADED, elements=[{"media_type": "image", "attachment_id": "{upload}", "buttons": [POSTBACK]}]),
    template("product", elements=[{"id": "5218907442"}]),
    template("coupon", title="10% off", coupon_code="MUG10"),
    template("image_grid", elements=[GRID]),
    template("customer_feedback", **FEEDBACK),
    template("instant_form", form_id="99001122"),
    template("receipt", **RECEIPT),
    template("notification_messages", title="Weekly", payload="W"),
    send(_FILLED, _UTILITY, messaging_type="UTILITY"),
    *ACTIONS,
    shown_as("private reply", private_reply(COMMENTED)),
    MARKETING,
)
_PERSONA = post("/me/personas", keeps={"persona": "id"}, name="Eva", profile_picture_url=f"{SHOP}/eva.png")
_LABEL = post("/me/custom_labels", keeps={"label": "id"}, page_label_name="vip")
GET_STARTED = {"payload": "GET_STARTED"}
_MENU = [{"locale": "default", "composer_input_disabled": False, "call_to_actions": [ENTRY]}]
_OWN_MENU = post("/me/custom_user_settings", psid="{to}", persistent_menu=_MENU)
_PACK = get("/sticker_packs", app=True, keeps={"pack": "data.0.id"})
_BAN: dict[str, Any] = {"user_ids": [{"id": "{to}"}], "actions": ["BLOCK_USER"]}

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
    *control(INBOX),
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
    *threads("/me/conversations?user_id={to}"),
    get("/debug_token?input_token={page_token}", app=True),
    get("/sticker_packs", app=True),
    get("/sticker_packs/{pack}/stickers", _PACK, app=True),
    get("/sticker_search?q=large", app=True),
    *subscriptions("page"),
    *BATCH_AND_FILE,
)
DEFAULT_APP = {"default_app": "728451930662814"}
"""This app gets new conversations."""
EXAMPLES = (*_SENDING, *_ASKING, *control_by_default(INBOX, DEFAULT_APP))
REFUSED = not_emulated(REFUSED_ROUTES)
