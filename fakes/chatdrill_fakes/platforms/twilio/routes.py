"""Which call a request is, whose it is, and how it is answered."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chatdrill.wire import Arguments, Call, Exchange, Handled, HttpRequest, read_arguments
from chatdrill_fakes.platforms.twilio import messages, numbers, sending, twiml
from chatdrill_fakes.platforms.twilio.answers import answer
from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.objects import API_VERSION
from chatdrill_fakes.platforms.twilio.state import TwilioState
from chatdrill_fakes.platforms.twilio.voice import answering, recording, rest
from chatdrill_fakes.platforms.twilio.webhooks import TWIML_PATH

Support = Literal["supported", "partial", "refused", "unknown"]
_PREFIX = f"/{API_VERSION}/Accounts/"
_SUFFIX = re.compile(r"\.(json|xml)$")


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers a call, by what name it stands in the trace, and how faithfully."""

    name: str
    handler: Callable[[Asked], Answered]
    support: Support = "supported"


_SID, _MEDIA = "Messages/*", "Messages/*/Media"
ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "Messages"): Route("POST Messages", sending.send),
    ("GET", "Messages"): Route("GET Messages", messages.listed, "partial"),
    ("GET", _SID): Route("GET Message", messages.read),
    ("POST", _SID): Route("POST Message", messages.change),
    ("DELETE", _SID): Route("DELETE Message", messages.delete),
    ("GET", _MEDIA): Route("GET Media", messages.media_list),
    ("GET", f"{_MEDIA}/*"): Route("GET file", messages.media, "partial"),
    ("DELETE", f"{_MEDIA}/*"): Route("DELETE Media", messages.delete_media),
    ("POST", f"{_SID}/Feedback"): Route("POST Feedback", messages.feedback),
    ("GET", "IncomingPhoneNumbers"): Route("GET IncomingPhoneNumbers", numbers.listed),
    ("GET", "IncomingPhoneNumbers/*"): Route("GET IncomingPhoneNumber", numbers.read),
    ("POST", "IncomingPhoneNumbers/*"): Route("POST IncomingPhoneNumber", numbers.change),
    ("GET", "Calls"): Route("GET Calls", rest.listed, "partial"),
    ("POST", "Calls"): Route("POST Calls", rest.begin),
    ("GET", "Calls/*"): Route("GET Call", rest.read),
    ("POST", "Calls/*"): Route("POST Call", rest.change),
    ("GET", "Calls/*/Recordings"): Route("GET Recordings", recording.listed, "partial"),
    ("GET", "Recordings"): Route("GET Recordings", recording.listed, "partial"),
    ("GET", "Recordings/*"): Route("GET Recording", recording.read, "partial"),
    ("DELETE", "Recordings/*"): Route("DELETE Recording", recording.remove),
    ("GET", "Queues"): Route("GET Queues", rest.queues),
    ("POST", "Queues"): Route("POST Queues", rest.create),
    ("POST", "Queues/*"): Route("POST Queue", rest.resize),
    ("DELETE", "Queues/*"): Route("DELETE Queue", rest.remove),
    ("GET", "Queues/*"): Route("GET Queue", rest.queue),
    ("GET", "Queues/*/Members"): Route("GET Members", rest.members),
    ("GET", "Queues/*/Members/*"): Route("GET Member", rest.member),
    ("POST", "Queues/*/Members/*"): Route("POST Member", rest.take),
}
_DOCUMENTS: dict[str, Callable[[TwilioState, Exchange], Handled]] = {
    TWIML_PATH: twiml.handle,
    answering.PATH: answering.handle,
}
"""What is read in answers to webhooks."""
_SHAPES = {shape for _, shape in ROUTES}


@lru_cache(maxsize=1024)
def shape_of(path: str) -> tuple[str, str, tuple[str, ...]]:
    """The account in a path, its shape with stars in the place of ids, and those ids."""
    if not path.startswith(_PREFIX):
        return "", "", ()
    account, *steps = _SUFFIX.sub("", path[len(_PREFIX) :]).split("/")
    shape = [step if place % 2 == 0 else "*" for place, step in enumerate(steps)]
    return account, "/".join(shape), tuple(steps[1::2])


def claims(request: HttpRequest, state: TwilioState) -> bool:
    """True for paths of this API's version, and for whatever carries the account's name."""
    user, _ = credentials(request)
    return request.path.startswith(f"/{API_VERSION}/") or user in (state.account, state.settings["api_key"])


def credentials(request: HttpRequest) -> tuple[str, str]:
    """Name and password, empty where there are none."""
    return _read_basic(request.header("authorization") or "")


@lru_cache(maxsize=64)
def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = b64decode(coded.strip(), validate=True).decode("utf-8", "replace").partition(":")
    except (NotBase64, ValueError):
        return "", ""
    return user, password


def handle(state: TwilioState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises for anything a bot may send."""
    request = exchange.request
    if exchange.source == "webhook_answer" and request.path in _DOCUMENTS:
        return _DOCUMENTS[request.path](state, exchange)
    account, shape, sids = shape_of(request.path)
    method = request.method.upper().replace("HEAD", "GET")
    route = ROUTES.get((method, shape))
    xml = bool(account) and not request.path.endswith(".json")
    if route is None:
        return _unknown(request, method, shape, xml)
    try:
        _check(state, request, account)
        asked = _asked(state, exchange, read_arguments(request), sids)
        answered = route.handler(asked)
    except ApiError as error:
        return _failed(state, request, route, error, xml)
    if answered.wait is not None:
        return Handled(wait=answered.wait)
    name = f"{route.name} {answered.label}" if answered.label else route.name
    call = Call(name, answered.to, _shown(asked), support=route.support, note=answered.note)
    response = answered.raw or answer(answered.body, answered.status, answered.root, xml=xml)
    return Handled(response, call, answered.effects, answered.later)


def _asked(state: TwilioState, exchange: Exchange, arguments: Arguments, sids: tuple[str, ...]) -> Asked:
    """Twilio reads forms and the query; JSON it does not see."""
    ours = arguments.encoding != "json" and arguments.problem is None
    values = arguments.values if ours else {}
    sid, inner = (*sids, "", "")[:2]
    return Asked(state, exchange, values, arguments.pairs if ours else (), sid, inner)


def _check(state: TwilioState, request: HttpRequest, account: str) -> None:
    user, password = credentials(request)
    expected = state.passwords.get(user)
    if expected is None or not hmac.compare_digest(expected, password.encode("utf-8", "replace")):
        raise ApiError(20003)
    if account != state.account:
        raise ApiError(20404, request.path)


def _shown(asked: Asked) -> Mapping[str, object]:
    """What stands in the trace; a name that came several times has a list."""
    if len(asked.pairs) == len(asked.values):
        return asked.values
    return {name: several if len(several := asked.every(name)) > 1 else value for name, value in asked.values.items()}


def _failed(state: TwilioState, request: HttpRequest, route: Route, error: ApiError, xml: bool) -> Handled:
    arguments = read_arguments(request)
    asked = _asked(state, Exchange(request, 0.0), arguments, ())
    note = error.note
    if error.code == 21604 and arguments.encoding == "json":
        note = "the body is JSON: Twilio reads forms (application/x-www-form-urlencoded)"
    to = asked.values.get("To")
    support: Support = "refused" if error.refused else route.support
    name = f"{route.name} {_refused_kind(asked, route)}".rstrip() if error.refused else route.name
    call = Call(
        name, to if to in state.chats else None, _shown(asked), ok=False, error=error.told, support=support, note=note
    )
    return Handled(error.response(xml=xml), call)


def _refused_kind(asked: Asked, route: Route) -> str:
    if route.handler is rest.begin:
        return ""
    return "ContentSid" if asked.values.get("ContentSid") else "channel"


def _unknown(request: HttpRequest, method: str, shape: str, xml: bool) -> Handled:
    if shape in _SHAPES:
        error = ApiError(20004)
        return Handled(error.response(xml=xml), Call(f"{method[:20]} {shape}", ok=False, error=error.told))
    error = ApiError(20404, request.path)
    text = f"{error.told}; chatdrill knows {', '.join(sorted(_SHAPES))}"
    return Handled(
        error.response(xml=xml), Call(f"{method[:20]} {request.path[:80]}", ok=False, error=text, support="unknown")
    )
