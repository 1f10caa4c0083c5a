"""What the tests of the reference bot share: a small fake of the platforms, an ASGI client, and updates."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from chatdrill_scenarios.shoebot import Application
from chatdrill_scenarios.shoebot.brain import respond
from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.model import Event, Media, Reply, Say, State
from chatdrill_scenarios.shoebot.policy import DEFAULTS as HABITS
from chatdrill_scenarios.shoebot.policy import read_policy

PATIENCE_S = 5.0
PICTURE = b"\xff\xd8\xff\xe0" + b"jpeg" * 20
TOKEN = DEFAULTS["TELEGRAM_BOT_TOKEN"]
NUMBER = DEFAULTS["WHATSAPP_PHONE_NUMBER_ID"]
SECRET_HEADER = {"x-telegram-bot-api-secret-token": DEFAULTS["TELEGRAM_WEBHOOK_SECRET"]}
NOW = 1_774_605_600.0  # Friday, 27 March 2026, 11:00 in Warsaw: the desk is open, and the clocks change in two days
USUAL = read_policy(HABITS)
_ids = itertools.count(1)


# --- the brain without anything around it


def said(text: str, **fields: Any) -> Event:
    number = next(_ids)
    return Event("telegram", "7", f"u{number}", "text", text=text, **{"message_id": f"m{number}", **fields})


def edited(text: str, of: Event) -> Event:
    return Event("telegram", "7", f"u{next(_ids)}", "edit", text=text, message_id=of.message_id)


def pressed(payload: str) -> Event:
    return Event("telegram", "7", f"u{next(_ids)}", "press", payload=payload)


def started(payload: str = "") -> Event:
    return Event("telegram", "7", f"u{next(_ids)}", "start", payload=payload)


def sent(kind: Any, **fields: Any) -> Event:
    return Event("telegram", "7", f"u{next(_ids)}", kind, **fields)


def photo(text: str = "", verdict: Any = "image") -> Event:
    return sent("photo", text=text, media=Media("file", "image/jpeg", verdict, "c0ffee", 84))


class Dialog:
    """A conversation with the brain; strings are typed messages, lists are bursts."""

    def __init__(self, **habits: str) -> None:
        self.policy = read_policy({**HABITS, **habits})
        self.now = NOW
        self.state = State()
        self.replies: list[Reply] = []

    def tell(self, *burst: str | Event) -> str:
        """The words of the answer, "" for silence."""
        events = [said(one) if isinstance(one, str) else one for one in burst]
        self.state, self.replies = respond(self.state, events, now=self.now, policy=self.policy)
        return "\n".join(reply.text for reply in self.replies if isinstance(reply, Say))

    @property
    def payloads(self) -> list[str]:
        return [button.payload for reply in self.replies if isinstance(reply, Say) for button in reply.buttons]

    @property
    def labels(self) -> list[str]:
        return [button.label for reply in self.replies if isinstance(reply, Say) for button in reply.buttons]


# --- the bot with a fake world around it


@dataclass(slots=True)
class Call:
    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def method(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass
class Platforms:
    """Answers every API call, remembers it, and can be told to fail first."""

    calls: list[Call] = field(default_factory=list)
    failures: deque[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=deque)
    files: dict[str, bytes] = field(default_factory=lambda: {"photo.jpg": PICTURE})
    root: str = ""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            return self._file(request)
        posted = await (request.json() if request.content_type == "application/json" else request.post())
        call = Call(request.path, dict(posted), dict(request.headers))
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        if self.failures and call.method not in (
            "setWebhook",
            "messenger_profile",
            "message_templates",
            "set_webhook",
            "stable_token",
            "sendChatAction",
            "start",
        ):
            status, body, headers = self.failures.popleft()
            return web.json_response(body, status=status, headers=headers)
        return web.json_response(self._result(call))

    def _file(self, request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[-1]
        if name.isdigit():  # a media id of WhatsApp
            return web.json_response({"url": f"{self.root}/files/photo.jpg", "mime_type": "image/jpeg"})
        return web.Response(body=self.files[name]) if name in self.files else web.Response(status=404)

    def _result(self, call: Call) -> dict[str, Any]:
        results: dict[str, Any] = {
            "getFile": {"file_path": "photos/photo.jpg"},
            "sendPhoto": {"message_id": 9, "photo": [{"file_id": "chart"}]},
        }
        ids = {"id": "4455", "attachment_id": "6677"}  # of an upload to WhatsApp, to Messenger
        token = {"access_token": "98_token", "expires_in": 7200}  # of WeChat
        return {**ids, **token, "ok": True, "result": results.get(call.method, {"message_id": 9})}

    def named(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    def messages(self) -> list[Call]:
        """What the customer would see: no read receipts, no typing."""
        return [
            call
            for call in self.calls
            if call.method in ("sendMessage", "sendPhoto", "sendVenue")
            or (call.method == "messages" and ("type" in call.body or "message" in call.body))
        ]

    async def until(self, enough: Callable[[Platforms], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: enough(self))

    async def answered(self, count: int = 1) -> list[Call]:
        await self.until(lambda world: len(world.messages()) >= count)
        return self.messages()


@dataclass
class World:
    app: Application
    platforms: Platforms
    server: TestServer

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, query: str = ""
    ) -> tuple[int, bytes]:
        """One request straight into the ASGI application."""
        scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    async def telegram(self, **update: Any) -> int:
        body = json.dumps({"update_id": next(_ids), **update}).encode()
        return (await self.request("POST", "/webhooks/telegram", body, SECRET_HEADER))[0]

    async def meta(self, platform: str, update: dict[str, Any]) -> int:
        """Signed over the escaped bytes, as Meta does it."""
        body = json.dumps(update, separators=(",", ":")).replace("/", "\\/").encode()
        secret = DEFAULTS[f"{platform.upper()}_APP_SECRET"].encode()
        headers = {"X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}
        return (await self.request("POST", f"/webhooks/{platform}", body, headers))[0]

    async def close(self) -> None:
        await self.app.close()
        await self.server.close()


async def build(**env: str) -> World:
    platforms = Platforms()
    site = web.Application()
    site.router.add_route("*", "/{tail:.*}", platforms.handle)
    server = TestServer(site)
    await server.start_server()
    platforms.root = str(server.make_url("")).rstrip("/")
    roots = {
        f"{name}_API_ROOT": f"{platforms.root}/{name.lower()}"
        for name in ("TELEGRAM", "WHATSAPP", "MESSENGER", "INSTAGRAM", "TWILIO", "INFOBIP")
    }
    roots["VIBER_API_ROOT"] = f"{platforms.root}/viber/pa"
    roots["WECHAT_API_ROOT"] = f"{platforms.root}/wechat"
    roots["LINE_API_ROOT"] = roots["LINE_DATA_API_ROOT"] = f"{platforms.root}/line"
    roots["SLACK_API_ROOT"] = f"{platforms.root}/slack/api"
    roots["DECLARED_API_ROOT"] = f"{platforms.root}/declared"
    roots["WEBCHAT_OPENID_METADATA_URL"] = f"{platforms.root}/webchat/openid"
    return World(Application({"SHOEBOT_DEBOUNCE_S": "0.05", "CHATDRILL_SPEED": "1", **roots, **env}), platforms, server)


CHAT = {"id": 512340987, "first_name": "Olena", "type": "private"}
USER = {"id": 512340987, "is_bot": False, "first_name": "Olena", "language_code": "en"}


def telegram_message(**content: Any) -> dict[str, Any]:
    return {"message_id": next(_ids), "from": USER, "chat": CHAT, "date": 1767225600, **content}


def telegram_press(data: str) -> dict[str, Any]:
    menu = {"message_id": 119, "chat": CHAT, "date": 1767225500, "text": "menu"}
    return {"id": "2200487654321987654", "from": USER, "message": menu, "chat_instance": "-55", "data": data}


def whatsapp_update(*messages: dict[str, Any], **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550107788", "phone_number_id": NUMBER}
    full = [{"from": "4915155501234", "timestamp": "1795212345", **message} for message in messages]
    content = {"messaging_product": "whatsapp", "metadata": metadata, **({"messages": full} if full else {}), **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "33", "changes": [{"value": content, "field": "messages"}]}],
    }


def messenger_update(*items: dict[str, Any]) -> dict[str, Any]:
    page = DEFAULTS["MESSENGER_PAGE_ID"]
    basis = {"sender": {"id": "6842190357714420"}, "recipient": {"id": page}, "timestamp": 1795212345001}
    return {"object": "page", "entry": [{"id": page, "time": 1, "messaging": [{**basis, **item} for item in items]}]}


def texts(calls: Iterable[Call]) -> list[str]:
    """The words of the messages, whatever the platform."""
    found = []
    for call in calls:
        body = call.body
        interactive = body.get("interactive", {}).get("body", {}).get("text")
        plain = body.get("text") if isinstance(body.get("text"), str) else (body.get("text") or {}).get("body")
        found.append(plain or interactive or body.get("message", {}).get("text", ""))
    return found
