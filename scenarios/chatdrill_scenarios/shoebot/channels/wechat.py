"""WeChat's service accounts."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree
from zlib import crc32

import aiohttp

from ..api import TRIES_MAX, Api, ApiError
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Prepared

# Bytes in UTF-8, of a text as of a menu with all its lines.
TEXT_MAX_BYTES = 2048
# What a customer does allows so many messages for so many seconds (since June 2023); quotas do not add up.
WRITTEN, PRESSED = (5, 48 * 3600.0), (3, 60.0)
MARGIN_S, TOKEN_MARGIN_S = 60.0, 60.0
MEDIA_LIFE_S = 3 * 86_400.0 - 3600.0
# Every answer has HTTP status 200: what happened is a number in it.
TOKEN_ENDED, BUSY = frozenset({40001, 40014, 42001}), frozenset({-1, 45011})
CLOSED = 45015
_FILES: dict[str, EventKind] = {"image": "photo", "voice": "voice", "video": "video", "shortvideo": "video"}
_MIMES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "shortvideo": "video/mp4"}
_SENDABLE = {"image/jpeg": "image", "image/png": "image", "image/gif": "image", "audio/amr": "voice", "audio/mpeg": "voice", "video/mp4": "video"}  # fmt: skip
# Nothing may stand before the root: entities are declared there.
_BEGINNING = re.compile(rb"\s*(<\?xml[^>]*\?>\s*)?<xml>")
_PRESSES = frozenset({"click", "scancode_push", "scancode_waitmsg"})


class WeChat(Prepared):
    name = "wechat"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._settings = settings
        self._api = api
        self._assets = assets
        self._files = files
        self._root = settings.root("wechat")
        self._token, self._token_ends = "", 0.0
        self._pictures: dict[str, tuple[str, float]] = {}
        self._choices: dict[int, str] = {}
        self._allowed: dict[str, tuple[int, float]] = {}
        self._heard: dict[str, str] = {}

    # ------------------------------------------------------------------------------------------------------ inbound

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """The proof stands in the address; of a sealed webhook it covers the cipher text."""
        query = _query(headers)
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not self._is_sealed:
            return _same(query.get("signature"), self._signature(stamp, nonce))
        try:
            return _same(query.get("msg_signature"), self._signature(stamp, nonce, _read(raw)["Encrypt"]))
        except (ValueError, KeyError):
            return False

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:  # noqa: ARG002 - the mode is a setting
        return _read(self._unsealed(_read(raw)["Encrypt"]) if self._is_sealed else raw)

    def handshake(self, query: Mapping[str, str]) -> str | None:
        expected = self._signature(query.get("timestamp", ""), query.get("nonce", ""))
        return query.get("echostr", "") if _same(query.get("signature"), expected) else None

    async def register(self) -> None:
        """Nothing to do: the address is entered in the console, and a token is fetched when it is needed."""

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        found = self._happening(item) if item["MsgType"] == "event" else self._message(item)
        if found is not None:
            self._allow(item, found)
            yield found

    def opening(self, update: Mapping[str, Any]) -> Event | None:
        """The greeting is free in the answer to the webhook, and costs one of three messages later."""
        if update.get("MsgType") != "event" or update.get("Event") != "subscribe":
            return None
        found = self._happening(update)
        assert found is not None
        self._allow(update, found)
        return found

    def challenge(self, update: Mapping[str, Any]) -> bytes | None:  # noqa: ARG002 - WeChat asks by GET
        return None

    def greeting(self, event: Event, replies: Iterable[Reply]) -> bytes:
        """One text for that answer, with the choices as links in it, or nothing."""
        says = [reply for reply in replies if isinstance(reply, Say)]
        if not says:
            return b""
        words = "\n\n".join(say.text for say in says)
        lines = [self._link(button) for button in says[-1].buttons]
        room = TEXT_MAX_BYTES - len("\n".join(("", "", *lines)).encode())
        return self._answer(event.user, "\n\n".join((_pieces(words, room)[0], "\n".join(lines))).rstrip())

    def _link(self, button: Button) -> str:
        said = urlencode({"msgmenucontent": button.label, "msgmenuid": self._number(button.payload)})
        return f'<a href="weixin://bizmsgmenu?{said}">{button.label}</a>'

    def _answer(self, user: str, words: str) -> bytes:
        ends = f"<ToUserName>{_cdata(user)}</ToUserName><FromUserName>{_cdata(self._settings['WECHAT_ACCOUNT'])}</FromUserName>"
        inner = f"<MsgType>{_cdata('text')}</MsgType><Content>{_cdata(words)}</Content>"
        document = f"<xml>{ends}<CreateTime>{int(time.time())}</CreateTime>{inner}</xml>".encode()
        return self._sealed(document) if self._is_sealed else document

    def _message(self, item: Mapping[str, Any]) -> Event:
        kind, number = item["MsgType"], item["MsgId"]
        fields = _CONTENT.get(kind, _file if kind in _FILES else _other)(item)
        payload = self._choices.get(int(item.get("bizmsgmenuid") or 0))
        if payload is not None:
            fields = {"kind": "press", "payload": payload}
        return Event(channel="wechat", user=item["FromUserName"], id=number, **{"message_id": number, **fields})

    def _happening(self, item: Mapping[str, Any]) -> Event | None:
        """An event has no id: who and when must do."""
        name, key = item["Event"].lower(), item.get("EventKey") or ""
        who = {
            "channel": "wechat",
            "user": item["FromUserName"],
            "id": f"{item['FromUserName']}{item['CreateTime']}{name}",
        }
        if name in ("subscribe", "scan"):
            return Event(kind="start", payload=key.removeprefix("qrscene_"), **who)
        return Event(kind="press", payload=key, **who) if name in _PRESSES else None

    def _allow(self, item: Mapping[str, Any], event: Event) -> None:
        count, life_s = PRESSED if item["MsgType"] == "event" or event.kind == "press" else WRITTEN
        at = time.time()  # when it was heard: a date of the other side may be of another clock
        if self._heard.get(event.user) == event.id:
            return  # it comes again
        self._heard[event.user] = event.id
        left, ends = self._allowed.get(event.user, (0, 0.0))
        self._allowed[event.user] = max(left if at < ends else 0, count), max(ends, at + life_s)

    # ----------------------------------------------------------------------------------------------------- outbound

    async def confirm(self, event: Event) -> None:
        """Nothing to do: what was tapped stands in the chat."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: bots cannot mark as read, and a sign of typing must not be repeated for fifteen seconds."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - the window knows no exception
        return silence_s < WRITTEN[1] - MARGIN_S

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: the shop has no templates at WeChat."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                lines = [{"id": str(self._number(one.payload)), "content": one.label} for one in buttons]
                *before, last = _pieces(text, TEXT_MAX_BYTES - sum(len(line["content"].encode()) for line in lines) - 2)
                for piece in before:
                    await self._say(user, piece)
                if lines:
                    await self._send(user, "msgmenu", {"head_content": f"{last}\n", "list": lines, "tail_content": ""})
                else:
                    await self._say(user, last)
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                # Accounts cannot send places, so the map comes as a link.
                link = f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
                await self._say(user, f"{title}, {address}\n{link}")
            case Picture(file=name):
                await self._send(user, "image", {"media_id": await self._picture(name)})

    async def hand(self, user: str, file: File) -> None:
        kind = _SENDABLE.get(file.mime)
        if kind is None:
            await self._say(user, f"{file.name}\n{self._files.lend(file)}")
        else:
            await self._send(user, kind, {"media_id": await self._upload(kind, file)})

    async def fetch(self, media: Media) -> bytes:
        """Of a video there is only its address."""
        for attempt in (0, 1):
            url = await self._url("media/get", media_id=media.ref)
            content = await self._api.download(url, "wechat file")
            if not content.startswith(b"{"):
                return content
            about = json.loads(content)
            if "video_url" in about:
                return await self._api.download(about["video_url"], "wechat video")
            if about.get("errcode") not in TOKEN_ENDED or attempt:
                break
            self._token = ""
        raise ApiError("wechat file", 200, f"{about.get('errcode')} {about.get('errmsg')}")

    async def _picture(self, name: str) -> str:
        """The shop's own picture, uploaded again before WeChat forgets it."""
        id, until = self._pictures.get(name, ("", 0.0))
        if time.time() >= until:
            id = await self._upload("image", File(name, "image/png", (self._assets / name).read_bytes()))
            self._pictures[name] = id, time.time() + MEDIA_LIFE_S
        return id

    async def _upload(self, kind: str, file: File) -> str:
        def form() -> aiohttp.FormData:
            data = aiohttp.FormData()
            data.add_field("media", file.content, filename=file.name, content_type=file.mime)
            return data

        return str((await self._call("media/upload", form=form, type=kind))["media_id"])

    async def _say(self, user: str, words: str) -> None:
        await self._send(user, "text", {"content": words})

    async def _send(self, user: str, kind: str, content: Mapping[str, Any]) -> None:
        """Raises `ApiError` for what WeChat would refuse: a message that costs nothing must not be tried."""
        if user in self._allowed:
            left, ends = self._allowed[user]
            if not left or time.time() > ends:
                raise ApiError(f"wechat {kind}", 200, f"{CLOSED}: the customer has to say something first")
            self._allowed[user] = left - 1, ends
        body = {"touser": user, "msgtype": kind, kind: content}
        # Escaped letters would be shown as they stand.
        await self._call("message/custom/send", raw=json.dumps(body, ensure_ascii=False).encode())

    async def _call(
        self,
        method: str,
        *,
        raw: bytes | None = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        **query: str,
    ) -> dict[str, Any]:
        """Raises `ApiError` for every code but 0. A token that has ended is fetched anew once."""
        headers = {"Content-Type": "application/json"} if raw is not None else {}
        renewed = False
        for attempt in range(TRIES_MAX):
            url = await self._url(method, **query)
            answer = await self._api.post(url, f"wechat {method}", raw=raw, form=form, headers=headers)
            code = answer.get("errcode", 0)
            if code == 0:
                return answer
            if code in TOKEN_ENDED and not renewed:
                renewed, self._token = True, ""
            elif code in BUSY and attempt < TRIES_MAX - 1:
                await self._api.pause(attempt)
            else:
                break
        raise ApiError(f"wechat {method}", 200, f"{code} {answer.get('errmsg')}")

    async def _url(self, method: str, **query: str) -> str:
        return f"{self._root}/cgi-bin/{method}?{urlencode({'access_token': await self._valid_token(), **query})}"

    async def _valid_token(self) -> str:
        """The stable token: several workers that fetch it get the same."""
        if not self._token or time.time() >= self._token_ends:
            owner = {"appid": self._settings["WECHAT_APPID"], "secret": self._settings["WECHAT_SECRET"]}
            body = {"grant_type": "client_credential", **owner}
            answer = await self._api.post(f"{self._root}/cgi-bin/stable_token", "wechat stable_token", body=body)
            if "access_token" not in answer:
                raise ApiError("wechat stable_token", 200, f"{answer.get('errcode')} {answer.get('errmsg')}")
            self._token = answer["access_token"]
            self._token_ends = time.time() + float(answer["expires_in"]) - TOKEN_MARGIN_S
        return self._token

    def _number(self, payload: str) -> int:
        """Only numbers come back from a tap. After a restart its words must do."""
        number = crc32(payload.encode())
        self._choices[number] = payload
        return number

    # ------------------------------------------------------------------------------------------- signatures and seals

    @property
    def _is_sealed(self) -> bool:
        return self._settings["WECHAT_MODE"] != "plain"

    def _signature(self, *parts: str) -> str:
        words = sorted((self._settings["WECHAT_TOKEN"], *parts))
        return hashlib.sha1("".join(words).encode(), usedforsecurity=False).hexdigest()

    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        key = b64decode(f"{self._settings['WECHAT_ENCODING_AES_KEY']}=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def _unsealed(self, encrypt: str) -> bytes:
        """Raises `ValueError` for what is not for this account."""
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(b64decode(encrypt)) + decryptor.finalize()
        plain = plain[: -plain[-1]]
        end = 20 + int.from_bytes(plain[16:20], "big")
        if plain[end:] != self._settings["WECHAT_APPID"].encode():
            raise ValueError("another account's")
        return bytes(plain[20:end])

    def _sealed(self, document: bytes) -> bytes:
        plain = token_bytes(16) + len(document).to_bytes(4, "big") + document + self._settings["WECHAT_APPID"].encode()
        missing = 32 - len(plain) % 32
        encryptor = self._cipher().encryptor()
        encrypt = b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()
        stamp, nonce = str(int(time.time())), str(int.from_bytes(token_bytes(4), "big"))
        proof = f"<MsgSignature>{_cdata(self._signature(stamp, nonce, encrypt))}</MsgSignature>"
        dated = f"<TimeStamp>{stamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce>"
        return f"<xml><Encrypt>{_cdata(encrypt)}</Encrypt>{proof}{dated}</xml>".encode()


def _query(headers: Mapping[str, str]) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(headers.get(":path", "")).query, keep_blank_values=True))


def _same(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").encode(), expected.encode())


def _read(raw: bytes) -> dict[str, str]:
    """The elements of a document. Raises `ValueError`."""
    if not _BEGINNING.match(raw):
        raise ValueError("not WeChat's XML")
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    return {each.tag: each.text or "" for each in root}


def _cdata(words: str) -> str:
    return f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _pieces(text: str, most_bytes: int) -> list[str]:
    """A text in messages of a legal size, cut between paragraphs or words where there are any, and never inside of a letter."""
    found = []
    while len(text.encode()) > most_bytes:
        head = text.encode()[:most_bytes].decode("utf-8", "ignore")
        cut = max(head.rfind("\n\n"), 0) or max(head.rfind(" "), 0) or len(head)
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text]


def _file(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = item["MsgType"]
    return {"kind": _FILES[kind], "media": Media(item["MediaId"], _MIMES[kind])}


def _location(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "location", "latitude": float(item["Location_X"]), "longitude": float(item["Location_Y"])}


def _other(item: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one shape for the table
    return {"kind": "other"}


_CONTENT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "text": lambda item: {"kind": "text", "text": item["Content"]},
    "location": _location,
}
