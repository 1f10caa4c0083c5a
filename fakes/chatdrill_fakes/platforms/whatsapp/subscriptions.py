"""Where webhooks go: the app's callback, and the overrides of the account and the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatdrill.wire import Fetch, HttpFailure, HttpResponse, Update
from chatdrill_fakes.families.meta import (
    access_token,
    handshake_problem,
    handshake_url,
    is_url,
    missing_token,
    unknown_token,
)
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.calls import SUCCESS, Reply, Request
from chatdrill_fakes.platforms.whatsapp.errors import problem
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState

URL_MAX = 200
_OVERRIDABLE = ("messages.", "statuses.")
OBJECT = "whatsapp_business_account"


def app_token(state: WhatsAppState) -> str:
    """The app's own access token."""
    return f"{state.settings['app_id']}|{state.settings['app_secret']}"


def give_app_token(request: Request) -> Reply:
    """``GET /oauth/access_token``: the app's token for its id and secret."""
    settings = request.state.settings
    given = (request.text("client_id"), request.text("client_secret"))
    if given != (settings["app_id"], settings["app_secret"]):
        raise problem(100, "Error validating client secret.")
    return Reply(body={"access_token": app_token(request.state), "token_type": "bearer"})


def subscribe_app(request: Request) -> Reply:
    """``POST /{app-id}/subscriptions``: the app's callback, checked by a handshake before it counts."""
    _check_app_token(request)
    if request.required("object") != OBJECT:
        raise problem(100, f"Param object must be {OBJECT}.")
    url = _url(request.required("callback_url"))
    checked = _handshake(request, url, request.required("verify_token"))
    if checked is not None:
        return checked
    state, fields = request.state, request.value("fields")
    state.account.fields = _fields(fields) if fields else None
    state.webhook_url = url
    state.outbox.changed()
    return Reply(body=SUCCESS)


def list_app_subscriptions(request: Request) -> Reply:
    """``GET /{app-id}/subscriptions``"""
    _check_app_token(request)
    state = request.state
    if state.webhook_url is None:
        return Reply(body={"data": []})
    fields = [{"name": name, "version": state.settings["graph_version"]} for name in sorted(state.account.fields or ())]
    return Reply(
        body={"data": [{"object": OBJECT, "callback_url": state.webhook_url, "active": True, "fields": fields}]}
    )


def drop_app_subscription(request: Request) -> Reply:
    """``DELETE /{app-id}/subscriptions``"""
    _check_app_token(request)
    request.state.webhook_url = None
    request.state.outbox.changed()
    return Reply(body=SUCCESS)


def subscribe_account(request: Request) -> Reply:
    """``POST /{business-account-id}/subscribed_apps``: subscribe the app, with or without an override."""
    account, url = request.state.account, request.text("override_callback_uri")
    if url is not None:
        checked = _handshake(request, _url(url), request.required("verify_token"))
        if checked is not None:
            return checked
    account.subscribed, account.waba_override = True, url
    _aim(request.state, url)
    return Reply(body=SUCCESS)


def list_subscribed_apps(request: Request) -> Reply:
    """``GET /{business-account-id}/subscribed_apps``"""
    account, app_id = request.state.account, request.state.settings["app_id"]
    if not account.subscribed:
        return Reply(body={"data": []})
    link = f"https://www.facebook.com/games/?app_id={app_id}"
    entry: dict[str, Any] = {"whatsapp_business_api_data": {"id": app_id, "link": link, "name": "Bot"}}
    if account.waba_override:
        entry["override_callback_uri"] = account.waba_override
    return Reply(body={"data": [entry]})


def unsubscribe_account(request: Request) -> Reply:
    """``DELETE /{business-account-id}/subscribed_apps``: from now on the app is told nothing."""
    request.state.account.subscribed = False
    request.state.account.waba_override = None
    return Reply(body=SUCCESS)


def override_number(request: Request, wanted: dict[str, Any]) -> Reply:
    """``POST /{phone-number-id}`` with ``webhook_configuration``; an empty address takes the override back."""
    url = str(wanted.get("override_callback_uri") or "")
    if url:
        checked = _handshake(request, _url(url), str(wanted.get("verify_token") or ""))
        if checked is not None:
            return checked
    request.state.account.phone_override = url or None
    _aim(request.state, url)
    return Reply(body=SUCCESS)


def webhook_configuration(state: WhatsAppState) -> dict[str, str]:
    """The callbacks in force, those of the number, the account and the app."""
    account = state.account
    named = (
        ("phone_number", account.phone_override),
        ("whatsapp_business_account", account.waba_override),
        ("application", state.webhook_url),
    )
    return {name: url for name, url in named if url}


def target(state: WhatsAppState, updates: Sequence[Update]) -> str:
    """Where a webhook goes: overrides count for messages and statuses only, the number's before the account's."""
    overridden = state.account.phone_override or state.account.waba_override
    if overridden and all(update.kind.startswith(_OVERRIDABLE) for update in updates):
        return overridden
    return state.webhook_url or ""


def _aim(state: WhatsAppState, url: str | None) -> None:
    """Without an app callback an override becomes the address of everything, so that updates leave at all."""
    if url and state.webhook_url is None:
        state.webhook_url = url
    state.outbox.changed()


def _check_app_token(request: Request) -> None:
    tokens = {access_token(request.exchange.request, request.arguments), request.text("access_token")} - {None}
    if not tokens:
        raise missing_token()
    if not tokens & {app_token(request.state), request.state.settings["token"]}:
        raise unknown_token()


def _fields(given: Any) -> frozenset[str]:
    names = given if isinstance(given, list) else str(given).split(",")
    return frozenset(str(name).strip() for name in names)


def _url(url: str) -> str:
    if len(url) > URL_MAX:
        raise problem(100, f"The callback URL must be at most {URL_MAX} characters long.")
    if not is_url(url):
        raise problem(100, f"The callback URL {url[:80]!r} is not an address.")
    return url


def _handshake(request: Request, url: str, verify_token: str) -> Reply | None:
    """Ask the callback; ``None`` once it has answered well. An address outside the loopback is taken on trust."""
    challenge = ids.challenge(url, verify_token)
    asked = handshake_url(url, verify_token, challenge)
    got = request.exchange.fetched.get(asked)
    if got is None:
        return Reply(wait=Fetch((asked,), size_max_bytes=65_536))
    if got.error == "unreachable":
        return None
    answer = HttpFailure("refused", got.error) if got.error else HttpResponse(200, body=got.content)
    if wrong := handshake_problem(answer, challenge):
        raise problem(2200, message=f"(#2200) Callback verification failed: {wrong}", status=400, data=None)
    return None
