"""Slack's export of a workspace: a folder for each channel, a JSON list for each day, ``users.json`` beside them.

https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports (2025-11)
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Attached, Dialog, Role, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.kinds import kind_of_mime, kind_of_name, of_kind
from chatdrill.importing.reader import Options, Reader

_LINK = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_WRITTEN = (None, "bot_message", "file_share", "me_message", "thread_broadcast")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json$")


class _Message(msgspec.Struct):
    ts: str = "0"
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    username: str | None = None
    bot_id: str | None = None
    text: str = ""
    files: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    edited: dict[str, Any] | None = None
    thread_ts: str | None = None
    bot_profile: dict[str, Any] | None = None


def _sniff(name: str, head: str) -> bool:
    return (
        name.lower().endswith(".json")
        and '"ts"' in head
        and ('"user"' in head or '"bot_id"' in head)
        and head.lstrip()[:1] == "["
    )


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    people, bots = _users(export, names)
    channels: dict[str, list[str]] = {}
    for name in names:
        channels.setdefault(str(PurePosixPath(name).parent) if _DAY.search(name) else name, []).append(name)
    for folder, days in channels.items():
        yield Dialog(
            title=PurePosixPath(folder).name.removesuffix(".json") or export.path.stem,
            format="slack",
            where=export.where(days[0]),
            turns=partial(_turns, export, sorted(days), people, bots),
            platform="slack",
            sees_buttons=True,
        )


def _users(export: Export, names: Sequence[str]) -> tuple[dict[str, str], frozenset[str]]:
    """The names of all users by id, and the ids of those that are bots."""
    path = next((path for path in export.names if PurePosixPath(path).name == "users.json" and path not in names), None)
    if path is None:
        return {}, frozenset()
    with document(export, path, list[dict[str, Any]]) as users:
        named = {str(user.get("id")): _user_name(user) for user in users}
        return named, frozenset(str(user.get("id")) for user in users if user.get("is_bot"))


def _user_name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile") or {}
    return str(
        profile.get("real_name")
        or user.get("real_name")
        or profile.get("display_name")
        or user.get("name")
        or user.get("id")
    )


def _turns(export: Export, days: Sequence[str], people: Mapping[str, str], bots: frozenset[str]) -> Iterator[Turn]:
    for name in days:
        with document(export, name, list[msgspec.Raw]) as raws:
            for message in items(enumerate(raws, start=1), _Message, export, name):
                if message.type == "message" and message.subtype in _WRITTEN:
                    yield from _turn(message, people, bots, export.where(name))


def _turn(message: _Message, people: Mapping[str, str], bots: frozenset[str], where: str) -> Iterator[Turn]:
    is_bot = message.bot_id is not None or message.user in bots
    role: Role | None = "bot" if is_bot else None
    profile = message.bot_profile or {}
    who = (
        people.get(message.user or "")
        or message.username
        or profile.get("name")
        or message.user
        or message.bot_id
        or "?"
    )
    files = tuple(_file(file) for file in message.files)
    buttons = tuple(_buttons(message.blocks))
    text = _plain(message.text, people)
    try:
        at = float(message.ts)
    except ValueError as error:
        raise ExportError(f"{message.ts!r} is no time of Slack's (ts)", where=where) from error
    if text or files:
        yield Turn(
            at=at,
            who=str(who),
            role=role,
            text=text,
            id=message.ts,
            files=files,
            buttons=buttons,
            keyboard="inline" if buttons else None,
            changed=message.edited is not None,
        )


def _plain(text: str, people: Mapping[str, str]) -> str:
    """The words without Slack's marks: ``<@U1>`` is somebody's name, ``<https://a.b|shop>`` is a link."""

    def word(found: re.Match[str]) -> str:
        sign, value, label = found.groups()
        if sign == "@":
            return "@" + people.get(value, label or value)
        if sign:
            return f"{'#' if sign == '#' else '@'}{label or value.lstrip('!')}"
        return (
            value.removeprefix("mailto:")
            if label in (None, value, value.removeprefix("mailto:"))
            else f"{label} ({value})"
        )

    return html.unescape(_LINK.sub(word, text))


def _file(file: Mapping[str, Any]) -> Attached:
    mime, name = str(file.get("mimetype") or ""), str(file.get("name") or "file")
    kind = kind_of_mime(mime) if mime else kind_of_name(name)
    return of_kind(kind, name=name if kind == "document" else None)


def _buttons(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for element in block.get("elements") or () if block.get("type") == "actions" else ():
            text = element.get("text") if isinstance(element, dict) else None
            if isinstance(text, dict):
                yield str(text.get("text", ""))


SLACK = Reader("slack", "Slack: export of a workspace (zip, folder)", _sniff, _read)
