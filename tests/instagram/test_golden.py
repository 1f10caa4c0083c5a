"""A webhook bit by bit, and ids in the shape of captured ones."""

from __future__ import annotations

from base64 import b64decode

import msgspec

from chatdrill.model import Text, Write
from chatdrill.wire import Update
from chatdrill_fakes.platforms.instagram import platform
from instagram.kit import NOW, OWN, Account

BODY = (
    rb'{"object":"instagram","entry":[{"time":1795212345678,"id":"17841460012345678","messaging":[{"sender":'
    rb'{"id":"1254459154682919"},"recipient":{"id":"17841460012345678"},"timestamp":1795212345001,"message":'
    rb'{"mid":"aWdfZG1f_demo","text":"caf\u00e9 \/ t\u00e9"}}]}]}'
)
SIGNATURES = {
    "X-Hub-Signature": "sha1=59521f2e505b47f40620e80f04aaeb856583f68b",
    "X-Hub-Signature-256": "sha256=3afa5e32159cc3047a04500d71b9a828bddf1f89e86631bebffd9f54baad612d",
}


def test_the_signatures_are_those_of_openssl_over_the_escaped_bytes() -> None:
    account = Account(app_secret="fake-app-secret-01")
    entry = BODY.removeprefix(b'{"object":"instagram","entry":[').removesuffix(b"]}")
    update = Update(id="1", kind="messages", to=account.to, lane=account.to, body=entry, made_at=NOW)
    request = platform.request(account.state, [update], NOW)
    assert request.body == BODY and len(BODY) == 260
    assert {name: request.header(name) for name in SIGNATURES} == SIGNATURES


def test_what_is_no_ascii_is_escaped_in_lower_case(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text="café / 👍"),)))
    assert rb'"text":"caf\u00e9 \/ \ud83d\udc4d"' in update.body
    assert msgspec.json.decode(update.body)["messaging"][0]["timestamp"] == 1795212345001


def test_a_message_id_hides_account_thread_and_item(account: Account) -> None:
    mid = account.says()
    plain = mid.replace("ZD", "=").replace("ZC", "/").replace("ZB", "+").replace("ZA", "Z")
    kind, one, name, own, thread, item = b64decode(plain).decode().split(":")
    assert (kind, one, name, own, thread) == ("ig_dm_item", "1", "IGMessageID", OWN, account.chat.thread)
    assert (len(item), mid[:6]) == (35, "aWdfZA") and len(mid) > 150
