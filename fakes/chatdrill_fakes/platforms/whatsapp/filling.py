"""Template messages of the bot: what was approved, filled with what the bot gave.

Checks and their wording follow Meta, "Template messages" and "Error codes" (2025/26): as many parameters as
placeholders (132000), each of the declared kind (132012), every dynamic button served (131008).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Button, Card, Carousel, File, Media, Part, Products, Template
from chatdrill_fakes.platforms.whatsapp.bodies import Draft, location_part, media_part
from chatdrill_fakes.platforms.whatsapp.errors import problem
from chatdrill_fakes.platforms.whatsapp.interactive import product_ids
from chatdrill_fakes.platforms.whatsapp.library import Shelf
from chatdrill_fakes.platforms.whatsapp.reading import Node
from chatdrill_fakes.platforms.whatsapp.state import TemplateEntry, WhatsAppState

FILLED_MAX = 1024
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_FORBIDDEN = re.compile(r"[\n\t]| {5,}")
_HEADER_FORMATS = {
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "GIF": "video",
    "LOCATION": "location",
    "PRODUCT": "product",
}
_SENDABLE = ("APPROVED", "FLAGGED")  # a flagged template may be paused soon
_UNUSABLE = {"PAUSED": 132015, "DISABLED": 132016}

# What a customer sees of each type of button, and whether the bot must give it a parameter.
_BUTTON_KINDS: dict[str, tuple[str, str]] = {
    "QUICK_REPLY": ("postback", "quick_reply"),
    "URL": ("url", "url"),
    "PHONE_NUMBER": ("call", ""),
    "COPY_CODE": ("copy", "copy_code"),
    "FLOW": ("other", "flow"),
    "CATALOG": ("other", "catalog"),
    "MPM": ("other", "mpm"),
    "SPM": ("other", "spm"),
    "VOICE_CALL": ("call", "voice_call"),
    "REQUEST_CONTACT_INFO": ("request_contact", ""),
}


@dataclass
class Filled:
    """What a customer reads of one set of components."""

    lead: list[Part] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    rest: list[Part] = field(default_factory=list)


def find_template(state: WhatsAppState, name: str, language: str) -> TemplateEntry:
    """The approved template of a name in a language (``de``, ``en_US`` or ``en-US``); raises 132001, 132015, 132016."""
    wanted = language.replace("-", "_").lower()
    for entry in state.templates.values():
        if entry.name == name and entry.language.replace("-", "_").lower() == wanted:
            status = entry.status
            if status in _UNUSABLE:
                raise problem(_UNUSABLE[status], f"template name ({name}) is {status.lower()}")
            if status in _SENDABLE:
                return entry
    raise problem(132001, f"template name ({name[:100]}) does not exist in {language[:20]}")


def read_template(body: Node, shelf: Shelf) -> Draft:
    """``{"name": …, "language": {"code": …}, "components": […]}``"""
    name, language = body.text("name", 512), body.node("language").text("code")
    entry = find_template(shelf.state, name, language)
    given = body.nodes("components", 0, 20) if body.has("components") else []
    filled = _fill(entry.components, given, entry, shelf)
    template = Template(
        name=entry.name,
        language=entry.language,
        parameters=tuple(filled.parameters),
        text="\n".join(filled.lines),
        buttons=tuple(filled.buttons),
    )
    return Draft("template", (*filled.lead, template, *filled.rest), template=entry)


def _fill(components: list[dict[str, Any]], given: list[Node], entry: TemplateEntry, shelf: Shelf) -> Filled:
    filled = Filled()
    kinds = [node.choice("type", _GIVEN) for node in given]
    for component in components:
        kind = str(component.get("type", "")).upper()
        mine = [node for node, name in zip(given, kinds, strict=True) if name == _FILLED_BY.get(kind)]
        if kind in _FILLERS:
            _FILLERS[kind](component, mine, entry, shelf, filled)
    declared = {_FILLED_BY.get(str(component.get("type", "")).upper()) for component in components}
    for node, name in zip(given, kinds, strict=True):
        if name not in declared and node.has("parameters"):
            raise problem(132000, _count(name, len(node.nodes("parameters", 0, 1000)), 0))
    return filled


def _count(where: str, got: int, expected: int) -> str:
    return f"{where}: number of localizable_params ({got}) does not match the expected number of params ({expected})"


def _parameters(given: list[Node]) -> list[Node]:
    return given[0].nodes("parameters", 0, 1000) if given and given[0].has("parameters") else []


def _fill_header(component: dict[str, Any], given: list[Node], entry: TemplateEntry, shelf: Shelf, out: Filled) -> None:
    form = str(component.get("format", "TEXT")).upper()
    if form == "TEXT":
        return _fill_text("header", component, given, entry, out)
    parameters = _parameters(given)
    got = parameters[0].text("type").lower() if parameters else "unknown"
    wanted = _HEADER_FORMATS.get(form, "image")
    if got != wanted:
        raise problem(132012, f"header: Format mismatch, expected {form}, received {got.upper()[:20]}")
    if len(parameters) != 1:
        raise problem(132000, _count("header", len(parameters), 1))
    out.lead.append(_header_part(wanted, parameters[0].node(wanted), shelf))
    return None


def _header_part(wanted: str, node: Node, shelf: Shelf) -> Part:
    if wanted == "location":
        return location_part(node)
    if wanted == "product":
        return Products(ids=(node.text("product_retailer_id"),), catalog=node.optional_text("catalog_id"))
    return media_part(wanted, node, shelf)


def _fill_body(component: dict[str, Any], given: list[Node], entry: TemplateEntry, _shelf: Shelf, out: Filled) -> None:
    _fill_text("body", component, given, entry, out)
    if len(out.lines[-1]) > FILLED_MAX:
        raise problem(132005, f"body: text has {len(out.lines[-1])} characters, more than {FILLED_MAX}")


def _fill_text(where: str, component: dict[str, Any], given: list[Node], entry: TemplateEntry, out: Filled) -> None:
    text = str(component.get("text", ""))
    names = list(dict.fromkeys(PLACEHOLDER.findall(text)))
    parameters = _parameters(given)
    if len(parameters) != len(names):
        raise problem(132000, _count(where, len(parameters), len(names)))
    values = [_value(node, where) for node in parameters]
    if entry.parameter_format == "NAMED":
        by_name = dict(zip((node.text("parameter_name") for node in parameters), values, strict=True))
        if absent := [name for name in names if name not in by_name]:
            raise problem(132000, f"{where}: no parameter named {absent[0]}")
    else:
        by_name = dict(zip(sorted(names, key=_position), values, strict=True))
    out.parameters.extend(values)
    out.lines.append(PLACEHOLDER.sub(lambda match: by_name[match[1]], text))


def _position(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() and len(name) < 10 else (10**9, name)


def _value(node: Node, where: str) -> str:
    kind = node.text("type").lower()
    if kind in ("currency", "date_time"):
        return node.node(kind).text("fallback_value")
    if kind != "text":
        raise problem(132012, f"{where}: Format mismatch, expected TEXT, received {kind.upper()[:20]}")
    text = node.text("text")
    if _FORBIDDEN.search(text):
        raise problem(132008, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text


def _fill_footer(
    component: dict[str, Any], _given: list[Node], _entry: TemplateEntry, _shelf: Shelf, out: Filled
) -> None:
    if text := component.get("text"):
        out.lines.append(str(text))


def _fill_buttons(
    component: dict[str, Any], given: list[Node], entry: TemplateEntry, _shelf: Shelf, out: Filled
) -> None:
    by_index: dict[int, Node] = {int(node.number("index", 0, 20)): node for node in given}
    declared = component.get("buttons", [])
    if strange := [index for index in by_index if index >= len(declared)]:
        raise problem(132000, f"buttons: template {entry.name} has no button at index {strange[0]}")
    for index, button in enumerate(declared):
        out.buttons.append(_button(button, index, by_index.get(index), out))


def _button(button: dict[str, Any], index: int, given: Node | None, out: Filled) -> Button:
    kind = str(button.get("type", "")).upper()
    shown, sub_type = _BUTTON_KINDS.get(kind, ("other", ""))
    if given is not None and sub_type:
        given.choice("sub_type", (sub_type,))
    parameters = _parameters([given] if given else [])
    if not parameters and _needs_parameter(kind, button):
        raise problem(131008, f"buttons: Button at index {index} of type {kind.title()} requires a parameter")
    if kind == "URL" and len(parameters) > (wanted := int(_needs_parameter(kind, button))):
        raise problem(132000, _count(f"buttons: Button at index {index}", len(parameters), wanted))
    value = _button_value(parameters[0], out) if parameters else None
    url = str(button["url"]) if button.get("url") else None
    if url and value is not None:
        url = PLACEHOLDER.sub(lambda _match: value, url)
    fixed = button.get("text") if kind == "QUICK_REPLY" else button.get("phone_number")
    payload = value if kind != "URL" and value is not None else str(fixed) if fixed else None
    title = str(button.get("text") or kind.replace("_", " ").capitalize())
    return Button(title=title, kind=shown, url=url, payload=payload)  # type: ignore[arg-type]  # a word of the table


def _needs_parameter(kind: str, button: dict[str, Any]) -> bool:
    dynamic_url = kind == "URL" and PLACEHOLDER.search(str(button.get("url", "")))
    return bool(dynamic_url) or kind in ("COPY_CODE", "MPM")


def _button_value(parameter: Node, out: Filled) -> str | None:
    kind = parameter.text("type").lower()
    if kind != "action":
        return parameter.text({"coupon_code": "coupon_code", "payload": "payload"}.get(kind, "text"), 2000)
    action = parameter.node("action")
    if action.has("sections"):
        out.rest.append(Products(ids=product_ids(action)))
    elif shown := action.optional_text("thumbnail_product_retailer_id"):
        out.rest.append(Products(ids=(shown,)))
    else:
        return action.optional_text("flow_token") or "unused"
    return None


def _fill_offer(
    component: dict[str, Any], given: list[Node], _entry: TemplateEntry, _shelf: Shelf, out: Filled
) -> None:
    offer = component.get("limited_time_offer")
    if isinstance(offer, dict) and offer.get("has_expiration"):
        parameters = _parameters(given)
        if not parameters:
            raise problem(132012, "limited_time_offer: Format mismatch, expected LIMITED_TIME_OFFER, received UNKNOWN")
        parameters[0].node("limited_time_offer").number("expiration_time_ms", 1, 1e15)
    if isinstance(offer, dict) and offer.get("text"):
        out.lines.append(str(offer["text"]))


def _fill_carousel(
    component: dict[str, Any], given: list[Node], entry: TemplateEntry, shelf: Shelf, out: Filled
) -> None:
    declared = component.get("cards", [])
    cards = given[0].nodes("cards", 0, 10) if given and given[0].has("cards") else []
    if len(cards) != len(declared):
        raise problem(132000, _count("carousel", len(cards), len(declared)))
    out.rest.append(
        Carousel(cards=tuple(_card(each, node, entry, shelf) for each, node in zip(declared, cards, strict=True)))
    )


def _card(declared: dict[str, Any], node: Node, entry: TemplateEntry, shelf: Shelf) -> Card:
    given = node.nodes("components", 0, 10) if node.has("components") else []
    filled = _fill(declared.get("components", []), given, entry, shelf)
    image: File | None = next((part.file for part in filled.lead if isinstance(part, Media)), None)
    return Card(title="\n".join(filled.lines), image=image, buttons=tuple(filled.buttons))


_FILLERS = {
    "HEADER": _fill_header,
    "BODY": _fill_body,
    "FOOTER": _fill_footer,
    "BUTTONS": _fill_buttons,
    "LIMITED_TIME_OFFER": _fill_offer,
    "CAROUSEL": _fill_carousel,
}
_FILLED_BY = {
    "HEADER": "header",
    "BODY": "body",
    "BUTTONS": "button",
    "LIMITED_TIME_OFFER": "limited_time_offer",
    "CAROUSEL": "carousel",
}
_GIVEN = ("header", "body", "footer", "button", "limited_time_offer", "carousel", "order_status")
