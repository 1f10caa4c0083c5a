"""Messages that the bot may send, each accepted as it stands."""

from __future__ import annotations

from typing import Any


def _interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "Bitte"}, "action": action, **more}}


def reply(number: object) -> dict[str, Any]:
    """A reply button."""
    return {"type": "reply", "reply": {"id": f"id-{number}", "title": f"Knopf {number}"}}


def row(number: object) -> dict[str, Any]:
    """A row of a list."""
    return {"id": f"slot-{number}", "title": f"{number}:00", "description": "frei"}


def card(number: int) -> dict[str, Any]:
    """A card of a carousel."""
    image = {"link": f"https://bot.example/{number}.png"}
    parameters = {"display_text": "Buchen", "url": "https://atelier.example/a"}
    return {
        "card_index": number,
        "type": "cta_url",
        "header": {"type": "image", "image": image},
        "body": {"text": "Kurs"},
        "action": {"name": "cta_url", "parameters": parameters},
    }


_PARAMETERS = {"display_text": "Zum Formular", "url": "https://atelier.example/a?id=77"}
_FLOW = {"flow_message_version": "3", "flow_id": "998877", "flow_token": "tok-77", "flow_cta": "Buchen"}
CONTACT = {"name": {"formatted_name": "Eva Lang", "first_name": "Eva"}, "phones": [{"phone": "+43 660 1"}]}
_HEADER = {"header": {"type": "text", "text": "Kurse"}, "footer": {"text": "Atelier"}}
_PRODUCTS = {"title": "Becher", "product_items": [{"product_retailer_id": "MUG-1"}, {"product_retailer_id": "MUG-2"}]}

BODIES: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": {"body": "Hallo", "preview_url": True}},
    "image": {"type": "image", "image": {"link": "https://bot.example/p.png", "caption": "Plan"}},
    "video": {"type": "video", "video": {"link": "https://bot.example/v.mp4", "caption": "Kurs"}},
    "audio": {"type": "audio", "audio": {"link": "https://bot.example/a.mp3"}},
    "sticker": {"type": "sticker", "sticker": {"link": "https://bot.example/s.webp"}},
    "document": {
        "type": "document",
        "document": {"link": "https://bot.example/r.pdf", "filename": "rechnung.pdf", "caption": "Nr. 77"},
    },
    "location": {"type": "location", "location": {"latitude": "48.20817", "longitude": 16.37382, "name": "Atelier"}},
    "contacts": {"type": "contacts", "contacts": [CONTACT]},
    "interactive.button": _interactive("button", {"buttons": [reply(1), reply(2)]}, **_HEADER),
    "interactive.list": _interactive(
        "list", {"button": "Termine", "sections": [{"title": "Sonntag", "rows": [row(1), row(2)]}]}, **_HEADER
    ),
    "interactive.cta_url": _interactive("cta_url", {"name": "cta_url", "parameters": _PARAMETERS}, **_HEADER),
    "interactive.flow": _interactive("flow", {"name": "flow", "parameters": _FLOW}),
    "interactive.location_request_message": _interactive("location_request_message", {"name": "send_location"}),
    "interactive.address_message": _interactive(
        "address_message", {"name": "address_message", "parameters": {"country": "IN"}}
    ),
    "interactive.product": _interactive("product", {"catalog_id": "354", "product_retailer_id": "MUG-01"}),
    "interactive.product_list": _interactive(
        "product_list", {"catalog_id": "354", "sections": [_PRODUCTS]}, header={"type": "text", "text": "Sortiment"}
    ),
    "interactive.catalog_message": _interactive(
        "catalog_message", {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "MUG-01"}}
    ),
    "interactive.carousel": _interactive("carousel", {"cards": [card(0), card(1)]}),
    "interactive.request_contact_info": _interactive("request_contact_info", {"name": "request_contact_info"}),
    "interactive.voice_call": _interactive(
        "voice_call", {"name": "voice_call", "parameters": {"display_text": "Anrufen"}}
    ),
    "interactive.call_permission_request": _interactive("call_permission_request", {"name": "call_permission_request"}),
    "template": {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}},
}
