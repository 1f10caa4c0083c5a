"""Which method a call is, whether it may be made, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any, Literal

from chatdrill.wire import Arguments, Call, Exchange, Handled, HttpRequest, Window, read_arguments
from chatdrill_fakes.platforms.slack import account, chatting, files, hooks, limits, links, people, views
from chatdrill_fakes.platforms.slack.calls import Answered, Asked
from chatdrill_fakes.platforms.slack.errors import ApiError, answer, answer_to
from chatdrill_fakes.platforms.slack.state import Json, SlackState

Support = Literal["supported", "partial", "refused", "unknown"]
Handler = Callable[[Asked], Answered]
ROOT = "api"
_API = f"/{ROOT}/"
_FORM, _MULTIPART, _JSON_TYPE = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
_SECRETS = frozenset({"token", "client_secret", "code", "refresh_token"})


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a method, what the token needs for it, how often it may be called, and whether it reads JSON.

    ``token``: the bot's, the app's or none.
    """

    handler: Handler
    scope: str = ""
    tier: int = 3
    json: bool = True
    support: Support = "supported"
    token: Literal["bot", "app", "none"] = "bot"


def _not_emulated(_asked: Asked) -> Answered:
    raise ApiError("unknown_method", why="chatdrill does not emulate this method")


ROUTES: dict[str, Route] = {
    "api.test": Route(account.test, tier=4, token="none"),
    "auth.test": Route(account.auth_test, tier=0),
    "auth.revoke": Route(account.revoke, json=False),
    "oauth.v2.access": Route(account.access, tier=4, json=False, token="none", support="partial"),
    "apps.connections.open": Route(account.open_connection, tier=0, token="app"),
    "bots.info": Route(people.bot_info, "users:read", json=False),
    "team.info": Route(people.team_info, "team:read", json=False),
    "emoji.list": Route(account.emoji, "", 2, json=False, support="partial"),
    "chat.postMessage": Route(chatting.post_message, "chat:write", 0),
    "chat.postEphemeral": Route(chatting.post_ephemeral, "chat:write", 4),
    "chat.update": Route(chatting.update, "chat:write"),
    "chat.delete": Route(chatting.delete, "chat:write"),
    "chat.getPermalink": Route(chatting.get_permalink, "", 0, json=False),
    "chat.startStream": Route(chatting.start_stream, "chat:write", 2, support="partial"),
    "chat.appendStream": Route(chatting.append_stream, "chat:write", 4, support="partial"),
    "chat.stopStream": Route(chatting.stop_stream, "chat:write", 2, support="partial"),
    "reactions.add": Route(chatting.add_emoji, "reactions:write"),
    "reactions.remove": Route(chatting.remove_emoji, "reactions:write", 2),
    "reactions.get": Route(chatting.get_reactions, "reactions:read", json=False),
    "assistant.threads.setStatus": Route(chatting.set_status, "assistant:write"),
    "assistant.threads.setTitle": Route(chatting.set_title, "assistant:write", support="partial"),
    "conversations.open": Route(people.open_room, "im:write"),
    "conversations.close": Route(people.close_room, "im:write", 2),
    "conversations.info": Route(people.info, "im:read", json=False),
    "conversations.history": Route(people.history, "im:history", json=False),
    "conversations.replies": Route(people.replies, "im:history", json=False),
    "conversations.list": Route(people.listed, "channels:read", 2, json=False),
    "conversations.members": Route(people.members, "channels:read", 4, json=False),
    "conversations.join": Route(people.join, "channels:join"),
    "conversations.leave": Route(people.leave, "channels:manage"),
    "conversations.invite": Route(people.invite, "channels:manage"),
    "conversations.create": Route(people.create, "channels:manage", 2),
    "conversations.archive": Route(people.archive, "channels:manage", 2),
    "conversations.mark": Route(people.mark, "im:write"),
    "users.info": Route(people.user_info, "users:read", 4, json=False),
    "users.list": Route(people.users, "users:read", 2, json=False),
    "users.lookupByEmail": Route(people.by_email, "users:read.email", json=False),
    "users.profile.get": Route(people.profile, "users.profile:read", 4, json=False),
    "users.conversations": Route(people.mine, "channels:read", json=False),
    "users.getPresence": Route(people.presence, "users:read", json=False, support="partial"),
    "users.setPresence": Route(account.set_presence, "", 2),
    "files.getUploadURLExternal": Route(files.get_upload_url, "files:write", 4, json=False),
    "files.completeUploadExternal": Route(files.complete, "files:write", 4),
    "files.info": Route(files.info, "files:read", 4, json=False),
    "files.list": Route(files.listed, "files:read", json=False, support="partial"),
    "files.delete": Route(files.delete, "files:write"),
    "views.open": Route(views.open_view, "", 4),
    "views.push": Route(views.push_view, "", 4),
    "views.update": Route(views.update_view, "", 4),
    "views.publish": Route(views.publish, "", 4),
    "files.upload": Route(files.upload_of_old, "files:write", 2, support="refused"),
    "files.sharedPublicURL": Route(files.share_publicly, "files:write", support="refused"),
    **{
        name: Route(_not_emulated, support="refused")
        for name in (
            "chat.meMessage", "chat.scheduleMessage", "chat.deleteScheduledMessage", "chat.scheduledMessages.list", "chat.unfurl",
            "apps.event.authorizations.list", "assistant.threads.setSuggestedPrompts", "bookmarks.add", "dialog.open", "dnd.info",
            "pins.add", "reactions.list", "rtm.connect", "usergroups.list",
        )
    },
}  # fmt: skip
_BY_LOWER_NAME = {name.lower(): name for name in ROUTES}


# ---------------------------------------------------------------------------------------------------------------- routing


def method_of(path: str) -> str:
    """``/api/chat.postMessage`` is ``chat.postMessage``; the ``/api`` may be missing where it belongs to the root that a bot was given."""
    known = path[len(_API) :]
    if known in ROUTES and path.startswith(_API):  # as nearly every call is written
        return known
    parts = [part for part in path.split("/") if part]
    named = parts[1:] if len(parts) == 2 and parts[0] == ROOT else parts
    name = named[0] if len(named) == 1 else ""
    return _BY_LOWER_NAME.get(name.lower(), name)


def claims(request: HttpRequest, state: SlackState) -> bool:
    """True for ``/api/`` with a known method, for Slack's other paths, and for whatever carries one of the tokens."""
    path = request.path
    if path.startswith(f"/{ROOT}/") and method_of(path) in ROUTES:
        return True
    known = files.is_file(path) or hooks.is_hook(path) or links.is_link(path) or path == account.AUTHORIZE
    return known or bearer(request) in (state.token, state.settings["app_token"])


def bearer(request: HttpRequest) -> str | None:
    """The token in the header."""
    return _token_in(request.header("authorization") or "")


@lru_cache(maxsize=64)
def _token_in(header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def handle(state: SlackState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    path = exchange.request.path
    if path.startswith(_API):
        return _call(state, exchange)
    if exchange.source == "webhook_answer" and path in (hooks.COMMAND_ANSWER, hooks.VIEW_ANSWER):
        return hooks.in_answer(state, exchange)
    if files.is_file(path):
        return files.serve(state, exchange)
    if hooks.is_hook(path):
        return hooks.serve(state, exchange)
    if links.is_link(path):
        return links.open_link(state, exchange)
    if path == account.AUTHORIZE:
        return account.authorize(state, exchange)
    return files.login() if path == "/login" else _call(state, exchange)


def _call(state: SlackState, exchange: Exchange) -> Handled:
    request = exchange.request
    name = method_of(request.path)
    route = ROUTES.get(name)
    given = read_arguments(request)
    values = given.values
    if route is None:
        return _unknown(name or request.path)
    try:
        _check_token(state, request, route, given)
        values, warnings = _read(request, route, given)
        _take_turn(state, exchange, name, route)
        done = route.handler(Asked(state, exchange, values, given.files))
    except ApiError as error:
        return _failed(state, error, name, route, values)
    except RecursionError:
        return _failed(state, ApiError("invalid_json", why="nested too deeply"), name, route, {})
    told = (*warnings, *done.warnings)
    body: Json = {"ok": True, **done.body}
    if told:
        body |= {
            "warning": ",".join(told),
            "response_metadata": {**body.get("response_metadata", {}), "warnings": list(told)},
        }
    call = Call(name, done.to, shown_values(values), support=route.support, note=done.note)
    return Handled(answer(body, _headers(state, route)), call, done.effects, done.later)


def _headers(state: SlackState, route: Route) -> tuple[tuple[str, str], ...]:
    request_id = ("X-Slack-Req-Id", f"{state.chance.getrandbits(128):032x}")
    if not route.scope:
        return (request_id,)
    return (request_id, ("X-OAuth-Scopes", state.settings["scopes"]), ("X-Accepted-OAuth-Scopes", route.scope))


def _check_token(state: SlackState, request: HttpRequest, route: Route, given: Arguments) -> None:
    if route.token == "none":
        return
    token = bearer(request)
    if token is None and given.encoding != "json":
        token = str(given.values.get("token") or "") or None
    token = token or dict(request.query).get("token")
    if not token:
        raise ApiError("not_authed")
    wanted, other = state.token, state.settings["app_token"]
    if route.token == "app":
        wanted, other = other, wanted
    if token != wanted:
        raise ApiError("not_allowed_token_type" if token == other else "invalid_auth")
    if state.trouble:
        raise ApiError(state.trouble)
    if route.scope and route.scope not in state.scopes:
        raise ApiError("missing_scope", needed=route.scope, provided=",".join(sorted(state.scopes)))


def _read(request: HttpRequest, route: Route, given: Arguments) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The arguments as the method takes them, and what Slack only warns of."""
    if not request.body:
        return given.values, ()
    kind, charset = request.content_type, _charset(request.header("content-type") or "")
    if charset not in ("", "utf-8", "utf8", "iso-8859-1", "us-ascii"):
        raise ApiError("invalid_charset")
    if kind == _JSON_TYPE:
        if given.problem is not None:
            raise ApiError(
                "json_not_object" if "not an object" in given.problem else "invalid_json", why=given.problem[:200]
            )
        warnings = () if charset else ("missing_charset",)
        return (given.values if route.json else dict(request.query)), warnings
    if kind in (_FORM, _MULTIPART):
        if given.problem is not None:
            raise ApiError("invalid_form_data", why=given.problem[:200])
        return given.values, ("superfluous_charset",) if charset and kind == _FORM else ()
    raise ApiError("invalid_post_type" if kind else "missing_post_type")


@lru_cache(maxsize=64)
def _charset(header: str) -> str:
    for part in header.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'").lower()
    return ""


def _take_turn(state: SlackState, exchange: Exchange, name: str, route: Route) -> None:
    """The tier of a method. Drill time of the listener counts: no chat has this rate for itself."""
    most = limits.TIERS.get(route.tier)
    if most is None or not state.limited:
        return
    window = state.calls.setdefault(name, Window(most, limits.MINUTE_S))
    wait_s = window.take(exchange.now)
    if wait_s:
        raise ApiError("ratelimited", retry_after_s=ceil(wait_s))


def shown_values(values: Mapping[str, Any]) -> Json:
    """Arguments without secrets."""
    if _SECRETS.isdisjoint(values):
        return dict(values)
    return {key: value for key, value in values.items() if key not in _SECRETS}


def address_in(state: SlackState, values: Mapping[str, Any]) -> str | None:
    """Whose call this is, by the person or direct message that it names."""
    for name in ("channel", "channel_id", "user", "user_id"):
        named = values.get(name)
        if isinstance(named, str):
            room = state.rooms.get(named)
            if named in state.chats or (room is not None and room.kind == "im"):
                return named if room is None else room.user
    return None


def _failed(state: SlackState, error: ApiError, name: str, route: Route, values: Mapping[str, Any]) -> Handled:
    call = Call(
        name, address_in(state, values), shown_values(values), ok=False, error=error.told, support=route.support
    )
    return Handled(answer_to(error, _headers(state, route)), call)


def _unknown(name: str) -> Handled:
    """A web page's path gets no page, and a method its error, as Slack words it."""
    shown = name[:80]
    body = {"ok": False, "error": "unknown_method", "req_method": shown}
    call = Call(shown or "/", ok=False, error=f"chatdrill knows no method {shown!r} of Slack's", support="unknown")
    return Handled(answer(body), call)
