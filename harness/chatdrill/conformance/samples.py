"""What the laws of a messenger say and send: texts at the edges of Unicode, small files, drawn parts."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import (
    MEDIA_KINDS,
    Block,
    Button,
    Card,
    Carousel,
    Contact,
    Delete,
    Echo,
    Edit,
    Event,
    File,
    Form,
    Keyboard,
    KeyboardRemoved,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Part,
    Press,
    Products,
    React,
    Read,
    Receipt,
    ReplyForced,
    Start,
    Template,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.model.messages import Act
from chatdrill.seeds import Stream

EXTREMES = (
    "Zażółć gęślą jaźń, straße, Ωμέγα",
    "😀👨‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "שלום עליكم مرحبا",
    "e\u0301\u0327\u0316 Z̷a̶l̸g̴o̵",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0001f9ff \U00020000",
    "\"quoted\" \\ back/slash 'single' `tick`",
    "<b>&amp;</b> </script> %41 %s {0} {{1}} ${x}",
    "one\ntwo",
    "漢字かな交じり文 한국어 ไทย",
    "\ufeffBOM \u00a0 \u2003 wide \u3000 spaces",
    "0",
    "null",
)
"""Texts that a bot and a customer may say and that come through as they are."""

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360483bf31f0003ce0232ba9a835f0000000049454e44ae426082"
)
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d"
    "1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001400010000000000"
    "00000000000000000000ffc4001410010000000000000000000000000000000000ffda0008010100003f003fffd9"
)
WEBP = (
    b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00ANIM\x06\x00\x00\x00"
    + b"\0" * 12
)
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 12
OGG = b"OggS\x00\x02" + b"\0" * 20 + b"OpusHead" + b"\0" * 20
MP3 = b"ID3\x03" + b"\0" * 40
PDF = b"%PDF-1.4 x"

FILES: dict[str, bytes] = {
    "photo": PNG,
    "video": MP4,
    "voice": OGG,
    "audio": MP3,
    "document": PDF,
    "sticker": WEBP,
    "animation": GIF,
    "video_note": MP4,
    "jpeg": JPEG,
}
"""The smallest file of each kind of media that shows what it is."""
TYPES = {
    "photo": "image/png",
    "video": "video/mp4",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "document": "application/pdf",
    "sticker": "image/webp",
    "animation": "image/gif",
    "video_note": "video/mp4",
    "jpeg": "image/jpeg",
}
BY_ENDING = {
    "png": "photo",
    "jpg": "photo",
    "mp4": "video",
    "ogg": "voice",
    "mp3": "audio",
    "pdf": "document",
    "webp": "sticker",
    "gif": "animation",
}

BUTTON = Button(title="Yes", kind="postback", payload="yes")

PARTS: dict[str, Part] = {
    "text": Text(text="hello"),
    **{f"media.{kind}": Media(kind=kind, file=File()) for kind in MEDIA_KINDS},
    "location": Location(latitude=48.20817, longitude=16.37382),
    "contact": Contact(name="Eva Lang", phone="+436601234567"),
    "keyboard.inline": Keyboard(style="inline", rows=((BUTTON,),)),
    "keyboard.reply": Keyboard(style="reply", rows=((BUTTON,),)),
    "keyboard.quick_replies": Keyboard(style="quick_replies", rows=((BUTTON,),)),
    "keyboard.list": Keyboard(style="list", rows=((BUTTON,),)),
    "keyboard_removed": KeyboardRemoved(),
    "reply_forced": ReplyForced(),
    "carousel": Carousel(cards=(Card(title="Mug"),)),
    "template": Template(name="parcel_update", language="en"),
    "order": Order(items=(OrderItem(id="MUG-01", quantity=2, price=18.0),)),
    "products": Products(ids=("MUG-01",)),
    "form": Form(name="survey", values={"rating": "4"}),
    "other": Other(kind="poll"),
}
"""One of each part that the model has a word for."""


def name_of(part: Part) -> str:
    """How capabilities name a part."""
    tag = str(type(part).__struct_config__.tag)
    kind = part.kind if isinstance(part, Media) else part.style if isinstance(part, Keyboard) else None
    return tag if kind is None else f"{tag}.{kind}"


ACTS: dict[str, Act] = {
    "write": Write(parts=(Text(text="hello"),)),
    "press": Press(button=BUTTON, message_id="{sent}"),
    "edit": Edit(message_id="{mine}", parts=(Text(text="hello!"),)),
    "delete": Delete(message_id="{mine}"),
    "react": React(message_id="{sent}", emoji="👍"),
    "start": Start(payload="flyer"),
    "typing": Typing(),
    "read": Read(message_id="{sent}"),
    "block": Block(),
    "unblock": Unblock(),
    "receipt": Receipt(message_id="{sent}", status="delivered"),
    "echo": Echo(message=Message(ids=("?",), author="agent", parts=(Text(text="Eva here"),), at=0.0)),
    "event": Event(name="nothing of the kind"),
}
"""One of each act; whoever tries them has written and been answered."""


def drawn_text(chance: Stream, most: int = 60) -> str:
    """Words of several scripts; no space at the ends, and never two together."""
    words = [
        "".join(chance.choices(chance.choice(_ALPHABETS), k=chance.randint(1, 9))) for _ in range(chance.randint(1, 6))
    ]
    return " ".join(words)[:most].strip()


_ALPHABETS = ("abcdefghij", "äöüßéçñ", "абвгґєжї", "אבגדה", "مرحبا", "漢字仮名", "😀👍🎉🦊", "0123456789", "<&>\"'\\/")


def _drawn_order(chance: Stream) -> Part:
    return Order(items=(OrderItem(id=f"SKU-{chance.digits(4)}", quantity=chance.randint(1, 9), price=18.0),))


DRAWN: dict[str, Callable[[Stream], Part]] = {
    "text": lambda chance: Text(text=drawn_text(chance)),
    "location": lambda chance: Location(
        latitude=round(chance.uniform(-85, 85), 5), longitude=round(chance.uniform(-179, 179), 5)
    ),
    "contact": lambda chance: Contact(name=f"Eva {chance.choice('ABCDE')}ova", phone=f"+43{chance.digits(9)}"),
    "order": _drawn_order,
    "products": lambda chance: Products(ids=(f"SKU-{chance.digits(6)}",)),
    **{
        f"media.{kind}": lambda chance, kind=kind: Media(  # type: ignore[misc]
            kind=kind, file=File(), caption=Text(text=drawn_text(chance)) if kind in ("photo", "video") else None
        )
        for kind in MEDIA_KINDS
    },
}
"""Parts that are drawn anew each time; of the other ones the sheet or ``PARTS`` has one."""


def values_of(part: Part) -> list[str | float]:
    """What the bot must be able to read of a customer's part, whatever the vendor makes of it."""
    match part:
        case Text():
            return [part.text]
        case Media():
            return [part.caption.text] if part.caption else []
        case Location():
            return [part.latitude, part.longitude]
        case Contact():
            return ["".join(digit for digit in part.phone if digit.isdigit())]
        case Order():
            return [value for item in part.items for value in (item.id, float(item.quantity))]
        case Products():
            return list(part.ids)
        case Form():
            return [value for value in part.values.values() if isinstance(value, str | float)]
    return []
