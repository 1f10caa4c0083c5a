"""From a request to a method and back: paths, authentication, rates, batches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.bitrix24 import auth, people, values
from chatdrill_fakes.desks.bitrix24.batching import commands_of, read_command, run_batch
from chatdrill_fakes.desks.bitrix24.calls import Caller, Failure, Job, Method, success
from chatdrill_fakes.desks.bitrix24.coverage import PARTIAL
from chatdrill_fakes.desks.bitrix24.methods import METHODS
from chatdrill_fakes.desks.bitrix24.refused import REFUSED
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State
from chatdrill_fakes.families.desks import Route, Visit, answer, route

REST = re.compile(r"/rest/(?:(?P<user>\d+)/(?P<code>[^/]+)/)?(?P<method>[\w.]+?)(?:\.(?:json|xml))?/?", re.ASCII)
OAUTH = "/oauth/token/"
FILES = "/bitrix/services/main/ajax.php"


def handle(state: Bitrix24State, exchange: Exchange) -> Handled:
    """Answer a call of the bot; see ``Service.handle``."""
    request = exchange.request
    found = REST.fullmatch(request.path)
    if found is not None:
        return _rest(state, exchange, found)
    routes = (
        route("GET", OAUTH, lambda visit: _oauth(visit), name="oauth.token"),
        route("POST", OAUTH, lambda visit: _oauth(visit), name="oauth.token"),
        route("GET", FILES, lambda visit: _file(visit), name="disk.api.file.download"),
    )
    return _answered(state, exchange, routes, {})


def _rest(state: Bitrix24State, exchange: Exchange, found: re.Match[str]) -> Handled:
    """One method. It is looked up before anything else, so that the call has its name whatever becomes of it."""
    request, name = exchange.request, found["method"].lower()
    args = values.upper(values.arguments_of(request))
    method = BY_NAME.get(name)
    proper = PROPER.get(name, found["method"])

    def run(visit: Visit[Bitrix24State]) -> HttpResponse:
        caller = _caller(visit, found, args)
        if method is None:
            raise Failure("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        visit.read(*_urls(name, args))
        _take(visit.state, visit.exchange.now)
        return success(_run(visit, caller, name, args), visit.exchange.now)

    def known(visit: Visit[Bitrix24State]) -> HttpResponse:
        _caller(visit, found, args)
        raise not_emulated(proper)

    lines: tuple[Route, ...] = ()
    if name in REFUSED:
        lines = (_line(request.method, proper, known, is_refused=True),)
    elif method is not None and request.method in ("GET", "POST"):
        lines = (_line(request.method, proper, run),)
    elif request.method in ("GET", "POST"):
        lines = (_line(request.method, proper, run, is_unknown=True),)
    return _answered(state, exchange, lines, values.shown(args))


def _line(http: str, name: str, handler: Any, *, is_refused: bool = False, is_unknown: bool = False) -> Route:
    support: Any = "refused" if is_refused else "unknown" if is_unknown else SUPPORT.get(name.lower(), "supported")
    return Route(http, name, name, handler, support, _ANY)


_ANY = re.compile(r".*", re.DOTALL)


def _answered(state: Bitrix24State, exchange: Exchange, routes: Any, args: dict[str, Any]) -> Handled:
    handled = answer(
        state,
        exchange,
        routes,
        path=exchange.request.path_in_parts,
        unknown=_unknown,
        refused=lambda name: not_emulated(name).response,
        before=lambda visit, found: None,  # noqa: ARG005
    )
    if handled.call is None:
        return handled
    return msgspec.structs.replace(handled, call=msgspec.structs.replace(handled.call, arguments=args))


def not_emulated(name: str) -> Failure:
    """The vendor has the method, chatdrill does not."""
    return Failure("ERROR_METHOD_NOT_EMULATED", f"chatdrill does not emulate {name}", 501)


def _unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return Failure("ERROR_METHOD_NOT_FOUND", "Method not found!", 404).response


def _caller(visit: Visit[Bitrix24State], found: re.Match[str], args: Mapping[str, Any]) -> Caller:
    if found["code"] is not None:
        return auth.by_webhook(visit.state, found["user"], found["code"])
    token = auth.token_of(args, visit.request.header("authorization"))
    return auth.by_token(visit.state, token, visit.exchange.now)


def _take(state: Bitrix24State, now: float) -> None:
    if state.on("rate_limits") and state.bucket.take(now):
        raise Failure("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)


def _urls(name: str, args: Mapping[str, Any]) -> list[str]:
    """All files that a call brings by a link: they are read before the first word of it is carried out."""
    if name == "batch":
        commands = (read_command(each) for each in commands_of(args).values())
        return [url for name, inner in commands if name.lower() != "batch" for url in _urls(name.lower(), inner)]
    method = BY_NAME.get(name)
    return [] if method is None or method.urls is None else list(method.urls(args))


def _run(visit: Visit[Bitrix24State], caller: Caller, name: str, args: Mapping[str, Any]) -> Any:
    if name == "batch":
        return run_batch(Job(visit, caller, args), _one)
    return _one(visit, caller, name, args)


def _one(visit: Visit[Bitrix24State], caller: Caller, name: str, args: Mapping[str, Any]) -> Any:
    """Run one method; also from within a batch."""
    method = BY_NAME.get(name.lower())
    if method is None:
        if name.lower() in REFUSED:
            raise not_emulated(PROPER.get(name.lower(), name))
        raise Failure("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
    if method.app_only and not caller.is_app:
        words = "Current authorization type is denied for this method Application context required"
        raise Failure("WRONG_AUTH_TYPE", words, 403)
    scopes = visit.state.settings["scope"].replace(" ", "").split(",")
    if method.scope and method.scope not in scopes:
        words = "The request requires higher privileges than provided by the access token"
        raise Failure("insufficient_scope", words if caller.is_app else words.replace("access", "webhook"), 403)
    return method.run(Job(visit, caller, args))


def _oauth(visit: Visit[Bitrix24State]) -> HttpResponse:
    args = values.upper(values.arguments_of(visit.request))
    return auth.oauth(visit.state, args, visit.exchange.now)


def _file(visit: Visit[Bitrix24State]) -> HttpResponse:
    id = values.number(dict(visit.request.query).get("fileId"))
    file = visit.state.files.get(id)
    if file is None or file.sha256 not in visit.state.blobs:
        raise Failure("ERROR_NOT_FOUND", "File not found", 404)
    name = people.file_name(file, id).encode("ascii", "replace").decode().replace('"', "")
    name = re.sub(r"[^\x20-\x7e]", "_", name)
    headers = (("Content-Type", file.mime), ("Content-Disposition", f'attachment; filename="{name}"'))
    return HttpResponse(200, headers, visit.state.blobs.get(file.sha256))


BY_NAME: dict[str, Method] = {
    **{name.lower(): method for name, method in METHODS.items()},
    "batch": Method(lambda job: None),  # noqa: ARG005
}
PROPER = {name.lower(): name for name in (*METHODS, *REFUSED.values())}
SUPPORT = {name.lower(): "partial" for name in PARTIAL}
