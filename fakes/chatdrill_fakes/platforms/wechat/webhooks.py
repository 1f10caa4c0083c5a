"""The signed push in its three modes, the check of an address, and what the bot's answer means.

Source: developers.weixin.qq.com, service account guide: receiving messages, encryption (2026). The user agent is what third parties saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from zlib import crc32

import msgspec

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill.wire.xml import read_xml, write_xml
from chatdrill_fakes.platforms.wechat.crypto import SealError, seal, signature, unseal
from chatdrill_fakes.platforms.wechat.state import Json, WeChatState

PASSIVE_PATH = "/passive_reply"
_AGENT = ("User-Agent", "Mozilla/4.0")
_XML = (("Content-Type", "text/xml"), _AGENT)
_JSON = (("Content-Type", "application/json"), _AGENT)
_SILENT = (b"", b"success")


@lru_cache(maxsize=64)
def _before_query(url: str) -> str:
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}*", fragment=""))[:-1]


def _drawn(*words: str) -> bytes:
    """Sixteen bytes that look like chance and are the same for the same words, so that a push can be made again."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:16].encode()


def nonce_of(id: str, now: float) -> str:
    """A number of nine or ten digits, new for every try."""
    return str(crc32(f"{id} {int(now)}".encode("utf-8", "replace")) % 1_900_000_000 + 100_000_000)


def pushed(state: WeChatState, to: str, id: str, body: bytes, now: float) -> HttpRequest:
    """The push of a document, signed and sealed as the account's mode says; each try has a date of its own."""
    stamp, nonce = str(int(now)), nonce_of(id, now)
    query = f"signature={signature(state.word, stamp, nonce)}&timestamp={stamp}&nonce={nonce}"
    query += f"&openid={to}" if to else ""
    if state.mode != "plain":
        sealed = seal(state.key, state.app_id, _drawn(id, state.account), body)
        query += f"&encrypt_type=aes&msg_signature={signature(state.word, stamp, nonce, sealed)}"
        body = _sealed(state, body, sealed)
    headers = _JSON if state.is_json else _XML
    return HttpRequest("POST", f"{_before_query(state.webhook_url or '')}{query}", headers, body)


def _sealed(state: WeChatState, body: bytes, sealed: str) -> bytes:
    """Safe mode has the cipher text alone, compatible mode both."""
    if state.mode == "safe":
        fields = {"ToUserName": state.account, "Encrypt": sealed}
        return msgspec.json.encode(fields) if state.is_json else write_xml("xml", fields).encode()
    if state.is_json:
        return body[:-1] + b',"Encrypt":' + msgspec.json.encode(sealed) + b"}"
    return body.removesuffix(b"</xml>") + f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


# --------------------------------------------------------------------------------------------------------- the check


def check_request(state: WeChatState, echo: str, now: float) -> HttpRequest:
    """The request by which WeChat checks an address when the owner saves it."""
    stamp, nonce = str(int(now)), nonce_of(echo, now)
    query = {"signature": signature(state.word, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
    url = f"{_before_query(state.webhook_url or '')}{urlencode(query)}"
    return HttpRequest("GET", url, (_AGENT, ("Accept", "*/*")))


def check_problem(state: WeChatState, answer: HttpResponse | HttpFailure) -> str | None:
    """What is wrong with the answer to the check: it must be the echostr and nothing else."""
    if isinstance(answer, HttpFailure):
        return f"请求URL超时: the address did not answer the check: {answer.kind} {answer.detail}".rstrip()
    if answer.status != 200:
        return f"Token验证失败: the check was answered with status {answer.status} (does the bot know the token?)"
    if answer.body != state.echo.encode():
        return f"Token验证失败: the check was answered {answer.body[:80]!r}, not the echostr {state.echo!r} alone"
    return None


# -------------------------------------------------------------------------------------------------------- the answer


def read_ack(state: WeChatState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Exactly 200 is success. Whatever is neither ``success`` nor nothing is a passive reply, or should be one."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".rstrip())
    if answer.status != 200:
        return Ack(False, f"status {answer.status}; WeChat wants 200")
    if answer.body.strip() in _SILENT:
        return Ack(True)
    update = updates[0]
    query = urlencode({"to": update.to or "", "id": update.id, "kind": update.kind})
    headers = (("Content-Type", "application/json" if state.is_json else "text/xml"),)
    return Ack(True, calls=(HttpRequest("POST", f"{PASSIVE_PATH}?{query}", headers, answer.body),))


class ReplyError(ValueError):
    """A passive reply that WeChat cannot read."""


def read_reply(state: WeChatState, body: bytes) -> Json:
    """The document of a passive reply, unsealed where it is sealed. Raises ``ReplyError``."""
    fields = _read(state, body)
    if "Encrypt" not in fields:
        if state.mode == "safe":
            raise ReplyError("in safe mode a reply is sealed: there is no Encrypt")
        return fields
    if state.mode == "plain":
        raise ReplyError("in plain mode a reply is not sealed")
    given = {name: str(fields.get(name, "")) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
    expected = signature(state.word, given["TimeStamp"], given["Nonce"], given["Encrypt"])
    if not compare_digest(given["MsgSignature"].encode(), expected.encode()):
        raise ReplyError("MsgSignature is not the SHA-1 of token, TimeStamp, Nonce and Encrypt")
    try:
        return _read(state, unseal(state.key, state.app_id, given["Encrypt"]))
    except SealError as error:
        raise ReplyError(str(error)) from error


def _read(state: WeChatState, body: bytes) -> Json:
    value: Any
    if state.is_json:
        try:
            value = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ReplyError(f"no JSON: {str(error)[:120]}") from error
        root = "xml"
    else:
        try:
            root, value = read_xml(body)
        except ValueError as error:
            raise ReplyError(str(error)[:160]) from error
    if root != "xml" or not isinstance(value, dict):
        raise ReplyError(f"the root is {root[:40]!r}, not <xml> with elements in it")
    return value


def opened(state: WeChatState, request: HttpRequest) -> bytes:
    """What a push says, for the trace: of a sealed one what is inside."""
    if b"Encrypt" not in request.body:
        return request.body
    try:
        return unseal(state.key, state.app_id, str(_read(state, request.body).get("Encrypt", "")))
    except ValueError:
        return request.body
