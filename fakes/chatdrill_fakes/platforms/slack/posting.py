"""A message of the bot: what it may hold, what the customer sees of it, and how it comes to stand in a conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from chatdrill.model import Message, Part, Text
from chatdrill_fakes.platforms.slack import blocks as screens
from chatdrill_fakes.platforms.slack import limits, schema
from chatdrill_fakes.platforms.slack.calls import Asked
from chatdrill_fakes.platforms.slack.errors import ApiError, invalid_blocks
from chatdrill_fakes.platforms.slack.mrkdwn import Named, shown, unescaped
from chatdrill_fakes.platforms.slack.objects import names_of
from chatdrill_fakes.platforms.slack.state import Json, Pressable, SlackState

_METADATA = {"event_type", "event_payload"}


@dataclass(slots=True)
class Draft:
    """A message on its way: ``raw`` as bots read it, ``parts`` as the customer sees it."""

    raw: Json = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    pressables: list[Pressable] = field(default_factory=list)
    warnings: tuple[str, ...] = ()


def read(asked: Asked, *, text_max: int | None = None, empty: str = "no_text") -> Draft:
    """The words, blocks and attachments of a call. Raises ``ApiError``, ``empty`` where there is nothing to see.

    ``text_max``: what is longer is refused and not cut.
    """
    blocks = _blocks(asked)
    attachments = _attachments(asked)
    text, warnings = _text(asked, text_max, has_markdown=asked.has("markdown_text"), has_blocks=bool(blocks))
    if not text.strip() and not blocks and not attachments:
        raise ApiError(empty)
    raw: Json = {
        "text": text,
        **({"blocks": blocks} if blocks else {}),
        **({"attachments": attachments} if attachments else {}),
    }
    if asked.has("metadata"):
        raw["metadata"] = _metadata(asked)
    return _draft(asked.state, raw, warnings, plain=not asked.flag("mrkdwn", True))


def content(state: SlackState, values: Json) -> Draft:
    """The same of a message in an answer or behind a ``response_url``, which is JSON."""
    blocks = values.get("blocks") or []
    problems = schema.block_problems(blocks)
    if problems:
        raise invalid_blocks(problems)
    given = values.get("attachments")
    attachments = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    text = values.get("text")
    raw: Json = {
        "text": text if isinstance(text, str) else "",
        "blocks": schema.with_ids(blocks),
        "attachments": attachments,
    }
    return _draft(state, {key: value for key, value in raw.items() if value or key == "text"}, (), plain=False)


def _draft(state: SlackState, raw: Json, warnings: tuple[str, ...], *, plain: bool) -> Draft:
    named: Named = partial(names_of, state)
    if len(raw) == 1 and raw["text"].strip():  # nothing but words, as nearly always
        words = Text(text=unescaped(raw["text"])) if plain else shown(raw["text"], named)
        return Draft(raw, (words,), [], warnings)
    screen = screens.read(raw.get("blocks", ()), named)
    if not raw.get("blocks"):  # beside blocks the text is for notifications
        screen.say(Text(text=unescaped(raw["text"])) if plain else shown(raw["text"], named))
    screens.attached(raw.get("attachments", ()), screen)
    return Draft(raw, tuple(screen.parts), screen.pressables, warnings)


def _text(asked: Asked, text_max: int | None, *, has_markdown: bool, has_blocks: bool) -> tuple[str, tuple[str, ...]]:
    text = asked.optional("text")
    if has_markdown:
        if text or has_blocks:
            raise ApiError("markdown_text_conflict")
        text = asked.optional("markdown_text")
        if len(text) > limits.MARKDOWN_MAX:
            raise ApiError("msg_too_long")
    if text_max is not None and len(text) > text_max:
        raise ApiError("msg_too_long")
    if len(text) > limits.TEXT_MAX:
        return text[: limits.TEXT_MAX], ("message_truncated",)
    return text, ()


def _blocks(asked: Asked) -> list[Json]:
    blocks = asked.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format", why="blocks is no list")
    problems = schema.block_problems(blocks)
    if problems:
        raise invalid_blocks(problems)
    if sum(len(str(words)) for words in _strings(blocks)) > limits.MESSAGE_BLOCKS_MAX:
        raise ApiError("msg_blocks_too_long")
    return schema.with_ids(blocks)


def _strings(value: Any) -> list[str]:
    """All words in blocks, whatever they are for."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _attachments(asked: Asked) -> list[Json]:
    given = asked.json("attachments", "invalid_attachments")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ApiError("invalid_attachments", why="attachments is no list of objects")
    if len(given) > limits.ATTACHMENTS_MAX:
        raise ApiError("too_many_attachments")
    return given


def _metadata(asked: Asked) -> Json:
    given = asked.json("metadata", "invalid_metadata_format")
    if not isinstance(given, dict) or not _METADATA.issubset(given) or not isinstance(given["event_type"], str):
        raise ApiError("invalid_metadata_format", why="metadata needs event_type and event_payload")
    if len(msgspec.json.encode(given)) > limits.METADATA_MAX_BYTES:
        raise ApiError("metadata_too_large")
    return given


def message(draft: Draft, ts: str, at: float, **more: Any) -> Message:
    """What the customer sees."""
    parts = draft.parts or (Text(text=draft.raw.get("text", "")),)
    return Message(ids=(ts,), author="bot", parts=parts, at=at, **more)
