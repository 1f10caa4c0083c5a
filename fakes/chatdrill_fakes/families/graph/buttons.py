"""Buttons of templates: read strictly, and told in neutral words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.model import Button

from . import errors, reading
from .limits import BUTTON_TITLE_MAX, PAYLOAD_MAX
from .state import Json

_RATIOS = ("compact", "tall", "full")


def read_buttons(
    value: Any, where: str, low: int, high: int, kinds: tuple[str, ...] | None = None
) -> tuple[Button, ...]:
    """The buttons of a template; none where they are optional (``low`` 0) and absent. ``kinds``, where not every kind will do."""
    if value is None and low == 0:
        return ()
    known = kinds or tuple(_READERS)
    return tuple(_button(one, place, known) for place, one in reading.objects(value, where, max(low, 1), high))


def read_action(value: Any, where: str) -> str | None:
    """The address that a tap on a card opens: a URL button without a title."""
    if value is None:
        return None
    action = reading.mapping(value, where)
    if action.get("title") is not None:
        raise errors.invalid(f"Param {where} must not have a title")
    reading.one_of(action.get("type"), f"{where}[type]", ("web_url",))
    return _web_url("", dict(action), where).url


def _button(button: Json, where: str, kinds: tuple[str, ...]) -> Button:
    kind = reading.one_of(button.get("type"), f"{where}[type]", kinds)
    title = ""
    if kind not in ("account_link", "account_unlink"):
        if button.get("title") is None:
            raise errors.invalid("Element button title cannot be empty.", 2018053)
        title = reading.text(button["title"], f"{where}[title]", BUTTON_TITLE_MAX)
    return _READERS[kind](title, button, where)


def _web_url(title: str, button: Json, where: str) -> Button:
    if not button.get("url"):
        raise errors.invalid("Web url cannot be empty for url type button", 2018041)
    if button.get("webview_height_ratio") is not None:
        reading.one_of(button["webview_height_ratio"], f"{where}[webview_height_ratio]", _RATIOS)
    if button.get("fallback_url") is not None:
        reading.url(button["fallback_url"], f"{where}[fallback_url]")
    return Button(title=title, kind="url", url=reading.url(button["url"], f"{where}[url]"))


def _postback(title: str, button: Json, where: str) -> Button:
    if not button.get("payload"):
        raise errors.invalid("Payload cannot be empty for postback type button", 2018040)
    return Button(
        title=title, kind="postback", payload=reading.text(button["payload"], f"{where}[payload]", PAYLOAD_MAX)
    )


def _phone_number(title: str, button: Json, where: str) -> Button:
    return Button(title=title, kind="call", payload=reading.phone(button.get("payload"), f"{where}[payload]"))


def _account_link(_title: str, button: Json, where: str) -> Button:
    address = reading.secure_url(button.get("url"), f"{where}[url]")
    return Button(title="Log In", kind="other", payload="account_link", url=address)


def _account_unlink(_title: str, _button: Json, _where: str) -> Button:
    return Button(title="Log Out", kind="other", payload="account_unlink")


def _game_play(title: str, button: Json, where: str) -> Button:
    payload = reading.optional_text(button.get("payload"), f"{where}[payload]", PAYLOAD_MAX)
    return Button(title=title, kind="url", payload=payload)


_READERS: dict[str, Callable[[str, Json, str], Button]] = {
    "web_url": _web_url,
    "postback": _postback,
    "phone_number": _phone_number,
    "account_link": _account_link,
    "account_unlink": _account_unlink,
    "game_play": _game_play,
}
