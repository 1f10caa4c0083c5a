"""One act for every shape of an inbound message, by the name of its golden payload."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import (
    Act,
    Button,
    Contact,
    Event,
    Form,
    Keyboard,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Press,
    React,
    Referral,
    Start,
    Template,
    Text,
    Write,
)
from chatdrill.model.parts import MediaKind
from whatsapp.kit import NOW, PNG, Account

WEBP_ANIMATED = (
    b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00ANIM\x06\x00\x00\x00"
    + b"\0" * 12
)
OGG = b"OggS\x00\x02" + b"\0" * 20 + b"OpusHead" + b"\0" * 20
BOT_MESSAGE = "wamid.HBgNNDkxNTE1NTUwMTIzNBUCABEYEjVGNDI1QTc0RjEzMDMzNDkyQQA="


def bot_says(account: Account, *parts: Text | Keyboard | Template) -> str:
    message = Message(ids=(BOT_MESSAGE,), author="bot", parts=parts, at=NOW)
    account.chat.messages[BOT_MESSAGE] = message
    return BOT_MESSAGE


def _media(kind: MediaKind, content: bytes, caption: str | None = None, **about: str) -> Callable[[Account], Act]:
    def act(account: Account) -> Act:
        words = Text(text=caption) if caption else None
        return Write(parts=(Media(kind=kind, file=account.file(content, **about), caption=words),))

    return act


def _press(style: str, button: Button) -> Callable[[Account], Act]:
    def act(account: Account) -> Act:
        shown = (
            Template(name="news", language="de", buttons=(button,))
            if style == "template"
            else Keyboard(style="list" if style == "list" else "inline", rows=((button,),))
        )
        return Press(button=button, message_id=bot_says(account, Text(text="?"), shown))

    return act


def _says(*parts: Text | Location | Contact | Form | Order | Other, **more: object) -> Callable[[Account], Act]:
    return lambda _account: Write(parts=parts, **more)  # type: ignore[arg-type]


_EVA = Contact(name="Eva Lang", phone="+43 660 1234567", email="eva@example.org")
_RETURNED = {"flow_token": "tok-77", "rating": "4"}

ACTS: dict[str, Callable[[Account], Act]] = {
    "text": _says(Text(text="Haben Sie heute offen? 1/2 €😀")),
    "image": _media("photo", PNG, "so sieht es aus"),
    "video": _media("video", b"\0\0\0\x18ftypmp42" + b"\0" * 12, "Ofen"),
    "document": _media("document", b"%PDF-1.4 x", "Rechnung", name="rechnung-77.pdf"),
    "audio": _media("audio", b"ID3\x03" + b"\0" * 40),
    "voice": _media("voice", OGG),
    "sticker": _media("sticker", WEBP_ANIMATED),
    "location": _says(Location(latitude=48.20817, longitude=16.37382, name="Atelier", address="Ring 1, 1010 Wien")),
    "own_location": _says(Location(latitude=48.20817, longitude=16.37382), reply_to=BOT_MESSAGE),
    "contacts": _says(_EVA),
    "own_contact": _says(Contact(name="Anna", phone="+436601234567", own=True)),
    "button_reply": _press("inline", Button(title="Bestätigen", kind="postback", payload="confirm-77")),
    "list_reply": _press(
        "list", Button(title="10:00", kind="postback", payload="slot-10", description="noch 2 Plätze")
    ),
    "template_button": _press("template", Button(title="Abmelden", kind="postback", payload="STOP_NEWS")),
    "flow_reply": _says(Form(name="flow", values=_RETURNED), reply_to=BOT_MESSAGE),
    "address_reply": _says(Form(name="address_message", values={"name": "Anna", "city": "Mumbai"})),
    "order": _says(
        Order(
            items=(OrderItem(id="MUG-01", quantity=2, price=18.0, currency="EUR"),),
            catalog="354160437058781",
            note="bitte bis Freitag",
        )
    ),
    "product_enquiry": _says(
        Text(text="Gibt es das in Rot?"), referral=Referral(source="product", product="MUG-01"), reply_to=BOT_MESSAGE
    ),
    "reaction": lambda _account: React(message_id=BOT_MESSAGE, emoji="👍"),
    "reaction_removed": lambda _account: React(message_id=BOT_MESSAGE),
    "reply": _says(Text(text="ja, genau"), reply_to=BOT_MESSAGE),
    "forwarded": _says(Text(text="weitergeleitet"), forwarded=True),
    "frequently_forwarded": lambda _account: Event(name="frequently_forwarded"),
    "advertisement": _says(
        Text(text="Ich habe die Anzeige gesehen"),
        referral=Referral(source="ad", ad_id="120226305854810726", headline="Töpferkurs", url="https://fb.me/x"),
    ),
    "start_by_link": lambda _account: Start(payload="kurs-raku"),
    "changed_number": lambda _account: Event(name="user_changed_number", data={"wa_id": "4915199900000"}),
    "changed_user_id": lambda _account: Event(name="user_changed_user_id"),
    "changed_identity": lambda _account: Event(name="customer_identity_changed"),
    "unsupported": _says(Other(kind="poll")),
    "live_location": _says(Location(latitude=48.2, longitude=16.3, live_period_s=900)),
    "media_too_big": lambda _account: Event(name="media_too_big"),
    "group": lambda _account: Event(name="group_message", data={"text": {"body": "Hallo alle"}}),
    "request_welcome": lambda _account: Event(name="request_welcome"),
    "call_permission_reply": lambda _account: Event(name="call_permission_reply"),
    "unreadable_reply": lambda _account: Event(name="unreadable_reply"),
}
