"""``chat.*``, ``reactions.*`` and the status of an assistant: what the bot says.

Source: docs.slack.dev, Web API methods (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from msgspec import structs

from chatdrill.model import Activity, Deleted, Echo, Edited, Event, Message, Reacted, Sent
from chatdrill.wire import Later
from chatdrill_fakes.platforms.slack import limits
from chatdrill_fakes.platforms.slack.calls import Answered, Asked, customer_of
from chatdrill_fakes.platforms.slack.errors import ApiError, missing
from chatdrill_fakes.platforms.slack.objects import add_to_thread, own_message
from chatdrill_fakes.platforms.slack.posting import Draft, message, read
from chatdrill_fakes.platforms.slack.state import Json, Room
from chatdrill_fakes.platforms.slack.writing import add_reaction, emoji_of, unreact

_CUSTOM = {"username": "username", "icon_emoji": "icon_emoji", "icon_url": "icon_url"}


def post_message(asked: Asked) -> Answered:
    """A message in a conversation, which the bot is told of again."""
    room = asked.joined_room()
    thread = _thread(asked, room)
    to = customer_of(asked.state, room, thread)
    meet_trouble(asked, to)
    draft = read(asked)
    take_turn(asked, room, to)
    return post(asked, room, draft, thread=thread, broadcast=asked.flag("reply_broadcast"), more=_looks(asked))


def post(asked: Asked, room: Room, draft: Draft, *, thread: str = "", broadcast: bool = False, more: Json) -> Answered:
    """Put a message into a conversation."""
    state = asked.state
    to = customer_of(state, room, thread)
    at = asked.at(to)
    ts = state.stamp(at)
    raw = own_message(state, ts, **draft.raw, **more)
    if thread:
        raw["thread_ts"] = thread
        add_to_thread(room, raw)
    if broadcast:
        raw |= {"subtype": "thread_broadcast", "root": room.messages.get(thread, {})}
    room.messages[ts] = raw
    body = {"channel": room.id, "ts": ts, "message": raw}
    if to is None:
        return Answered(body, warnings=draft.warnings, note="nobody's words: the conversation is no customer's")
    shown = message(draft, ts, at, reply_to=thread or None)
    chat = state.chats[to]
    chat.messages[ts] = shown
    if draft.pressables:
        chat.pressables[ts] = draft.pressables
    return Answered(body, to, (Sent(to=to, message=shown),), echo(asked, to, shown), draft.warnings)


def echo(asked: Asked, to: str, shown: Message) -> tuple[Later, ...]:
    """The event of the bot's own message."""
    return (Later(limits.ECHO_AFTER_S, to, Echo(message=shown)),) if asked.state.echoes else ()


def meet_trouble(asked: Asked, to: str | None) -> None:
    """Errors that a scenario has asked for."""
    chat = asked.state.chats.get(to or "")
    if chat is None:
        return
    if chat.is_disabled:
        raise ApiError("user_disabled")
    if chat.fails_next:
        raise ApiError(chat.fails_next.pop(0))


def take_turn(asked: Asked, room: Room, to: str | None) -> None:
    """One message a second in a conversation, and a few at once. A refused one counts for nothing."""
    wait_s = room.sent.take(asked.at(to)) if asked.state.limited else 0.0
    if wait_s:
        raise ApiError("ratelimited", retry_after_s=ceil(wait_s))


def _thread(asked: Asked, room: Room) -> str:
    if not asked.has("thread_ts"):
        return ""
    ts = asked.ts("thread_ts", "invalid_thread_ts")
    parent = room.messages.get(ts)
    if parent is None:
        raise ApiError("cannot_reply_to_message", why=f"there is no message {ts} in {room.id}")
    return str(parent.get("thread_ts") or ts)


def _looks(asked: Asked) -> Json:
    if asked.values.keys().isdisjoint(_CUSTOM):
        return {}
    return {key: asked.optional(name) for name, key in _CUSTOM.items() if asked.has(name)}


# ------------------------------------------------------------------------------------------------ changing and taking back


def _own(asked: Asked, problem: str, name: str = "ts") -> tuple[Room, Json]:
    """A message of the bot's. Raises ``message_not_found``, and ``problem`` for somebody else's."""
    room = asked.room()
    raw = room.messages.get(asked.ts(name))
    if raw is None:
        raise ApiError("message_not_found")
    if raw.get("bot_id") != asked.state.bot:
        raise ApiError(problem)
    return room, raw


def update(asked: Asked) -> Answered:
    """An own message gets other words and blocks."""
    room, raw = _own(asked, "cant_update_message")
    to = customer_of(asked.state, room, str(raw.get("thread_ts", "")))
    meet_trouble(asked, to)
    draft = read(asked, text_max=limits.UPDATE_TEXT_MAX)
    return change(asked, room, raw, draft)


def change(asked: Asked, room: Room, raw: Json, draft: Draft) -> Answered:
    """Put other content into a message."""
    state, ts = asked.state, raw["ts"]
    to = customer_of(state, room, str(raw.get("thread_ts", "")))
    at = asked.at(to)
    before = dict(raw)
    for name in ("blocks", "attachments"):
        raw.pop(name, None)
    raw |= draft.raw | {"edited": {"user": state.bot_user, "ts": f"{int(at)}.000000"}}
    room.messages[ts] = raw
    body = {"channel": room.id, "ts": ts, "text": raw["text"], "message": {**raw, "type": "message"}}
    if to is None:
        return Answered(body)
    chat = state.chats[to]
    shown = message(draft, ts, chat.messages[ts].at if ts in chat.messages else at, reply_to=raw.get("thread_ts"))
    chat.messages[ts] = structs.replace(shown, edited_at=at)
    chat.pressables[ts] = draft.pressables
    news = Event(name="message.message_changed", data={"message": dict(raw), "previous_message": before})
    later = (Later(limits.ECHO_AFTER_S, to, news),) if state.echoes else ()
    return Answered(body, to, (Edited(to=to, message=chat.messages[ts]),), later, draft.warnings)


def delete(asked: Asked) -> Answered:
    """An own message goes."""
    room, raw = _own(asked, "cant_delete_message")
    return take_away(asked, room, raw)


def take_away(asked: Asked, room: Room, raw: Json) -> Answered:
    """Remove a message."""
    ts = raw["ts"]
    to = customer_of(asked.state, room, str(raw.get("thread_ts", "")))
    room.messages.pop(ts, None)
    body = {"channel": room.id, "ts": ts}
    if to is None:
        return Answered(body)
    asked.state.chats[to].pressables.pop(ts, None)
    news = Event(name="message.message_deleted", data={"deleted_ts": ts, "previous_message": raw})
    later = (Later(limits.ECHO_AFTER_S, to, news),) if asked.state.echoes else ()
    return Answered(body, to, (Deleted(to=to, message_ids=(ts,)),), later)


def post_ephemeral(asked: Asked) -> Answered:
    """A message that one person sees, and that nobody can change."""
    room = asked.joined_room()
    to = asked.text("user")
    if to not in asked.state.chats or (to not in room.members):
        raise ApiError("user_not_in_channel")
    thread = _thread(asked, room)
    meet_trouble(asked, to)
    draft = read(asked)
    ts = whisper(asked, to, room, draft)
    shown = asked.state.chats[to].messages[ts]
    if thread:
        shown = asked.state.chats[to].messages[ts] = structs.replace(shown, reply_to=thread)
    return Answered({"message_ts": ts}, to, (Sent(to=to, message=shown),), warnings=draft.warnings)


def whisper(asked: Asked, to: str, room: Room, draft: Draft) -> str:
    """Keep a message that only one person sees; its ``ts``."""
    chat, at = asked.state.chats[to], asked.at(to)
    ts = asked.state.stamp(at)
    chat.ephemeral[ts] = own_message(asked.state, ts, **draft.raw, channel=room.id)
    chat.messages[ts] = message(draft, ts, at)
    if draft.pressables:
        chat.pressables[ts] = draft.pressables
    return ts


def get_permalink(asked: Asked) -> Answered:
    """The address of a message."""
    room, ts = asked.room(), asked.ts("message_ts")
    if ts not in room.messages:
        raise ApiError("message_not_found")
    link = f"https://{asked.state.settings['team_domain']}.slack.com/archives/{room.id}/p{ts.replace('.', '')}"
    return Answered({"channel": room.id, "permalink": link}, customer_of(asked.state, room))


# ----------------------------------------------------------------------------------------------------------------- streams


def start_stream(asked: Asked) -> Answered:
    """A message that grows; Slack shows it in threads only."""
    room = asked.joined_room()
    thread = _thread(asked, room)
    if room.kind != "im" and not asked.has("recipient_user_id"):
        raise ApiError("missing_recipient_user_id")
    text = _grown(asked)
    meet_trouble(asked, customer_of(asked.state, room, thread))
    done = post(asked, room, _streamed(asked, text), thread=thread, more={})
    asked.state.streams[(room.id, done.body["ts"])] = text
    done.body.pop("message")
    return done


def _streamed(asked: Asked, text: str) -> Draft:
    inner = Asked(asked.state, asked.exchange, {"text": text or " ", "blocks": asked.values.get("blocks")})
    return read(inner, empty="") if text.strip() or asked.has("blocks") else Draft({"text": ""})


def _grown(asked: Asked) -> str:
    """The new words; what chunks tell of tasks and plans is shown to nobody."""
    chunks = asked.json("chunks", "invalid_chunks") or []
    if not isinstance(chunks, list) or not all(
        isinstance(one, dict) and isinstance(one.get("type"), str) for one in chunks
    ):
        raise ApiError("invalid_chunks")
    texts = [str(one.get("text", "")) for one in chunks if one["type"] == "markdown_text"]
    return asked.optional("markdown_text") + "".join(texts)


def append_stream(asked: Asked) -> Answered:
    """More of it."""
    if not asked.has("chunks"):
        asked.text("markdown_text")
    return _grow(asked, is_last=False)


def stop_stream(asked: Asked) -> Answered:
    """The last of it."""
    return _grow(asked, is_last=True)


def _grow(asked: Asked, *, is_last: bool) -> Answered:
    room, raw = _own(asked, "message_not_owned_by_app")
    key = (room.id, raw["ts"])
    if key not in asked.state.streams:
        raise ApiError("message_not_in_streaming_state")
    text = asked.state.streams[key] + _grown(asked)
    done = change(asked, room, raw, _streamed(asked, text))
    if is_last:
        del asked.state.streams[key]
    else:
        asked.state.streams[key] = text
    kept = ("channel", "ts", "message") if is_last else ("channel", "ts")
    done.body = {name: done.body[name] for name in kept}
    return done


# ------------------------------------------------------------------------------------------------------ reactions, status


def _reacting(asked: Asked, act: Callable[[Json, str, str], bool], problem: str, *, comes: bool) -> Answered:
    name = asked.text("name").strip(":")
    if not asked.has("channel") or not asked.has("timestamp"):
        raise ApiError("no_item_specified")
    room, ts = asked.room(), asked.ts("timestamp", "bad_timestamp")
    if not all(sign.isalnum() or sign in "_-+'" for sign in name) or len(name) > 100:
        raise ApiError("invalid_name")
    raw = room.messages.get(ts)
    if raw is None:
        raise ApiError("message_not_found")
    if not act(raw, name, asked.state.bot_user):
        raise ApiError(problem)
    to = customer_of(asked.state, room, ts)
    emoji = emoji_of(name) if comes else None
    return Answered({}, to, (Reacted(to=to, message_id=ts, emoji=emoji),) if to else ())


def add_emoji(asked: Asked) -> Answered:
    """A reaction to any message."""
    return _reacting(asked, add_reaction, "already_reacted", comes=True)


def remove_emoji(asked: Asked) -> Answered:
    """An own reaction goes."""
    return _reacting(asked, unreact, "no_reaction", comes=False)


def get_reactions(asked: Asked) -> Answered:
    """A message with its reactions."""
    if not asked.has("channel") or not asked.has("timestamp"):
        raise ApiError("no_item_specified")
    room, ts = asked.room(), asked.ts("timestamp", "bad_timestamp")
    raw = room.messages.get(ts)
    if raw is None:
        raise ApiError("message_not_found")
    return Answered({"type": "message", "channel": room.id, "message": raw}, customer_of(asked.state, room, ts))


def set_status(asked: Asked) -> Answered:
    """The only "is typing" that there is; an empty one takes it away."""
    room = asked.room("channel_id")
    if asked.values.get("status") is None:
        raise missing("status")
    ts, status = asked.ts("thread_ts", "invalid_thread_ts"), asked.optional("status")
    to = customer_of(asked.state, room, ts)
    return Answered({}, to, (Activity(to=to, action="typing"),) if to and status else ())


def set_title(asked: Asked) -> Answered:
    """The name of an assistant's thread, which nobody sees here."""
    room = asked.room("channel_id")
    asked.ts("thread_ts", "invalid_thread_ts")
    return Answered({}, customer_of(asked.state, room))
