"""Credentials, on both sides, and whose a call is."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Text, Write
from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.infobip import platform
from sms_infobip.kit import Account, answer, message


def test_every_kind_of_credentials_opens(account: Account) -> None:
    session = answer(
        account.call(
            "POST", "/auth/1/session", {"username": "chatdrill", "password": "chatdrill-infobip-password"}, auth=None
        )
    )
    form = b"client_id=chatdrill-client&client_secret=chatdrill-infobip-client-secret&grant_type=client_credentials"
    token = answer(
        account.call(
            "POST", "/auth/1/oauth2/token", form, ("Content-Type", "application/x-www-form-urlencoded"), auth=None
        )
    )
    basic = b64encode(b"chatdrill:chatdrill-infobip-password").decode()
    for words in (f"Basic {basic}", f"IBSSO {session['token']}", f"Bearer {token['access_token']}"):
        response = account.call("GET", "/sms/1/reports", auth=("Authorization", words)).response
        assert response is not None and response.status == 200, words
    account.now += 3600
    late = account.call("GET", "/sms/1/reports", auth=("Authorization", f"Bearer {token['access_token']}")).response
    assert late is not None and late.status == 401


@pytest.mark.parametrize("words", ["", "App wrong", "app", "Basic !", "Basic eDp5", "Bearer x", "IBSSO "])
def test_wrong_credentials_are_refused(account: Account, words: str) -> None:
    response = account.call("GET", "/sms/3/reports", auth=("Authorization", words)).response
    assert response is not None and response.status == 401


@pytest.mark.parametrize("algorithm", ["MD5", "SHA_1", "SHA_224", "SHA_256", "SHA_384", "SHA_512"])
def test_a_webhook_can_be_signed(algorithm: str) -> None:
    account = Account(webhook_auth="hmac", hmac_algorithm=algorithm)
    request = platform.request(account.state, account.updates(Write(parts=(Text(text="Hi"),))), account.now)
    digest = getattr(hashlib, algorithm.lower().replace("_", ""))
    assert request.header("X-Signature") == hmac.new(b"chatdrill-infobip-hooks", request.body, digest).hexdigest()
    bare = Account(webhook_auth="none")
    assert (
        bare.updates(Write(parts=(Text(text="Hi"),)))
        and platform.sign(bare.state, b"{}", 0).header("Authorization") is None
    )  # type: ignore[attr-defined]


def test_a_call_belongs_to_the_worker_whose_mark_its_numbers_have(account: Account) -> None:
    def owner(method: str, url: str, body: object = None) -> str | None:
        request = HttpRequest(method, url, (), msgspec.json.encode(body) if body is not None else b"")
        found: str | None = platform.owner_of(account.state, request)  # type: ignore[attr-defined]
        return found

    assert (
        owner("POST", "/sms/3/messages", {"messages": [message(to="41790000007"), message(to="41790000107")]})
        == "41790000007"
    )
    assert owner("POST", "/ct/1/log/end/3573622700000000007") == "3573622700000000007"
    assert owner("GET", "/sms/3/reports") is None
    with pytest.raises(Unsupported, match="several workers"):
        owner("POST", "/sms/3/messages", {"messages": [message(to="41790000007"), message(to="41790000008")]})
