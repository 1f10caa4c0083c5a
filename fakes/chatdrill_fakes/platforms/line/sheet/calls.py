"""Good calls of everything, and calls of what is not emulated."""

from __future__ import annotations

from chatdrill.wire.sheets import Ask
from chatdrill_fakes.platforms.line.sheet.asking import (
    CANCEL,
    CHOICE,
    CONFIRM,
    FILE,
    HEARD,
    JOINED,
    MESSAGE,
    PICTURE,
    ROOM,
    SAID,
    SOUND,
    VIDEO,
    delete,
    get,
    post,
    push,
    template,
    text,
)

AREA = {"x": 0, "y": 0, "width": 520, "height": 585}
BUTTONS = {"type": "buttons", "text": "What next?", "actions": [CANCEL]}
COLUMN = {"text": "A shoe", "title": "Shoe", "thumbnailImageUrl": PICTURE, "actions": [CANCEL]}
BUBBLE = {
    "type": "bubble",
    "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "Order 553"}]},
}
MAP = {
    "type": "imagemap", "baseUrl": "https://a.test/map", "altText": "map", "baseSize": {"width": 1040, "height": 585},
    "actions": [{"type": "uri", "linkUri": "https://a.test", "area": AREA}, {"type": "message", "text": "hello", "area": AREA}],
}  # fmt: skip
AREAS = [{"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843}, "action": {"type": "message", "text": "status"}}]
MENU = {
    "size": {"width": 2500, "height": 843}, "selected": False, "name": "main", "chatBarText": "Menu",
    "areas": AREAS,
}  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360483bf31f0003ce0232ba9a835f0000000049454e44ae426082"
)
WHO, _GROUP = "/v2/bot/user/{to}", "/v2/bot/group/{group}"


MADE = Ask("/v2/bot/richmenu", MENU, keeps={"menu": "richMenuId"})
UPLOADED = Ask("/v2/bot/richmenu/{menu}/content", PNG, after=(MADE,))
_DEFAULT = post("/v2/bot/user/all/richmenu/{menu}", None, UPLOADED)
_LINKED = post(f"{WHO}/richmenu/{{menu}}", None, UPLOADED)
ALIASED = post("/v2/bot/richmenu/alias", {"richMenuAliasId": "menu-a", "richMenuId": "{menu}"}, MADE)
CLIENT = {"grant_type": "client_credentials", "client_id": "{channel_id}", "client_secret": "{secret}"}
_JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiIxNjU2Nzg5MDEyIn0.c2lnbmVk"
_ASSERTION = {
    "grant_type": "client_credentials", "client_assertion": _JWT,
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}  # fmt: skip
_NARROW = Ask(f"{MESSAGE}/narrowcast", {"messages": [text()]}, keeps={"request": "header x-line-request-id"})

EXAMPLES = (
    push(text("Hello"), shows="message text"),
    push(
        {"type": "textV2", "text": "Hi {ok}", "substitution": {"ok": {"type": "emoji", "productId": "5ac1", "emojiId": "001"}}},
        shows="message textV2",
    ),
    push(CHOICE),
    push({"type": "sticker", "packageId": "446", "stickerId": "1988"}, shows="message sticker"),
    push({"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE}, shows="message image"),
    push({"type": "video", "originalContentUrl": VIDEO, "previewImageUrl": PICTURE, "trackingId": "promo-17"}, shows="message video"),
    push({"type": "audio", "originalContentUrl": SOUND, "duration": 60000}, shows="message audio"),
    push({"type": "location", "title": "Shop", "address": "Kioicho", "latitude": 35.6, "longitude": 139.7}, shows="message location"),
    push(MAP, shows="message imagemap"),
    push(template(**BUTTONS), shows="message template"),
    push(template(**CONFIRM)),
    push(template(type="carousel", columns=[COLUMN])),
    push(template(type="image_carousel", columns=[{"imageUrl": PICTURE, "action": CANCEL}])),
    push({"type": "flex", "altText": "order", "contents": BUBBLE}, shows="message flex"),
    post(f"{MESSAGE}/reply", {"replyToken": "{reply}", "messages": SAID}, HEARD),
    post(f"{MESSAGE}/multicast", {"to": ["{to}"], "messages": SAID}),
    post(f"{MESSAGE}/broadcast", {"messages": SAID}),
    get(f"{MESSAGE}/progress/narrowcast?requestId={{request}}", _NARROW),
    _NARROW,
    *(post(f"{MESSAGE}/validate/{kind}", {"messages": SAID}) for kind in ("reply", "push", "multicast", "narrowcast", "broadcast")),
    get(f"{MESSAGE}/quota"),
    get(f"{MESSAGE}/quota/consumption"),
    get(f"{MESSAGE}/delivery/push?date=20260101"),
    get(f"{MESSAGE}/{{file}}/content", FILE),
    get(f"{MESSAGE}/{{file}}/content/preview", FILE),
    get(f"{MESSAGE}/{{file}}/content/transcoding", FILE),
    post("/v2/bot/chat/loading/start", {"chatId": "{to}", "loadingSeconds": 5}),
    post("/v2/bot/chat/markAsRead", {"markAsReadToken": "{mark}"}, HEARD),
    get("/v2/bot/profile/{to}"),
    Ask("/v2/bot/followers/ids", method="GET", settings={"verified": "yes"}),
    get("/v2/bot/info"),
    get(f"{_GROUP}/summary", JOINED),
    get(f"{_GROUP}/members/count", JOINED),
    Ask(f"{_GROUP}/members/ids", method="GET", after=(JOINED,), settings={"verified": "yes"}),
    get(f"{_GROUP}/member/{{to}}", JOINED),
    post(f"{_GROUP}/leave", None, JOINED),
    get("/v2/bot/room/{room}/members/count", ROOM),
    Ask("/v2/bot/room/{room}/members/ids", method="GET", after=(ROOM,), settings={"verified": "yes"}),
    get("/v2/bot/room/{room}/member/{to}", ROOM),
    post("/v2/bot/room/{room}/leave", None, ROOM),
    post(f"{WHO}/linkToken"),
    Ask("/v2/bot/channel/webhook/endpoint", {"endpoint": "https://bot.example/line"}, "PUT"),
    get("/v2/bot/channel/webhook/endpoint", Ask("/v2/bot/channel/webhook/endpoint", {"endpoint": "https://bot.example/line"}, "PUT")),
    post("/v2/bot/channel/webhook/test", {"endpoint": "https://bot.example/line"}),
    MADE,
    post("/v2/bot/richmenu/validate", MENU),
    get("/v2/bot/richmenu/list"),
    get("/v2/bot/richmenu/{menu}", MADE),
    delete("/v2/bot/richmenu/{menu}", MADE),
    UPLOADED,
    get("/v2/bot/richmenu/{menu}/content", UPLOADED),
    _DEFAULT,
    get("/v2/bot/user/all/richmenu", _DEFAULT),
    _LINKED,
    get(f"{WHO}/richmenu", _LINKED),
    post("/v2/bot/richmenu/bulk/link", {"richMenuId": "{menu}", "userIds": ["{to}"]}, UPLOADED),
    post("/v2/bot/richmenu/bulk/unlink", {"userIds": ["{to}"]}),
    ALIASED,
    get("/v2/bot/richmenu/alias/list"),
    get("/v2/bot/richmenu/alias/menu-a", ALIASED),
    post("/v2/bot/richmenu/alias/menu-a", {"richMenuId": "{menu}"}, ALIASED),
    delete("/v2/bot/richmenu/alias/menu-a", ALIASED),
    delete("/v2/bot/user/all/richmenu"),
    delete(f"{WHO}/richmenu"),
    post("/v2/oauth/accessToken", CLIENT),
    post("/oauth2/v2.1/token", _ASSERTION),
    post("/oauth2/v3/token", CLIENT),
    post("/v2/oauth/verify", {"access_token": "{token}"}),
    post("/v2/oauth/revoke", {"access_token": "gone"}),
)  # fmt: skip
_NOT = ("/v2/bot/audienceGroup/upload", "/v2/bot/coupon", "/v2/bot/chat/{to}/control/acquire", "/v2/bot/chat/{to}/control/release",
        "/v2/bot/richmenu/batch")  # fmt: skip
REFUSED = (
    *(post(path) for path in _NOT),
    get("/v2/bot/insight/message/delivery"),
    get("/v2/bot/membership/list"),
    get("/oauth2/v2.1/tokens/kid"),
    push({"type": "coupon", "couponId": "01JYNW8JMQVFBNWF1APF8Z3FS7"}, shows="message coupon"),
)
