"""Rich menus: made, given a picture, shown to one or to everybody. Source: developers.line.biz, Messaging API reference: rich menu (2026-08)."""

from __future__ import annotations

import re
from typing import Any

from chatdrill.wire import HttpResponse
from chatdrill.wire.files import picture_size, sniff
from chatdrill_fakes.platforms.line import actions, limits
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.errors import NOT_FOUND, ApiError, invalid
from chatdrill_fakes.platforms.line.reading import SPECIFIED
from chatdrill_fakes.platforms.line.state import Json, LineChat, Pressable, RichMenu

_ALIAS = re.compile(r"[a-z0-9_-]{1,32}")
_NO_IMAGE = "must upload richmenu image before applying it to user"


def create(asked: Asked) -> Answered:
    """A menu without a picture; nobody sees it yet."""
    pressables = _checked(asked)
    if len(asked.state.menus) >= limits.MENUS_MAX:
        raise ApiError(400, f"The number of rich menus exceeds {limits.MENUS_MAX}")
    made = RichMenu(f"richmenu-{asked.state.chance.hex(32)}", dict(asked.values), pressables=pressables)
    asked.state.menus[made.id] = made
    return Answered({"richMenuId": made.id})


def validate(asked: Asked) -> Answered:
    """The judgement of a menu, and nothing else."""
    _checked(asked)
    return Answered()


def _checked(asked: Asked) -> list[Pressable]:
    """The buttons of a menu. Raises 400 with all that is wrong."""
    place = asked.place()
    size = place.inner("size")
    if size is not None:
        width = size.number("width", *limits.MENU_WIDTHS)
        height = size.number("height", limits.MENU_HEIGHT_MIN, limits.MENU_WIDTHS[1])
        if width / height < limits.MENU_RATIO_MIN:
            size.wrong(f"the ratio of width to height must be at least {limits.MENU_RATIO_MIN}", "width")
    if not isinstance(asked.values.get("selected"), bool):
        place.wrong(SPECIFIED, "selected")
    place.text("name", limits.MENU_NAME_MAX, empty=SPECIFIED)
    place.text("chatBarText", limits.MENU_BAR_MAX, empty=SPECIFIED)
    found: list[Pressable] = []
    for area in place.items("areas", 0, limits.MENU_AREAS_MAX):
        bounds, action = area.inner("bounds"), area.inner("action")
        for name in ("x", "y", "width", "height") if bounds is not None else ():
            assert bounds is not None
            bounds.number(name, 0, limits.MENU_WIDTHS[1])
        one = actions.read(action, "richmenu") if action is not None else None
        found += [one] if one is not None else []
    if place.problems.found:
        raise invalid(place.problems.found)
    return found


def _shown(menu: RichMenu) -> Json:
    return {"richMenuId": menu.id, **menu.raw}


def menu_in(asked: Asked, id: Any = None) -> RichMenu:
    """The menu in the path. Raises 404."""
    found = asked.state.menus.get(asked.path["menuId"] if id is None else id)
    if found is None:
        raise ApiError(404, NOT_FOUND)
    return found


def get(asked: Asked) -> Answered:
    """One menu."""
    return Answered(_shown(menu_in(asked)))


def every(asked: Asked) -> Answered:
    """All of them."""
    return Answered({"richmenus": [_shown(menu) for menu in asked.state.menus.values()]})


def delete(asked: Asked) -> Answered:
    """A menu goes, and with it from whoever sees it."""
    gone, state = menu_in(asked), asked.state
    del state.menus[gone.id]
    state.menu = "" if state.menu == gone.id else state.menu
    return Answered()


def upload(asked: Asked) -> Answered:
    """The picture: once, JPEG or PNG, up to a megabyte, of the menu's size where it can be told."""
    menu, content = menu_in(asked), asked.exchange.request.body
    if menu.image:
        raise ApiError(400, "An image has already been uploaded to the richmenu")
    mime = sniff(content)
    if mime not in ("image/jpeg", "image/png"):
        raise ApiError(400, "The image type is not allowed for richmenu")
    width, height = picture_size(content)
    size = menu.raw["size"]
    if len(content) > limits.MENU_IMAGE_MAX_BYTES or (
        asked.state.on("strict") and (width, height) != (size["width"], size["height"])
    ):
        raise ApiError(400, "The image size is not allowed for richmenu")
    menu.image, menu.mime = content, mime
    return Answered()


def download(asked: Asked) -> Answered:
    """The picture again."""
    menu = menu_in(asked)
    if not menu.image:
        raise ApiError(404, NOT_FOUND)
    return Answered(response=HttpResponse(200, (("Content-Type", menu.mime),), menu.image))


def _usable(asked: Asked, id: Any = None) -> RichMenu:
    menu = menu_in(asked, id)
    if not menu.image:
        raise ApiError(400, _NO_IMAGE)
    return menu


# ---------------------------------------------------------------------------------------------------------- who sees it


def set_default(asked: Asked) -> Answered:
    """Everybody sees it who has none of their own."""
    asked.state.menu = _usable(asked).id
    return Answered()


def get_default(asked: Asked) -> Answered:
    """Which one that is."""
    if asked.state.menu not in asked.state.menus:
        raise ApiError(404, "no default richmenu")
    return Answered({"richMenuId": asked.state.menu})


def cancel_default(asked: Asked) -> Answered:
    """None any more."""
    asked.state.menu = ""
    return Answered()


def _customer(asked: Asked) -> LineChat:
    return asked.known(asked.path["userId"])


def link(asked: Asked) -> Answered:
    """One customer sees it."""
    chat = _customer(asked)
    chat.menu = _usable(asked).id
    return Answered(to=chat.address)


def linked(asked: Asked) -> Answered:
    """Which one a customer has."""
    chat = _customer(asked)
    if chat.menu not in asked.state.menus:
        raise ApiError(404, "the user has no richmenu")
    return Answered({"richMenuId": chat.menu}, to=chat.address)


def unlink(asked: Asked) -> Answered:
    """The customer's own goes."""
    chat = _customer(asked)
    chat.menu = ""
    return Answered(to=chat.address)


def bulk_link(asked: Asked) -> Answered:
    """The same for up to 500 people."""
    people = asked.people("userIds", limits.BULK_MAX)
    menu = _usable(asked, asked.text("richMenuId"))
    return _in_bulk(asked, people, menu.id)


def bulk_unlink(asked: Asked) -> Answered:
    """Away with it, for up to 500 people."""
    return _in_bulk(asked, asked.people("userIds", limits.BULK_MAX), "")


def _in_bulk(asked: Asked, people: list[str], menu: str) -> Answered:
    for to in people:
        if to in asked.state.chats:
            asked.state.chats[to].menu = menu
    return Answered(status=202, to=people[0] if len(people) == 1 and people[0] in asked.state.chats else None)


# --------------------------------------------------------------------------------------------------------------- aliases


def _refuse(words: str) -> ApiError:
    return ApiError(400, words, body={"message": words, "details": []})


def create_alias(asked: Asked) -> Answered:
    """A name for a menu, by which a button switches to it."""
    alias, menu = asked.text("richMenuAliasId"), asked.text("richMenuId")
    if not _ALIAS.fullmatch(alias):
        raise invalid([{"message": "invalid alias id", "property": "richMenuAliasId"}])
    if alias in asked.state.aliases:
        raise _refuse("conflict richmenu alias id")
    _name(asked, alias, menu)
    return Answered()


def _name(asked: Asked, alias: str, menu: str) -> None:
    if menu not in asked.state.menus:
        raise _refuse("richmenu not found")
    asked.state.aliases[alias] = menu


def _alias(asked: Asked) -> str:
    if asked.path["alias"] not in asked.state.aliases:
        raise ApiError(404, NOT_FOUND)
    return asked.path["alias"]


def change_alias(asked: Asked) -> Answered:
    """The name is another menu's from now on."""
    _name(asked, _alias(asked), asked.text("richMenuId"))
    return Answered()


def get_alias(asked: Asked) -> Answered:
    """Whose name it is."""
    alias = _alias(asked)
    return Answered({"richMenuAliasId": alias, "richMenuId": asked.state.aliases[alias]})


def aliases(asked: Asked) -> Answered:
    """All names."""
    found = [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in asked.state.aliases.items()]
    return Answered({"aliases": found})


def delete_alias(asked: Asked) -> Answered:
    """The name goes."""
    del asked.state.aliases[_alias(asked)]
    return Answered()
