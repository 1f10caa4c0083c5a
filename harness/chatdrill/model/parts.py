"""What a message is made of, in words that no vendor owns.

Every part is a frozen, serialisable value; lengths and offsets count Unicode code points. A wire translates parts into
its vendor's payload and back. What a wire cannot name arrives as ``Other``: nothing is dropped in silence.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

MediaKind = Literal["photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note"]
MEDIA_KINDS: tuple[MediaKind, ...] = (
    "photo",
    "video",
    "voice",
    "audio",
    "document",
    "sticker",
    "animation",
    "video_note",
)

SpanStyle = Literal[
    "bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link", "mention", "custom_emoji"
]


class _Part(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="part"):
    """Base of the parts: frozen, keyword-only, tagged by ``part`` when written as JSON."""


class Span(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Formatting of a stretch of text: ``start`` and ``length`` in code points; ``value`` a link or a language."""

    start: int
    length: int
    style: SpanStyle
    value: str | None = None


class Text(_Part, frozen=True, kw_only=True, tag="text"):
    """Words, with their formatting."""

    text: str
    spans: tuple[Span, ...] = ()


class File(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A file's description. Its bytes lie in a ``Blobs`` under ``sha256`` (hex), or nowhere if it was not fetched.

    ``width``/``height`` in pixels. ``url`` is where the bot or the scenario said the file lies.
    """

    sha256: str = ""
    size_bytes: int = 0
    mime: str = "application/octet-stream"
    name: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    url: str | None = None


class Media(_Part, frozen=True, kw_only=True, tag="media"):
    """A photo, video, voice note, audio, document, sticker, animation or round video.

    Several in one message are an album.
    """

    kind: MediaKind
    file: File
    caption: Text | None = None
    emoji: str | None = None


class Location(_Part, frozen=True, kw_only=True, tag="location"):
    """A point on the map (degrees, WGS 84); with a name it is a venue, with ``live_period_s`` it moves."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    live_period_s: int | None = None


class Contact(_Part, frozen=True, kw_only=True, tag="contact"):
    """A contact card; ``own`` where the sender shares the number of their own account."""

    name: str
    phone: str
    email: str | None = None
    own: bool = False


ButtonKind = Literal[
    "callback",  # the bot gets the payload, the chat shows nothing new (Telegram inline)
    "reply",  # the title is said as the customer's own message
    "postback",  # the title appears in the chat, the bot gets the payload
    "url",
    "call",
    "copy",
    "request_contact",
    "request_location",
    "request_email",
    "other",
]


class Button(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Something to press. ``section`` groups the rows of a list."""

    title: str
    kind: ButtonKind
    payload: str | None = None
    url: str | None = None
    description: str | None = None
    image_url: str | None = None
    section: str | None = None


class Keyboard(_Part, frozen=True, kw_only=True, tag="keyboard"):
    """Buttons, in rows. ``style``: attached to the message (``inline``), in place of the keys (``reply``), chips
    above the input that vanish (``quick_replies``), behind a button (``list``, whose label is ``label``), or nothing but
    lines of the text that count from 1, of which the customer types the number (``numbered``)."""

    style: Literal["inline", "reply", "quick_replies", "list", "numbered"]
    rows: tuple[tuple[Button, ...], ...]
    label: str | None = None
    one_time: bool = False
    placeholder: str | None = None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, row by row."""
        return tuple(button for row in self.rows for button in row)


class KeyboardRemoved(_Part, frozen=True, kw_only=True, tag="keyboard_removed"):
    """The reply keyboard goes away."""


class ReplyForced(_Part, frozen=True, kw_only=True, tag="reply_forced"):
    """The customer's app opens a reply to this message."""

    placeholder: str | None = None


class Card(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One card of a carousel."""

    title: str
    subtitle: str | None = None
    image: File | None = None
    url: str | None = None
    buttons: tuple[Button, ...] = ()


class Carousel(_Part, frozen=True, kw_only=True, tag="carousel"):
    """Cards side by side; one card alone is a carousel too."""

    cards: tuple[Card, ...]


class Template(_Part, frozen=True, kw_only=True, tag="template"):
    """A message that the vendor approved beforehand; ``text`` is what the customer reads."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    text: str = ""
    buttons: tuple[Button, ...] = ()


class OrderItem(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A line of an order; ``price`` of one piece, in units of ``currency``."""

    id: str
    quantity: float = 1
    price: float = 0.0
    currency: str = "EUR"
    name: str | None = None


class Order(_Part, frozen=True, kw_only=True, tag="order"):
    """A basket the customer sends, or a receipt the bot sends."""

    items: tuple[OrderItem, ...]
    catalog: str | None = None
    note: str | None = None
    number: str | None = None
    total: float | None = None


class Products(_Part, frozen=True, kw_only=True, tag="products"):
    """Products of the vendor's catalogue, shown by the bot."""

    ids: tuple[str, ...]
    catalog: str | None = None


class Form(_Part, frozen=True, kw_only=True, tag="form"):
    """A form the bot offers or the customer returns; ``values`` as the vendor carries them."""

    name: str
    values: dict[str, Any] = {}


class Other(_Part, frozen=True, kw_only=True, tag="other"):
    """What the neutral model has no word for (a poll, dice, a game ...), as the vendor names it."""

    kind: str
    data: dict[str, Any] = {}


Part = (
    Text
    | Media
    | Location
    | Contact
    | Keyboard
    | KeyboardRemoved
    | ReplyForced
    | Carousel
    | Template
    | Order
    | Products
    | Form
    | Other
)


class Referral(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Where a customer came from: a deep link's payload, an advertisement, a shop page."""

    ref: str | None = None
    source: Literal["link", "ad", "plugin", "product"] = "link"
    ad_id: str | None = None
    headline: str | None = None
    url: str | None = None
    product: str | None = None
