"""What a call did at Slack: the call says what, the vendor's answer where and under which ``ts``.

What stands in the answer to a command or a submission, or goes to a ``response_url``, gets no ``ts``: the shadow account reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from chatdrill.model import (
    Activity,
    Customer,
    Deleted,
    Echo,
    Edited,
    Effect,
    File,
    Media,
    Message,
    Other,
    Part,
    Press,
    Reacted,
    Sent,
    Write,
)
from chatdrill.wire import Call, Exchange, HttpResponse, Platform, read_arguments
from chatdrill.wire.files import mime_of_name
from chatdrill.wire.reading import MALFORMED, Observed, Said, answered_object, observed_by_handling, refused, remember
from chatdrill_fakes.platforms.slack import hooks, limits, views
from chatdrill_fakes.platforms.slack.calls import Asked, customer_of
from chatdrill_fakes.platforms.slack.errors import ApiError
from chatdrill_fakes.platforms.slack.files import kind_of
from chatdrill_fakes.platforms.slack.mrkdwn import shown
from chatdrill_fakes.platforms.slack.objects import names_of, own_message
from chatdrill_fakes.platforms.slack.posting import read
from chatdrill_fakes.platforms.slack.routes import ROUTES, address_in, method_of, shown_values
from chatdrill_fakes.platforms.slack.state import Json, Kind, Reply, Room, SlackChat, SlackState, Trigger, Upload, View
from chatdrill_fakes.platforms.slack.writing import emoji_of

_ROOMS: dict[str, Kind] = {"D": "im", "G": "group"}


# ------------------------------------------------------------------------------------------------------------- who and where


def meet(state: SlackState, said: Said, customer: Customer, now: float) -> None:
    """Make a customer known, where they are, and by what the bot may answer them."""
    if said.to is None:
        return
    room = _room(state, said.tokens.get("room", ""), said.to)
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = SlackChat(address=said.to, customer=customer, dm="")
    if room.kind == "im" or not chat.dm:  # words in a channel may come before the first in private
        chat.dm = room.id
    room.members[said.to] = None
    act = said.act
    if isinstance(act, Echo):
        chat.messages.setdefault(act.message.id, act.message)
        room.messages.setdefault(act.message.id, own_message(state, act.message.id))
        return
    chat.opened, chat.last_customer_at = True, now
    if isinstance(act, Write):
        remember(chat, said, act.parts, now)
        for ts in said.ids:
            room.messages[ts] = {"user": said.to, "ts": ts, "thread_ts": act.reply_to or ts}
    _keep(state, chat, room, said, now)


def _room(state: SlackState, id: str, user: str) -> Room:
    """A conversation; without an id the direct message of whoever it is about."""
    known = state.rooms.get(id or user)
    if known is None:
        kind = _ROOMS.get(id[:1], "channel") if id else "im"
        known = state.rooms[id or user] = Room(id or user, kind, "", 0, user=user if kind == "im" else "")
    return known


def _keep(state: SlackState, chat: SlackChat, room: Room, said: Said, now: float) -> None:
    tokens, shown_on = said.tokens, said.act.message_id if isinstance(said.act, Press) else None
    if "whispered" in tokens:
        chat.ephemeral.setdefault(tokens["whispered"], {"channel": room.id, "ts": tokens["whispered"]})
    if "response" in tokens:
        state.replies[tokens["response"]] = Reply(chat.address, room.id, shown_on, now + limits.RESPONSES_LIFE_S)
    if "trigger" in tokens:
        state.triggers[tokens["trigger"]] = Trigger(chat.address, now + limits.TRIGGER_LIFE_S)


def owner_of(state: SlackState, channel: str) -> str | None:
    """Whose a direct message is."""
    room = state.rooms.get(channel)
    return room.user or None if room is not None else None


# ------------------------------------------------------------------------------------------------------------------ calls


def observe(platform: Platform[SlackState], state: SlackState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that Slack answered."""
    request = exchange.request
    if exchange.source == "webhook_answer" or hooks.is_hook(request.path):
        if response.status >= 400:
            return refused(Call("response_url"), f"status {response.status}")
        return observed_by_handling(platform, state, exchange, request, ())
    name, values = method_of(request.path), read_arguments(request).values
    if name not in ROUTES:
        return Observed()
    answer = answered_object(response)
    call = Call(name, address_in(state, values), shown_values(values), support=ROUTES[name].support)
    if response.status >= 400 or answer.get("ok") is not True:
        return refused(call, str(answer.get("error") or f"status {response.status}"))
    observer = _OBSERVERS.get(name)
    if observer is None:
        return Observed(call=call)
    try:
        to, effects = observer(Asked(state, exchange, values), answer)
    except (ApiError, *MALFORMED) as error:
        return Observed(call=call, unread=f"the answer is without {error}")
    unread = ", ".join(part.kind for one in effects for part in _parts_of(one) if isinstance(part, Other)) or None
    return Observed(call=structs.replace(call, to=to or call.to), effects=effects, unread=unread)


def _parts_of(effect: Effect) -> tuple[Part, ...]:
    return effect.message.parts if isinstance(effect, Sent | Edited) else ()


Seen = tuple[str | None, tuple[Effect, ...]]


def content(asked: Asked, **more: Any) -> tuple[Part, ...]:
    """What a call shows; Slack has taken it, so what is known to nobody here stands as it is."""
    values = {**asked.values, **more}
    try:
        draft = read(Asked(asked.state, asked.exchange, values))
    except (ApiError, *MALFORMED):
        return (Other(kind="message", data=shown_values(values)),)
    return draft.parts


def _place(asked: Asked, answer: Json, name: str = "channel") -> Room:
    """Where it happened, by the answer: a call may name a person instead."""
    given, told = asked.optional(name), answer.get(name)
    user = given if given in asked.state.chats or given[:1] in ("U", "W") else ""
    chat = asked.state.chats.get(user)
    room = _room(asked.state, str(told or (chat.dm if chat is not None else given)), user)
    if user and room.kind == "im":
        _give(asked.state, room, user)
    return room


def _give(state: SlackState, room: Room, user: str) -> None:
    """A direct message is this person's."""
    room.user = user
    if user in state.chats:
        state.chats[user].dm = room.id


def _told(asked: Asked, room: Room, ts: str, parts: tuple[Part, ...], thread: str = "", whom: str = "") -> Seen:
    """A message of the bot's, in the shadow as well."""
    state = asked.state
    room.messages[ts] = own_message(state, ts, text="", **({"thread_ts": thread} if thread else {}))
    to = whom or customer_of(state, room, thread) or None
    if to is None:
        return None, ()
    message = Message(ids=(ts,), author="bot", parts=parts, at=asked.at(to), reply_to=thread or None)
    if to in state.chats:
        state.chats[to].messages[ts] = message
    return to, (Sent(to=to, message=message),)


def _posted(asked: Asked, answer: Json) -> Seen:
    return _told(asked, _place(asked, answer), str(answer["ts"]), content(asked), asked.optional("thread_ts"))


def _whispered(asked: Asked, answer: Json) -> Seen:
    room, ts, whom = _place(asked, answer), str(answer["message_ts"]), asked.optional("user")
    seen = _told(asked, room, ts, content(asked), asked.optional("thread_ts"), whom)
    del room.messages[ts]
    if whom in asked.state.chats:
        asked.state.chats[whom].ephemeral[ts] = {"channel": room.id, "ts": ts}
    return seen


def _own(asked: Asked, answer: Json, name: str = "ts") -> tuple[Room, str, str | None]:
    room, ts = _place(asked, answer), asked.optional(name)
    raw = room.messages.get(ts) or {}
    return room, ts, customer_of(asked.state, room, str(raw.get("thread_ts") or ts)) or None


def _changed(asked: Asked, answer: Json) -> Seen:
    _, ts, to = _own(asked, answer)
    return _edited(asked, to, ts, content(asked))


def _edited(asked: Asked, to: str | None, id: str, parts: tuple[Part, ...]) -> Seen:
    if to is None:
        return None, ()
    at, chat = asked.at(to), asked.state.chats.get(to)
    known = chat.messages.get(id) if chat is not None else None
    reply_to, first = (known.reply_to, known.at) if known is not None else (None, at)
    message = Message(ids=(id,), author="bot", parts=parts, at=first, reply_to=reply_to, edited_at=at)
    if chat is not None:
        chat.messages[id] = message
    return to, (Edited(to=to, message=message),)


def _deleted(asked: Asked, answer: Json) -> Seen:
    room, ts, to = _own(asked, answer)
    room.messages.pop(ts, None)
    return to, (Deleted(to=to, message_ids=(ts,)),) if to is not None else ()


def _begun(asked: Asked, answer: Json) -> Seen:
    room, ts, text = _place(asked, answer), str(answer["ts"]), _grown(asked)
    asked.state.streams[room.id, ts] = text
    return _told(asked, room, ts, content(asked, text=text, markdown_text=None), asked.optional("thread_ts"))


def _grown(asked: Asked) -> str:
    chunks = asked.json("chunks")
    told = [str(one.get("text", "")) for one in chunks if one.get("type") == "markdown_text"] if chunks else []
    return asked.optional("markdown_text") + "".join(told)


def _more(asked: Asked, answer: Json) -> Seen:
    room, ts, to = _own(asked, answer)
    text = asked.state.streams.get((room.id, ts), "") + _grown(asked)
    asked.state.streams[room.id, ts] = text
    return _edited(asked, to, ts, content(asked, text=text, markdown_text=None))


def _reacted(asked: Asked, answer: Json, *, comes: bool) -> Seen:
    _, ts, to = _own(asked, answer, "timestamp")
    emoji = emoji_of(asked.optional("name").strip(":")) if comes else None
    return to, (Reacted(to=to, message_id=ts, emoji=emoji),) if to is not None else ()


def _status(asked: Asked, _answer: Json) -> Seen:
    room = _room(asked.state, asked.optional("channel_id"), "")
    to = customer_of(asked.state, room, asked.optional("thread_ts")) or None
    return to, (Activity(to=to, action="typing"),) if to is not None and asked.optional("status") else ()


def _opened(asked: Asked, answer: Json) -> Seen:
    """A direct message: whose it is, the call says."""
    people, channel = asked.names("users"), answer.get("channel")
    if len(people) == 1 and isinstance(channel, dict) and "id" in channel:
        _give(asked.state, _room(asked.state, str(channel["id"]), people[0]), people[0])
    return people[0] if len(people) == 1 else None, ()


# ---------------------------------------------------------------------------------------------------------- files and views


def _announced(asked: Asked, answer: Json) -> Seen:
    id = str(answer["file_id"])
    asked.state.uploads[id] = Upload(id, asked.optional("filename"), 0)
    return None, ()


def _shared(asked: Asked, answer: Json) -> Seen:
    """A message with files, whose ``ts`` nobody tells: until its event comes it is known by its first file."""
    state, comment = asked.state, asked.optional("initial_comment")
    described = {str(one.get("id")): one for one in answer["files"] if isinstance(one, dict)}
    files = [_file(state, id, one) for id, one in described.items()]
    parts: list[Part] = [Media(kind=kind_of(file), file=file) for file in files]
    parts[:0] = [shown(comment, lambda id: names_of(state, id))] if comment else []
    names = asked.names("channels") if asked.has("channels") else [asked.optional("channel_id")]
    to: str | None = None
    effects: list[Effect] = []
    for name in filter(None, names):
        room = _room(state, name, "")
        whose, seen = _told(asked, room, next(iter(described), "?"), tuple(parts), asked.optional("thread_ts"))
        to, effects = whose or to, [*effects, *seen]
    return to, tuple(effects)


def _file(state: SlackState, id: str, told: Json) -> File:
    upload = state.uploads.get(id)
    name = str(told.get("name") or (upload.name if upload is not None else told.get("title") or ""))
    mime = told.get("mimetype") or mime_of_name(name) or "application/octet-stream"
    return File(name=name or None, mime=str(mime))


def _view(asked: Asked, answer: Json, to: str | None) -> tuple[View | None, Message | None]:
    raw = answer["view"]
    if to is None or to not in asked.state.chats:
        return None, None
    view = asked.state.views[str(raw["id"])] = View(str(raw["id"]), to, raw)
    message = asked.state.chats[to].messages[view.id] = views.seen(asked.state, view, asked.at(to))
    return view, message


def _modal(asked: Asked, answer: Json) -> Seen:
    trigger = asked.state.triggers.get(asked.optional("trigger_id"))
    to = trigger.to if trigger is not None else None
    view, message = _view(asked, answer, to)
    if to is None or view is None or message is None:
        return None, ()
    if not answer["view"].get("previous_view_id"):
        views.close_all(asked.state, to)
        asked.state.views[view.id] = view
    asked.state.chats[to].modals.append(view.id)
    return to, (Sent(to=to, message=message),)


def _modal_changed(asked: Asked, answer: Json) -> Seen:
    known = asked.state.views.get(str(answer["view"]["id"]))
    to = known.to if known is not None else None
    _, message = _view(asked, answer, to)
    return to, (Edited(to=to, message=message),) if to is not None and message is not None else ()


_OBSERVERS: Mapping[str, Callable[[Asked, Json], Seen]] = {
    "chat.postMessage": _posted,
    "chat.postEphemeral": _whispered,
    "chat.update": _changed,
    "chat.delete": _deleted,
    "chat.startStream": _begun,
    "chat.appendStream": _more,
    "chat.stopStream": _more,
    "reactions.add": lambda asked, answer: _reacted(asked, answer, comes=True),
    "reactions.remove": lambda asked, answer: _reacted(asked, answer, comes=False),
    "assistant.threads.setStatus": _status,
    "conversations.open": _opened,
    "files.getUploadURLExternal": _announced,
    "files.completeUploadExternal": _shared,
    "views.open": _modal,
    "views.push": _modal,
    "views.update": _modal_changed,
}
