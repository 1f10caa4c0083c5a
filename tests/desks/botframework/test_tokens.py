"""What makes the bot believe the hub, and the hub the bot: signed tokens, a shared word, or nothing at all."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.wire import HttpRequest
from chatdrill_fakes.desks.botframework import desk
from desks.botframework.kit import APP, BASE, HUB_TOKEN, NOW, Hub, answer, asking, said, status

METADATA = "/v1/.well-known/openidconfiguration"


def shown(hub: Hub) -> HttpRequest:
    """A request of the hub's."""
    hub.asked()
    hub.reply()
    return desk.request(hub.state, list(hub.state.outbox)[:1], NOW)


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims_of(hub: Hub, header: str | None) -> dict[str, Any] | None:
    """The claims of a bearer token that the hub's published key signed, else nothing."""
    found = answer(hub.call("GET", METADATA, token=None))
    (key,) = answer(hub.call("GET", found["jwks_uri"].removeprefix(BASE), token=None))["keys"]
    head, body, signature = (header or "").removeprefix("Bearer ").split(".")
    assert msgspec.json.decode(unpacked(head)) == {"typ": "JWT", "alg": "RS256", "kid": key["kid"], "x5t": key["x5t"]}
    n, e = (int.from_bytes(unpacked(key[name]), "big") for name in ("n", "e"))
    opened = pow(int.from_bytes(unpacked(signature), "big"), e, n).to_bytes(256, "big")
    is_genuine = opened.endswith(b"\x00" + hashlib_info(f"{head}.{body}"))
    return msgspec.json.decode(unpacked(body)) if is_genuine else None


def hashlib_info(text: str) -> bytes:
    return bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(text.encode()).digest()


def test_the_hubs_token_is_signed_by_the_key_it_publishes() -> None:
    hub = Hub(hub_token="")
    claims = claims_of(hub, shown(hub).header("Authorization"))
    issuer = answer(hub.call("GET", METADATA, token=None))["issuer"]
    assert claims == {"serviceurl": f"{BASE}/", "nbf": 0, "exp": 4_102_444_800, "iss": issuer, "aud": APP}
    (key,) = answer(hub.call("GET", "/v1/.well-known/keys", token=None))["keys"]
    assert key["endorsements"] == ["agenthub"]


def test_the_environment_has_the_token_that_is_shown() -> None:
    for hub in (Hub(hub_token=""), Hub()):
        token = desk.environment(hub.state, f"{BASE}/")["BOTFRAMEWORK_HUB_TOKEN"]
        assert shown(hub).header("Authorization") == f"Bearer {token}"
    assert token == HUB_TOKEN


def test_the_login_says_where_tokens_are_given(hub: Hub) -> None:
    found = answer(hub.call("GET", "/botframework.com/v2.0/.well-known/openid-configuration", token=None))
    root = f"{BASE}/botframework.com"
    assert (found["issuer"], found["token_endpoint"]) == (f"{root}/v2.0", f"{root}/oauth2/v2.0/token")
    assert found["authorization_endpoint"] == f"{root}/oauth2/v2.0/authorize"
    (login,) = answer(hub.call("GET", "/common/discovery/instance?api-version=1.1", token=None))["metadata"]
    assert login["aliases"] == ["login.microsoftonline.com"] and login["aliases"][0] in desk.hosts


def test_a_forged_token_is_not_signed_or_has_run_out() -> None:
    hub = Hub(hub_token="")
    request = shown(hub)
    assert desk.forge(hub.state, request, "unsigned", NOW).header("Authorization") is None
    assert claims_of(hub, desk.forge(hub.state, request, "wrong", NOW).header("Authorization")) is None
    stale = claims_of(hub, desk.forge(hub.state, request, "stale", NOW).header("Authorization"))
    assert stale is not None and stale["exp"] < NOW


def test_without_an_app_id_nobody_shows_anything() -> None:
    hub = Hub(app_id="", hub_token="")
    request = shown(hub)
    assert request.header("Authorization") is None and b'"recipient":{"id":"bot"' in request.body
    assert status(hub.post(said("Hello"), token=None)) == 200
    with pytest.raises(Unsupported, match="nothing to forge"):
        desk.forge(hub.state, request, "wrong", NOW)


@pytest.mark.parametrize(("id", "author"), [("bot", "bot"), ("28:bot", "bot"), ("talbot", "customer")])
def test_without_an_app_id_the_bot_is_called_bot(id: str, author: str) -> None:
    hub = Hub(app_id="", hub_token="")
    hub.post(asking(said("Hi", {"id": id})), token=None)
    (conversation,) = hub.state.tickets.values()
    assert [entry.author for entry in conversation.entries] == [author]
