"""Golden payloads: the value of each change, but for what chance makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

from chatdrill.model import (
    Act,
    Button,
    Contact,
    Echo,
    Event,
    File,
    Form,
    Keyboard,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Part,
    Press,
    React,
    Referral,
    Start,
    Template,
    Text,
    Write,
)
from chatdrill.model.parts import MediaKind
from chatdrill.wire.sheets import Golden
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState

DRAWN = (
    r"wamid\.[A-Za-z0-9+/=]+",
    r"https?://\S+?/whatsapp_business/attachments/\S+",
    r"Aff-[\w-]{22}",
    r"\b[A-Z]{2}\.\d{20}\b",
    r"\bY2FwaV9[\w]+",
    r"^[A-Za-z0-9+/]{43}=$",  # the hash of a file: that of the sample
    r"^\d{16}$",  # a file's id
)
_BOT_MESSAGE = "wamid.HBgNNDkxNTE1NTUwMTIzNBUCABEYEjVGNDI1QTc0RjEzMDMzNDkyQQA="
_CLOUD = {"coexistence": "no"}


def _media(kind: MediaKind, caption: str | None = None, name: str | None = None) -> Act:
    return Write(parts=(Media(kind=kind, file=File(name=name), caption=Text(text=caption) if caption else None),))


def _says(*parts: Part, **more: Any) -> Act:
    return Write(parts=parts, **more)


_CONFIRM = Button(title="Bestätigen", kind="postback", payload="confirm-77")
_SLOT = Button(title="10:00", kind="postback", payload="slot-10", description="noch 2 Plätze")
_STOP = Button(title="Abmelden", kind="postback", payload="STOP_NEWS")
_SHOWN: dict[str, Part] = {
    "button_reply": Keyboard(style="inline", rows=((_CONFIRM,),)),
    "list_reply": Keyboard(style="list", rows=((_SLOT,),)),
    "template_button": Template(name="news", language="de", buttons=(_STOP,)),
}
_MUG = OrderItem(id="MUG-01", quantity=2, price=18.0, currency="EUR")
_ADDRESS = {"name": "Anna", "city": "Mumbai"}
_AD = Referral(source="ad", ad_id="120226305854810726", headline="Töpferkurs", url="https://fb.me/x")

_ACTS: dict[str, Act] = {
    "text": _says(Text(text="Haben Sie heute offen? 1/2 €😀")),
    "image": _media("photo", "so sieht es aus"),
    "video": _media("video", "Ofen"),
    "document": _media("document", "Rechnung", "rechnung-77.pdf"),
    "audio": _media("audio"),
    "voice": _media("voice"),
    "sticker": _media("sticker"),
    "location": _says(Location(latitude=48.20817, longitude=16.37382, name="Atelier", address="Ring 1, 1010 Wien")),
    "own_location": _says(Location(latitude=48.20817, longitude=16.37382), reply_to=_BOT_MESSAGE),
    "contacts": _says(Contact(name="Eva Lang", phone="+43 660 1234567", email="eva@example.org")),
    "own_contact": _says(Contact(name="Anna", phone="+436601234567", own=True)),
    "button_reply": Press(button=_CONFIRM, message_id=_BOT_MESSAGE),
    "list_reply": Press(button=_SLOT, message_id=_BOT_MESSAGE),
    "template_button": Press(button=_STOP, message_id=_BOT_MESSAGE),
    "flow_reply": _says(Form(name="flow", values={"flow_token": "tok-77", "rating": "4"}), reply_to=_BOT_MESSAGE),
    "address_reply": _says(Form(name="address_message", values=_ADDRESS)),
    "order": _says(Order(items=(_MUG,), catalog="354160437058781", note="bitte bis Freitag")),
    "product_enquiry": _says(
        Text(text="Gibt es das in Rot?"), referral=Referral(source="product", product="MUG-01"), reply_to=_BOT_MESSAGE
    ),
    "reaction": React(message_id=_BOT_MESSAGE, emoji="👍"),
    "reaction_removed": React(message_id=_BOT_MESSAGE),
    "reply": _says(Text(text="ja, genau"), reply_to=_BOT_MESSAGE),
    "forwarded": _says(Text(text="weitergeleitet"), forwarded=True),
    "frequently_forwarded": Event(name="frequently_forwarded"),
    "advertisement": _says(Text(text="Ich habe die Anzeige gesehen"), referral=_AD),
    "start_by_link": Start(payload="kurs-raku"),
    "changed_number": Event(name="user_changed_number", data={"wa_id": "4915199900000"}),
    "changed_user_id": Event(name="user_changed_user_id"),
    "changed_identity": Event(name="customer_identity_changed"),
    "unsupported": _says(Other(kind="poll")),
    "live_location": _says(Location(latitude=48.2, longitude=16.3, live_period_s=900)),
    "media_too_big": Event(name="media_too_big"),
    "group": Event(name="group_message", data={"text": {"body": "Hallo alle"}}),
    "request_welcome": Event(name="request_welcome"),
    "call_permission_reply": Event(name="call_permission_reply"),
    "unreadable_reply": Event(name="unreadable_reply"),
}


def _shows(*parts: Part) -> Callable[[WhatsAppState, str], str]:
    """The bot has shown something in the message that the payloads name."""

    def arrange(state: WhatsAppState, address: str) -> str:
        said = Message(ids=(_BOT_MESSAGE,), author="bot", parts=parts, at=1_795_212_345.0)
        state.chats[address].messages[_BOT_MESSAGE] = said
        return address

    return arrange


def _all() -> tuple[Golden, ...]:
    folder = resources.files("chatdrill_fakes.platforms.whatsapp").joinpath("golden")
    said, managed = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("messages", "management"))
    found = []
    for name, value in said["values"].items():
        shown = _shows(*(each for each in (_SHOWN.get(name),) if each)) if name in _SHOWN else None
        golden = Golden(name, _ACTS[name], value, said["source"], said["date"], "changes.0.value", arrange=shown)
        found.append(golden)
    eva = Echo(message=Message(ids=("?",), author="agent", parts=(Text(text="Eva hier"),), at=1_795_212_345.0))
    found.append(Golden("echo", eva, said["echo"], said["source"], said["date"], "changes.0.value"))
    for name, value in managed["values"].items():
        found.append(Golden(name, Event(name=name), value, managed["source"], managed["date"], "changes.0.value"))
    return tuple(found)


GOLDEN = _all()
