"""Which events the bot gets, and where: the app's webhook, and the subscription of the Page or account to the app."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from chatdrill.wire import Fetch, Fetched, HttpFailure, HttpResponse
from chatdrill_fakes.families.meta import GraphError, handshake_problem, handshake_url

from . import errors, reading
from .call import Answered, Endpoint, success
from .limits import FETCH_TIMEOUT_S
from .product import Product
from .recipients import Asked
from .state import Json, Shared

_FIELDS_REQUIRED_SINCE = (3, 2)
_FAILURES = {
    "timeout": HttpFailure("timeout"),
    "refused": HttpFailure("refused"),
    "unreachable": HttpFailure("refused", "chatdrill only visits addresses of the loopback"),
}

# --------------------------------------------------------------------------------------------------- of the Page


def subscribe_page(asked: Asked) -> Answered:
    """``POST /{page}/subscribed_apps``; old Graph versions took it without fields."""
    given = asked.values.get("subscribed_fields")
    if given is None and not _is_old(asked.version):
        raise errors.required("subscribed_fields")
    names = reading.words(given)
    _check_fields(asked.state.product, "subscribed_fields", names)
    state = asked.state
    state.page_fields = tuple(names) or state.page_fields or tuple(reading.words(state.settings["subscribed_fields"]))
    state.failing_since = None
    state.resubscribe()
    return success()


def _check_fields(product: Product, where: str, names: list[str]) -> None:
    known = product.fields + product.silent_fields
    for n, name in enumerate(names):
        reading.one_of(name, f"{where}[{n}]", known)


def _is_old(version: str | None) -> bool:
    if version is None:
        return False
    major, _, minor = version[1:].partition(".")
    return (int(major), int(minor)) < _FIELDS_REQUIRED_SINCE


def list_apps(asked: Asked) -> Answered:
    """``GET /{page}/subscribed_apps``"""
    state = asked.state
    if state.page_fields is None:
        return Answered({"data": []})
    app: Json = {
        "link": "https://www.facebook.com/",
        "name": "chatdrill",
        "id": state.app_id,
        "subscribed_fields": list(state.page_fields),
    }
    return Answered({"data": [app]})


def unsubscribe_page(asked: Asked) -> Answered:
    """``DELETE /{page}/subscribed_apps``"""
    asked.state.page_fields = None
    asked.state.resubscribe()
    return success()


# ---------------------------------------------------------------------------------------------------- of the app


def subscribe_app(asked: Asked) -> Answered:
    """``POST /{app}/subscriptions``: the callback must pass the handshake before it is saved."""
    values, product = asked.values, asked.state.product
    reading.one_of(values.get("object"), "object", (product.object,))
    callback = reading.url(values.get("callback_url"), "callback_url")
    token = reading.text(values.get("verify_token"), "verify_token")
    names = reading.words(values.get("fields"))
    _check_fields(product, "fields", names)
    challenge = _challenge(callback, token)
    address = handshake_url(callback, token, challenge)
    fetched = asked.exchange.fetched.get(address)
    if fetched is None:
        return Answered(wait=Fetch((address,), FETCH_TIMEOUT_S, 64 * 1024))
    problem = handshake_problem(_answer(fetched), challenge)
    if problem is not None:
        raise GraphError(2200, f"(#2200) callback verification failed: {problem}")
    _save(asked.state, callback, names)
    return success()


def _challenge(callback: str, token: str) -> str:
    """Ten digits that are the same when the question comes up again with the callback's answer."""
    return str(10**9 + int.from_bytes(sha256(f"{callback} {token}".encode()).digest()[:6], "big") % (9 * 10**9))


def _answer(fetched: Fetched) -> HttpResponse | HttpFailure:
    if fetched.error is None:
        return HttpResponse(200, (), fetched.content)
    if fetched.error.startswith("status "):
        return HttpResponse(int(fetched.error.removeprefix("status ")), (), fetched.content)
    return _FAILURES.get(fetched.error, HttpFailure("garbage", fetched.error))


def _save(state: Shared, callback: str, names: list[str]) -> None:
    state.webhook_url = callback
    state.app_fields = frozenset(names) if names else None
    state.failing_since = None
    state.resubscribe()
    state.outbox.changed()


def list_subscriptions(asked: Asked) -> Answered:
    """``GET /{app}/subscriptions``"""
    state = asked.state
    if state.webhook_url is None:
        return Answered({"data": []})
    names = sorted(state.product.fields if state.app_fields is None else state.app_fields)
    version = asked.version or state.settings["graph_version"]
    subscription: dict[str, Any] = {
        "object": state.product.object,
        "callback_url": state.webhook_url,
        "active": True,
        "fields": [{"name": name, "version": version} for name in names],
    }
    return Answered({"data": [subscription]})


def unsubscribe_app(asked: Asked) -> Answered:
    """``DELETE /{app}/subscriptions``: of some fields, or of all and the callback with them."""
    state = asked.state
    names = reading.words(asked.values.get("fields"))
    state.app_fields = (frozenset(state.product.fields) if state.app_fields is None else state.app_fields) - set(names)
    if not names:
        state.app_fields, state.webhook_url = None, None
    state.resubscribe()
    state.outbox.changed()
    return success()


OF_BUSINESS: tuple[Endpoint, ...] = (
    ("subscribed_apps", "POST", subscribe_page),
    ("subscribed_apps", "GET", list_apps),
    ("subscribed_apps", "DELETE", unsubscribe_page),
)
OF_APP: tuple[Endpoint, ...] = (
    ("subscriptions", "POST", subscribe_app),
    ("subscriptions", "GET", list_subscriptions),
    ("subscriptions", "DELETE", unsubscribe_app),
)
