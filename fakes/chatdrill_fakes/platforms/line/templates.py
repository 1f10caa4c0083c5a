"""Templates and imagemaps. Source: developers.line.biz, Messaging API reference: template and imagemap messages (2026-08)."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import Button, Card, Carousel, File, Keyboard, Media, Part, Text
from chatdrill_fakes.platforms.line import actions, limits
from chatdrill_fakes.platforms.line.drafts import Draft
from chatdrill_fakes.platforms.line.reading import Place
from chatdrill_fakes.platforms.line.state import Pressable

_RATIOS, _SIZES = ("rectangle", "square"), ("cover", "contain")
_NO_TEXT = "must be non-empty text"


def read(place: Place, draft: Draft) -> None:
    """A template message."""
    place.text("altText", limits.ALT_TEXT_MAX)
    inner = place.inner("template")
    if inner is None:
        return
    kind = inner.choice("type", tuple(_READERS))
    if kind:
        _READERS[kind](inner, draft)


def _pressed(place: Place, draft: Draft, where: str, least: int, most: int) -> list[Button]:
    found = [actions.read(one, where) for one in place.items("actions", least, most)]
    kept = [one for one in found if one is not None]
    draft.pressables += kept
    return [one.button for one in kept]


def _default(place: Place) -> str | None:
    """What a tap beside the buttons does; the link, if it is one."""
    inner = place.inner("defaultAction", required=False)
    found = actions.read(inner, "template", labelled=False) if inner is not None else None
    return found.button.url if found is not None else None


def _illustrated(place: Place) -> str:
    place.choice("imageAspectRatio", _RATIOS, required=False)
    place.choice("imageSize", _SIZES, required=False)
    return place.url("thumbnailImageUrl", required=False)


def _inline(buttons: list[Button]) -> tuple[Part, ...]:
    return (Keyboard(style="inline", rows=tuple((button,) for button in buttons)),) if buttons else ()


def _buttons(place: Place, draft: Draft) -> None:
    image, title = _illustrated(place), place.optional("title", limits.TITLE_MAX)
    most = limits.BUTTONS_TEXT_WITH_MAX if image or title else limits.BUTTONS_TEXT_MAX
    words = place.text("text", most, empty=_NO_TEXT)
    buttons = _pressed(place, draft, "template", 1, limits.BUTTONS_ACTIONS_MAX)
    _default(place)
    text = Text(text="\n".join(one for one in (title, words) if one))
    picture = (Media(kind="photo", file=File(url=image)),) if image else ()
    draft.parts = (*picture, text, *_inline(buttons))


def _confirm(place: Place, draft: Draft) -> None:
    words = place.text("text", limits.CONFIRM_TEXT_MAX, empty=_NO_TEXT)
    buttons = _pressed(place, draft, "template", limits.CONFIRM_ACTIONS, limits.CONFIRM_ACTIONS)
    draft.parts = (Text(text=words), Keyboard(style="inline", rows=(tuple(buttons),)))


def _carousel(place: Place, draft: Draft) -> None:
    place.choice("imageAspectRatio", _RATIOS, required=False)
    place.choice("imageSize", _SIZES, required=False)
    columns = place.items("columns", 1, limits.COLUMNS_MAX)
    cards = [_column(column, draft) for column in columns]
    if len({len(card.buttons) for card in cards}) > 1:
        place.wrong("all columns must have the same number of actions", "columns")
    draft.parts = (Carousel(cards=tuple(cards)),)


def _column(place: Place, draft: Draft) -> Card:
    image, title = place.url("thumbnailImageUrl", required=False), place.optional("title", limits.TITLE_MAX)
    most = limits.COLUMN_TEXT_WITH_MAX if image or title else limits.COLUMN_TEXT_MAX
    words = place.text("text", most, empty=_NO_TEXT)
    buttons = _pressed(place, draft, "template", 1, limits.COLUMN_ACTIONS_MAX)
    link = _default(place)
    return Card(
        title=title or words,
        subtitle=words if title else None,
        image=File(url=image) if image else None,
        url=link,
        buttons=tuple(buttons),
    )


def _images(place: Place, draft: Draft) -> None:
    cards = []
    for column in place.items("columns", 1, limits.COLUMNS_MAX):
        image, inner = column.url("imageUrl"), column.inner("action")
        found = actions.read(inner, "image_carousel", image=image) if inner is not None else None
        if found is not None:
            draft.pressables.append(found)
            cards.append(Card(title=found.button.title, image=File(url=image), buttons=(found.button,)))
    draft.parts = (Carousel(cards=tuple(cards)),)


_READERS: dict[str, Callable[[Place, Draft], None]] = {
    "buttons": _buttons,
    "confirm": _confirm,
    "carousel": _carousel,
    "image_carousel": _images,
}


def read_imagemap(place: Place, draft: Draft) -> None:
    """A picture whose regions can be pressed; it is served in five widths below its address."""
    base = place.url("baseUrl")
    place.text("altText", limits.ALT_TEXT_MAX)
    size = place.inner("baseSize")
    if size is not None:
        if size.number("width", 1, 1e6) != 1040:
            size.wrong("must be 1040", "width")
        size.number("height", 1, 1e6)
    found: list[Pressable] = []
    for one in place.items("actions", 0, limits.IMAGEMAP_ACTIONS_MAX):
        _check_area(one)
        read_one = actions.read(one, "imagemap")
        found += [read_one] if read_one is not None else []
    draft.pressables += found
    draft.parts = (Media(kind="photo", file=File(url=f"{base}/1040")), *_inline([one.button for one in found]))


def _check_area(place: Place) -> None:
    area = place.inner("area")
    if area is not None:
        for name in ("x", "y", "width", "height"):
            area.number(name, 0, 1e6)
