"""Events, interactions and commands read back as acts: the opposite of ``acts``. A customer is known by their user id.

Source: docs.slack.dev, Events API, Interaction payloads, Slash commands (2026-08). A mention in a channel is told twice, as a message and as
``app_mention``: both are one message, known by channel and ``ts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import msgspec
from msgspec import structs

from chatdrill.model import Delete, Echo, Edit, MediaKind, Message, Other, Part, Press, React, Start, Text, Write
from chatdrill.wire import HttpRequest
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, json_object, moment, unread_event
from chatdrill_fakes.platforms.slack import ids, richtext
from chatdrill_fakes.platforms.slack.mrkdwn import shown
from chatdrill_fakes.platforms.slack.pressed import button_of, form_of
from chatdrill_fakes.platforms.slack.writing import emoji_of

Json = Mapping[str, Any]
Owner = Callable[[str], str | None]
READS = Reads(
    acts=frozenset(("write", "press", "edit", "delete", "react", "start")),
    parts=frozenset(
        ("text", "form", "media.photo", "media.video", "media.voice", "media.audio", "media.document", "media.animation", "media.video_note")
    ),
    loses=frozenset(
        ("write.forwarded", "write.referral", "text.spans", "media.emoji", "start.payload", "start.referral", "button.description", "button.section")
    ),
    presses="callback",
)  # fmt: skip
_CLIPS: dict[str, MediaKind] = {"slack_audio": "voice", "slack_video": "video_note"}
_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}
_SPOKEN = frozenset((None, "file_share", "thread_broadcast", "me_message"))
_INTERACTIONS = frozenset(
    (
        "block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion", "interactive_message",
        "dialog_submission",
    )
)  # fmt: skip
_UNTOLD = frozenset(("token", "response_url", "response_urls", "trigger_id"))
"""What lets whoever knows it speak to the customer."""


def body_in(request: HttpRequest) -> Json:
    """What Slack sends: JSON, or a form, which may have JSON in it. Raises ``ValueError`` for anything else."""
    body = request.body.lstrip()
    if body[:1] == b"{":
        return json_object(request)
    if body.startswith(_PAYLOAD) and b"&" not in body:
        return json_object(structs.replace(request, body=_unquoted(body[len(_PAYLOAD) :])))
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    if not fields:
        raise ValueError("neither JSON nor a form")
    return fields


_PAYLOAD = b"payload="
_SIGNS = tuple((b"%%%02X" % ord(sign), sign.encode()) for sign in '":,{}[]/\\')


def _unquoted(form: bytes) -> bytes:
    """JSON out of a form. What half of it is made of goes first: that takes a third of the time."""
    form = form.replace(b"+", b" ")
    for quoted, sign in _SIGNS:
        form = form.replace(quoted, sign)
    return unquote_to_bytes(form) if b"%" in form else form


def read_body(body: Json, owner: Owner = str) -> Iterator[Said]:
    """What a request of Slack's tells of; nothing for a challenge. ``owner`` knows whose a direct message is. Raises ``ValueError`` for a
    body that is none of Slack's."""
    try:
        body = _opened(body)
        kind = body.get("type")
        if kind == "event_callback":
            yield from _event(body["event"], body, owner)
        elif kind in _INTERACTIONS:
            yield _interaction(str(kind), body)
        elif "command" in body and "user_id" in body:
            yield _command(body)
        elif kind == "app_rate_limited":
            yield unread_event(None, "app_rate_limited", _told(body))
        elif kind != "url_verification":
            raise ValueError(f"its type is {kind!r}, which is none of Slack's")
    except (RecursionError, *MALFORMED) as error:
        raise ValueError(f"a request of Slack's without {error}") from error


def is_known(body: Json) -> bool:
    """True for a body that ``read_body`` can be asked about."""
    try:
        body = _opened(body)
    except (ValueError, RecursionError, AttributeError):
        return False
    kind = body.get("type")
    if kind == "event_callback":
        return isinstance(body.get("event"), dict) and "team_id" in body
    is_command = "command" in body and "user_id" in body and "team_id" in body
    return is_command or (isinstance(kind, str) and kind in _INTERACTIONS and isinstance(body.get("user"), dict))


def _opened(body: Json) -> Json:
    given = body.get("payload")
    found = msgspec.json.decode(given) if isinstance(given, str) and given[:1] == "{" else body
    return found if isinstance(found, dict) else body


def _told(body: Json) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in _UNTOLD}


def _at(event: Json, *names: str) -> float | None:
    stamp = next((event[name] for name in names if isinstance(event.get(name), str)), "")
    return ids.seconds(stamp)


# ------------------------------------------------------------------------------------------------------------------ events


def _bot_of(body: Json) -> str:
    """The bot as a member; the wrapper says it."""
    for one in body.get("authorizations") or ():
        if isinstance(one, dict) and one.get("is_bot"):
            return str(one.get("user_id") or "")
    return ""


def _event(event: Json, body: Json, owner: Owner) -> Iterator[Said]:
    kind = str(event["type"])
    head: dict[str, Any] = {
        "at": _at(event, "event_ts", "ts") or moment(body.get("event_time")),
        "update": str(body.get("event_id") or ""),
    }
    if kind in ("message", "app_mention"):
        yield _message(event, body, owner, head)
    elif kind in ("reaction_added", "reaction_removed") and event.get("user") != _bot_of(body):
        yield _reaction(event, head)
    elif kind == "app_home_opened" and event.get("tab") != "home":
        yield Said(to=str(event["user"]), act=Start(), tokens=_room(event), **head)
    else:
        yield unread_event(_whose(event, body, owner), kind, _told(event), by_platform=True, **head)


def _room(event: Json) -> dict[str, str]:
    channel = event.get("channel")
    return {"room": channel} if isinstance(channel, str) and channel else {}


def _whose(event: Json, body: Json, owner: Owner) -> str | None:
    """Whom an event is about."""
    given = event.get("user") or event.get("user_id") or (event.get("assistant_thread") or {}).get("user_id")
    user = given.get("id") if isinstance(given, dict) else given
    if isinstance(user, str) and user and user != _bot_of(body):
        return user
    channel = event.get("channel")
    return owner(channel) if isinstance(channel, str) else None


def _message(event: Json, body: Json, owner: Owner, head: dict[str, Any]) -> Said:
    subtype, channel = event.get("subtype"), str(event["channel"])
    if subtype == "message_changed":
        return _changed(event, body, owner, head)
    if subtype == "message_deleted":
        return _deleted(event, body, owner, head)
    if event.get("bot_id") and event.get("app_id") and event.get("app_id") == body.get("api_app_id"):
        return _echo(event, body, owner(channel), head)
    if subtype not in _SPOKEN or event.get("bot_id") or not event.get("user"):
        return unread_event(
            _whose(event, body, owner), f"message.{subtype or 'bot_message'}", _told(event), by_platform=True, **head
        )
    ts, thread = str(event["ts"]), event.get("thread_ts")
    act = Write(parts=parts_of(event, _bot_of(body)), reply_to=str(thread) if thread and thread != ts else None)
    head |= {"update": thread_token(channel, ts), "person": _person(event.get("user_profile"))}
    # Who answers in the thread, answers whoever began it.
    tokens = {**_room(event), "thread": thread_token(channel, ts)} if act.reply_to is None else _room(event)
    return Said(to=str(event["user"]), act=act, ids=(ts,), tokens=tokens, **head)


def thread_token(channel: str, ts: str) -> str:
    """What a thread is known by in all of a workspace."""
    return f"{channel} {ts}"


def _person(profile: Any) -> dict[str, str]:
    if not isinstance(profile, dict):
        return {}
    name = str(profile.get("real_name") or profile.get("display_name") or "")
    first, _, last = name.partition(" ")
    found = {"first_name": str(profile.get("first_name") or first), "last_name": last}
    return {key: value for key, value in found.items() if value}


def parts_of(message: Json, bot: str = "") -> tuple[Part, ...]:
    """What a message shows; a mention of the ``bot`` that it begins with is left out. Words beside a file are its caption."""
    words = _without(_words(message), bot)
    files = [_file(one) for one in message.get("files") or ()]
    if not files:
        return (words,) if words.text or not message.get("blocks") else (Other(kind="blocks", data=dict(message)),)
    if words.text:
        files[0] = structs.replace(files[0], caption=words)
    return tuple(files)


def _words(message: Json) -> Text:
    """What was typed, by the block that the app makes of it; else by the markup of the text."""
    for block in message.get("blocks") or ():
        if block.get("type") == "rich_text":
            return richtext.read(block, _nobody)
    return shown(str(message.get("text") or ""), _nobody)


def _nobody(_id: str) -> None:
    """Events tell no names."""


def _without(words: Text, bot: str) -> Text:
    length = next(
        (one.length for one in words.spans if not one.start and one.style == "mention" and one.value == bot), 0
    )
    if bot and words.text.startswith(f"<@{bot}>"):
        length = len(bot) + 3
    if not length:
        return words
    rest = words.text[length:].lstrip()
    cut = len(words.text) - len(rest)
    spans = [structs.replace(one, start=one.start - cut) for one in words.spans if one.start >= cut]
    return Text(text=rest, spans=tuple(spans))


def _file(one: Json) -> Any:
    mime = str(one.get("mimetype") or "")
    kind = _CLIPS.get(str(one.get("subtype"))) or _KINDS.get(mime.partition("/")[0], "document")
    name, url = one.get("name"), one.get("url_private")
    return bare_media(
        "animation" if mime == "image/gif" else kind,
        mime=mime,
        name=str(name) if name else None,
        size=one.get("size"),
        width=one.get("original_w"),
        height=one.get("original_h"),
        duration_s=moment(one.get("duration_ms"), 1000),
        url=str(url) if url else None,
    )


def _echo(event: Json, body: Json, to: str | None, head: dict[str, Any]) -> Said:
    ts = str(event["ts"])
    shown_parts = parts_of(event, _bot_of(body))
    message = Message(ids=(ts,), author="bot", parts=shown_parts, at=head["at"] or 0.0)
    return Said(to=to, act=Echo(message=message), ids=(ts,), tokens=_room(event), **head)


def _changed(event: Json, body: Json, owner: Owner, head: dict[str, Any]) -> Said:
    """An edit, or the tombstone of a message with replies; all else that changes (a preview, a count) nobody has done."""
    after, before = event["message"], event.get("previous_message") or {}
    ts, user = str(after["ts"]), before.get("user") or after.get("user")
    head["tokens"] = _room(event)
    is_persons = isinstance(user, str) and not after.get("bot_id") and user != _bot_of(body)
    if is_persons and after.get("subtype") == "tombstone":
        return Said(to=user, act=Delete(message_id=ts), **head)
    if is_persons and after.get("edited") and after["edited"] != before.get("edited"):
        return Said(to=user, act=Edit(message_id=ts, parts=parts_of(after, _bot_of(body))), **head)
    to = str(user) if is_persons else owner(str(event["channel"]))
    return unread_event(to, "message.message_changed", _told(event), by_platform=True, **head)


def _deleted(event: Json, body: Json, owner: Owner, head: dict[str, Any]) -> Said:
    before = event.get("previous_message") or {}
    user = before.get("user")
    if isinstance(user, str) and not before.get("bot_id") and user != _bot_of(body):
        return Said(to=user, act=Delete(message_id=str(event["deleted_ts"])), **head)
    return unread_event(owner(str(event["channel"])), "message.message_deleted", _told(event), by_platform=True, **head)


def _reaction(event: Json, head: dict[str, Any]) -> Said:
    emoji = emoji_of(str(event["reaction"])) if event["type"] == "reaction_added" else None
    item = event["item"]
    if item.get("type", "message") != "message":
        return unread_event(str(event["user"]), str(event["type"]), _told(event), **head)
    return Said(to=str(event["user"]), act=React(message_id=str(item["ts"]), emoji=emoji), tokens=_room(item), **head)


# ------------------------------------------------------------------------------------------------ interactions and commands


def _tokens(body: Json) -> dict[str, str]:
    """By what the bot can answer, and where it happened."""
    url, trigger = str(body.get("response_url") or ""), body.get("trigger_id")
    container = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
    found = {"response": url.rstrip("/").rpartition("/")[2], "trigger": trigger, "room": channel}
    if container.get("is_ephemeral"):
        found["whispered"] = container.get("message_ts")
    return {name: str(value) for name, value in found.items() if value}


def _interaction(kind: str, body: Json) -> Said:
    user = body["user"]
    name = user.get("username") or user.get("name")
    head: dict[str, Any] = {
        "to": str(user["id"]),
        "at": _at(body, "action_ts"),
        "update": str(body.get("trigger_id") or ""),
        "tokens": _tokens(body),
        "person": {"username": str(name)} if name else {},
    }
    if kind == "view_submission":
        return Said(act=Write(parts=(form_of(body["view"]),)), kind=kind, **head)
    if kind == "block_actions":
        return _press(body, head)
    return unread_event(name=kind, data=_told(body), **head)


def _press(body: Json, head: dict[str, Any]) -> Said:
    """What was pressed or chosen. Several at once do not come."""
    container, action = body.get("container") or {}, body["actions"][0]
    head["at"] = _at(action, "action_ts") or head["at"]
    shown_on = container.get("message_ts") or container.get("view_id") or (body.get("view") or {}).get("id")
    return Said(act=Press(button=button_of(action), message_id=str(shown_on) if shown_on else None), **head)


def _command(body: Json) -> Said:
    tokens = {**_tokens(body), "room": str(body.get("channel_id") or "")}
    name = body.get("user_name")
    return unread_event(
        str(body["user_id"]),
        "slash_command",
        _told(body),
        update=str(body.get("trigger_id") or ""),
        tokens={key: value for key, value in tokens.items() if value},
        person={"username": str(name)} if name else {},
    )
