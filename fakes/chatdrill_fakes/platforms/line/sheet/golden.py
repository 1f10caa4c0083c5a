"""Events as the reference has them, and the acts that make them."""

from __future__ import annotations

import json
from importlib import resources

from chatdrill.model import Act, Block, Button, Delete, Event, Location, Press, Start, Text, Unblock, Write
from chatdrill.model.parts import Span
from chatdrill.wire.sheets import Golden, Happens
from chatdrill_fakes.platforms.line.sheet.asking import CANCEL, CHOICE, CONFIRM, file, push, template

_SOURCE = "developers.line.biz, Messaging API reference: webhook event objects"
_WAVE = "\U0001f44b @Acme @All please look"
_BUTTON = Button(title="Cancel", kind="postback", payload=CANCEL["data"])
_PICKER = Button(title="Pick", kind="other", payload="pick")
_ACTS: dict[str, Act | Happens] = {
    "text": Write(parts=(Text(text="Where is order 553?"),)),
    "emoji": Write(parts=(Text(text="Where is order 553? (love)", spans=(Span(20, 6, "custom_emoji"),)),)),
    "mention": Write(parts=(Text(text=_WAVE, spans=(Span(2, 5, "mention", "self"), Span(8, 4, "mention", "all"))),)),
    "quote": Happens(
        Write(parts=(Text(text="this one"),), reply_to="{mine}"), after=(Write(parts=(Text(text="hello"),)),)
    ),
    "image": file("photo"),
    "imageSet": Write(parts=file("photo").parts * 2),
    "video": file("video"),
    "audio": file("voice"),
    "file": file("document", "invoice-553.pdf"),
    "location": Write(
        parts=(
            Location(
                latitude=35.67966, longitude=139.73669, name="Acme shop", address="1-3 Kioicho, Chiyoda-ku, Tokyo"
            ),
        )
    ),
    "sticker": file("sticker"),
    "unsend": Happens(Delete(message_id="{mine}"), after=(Write(parts=(Text(text="hello"),)),)),
    "follow": Start(),
    "unblocked": Happens(Unblock(), after=(Block(),)),
    "unfollow": Block(),
    "postback": Happens(Press(button=_BUTTON, message_id="{sent}"), after=(push(CHOICE),)),
    "date": Happens(Press(button=_PICKER, message_id="{sent}"), after=(push(template(**CONFIRM)),)),
    **{
        name: Event(name=name)
        for name in (
            "join",
            "leave",
            "memberJoined",
            "memberLeft",
            "videoPlayComplete",
            "beacon",
            "accountLink",
            "membership",
        )
    },
    "delivery": Event(name="delivery", data={"delivery": {"data": "553-tag"}}),
}


def golden() -> tuple[Golden, ...]:
    place = resources.files("chatdrill_fakes.platforms.line") / "golden" / "events.json"
    whole = json.loads(place.read_text("utf-8"))
    return tuple(Golden(name, act, whole[name], _SOURCE, "2026-08") for name, act in _ACTS.items())


DRAWN = (
    r"^U[0-9a-f]{32}$|^user-id$",
    r"^C[0-9a-f]{32}$|^group-id$",
    r"^[0-9a-f]{32}$|^reply-token$",
    r"^[0-9A-HJKMNP-TV-Z]{26}$|^event-id$",
    r"^59\d{16}$|^message-id$",
    r"^[0-9A-F]{64}$|^image-set$",
    r"^[A-Za-z0-9_-]{20}$|^opaque-token$",
)
