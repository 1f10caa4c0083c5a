"""What Meta demands of a new template: "Template components" and "Error codes" (2025/26)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from chatdrill_fakes.families.meta import GraphError
from chatdrill_fakes.platforms.whatsapp.filling import PLACEHOLDER
from chatdrill_fakes.platforms.whatsapp.reading import Node

NAME_MAX, BODY_MAX, HEADER_MAX, FOOTER_MAX, BUTTON_LABEL_MAX = 512, 1024, 60, 60, 25
BUTTONS_MAX, URLS_MAX, PHONES_MAX, CODES_MAX, CARDS_MAX = 10, 2, 1, 1, 10
_NAME = re.compile(r"[a-z0-9_]+")
_AT_AN_END = re.compile(r"^\s*\{\{[^{}]*\}\}|\{\{[^{}]*\}\}\s*$")
_WORD = re.compile(r"\w+")
_SIDE_BY_SIDE = re.compile(r"\}\}\s*\{\{")
_PER_TYPE_MAX = {"URL": URLS_MAX, "PHONE_NUMBER": PHONES_MAX, "COPY_CODE": CODES_MAX}
_FIELD_MAX = {"URL": ("url", 2000), "PHONE_NUMBER": ("phone_number", 20), "COPY_CODE": ("example", 15)}
_BUTTON_TYPES = (
    "quick_reply", "url", "phone_number", "copy_code", "otp", "flow", "catalog", "mpm", "spm", "voice_call",
    "request_contact_info",
)  # fmt: skip
_HEADER_FORMATS = ("text", "image", "video", "gif", "document", "location", "product")
_MEDIA_FORMATS = ("image", "video", "gif", "document")

TOO_MANY, TOO_LONG, HEADER, BODY, FOOTER = 2388019, 2388040, 2388047, 2388072, 2388073
TOO_DENSE, AT_AN_END = 2388293, 2388299


def refuse(subcode: int, title: str, message: str) -> GraphError:
    """Error 100 of template creation, with the words that Meta shows a person."""
    return GraphError(100, "(#100) Invalid parameter", subcode=subcode, user_title=title, user_message=message)


def check_name(name: str) -> None:
    """Raise unless a name is made of lower-case letters, digits and underscores."""
    if len(name) > NAME_MAX:
        raise refuse(TOO_LONG, "Character limit exceeded", f"A template name may have {NAME_MAX} characters.")
    if not _NAME.fullmatch(name):
        what = "Template names may contain lower-case letters a-z, digits and underscores only."
        raise refuse(TOO_LONG, "Template name is invalid", what)


def check_components(components: list[Node], category: str) -> None:
    """Raise unless all components keep to the rules; a template of another category than authentication needs a body."""
    kinds = [component.choice("type", _RULES) for component in components]
    if "body" not in kinds and category != "AUTHENTICATION":
        raise refuse(BODY, "Message template body is missing", "Every template needs a component of type BODY.")
    for component, kind in zip(components, kinds, strict=True):
        if rule := _RULES[kind]:
            rule(component, category)


def _check_body(body: Node, category: str) -> None:
    if category == "AUTHENTICATION" and not body.has("text"):
        return
    text = _bounded(body, BODY_MAX, BODY, "body")
    if _AT_AN_END.search(text):
        raise refuse(AT_AN_END, "Variables at start or end", "Variables may not stand at the start or end of the body.")
    if _SIDE_BY_SIDE.search(text):
        raise refuse(BODY, "Variables side by side", "Two variables may not stand next to each other.")
    names = set(PLACEHOLDER.findall(text))
    if len(_WORD.findall(PLACEHOLDER.sub("", text))) <= len(names):
        raise refuse(TOO_DENSE, "Too many variables", "There are too many variables for the length of the message.")
    _check_example(body, names, ("body_text", "body_text_named_params"), BODY)


def _check_header(header: Node, _category: str) -> None:
    form = header.choice("format", _HEADER_FORMATS, "text")
    if form == "text":
        names = set(PLACEHOLDER.findall(_bounded(header, HEADER_MAX, HEADER, "header")))
        if len(names) > 1:
            raise refuse(HEADER, "Message header format is incorrect", "A header may have one variable.")
        _check_example(header, names, ("header_text", "header_text_named_params"), HEADER)
    elif form in _MEDIA_FORMATS:
        _check_example(header, {"media"}, ("header_handle",), HEADER)


def _check_footer(footer: Node, category: str) -> None:
    if category == "AUTHENTICATION" and not footer.has("text"):
        return
    if PLACEHOLDER.search(_bounded(footer, FOOTER_MAX, FOOTER, "footer")):
        raise refuse(FOOTER, "Message footer format is incorrect", "A footer may have no variables.")


def _check_buttons(component: Node, _category: str) -> None:
    buttons = component.nodes("buttons", 1, 1000, "Buttons")
    if len(buttons) > BUTTONS_MAX:
        raise refuse(TOO_LONG, "Too many buttons", f"A template may have {BUTTONS_MAX} buttons.")
    kinds = [button.choice("type", _BUTTON_TYPES).upper() for button in buttons]
    for kind, most in _PER_TYPE_MAX.items():
        if kinds.count(kind) > most:
            raise refuse(TOO_LONG, "Too many buttons", f"A template may have {most} buttons of type {kind}.")
    quick = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(a != b for a, b in pairwise(quick)) > 1:
        raise refuse(TOO_LONG, "Buttons are in a wrong order", "Quick replies must stand together.")
    for button, kind in zip(buttons, kinds, strict=True):
        _check_button(button, kind)


def _check_carousel(component: Node, category: str) -> None:
    for card in component.nodes("cards", 1, CARDS_MAX, "Cards"):
        for part in card.nodes("components", 1, 10, "Card components"):
            if part.choice("type", ("header", "body", "buttons")) == "buttons":
                _check_buttons(part, category)


def _check_button(button: Node, kind: str) -> None:
    label = button.optional_text("text")
    if label and len(label) > BUTTON_LABEL_MAX:
        raise refuse(TOO_LONG, "Character limit exceeded", f"A button's label may have {BUTTON_LABEL_MAX} characters.")
    name, most = _FIELD_MAX.get(kind, ("", 0))
    value = button.value.get(name)
    if isinstance(value, str) and len(value) > most:
        raise refuse(TOO_LONG, "Character limit exceeded", f"A button's {name} may have {most} characters.")
    if kind == "URL" and PLACEHOLDER.search(button.text("url")) and not button.has("example"):
        raise refuse(BODY, "Example is missing", "A URL with a variable needs an example.")


def _bounded(component: Node, most: int, subcode: int, name: str) -> str:
    text = component.text("text")
    if len(text) > most:
        what = f"The {name} has {len(text)} characters; {most} are allowed."
        raise refuse(TOO_LONG if name == "body" else subcode, "Character limit exceeded", what)
    return text


def _check_example(component: Node, names: set[str], keys: tuple[str, ...], subcode: int) -> None:
    example = component.optional("example")
    given: Any = next((value for key in keys if example and (value := example.value.get(key))), [])
    if isinstance(given, list) and given and isinstance(given[0], list):  # the examples of a body lie one deeper
        given = given[0]
    count = len(given) if isinstance(given, list) else 1
    if count < len(names):
        what = f"{component.path} needs {len(names)} in {' or '.join(keys)}, got {count}."
        raise refuse(subcode, "Example is missing", what)


_RULES: dict[str, Callable[[Node, str], None] | None] = {
    "body": _check_body,
    "header": _check_header,
    "footer": _check_footer,
    "buttons": _check_buttons,
    "carousel": _check_carousel,
    "limited_time_offer": None,
    "order_details": None,
    "call_permission_request": None,
}
