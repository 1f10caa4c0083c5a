"""The structured templates that both messengers have: their limits, and what a customer sees of them in neutral words."""

from __future__ import annotations

from chatdrill.model import Button, Card, Carousel, File, Keyboard, Part, Products, Text

from . import errors, limits, reading
from .buttons import read_action, read_buttons
from .state import Json

AT = "name_placeholder"  # what Meta's own errors call the payload of a template
Kinds = tuple[str, ...] | None
"""The kinds of buttons that a template may have; ``None`` for all."""


def inline(buttons: tuple[Button, ...]) -> tuple[Keyboard, ...]:
    """The keyboard of a template: one button in a row; nothing without buttons."""
    return (Keyboard(style="inline", rows=tuple((one,) for one in buttons)),) if buttons else ()


def generic(payload: Json, kinds: Kinds = None) -> tuple[Part, ...]:
    """Cards side by side."""
    elements = reading.objects(payload.get("elements"), f"{AT}[elements]", 1, limits.ELEMENTS_MAX)
    if payload.get("image_aspect_ratio") is not None:
        reading.one_of(payload["image_aspect_ratio"], f"{AT}[image_aspect_ratio]", ("horizontal", "square"))
    return (Carousel(cards=tuple(_card(element, where, kinds) for where, element in elements)),)


def _card(element: Json, where: str, kinds: Kinds) -> Card:
    if element.get("title") is None or not any(
        element.get(key) for key in ("subtitle", "image_url", "buttons", "default_action")
    ):
        raise errors.invalid(
            "Incomplete element data: title and at least one other field (image url, subtitle or buttons) is required "
            "with non-empty value",
            2018035,
        )
    image = element.get("image_url")
    return Card(
        title=reading.text(element["title"], f"{where}[title]", limits.ELEMENT_TITLE_MAX),
        subtitle=reading.optional_text(element.get("subtitle"), f"{where}[subtitle]", limits.ELEMENT_SUBTITLE_MAX),
        image=File(url=reading.url(image, f"{where}[image_url]")) if image is not None else None,
        url=read_action(element.get("default_action"), f"{where}[default_action]"),
        buttons=read_buttons(element.get("buttons"), f"{where}[buttons]", 0, limits.BUTTONS_MAX, kinds),
    )


def button(payload: Json, kinds: Kinds = None) -> tuple[Part, ...]:
    """Words with buttons below them."""
    words = reading.text(payload.get("text"), f"{AT}[text]", limits.BUTTON_TEXT_MAX)
    buttons = read_buttons(payload.get("buttons"), f"{AT}[buttons]", 1, limits.BUTTONS_MAX, kinds)
    return (Text(text=words), *inline(buttons))


def product(payload: Json) -> tuple[Part, ...]:
    """Goods of the catalogue."""
    elements = reading.objects(payload.get("elements"), f"{AT}[elements]", 1, limits.ELEMENTS_MAX)
    return (Products(ids=tuple(reading.text(one.get("id"), f"{where}[id]") for where, one in elements)),)
