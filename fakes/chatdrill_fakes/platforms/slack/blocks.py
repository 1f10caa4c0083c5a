"""What a customer sees of blocks, and what of it can be pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Button, File, Keyboard, Media, Part, Span, Text
from chatdrill_fakes.platforms.slack import richtext
from chatdrill_fakes.platforms.slack.mrkdwn import Named, shown
from chatdrill_fakes.platforms.slack.schema import PRESSED
from chatdrill_fakes.platforms.slack.state import Json, Pressable

_LISTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")
_LABELS = {
    "datepicker": "Select a date",
    "timepicker": "Select a time",
    "overflow": "...",
    "checkboxes": "",
    "radio_buttons": "",
}


@dataclass(slots=True)
class Screen:
    """What blocks come to: parts in their order, and what can be pressed. ``named`` knows the names of people and channels."""

    named: Named
    parts: list[Part] = field(default_factory=list)
    pressables: list[Pressable] = field(default_factory=list)

    def say(self, text: Text) -> None:
        """Words; nothing for none."""
        if text.text.strip():
            self.parts.append(text)


def read(blocks: Sequence[Json], named: Named) -> Screen:
    """What checked blocks come to."""
    screen = Screen(named)
    for block in blocks:
        reader = _READERS.get(block["type"])
        if reader is not None:
            reader(screen, block)
    return screen


def words_of(value: Any, named: Named) -> Text:
    """The words of a text object, markup read."""
    if not isinstance(value, dict):
        return Text(text="")
    text = str(value.get("text", ""))
    return shown(text, named) if value.get("type") == "mrkdwn" else Text(text=text)


def _section(screen: Screen, block: Json) -> None:
    screen.say(words_of(block.get("text"), screen.named))
    for each in block.get("fields") or ():
        screen.say(words_of(each, screen.named))
    accessory = block.get("accessory")
    if accessory and accessory["type"] == "image":
        _picture(screen, accessory)
    elif accessory:
        _pressed(screen, [accessory], block["block_id"])


def _header(screen: Screen, block: Json) -> None:
    words = words_of(block["text"], screen.named).text
    screen.say(Text(text=words, spans=(Span(0, len(words), "bold"),)))


def _context(screen: Screen, block: Json) -> None:
    for element in block["elements"]:
        if element["type"] == "image":
            _picture(screen, element)
        else:
            screen.say(words_of(element, screen.named))


def _picture(screen: Screen, block: Json) -> None:
    title = block.get("title")
    caption = words_of(title, screen.named) if title else None
    url = block.get("image_url") or (block.get("slack_file") or {}).get("url")
    screen.parts.append(
        Media(kind="photo", file=File(url=str(url or ""), name=str(block.get("alt_text", ""))), caption=caption)
    )


def _video(screen: Screen, block: Json) -> None:
    screen.parts.append(
        Media(kind="video", file=File(url=block["video_url"]), caption=words_of(block["title"], screen.named))
    )


def _actions(screen: Screen, block: Json) -> None:
    _pressed(screen, block["elements"], block["block_id"])


def _input(screen: Screen, block: Json) -> None:
    screen.say(words_of(block["label"], screen.named))
    if block["element"]["type"] in PRESSED:
        _pressed(screen, [block["element"]], block["block_id"])


def _markdown(screen: Screen, block: Json) -> None:
    screen.say(Text(text=block["text"]))


def _rich(screen: Screen, block: Json) -> None:
    screen.say(richtext.read(block, screen.named))


_READERS: dict[str, Callable[[Screen, Json], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "image": _picture,
    "video": _video,
    "actions": _actions,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich,
}


# --------------------------------------------------------------------------------------------------- what can be pressed


def _pressed(screen: Screen, elements: Sequence[Json], block_id: str) -> None:
    """Buttons stand in a row; a select is a list behind its placeholder."""
    row: list[Button] = []
    for element in elements:
        if element["type"] in _LISTS:
            _list(screen, element, block_id)
            continue
        button = _button(element, screen.named)
        screen.pressables.append(Pressable(button, element, block_id))
        row.append(button)
    if row:
        screen.parts.append(Keyboard(style="inline", rows=(tuple(row),)))


def _button(element: Json, named: Named) -> Button:
    if element["type"] != "button":
        label = words_of(element.get("placeholder"), named).text
        return Button(title=label or _LABELS.get(element["type"], "Select"), kind="other", payload=element["action_id"])
    payload, title = element.get("value") or element["action_id"], words_of(element["text"], named).text
    if element.get("url"):
        return Button(title=title, kind="url", payload=payload, url=element["url"])
    return Button(title=title, kind="callback", payload=payload)


def _list(screen: Screen, element: Json, block_id: str) -> None:
    rows: list[tuple[Button, ...]] = []
    for section, option in _options(element, screen.named):
        button = Button(
            title=words_of(option["text"], screen.named).text,
            kind="callback",
            payload=option["value"],
            description=words_of(option.get("description"), screen.named).text or None,
            section=section,
        )
        screen.pressables.append(Pressable(button, element, block_id, option))
        rows.append((button,))
    label = words_of(element.get("placeholder"), screen.named).text or _LABELS.get(element["type"], "Select an item")
    if rows:
        screen.parts.append(Keyboard(style="list", rows=tuple(rows), label=label or None))


def _options(element: Json, named: Named) -> Iterator[tuple[str | None, Json]]:
    for option in element.get("options") or ():
        yield None, option
    for group in element.get("option_groups") or ():
        for option in group["options"]:
            yield words_of(group["label"], named).text, option


# --------------------------------------------------------------------------------------------------- the old attachments


def attached(attachments: Sequence[Json], screen: Screen) -> None:
    """What a customer sees of attachments; their buttons of the old kind are not emulated."""
    for one in attachments:
        for name in ("pretext", "title", "text"):
            screen.say(shown(str(one.get(name) or ""), screen.named))
        fields = one.get("fields")
        for each in fields if isinstance(fields, list) else ():
            if isinstance(each, dict):
                screen.say(Text(text=f"{each.get('title', '')}\n{each.get('value', '')}".strip()))
        if one.get("image_url"):
            screen.parts.append(Media(kind="photo", file=File(url=str(one["image_url"]))))
