"""Answers beside the Web API: to a ``response_url``, in the answer to a command or a submission, and incoming webhooks.

Source: docs.slack.dev, Handling user interaction, Slash commands, Sending messages using incoming webhooks (2026-08). What an address
that is used up or too old answers is not documented: bots were seen to get 404 with these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from chatdrill.model import Deleted, Edited, Sent
from chatdrill.wire import Call, Exchange, Handled, HttpResponse, read_arguments
from chatdrill_fakes.platforms.slack import limits, views
from chatdrill_fakes.platforms.slack.calls import Answered, Asked
from chatdrill_fakes.platforms.slack.chatting import change, post, take_away, whisper
from chatdrill_fakes.platforms.slack.errors import ApiError, answer
from chatdrill_fakes.platforms.slack.posting import Draft, content, message
from chatdrill_fakes.platforms.slack.state import Json, Reply, SlackState

COMMANDS, ACTIONS, SERVICES = "/commands/", "/actions/", "/services/"
COMMAND_ANSWER, VIEW_ANSWER = "/answer/command", "/answer/view"
"""Paths of our own: what stands in the answer to a webhook, as a call."""
_TEXT = (("Content-Type", "text/html"),)


def is_hook(path: str) -> bool:
    """True for an address that Slack hands out for answers."""
    return path.startswith((COMMANDS, ACTIONS, SERVICES))


def key_of(path: str) -> str:
    """What such an address is known by."""
    return path.rstrip("/").rpartition("/")[2]


def serve(state: SlackState, exchange: Exchange) -> Handled:
    """An answer by an address that came with an interaction; it needs no token."""
    request = exchange.request
    reply = state.replies.get(key_of(request.path))
    if request.path.startswith(SERVICES):
        return _incoming(state, exchange)
    if request.method.upper() != "POST":
        return _refused(405, "invalid_method", None)
    if reply is None:
        return _refused(404, "invalid_url", None)
    asked = Asked(state, exchange, {})
    if reply.used >= limits.RESPONSES_MAX:
        return _refused(404, "used_url", reply.to)
    if asked.at(reply.to) > reply.expires_at:
        return _refused(404, "expired_url", reply.to)
    return _respond(asked, reply)


def _respond(asked: Asked, reply: Reply) -> Handled:
    values: Json = {}
    try:
        values = _values(asked.exchange)
        done = _done(asked, reply, values)
    except ApiError as error:
        return _refused(200 if error.word == "no_text" else 400, error.word, reply.to, values, error.told)
    reply.used += 1
    call = Call("response_url", reply.to, values)
    return Handled(HttpResponse(200, _TEXT, b"ok"), call, done.effects, done.later)


def _values(exchange: Exchange) -> Json:
    """JSON, also where it stands as ``payload`` in a form."""
    given: Mapping[str, Any] = read_arguments(exchange.request).values
    payload = given.get("payload")
    if isinstance(payload, str):
        try:
            given = msgspec.json.decode(payload.encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            raise ApiError("invalid_payload") from None
    if not isinstance(given, dict) or not given:
        raise ApiError("invalid_payload")
    return dict(given)


def _done(asked: Asked, reply: Reply, values: Json) -> Answered:
    state, room = asked.state, asked.state.rooms[reply.channel]
    chat = state.chats[reply.to]
    if values.get("delete_original"):
        return _take_away(asked, reply)
    draft = content(state, values)
    if not draft.parts:
        raise ApiError("no_text")
    if values.get("replace_original") and reply.ts is not None:
        if reply.ts in chat.ephemeral:
            shown = chat.messages[reply.ts] = structs.replace(
                message(draft, reply.ts, asked.at(reply.to)), edited_at=asked.at(reply.to)
            )
            chat.pressables[reply.ts] = draft.pressables
            return Answered({}, reply.to, (Edited(to=reply.to, message=shown),))
        if reply.ts in room.messages:
            return change(asked, room, room.messages[reply.ts], draft)
    thread = values.get("thread_ts")
    return say(asked, reply.to, draft, values, thread if isinstance(thread, str) and thread in room.messages else "")


def say(asked: Asked, to: str, draft: Draft, values: Json, thread: str = "") -> Answered:
    """A message to whoever acted, or to everybody in the conversation."""
    room = asked.state.dm_of(to)
    if values.get("response_type") == "in_channel":
        return post(asked, room, draft, thread=thread, more={})
    ts = whisper(asked, to, room, draft)
    return Answered({}, to, (Sent(to=to, message=asked.state.chats[to].messages[ts]),))


def _take_away(asked: Asked, reply: Reply) -> Answered:
    room, chat = asked.state.rooms[reply.channel], asked.state.chats[reply.to]
    if reply.ts is not None and reply.ts in chat.ephemeral:
        del chat.ephemeral[reply.ts]
        chat.pressables.pop(reply.ts, None)
        return Answered({}, reply.to, (Deleted(to=reply.to, message_ids=(reply.ts,)),))
    if reply.ts is None or reply.ts not in room.messages:
        raise ApiError("message_not_found")
    return take_away(asked, room, room.messages[reply.ts])


def _refused(status: int, word: str, to: str | None, values: Json | None = None, told: str = "") -> Handled:
    call = Call("response_url", to, values or {}, ok=False, error=told or word)
    return Handled(answer({"ok": False, "error": word}, status=status), call)


# ----------------------------------------------------------------------------------------------- incoming webhooks, answers


def _incoming(state: SlackState, exchange: Exchange) -> Handled:
    """A message into #support by an address that was made when the app was installed."""
    parts = exchange.request.path.split("/")
    if parts[2:4] != [state.team, state.bot] or len(parts) != 5:
        return Handled(
            HttpResponse(404, _TEXT, b"no_service"),
            Call("incoming_webhook", ok=False, error="no_service", support="partial"),
        )
    try:
        values = _values(exchange)
        draft = content(state, values)
        if not draft.parts:
            raise ApiError("no_text")
    except ApiError as error:
        return Handled(
            HttpResponse(400, _TEXT, error.word.encode()),
            Call("incoming_webhook", ok=False, error=error.told, support="partial"),
        )
    asked = Asked(state, exchange, {})
    thread = values.get("thread_ts")
    room = state.rooms[state.settings["channel"]]
    done = post(
        asked, room, draft, thread=thread if isinstance(thread, str) and thread in room.messages else "", more={}
    )
    return Handled(
        HttpResponse(200, _TEXT, b"ok"),
        Call("incoming_webhook", done.to, values, support="partial"),
        done.effects,
        done.later,
    )


def in_answer(state: SlackState, exchange: Exchange) -> Handled:
    """What stands in the answer to a command or a submission. The bot hears nothing of what becomes of it."""
    request, query = exchange.request, dict(exchange.request.query)
    method = request.path.rpartition("/")[2]
    asked = Asked(state, exchange, {})
    to, values = query.get("to"), _answered(request.body)
    try:
        if request.path == VIEW_ANSWER:
            done = views.respond(asked, query.get("view", ""), values)
        else:
            draft = content(state, values)
            done = say(asked, str(to), draft, values) if draft.parts else Answered({}, to)
    except ApiError as error:
        return Handled(answer(error.body), Call(f"{method} answer", to, values, ok=False, error=error.told))
    return Handled(answer({"ok": True}), Call(f"{method} answer", to, values), done.effects, done.later)


def _answered(body: bytes) -> Json:
    """The JSON of an answer; plain words are a text."""
    try:
        value = msgspec.json.decode(body) if body.strip() else {}
    except (msgspec.DecodeError, RecursionError):
        return {"text": body.decode("utf-8", "replace")}
    return value if isinstance(value, dict) else {"text": body.decode("utf-8", "replace")}
