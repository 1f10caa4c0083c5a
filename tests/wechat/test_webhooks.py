"""How pushes are signed and sealed, the check of an address, and tries."""

from __future__ import annotations

import pytest

from chatdrill.errors import SettingsError
from chatdrill.model import Text, Write
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill.wire.xml import read_xml
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.crypto import SealError, seal, signature, unseal
from wechat.kit import Account

KEY, APP = "kQ7tVb2mXw9Zc4Hn6Rj1Ls8Pd3Fy5Ga0Ue7Ti4Ko2Mq", "wx5a1c0ffee0123456"
DOCUMENT = b"<xml><Content>hi</Content></xml>"
SEALED = (
    "JvDtrwU6pemPhdSWcNfFlEWsEuCzxnxecSXrsW59huGjb8iUcui2fAOwz8DP7lh+7zupK8kGvu//xlySim5VqB04a+ZC9jPLeNPN8aiRFI8/"
    "Fr3GIzIod8FSCOKaef9c"
)


def pushed(account: Account, text: str = "Hi", later_s: float = 0.0) -> HttpRequest:
    (update,) = account.updates(Write(parts=(Text(text=text),)))
    return platform.request(account.state, (update,), account.now + later_s)


def test_the_signature_is_that_of_a_public_sdk() -> None:
    assert signature("benchToken2f", "1790000000", "835271904") == "15eb3d30f403929e3e55d4582f82726426e39c34"


def test_the_seal_is_that_of_a_public_sdk() -> None:
    assert seal(KEY, APP, b"0123456789abcdef", DOCUMENT) == SEALED
    assert signature("benchToken2f", "1790000000", "835271904", SEALED) == "abd5ff7bafe4e8ab7f894d152b4d8cb6a0c57cb9"
    assert unseal(KEY, APP, SEALED) == DOCUMENT


@pytest.mark.parametrize("sealed", ["", "x", "!!!!", "AAAA", "A" * 64, SEALED[:-4], SEALED[::-1]])
def test_what_is_no_seal_is_refused(sealed: str) -> None:
    with pytest.raises(SealError):
        unseal(KEY, APP, sealed)


def test_a_plain_push_is_signed_in_its_address(account: Account) -> None:
    request = pushed(account)
    query = dict(request.query)
    assert query["signature"] == signature(account.state.word, query["timestamp"], query["nonce"])
    assert query["openid"] == account.to and "encrypt_type" not in query and "msg_signature" not in query
    assert read_xml(request.body)[1]["Content"] == "Hi" and request.content_type == "text/xml"


@pytest.mark.parametrize(("mode", "names"), [("safe", {"ToUserName", "Encrypt"}), ("compatible", None)])
def test_a_sealed_push_opens(mode: str, names: set[str] | None) -> None:
    account = Account(mode=mode)
    request = pushed(account)
    query, fields = dict(request.query), read_xml(request.body)[1]
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == signature(
        account.state.word, query["timestamp"], query["nonce"], fields["Encrypt"]
    )
    inner = read_xml(unseal(account.state.key, account.state.app_id, fields["Encrypt"]))[1]
    assert inner["Content"] == "Hi" and (set(fields) == names if names else fields["Content"] == "Hi")


def test_pushes_may_be_json() -> None:
    plain, safe = Account(format="json"), Account(format="json", mode="safe")
    request = pushed(plain)
    assert b'"Content":"Hi"' in request.body and request.content_type == "application/json"
    assert pushed(safe).body.startswith(b'{"ToUserName":"gh_7c1d2e3f4a5b","Encrypt":"')


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_another_try_has_the_same_body_and_a_new_date(mode: str) -> None:
    account = Account(mode=mode)
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    first, again = (platform.request(account.state, (update,), account.now + s) for s in (0, 5))
    assert first.body == again.body
    differing = {name for name, value in first.query if dict(again.query)[name] != value}
    assert differing == {"signature", "timestamp", "nonce", *(["msg_signature"] if mode == "safe" else [])}


def test_an_address_keeps_its_own_query(account: Account) -> None:
    account.state.webhook_url = "http://127.0.0.1:9/hook?shop=7#x"
    request = pushed(account)
    assert request.query[0] == ("shop", "7") and "#" not in request.url


def test_the_check_wants_the_echostr_and_nothing_else(account: Account) -> None:
    request = platform.handshake(account.state)
    assert request is not None and request.method == "GET"
    echo = dict(request.query)["echostr"].encode()

    def problem(answer: HttpResponse | HttpFailure) -> str | None:
        return platform.read_handshake(account.state, answer)

    assert problem(HttpResponse(200, (), echo)) is None
    for body in (b'"' + echo + b'"', echo + b"\n", b"\xef\xbb\xbf" + echo, b""):
        assert "Token验证失败" in (problem(HttpResponse(200, (), body)) or "")
    assert "403" in (problem(HttpResponse(403, (), echo)) or "")
    assert "请求URL超时" in (problem(HttpFailure("timeout")) or "")


def test_the_trace_reads_what_is_sealed() -> None:
    for mode in ("plain", "safe", "compatible"):
        account = Account(mode=mode)
        assert b"<Content><![CDATA[Hi]]></Content>" in platform.opened(account.state, pushed(account))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "settings",
    [{"mode": "dance"}, {"format": "yaml"}, {"encoding_aes_key": "short"}, {"token": "no spaces"}, {"token": "ab"}, {"reply_quota": "0"}],
)  # fmt: skip
def test_settings_that_cannot_be_read_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"wechat.{next(iter(settings))}"):
        Account(**settings)
