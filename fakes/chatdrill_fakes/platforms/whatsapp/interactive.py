"""Interactive messages of the bot: one reader for each kind. Limits: Meta, "Interactive messages" (2025/26)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.model import Button, Card, Carousel, Form, Keyboard, Part, Products, Text
from chatdrill_fakes.families.meta import is_url
from chatdrill_fakes.platforms.whatsapp.bodies import Draft, media_part
from chatdrill_fakes.platforms.whatsapp.errors import problem
from chatdrill_fakes.platforms.whatsapp.formatting import words
from chatdrill_fakes.platforms.whatsapp.library import Shelf
from chatdrill_fakes.platforms.whatsapp.reading import Node, has_emoji, unique

BODY_MAX, LIST_BODY_MAX, HEADER_MAX, FOOTER_MAX = 1024, 4096, 60, 60
BUTTONS_MAX, BUTTON_TITLE_MAX, BUTTON_ID_MAX = 3, 20, 256
LIST_LABEL_MAX, SECTIONS_MAX, ROWS_MAX, SECTION_TITLE_MAX = 20, 10, 10, 24
ROW_TITLE_MAX, ROW_DESCRIPTION_MAX, ROW_ID_MAX = 24, 72, 200
CARDS_MIN, CARDS_MAX, CARD_BODY_MAX, CARD_BREAKS_MAX, CARD_BUTTONS_MAX = 2, 10, 160, 2, 3
PRODUCTS_MAX, FLOW_LABEL_MAX, URL_LABEL_MAX = 30, 30, 20

_MEDIA_HEADERS = ("image", "video", "document")
_HEADERS: dict[str, tuple[str, ...]] = {
    "list": ("text",),
    "product_list": ("text",),
    "product": (),
    "carousel": (),
    "location_request_message": (),
    "call_permission_request": (),
}

Reader = Callable[[Node, Shelf], tuple[Part, ...]]


def read_interactive(body: Node, shelf: Shelf) -> Draft:
    """``{"type": …, "header": …, "body": …, "footer": …, "action": …}``"""
    kind = body.choice("type", KINDS)
    header = _header(body, kind, shelf)
    said = _body(body, kind)
    offered = KINDS[kind](body.node("action"), shelf)
    footer = _footer(body, kind)
    return Draft(f"interactive.{kind}", (*header, *said, *footer, *offered))


def _header(body: Node, kind: str, shelf: Shelf) -> tuple[Part, ...]:
    header = body.optional("header")
    allowed = _HEADERS.get(kind, ("text", *_MEDIA_HEADERS))
    if header is None:
        if kind == "product_list":
            raise problem(131008, f"Param {body.at('header')} is required.")
        return ()
    if not allowed:
        raise problem(131009, f"Param {header.path} is not allowed in an interactive message of type {kind}.")
    sort = header.choice("type", allowed)
    if sort == "text":
        return (Text(text=header.text("text", HEADER_MAX, what="Header text")),)
    return (media_part(sort, header.node(sort), shelf),)


def _body(body: Node, kind: str) -> tuple[Part, ...]:
    most = LIST_BODY_MAX if kind == "list" else BODY_MAX
    if kind == "product" and not body.has("body"):
        return ()
    return (words(body.node("body").text("text", most, what="Body text")),)


def _footer(body: Node, kind: str) -> tuple[Part, ...]:
    footer = body.optional("footer")
    if footer and kind == "carousel":
        raise problem(131009, f"Param {footer.path} is not allowed in an interactive message of type {kind}.")
    return (Text(text=footer.text("text", FOOTER_MAX, what="Footer text")),) if footer else ()


def _buttons(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    replies = action.nodes("buttons", 1, BUTTONS_MAX, "Buttons")
    buttons = tuple(_reply(button) for button in replies)
    unique((button.title for button in buttons), "button title")
    unique((button.payload or "" for button in buttons), "button id")
    return (Keyboard(style="inline", rows=tuple((button,) for button in buttons)),)


def _reply(button: Node) -> Button:
    button.choice("type", ("reply",))
    reply = button.node("reply")
    return Button(
        title=reply.text("title", BUTTON_TITLE_MAX, what="Button title"),
        kind="postback",
        payload=reply.text("id", BUTTON_ID_MAX, what="Button id"),
    )


def _list(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    label = action.text("button", LIST_LABEL_MAX, what="Button label")
    sections = action.nodes("sections", 1, SECTIONS_MAX, "Sections")
    rows = [_row(row, section) for section in sections for row in _rows(section, many=len(sections) > 1)]
    if len(rows) > ROWS_MAX:
        raise problem(131009, f"Total row count exceed max allowed count: {ROWS_MAX}")
    unique((row.payload or "" for row in rows), "row id")
    return (Keyboard(style="list", label=label, rows=tuple((row,) for row in rows)),)


def _rows(section: Node, *, many: bool) -> list[Node]:
    if many or section.has("title"):
        section.text("title", SECTION_TITLE_MAX, what="Section title")
    return section.nodes("rows", 1, ROWS_MAX, "Rows")


def _row(row: Node, section: Node) -> Button:
    return Button(
        title=row.text("title", ROW_TITLE_MAX, what="Row title"),
        kind="postback",
        payload=row.text("id", ROW_ID_MAX, what="Row id"),
        description=row.optional_text("description", ROW_DESCRIPTION_MAX, what="Row description"),
        section=section.optional_text("title"),
    )


def _cta_url(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    return (Keyboard(style="inline", rows=((_url_button(action),),)),)


def _url_button(action: Node) -> Button:
    action.choice("name", ("cta_url",))
    parameters = action.node("parameters")
    url = parameters.text("url", 2000)
    if not is_url(url):
        raise problem(131009, f"Param {parameters.at('url')}: {url[:80]!r} is not a valid URI.")
    return Button(title=parameters.text("display_text", URL_LABEL_MAX, what="Display text"), kind="url", url=url)


def _flow(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("flow",))
    given = action.node("parameters")
    if given.has("flow_id") == given.has("flow_name"):
        raise problem(131009, f"Param {given.path} must have exactly one of flow_id or flow_name.")
    if has_emoji(given.text("flow_cta", FLOW_LABEL_MAX, what="Flow CTA")):
        raise problem(131009, f"Param {given.at('flow_cta')} may not have emoji.")
    given.choice("mode", ("published", "draft"), "published")
    given.choice("flow_action", ("navigate", "data_exchange"), "navigate")
    values: dict[str, Any] = {"flow_token": "unused", "flow_action": "navigate", "mode": "published", **given.value}
    return (Form(name=str(values.get("flow_id", values.get("flow_name"))), values=values),)


def _location_request(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("send_location",))
    return (Keyboard(style="inline", rows=((Button(title="Send location", kind="request_location"),),)),)


def _address(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("address_message",))
    parameters = action.node("parameters")
    parameters.text("country")
    return (Form(name="address_message", values=dict(parameters.value)),)


def _product(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    return (Products(ids=(action.text("product_retailer_id"),), catalog=action.text("catalog_id")),)


def _product_list(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    return (Products(ids=product_ids(action), catalog=action.text("catalog_id")),)


def product_ids(action: Node) -> tuple[str, ...]:
    """The products of all sections, at most thirty."""
    sections = action.nodes("sections", 1, SECTIONS_MAX, "Sections")
    ids = [
        item.text("product_retailer_id")
        for section in sections
        for item in section.nodes("product_items", 1, PRODUCTS_MAX, "Product items")
    ]
    if len(ids) > PRODUCTS_MAX:
        raise problem(131009, f"Total product count exceed max allowed count: {PRODUCTS_MAX}")
    return tuple(ids)


def _catalog(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("catalog_message",))
    parameters = action.optional("parameters")
    shown = parameters.optional_text("thumbnail_product_retailer_id") if parameters else None
    return (Products(ids=(shown,) if shown else ()),)


def _carousel(action: Node, shelf: Shelf) -> tuple[Part, ...]:
    cards = action.nodes("cards", CARDS_MIN, CARDS_MAX, "Cards")
    if len({_card_header(card) for card in cards}) > 1:
        raise problem(131009, "All cards of a carousel must have the same header type.")
    return (Carousel(cards=tuple(_card(card, shelf) for card in cards)),)


def _card_header(card: Node) -> str:
    return card.node("header").choice("type", ("image", "video"))


def _card(card: Node, shelf: Shelf) -> Card:
    sort = _card_header(card)
    body = card.optional("body")
    text = body.optional_text("text", CARD_BODY_MAX, what="Card body text") if body else None
    if text and text.count("\n") > CARD_BREAKS_MAX:
        raise problem(131009, f"Card body text may have at most {CARD_BREAKS_MAX} line breaks.")
    image = media_part(sort, card.node("header").node(sort), shelf).file
    return Card(title=text or "", image=image, buttons=_card_buttons(card))


def _card_buttons(card: Node) -> tuple[Button, ...]:
    """A link, or quick replies: what the action holds decides, for SDKs call both of them ``cta_url``."""
    card.choice("type", ("cta_url", "button"), "cta_url")
    action = card.node("action")
    if not action.has("buttons"):
        return (_url_button(action),)
    return tuple(_quick_reply(button) for button in action.nodes("buttons", 1, CARD_BUTTONS_MAX, "Card buttons"))


def _quick_reply(button: Node) -> Button:
    button.choice("type", ("quick_reply", "reply"))
    reply = button.node("quick_reply" if "quick_reply" in button.value else "reply")
    title, payload = reply.text("title", BUTTON_TITLE_MAX, what="Button title"), reply.text("id", BUTTON_ID_MAX)
    return Button(title=title, kind="postback", payload=payload)


def _call_permission(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("call_permission_request",))
    button = Button(title="Choose preference", kind="other", payload="call_permission_request")
    return (Keyboard(style="inline", rows=((button,),)),)


def _contact_request(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("request_contact_info",))
    return (Keyboard(style="inline", rows=((Button(title="Share contact info", kind="request_contact"),),)),)


def _voice_call(action: Node, _shelf: Shelf) -> tuple[Part, ...]:
    action.choice("name", ("voice_call",))
    parameters = action.optional("parameters")
    label = parameters.optional_text("display_text", URL_LABEL_MAX, what="Display text") if parameters else None
    return (Keyboard(style="inline", rows=((Button(title=label or "Call now", kind="call"),),)),)


KINDS: dict[str, Reader] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _cta_url,
    "flow": _flow,
    "location_request_message": _location_request,
    "address_message": _address,
    "product": _product,
    "product_list": _product_list,
    "catalog_message": _catalog,
    "carousel": _carousel,
    "call_permission_request": _call_permission,
    "request_contact_info": _contact_request,
    "voice_call": _voice_call,
}
