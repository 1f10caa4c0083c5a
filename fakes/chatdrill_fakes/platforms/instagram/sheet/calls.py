"""A good call of every kind, and one of everything that is not emulated."""

from __future__ import annotations

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Happens
from chatdrill_fakes.families.graph_sheets import (
    ACTIONS,
    BATCH_AND_FILE,
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

_INBOX = "1217981644879628"
_BUTTONS = [POSTBACK, LINK]
DEFAULT_APP = {"default_app": "614052937184620"}
"""This app gets new conversations."""
_ELEMENT = {"title": "Mug", "subtitle": "blue", "image_url": f"{SHOP}/mug.png", "buttons": _BUTTONS}
UPLOADED = upload(platform="instagram")
COMMENTED = Happens(Event(name="comments"), keeps={"comment": "changes.0.value.id"})

_SENDING = (
    send({"text": "Your parcel is on its way"}),
    shown_as("quick replies", send(chips(YES, {"content_type": "user_phone_number"}))),
    *files("a.mp4"),
    send({"attachment": {"type": "like_heart"}}),
    send({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "18055512345678901"}}}),
    template("button", text="How may I help?", buttons=_BUTTONS),
    template("generic", elements=[_ELEMENT]),
    template("product", elements=[{"id": "5218907442"}]),
    *ACTIONS,
    shown_as("private reply", private_reply(COMMENTED)),
    MARKETING,
)
_QUESTION = {"question": "Opening hours?", "payload": "HOURS"}
_LOGIN = {
    "client_id": "{app_id}",
    "client_secret": "{app_secret}",
    "grant_type": "authorization_code",
    "redirect_uri": f"{SHOP}/back",
    "code": "AQBx",
}

_ASKING = (
    UPLOADED,
    get("/me?fields=id,user_id,username"),
    get("/me/accounts"),
    post("/me/subscribed_apps", subscribed_fields="messages,messaging_postbacks"),
    get("/me/subscribed_apps"),
    delete("/me/subscribed_apps"),
    post("/me/messenger_profile", platform="instagram", ice_breakers=[_QUESTION]),
    get("/me/messenger_profile?platform=instagram&fields=ice_breakers"),
    delete("/me/messenger_profile", platform="instagram", fields=["ice_breakers"]),
    *control(_INBOX),
    *threads("/me/conversations?platform=instagram&user_id={to}"),
    get("/debug_token?input_token={token}", app=True),
    Ask("/oauth/access_token", _LOGIN, headers=()),
    get("/access_token?grant_type=ig_exchange_token&client_secret={app_secret}"),
    get("/refresh_access_token?grant_type=ig_refresh_token"),
    *subscriptions("instagram"),
    *BATCH_AND_FILE,
)
EXAMPLES = (*_SENDING, *_ASKING, *control_by_default(_INBOX, DEFAULT_APP))
REFUSED = not_emulated(REFUSED_ROUTES)
