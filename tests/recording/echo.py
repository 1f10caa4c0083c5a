"""Bots that repeat what they hear, with a button below, each in its vendor's own words; also as an application for ``--app``."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

Told = Mapping[str, Any]
Call = tuple[str, dict[str, str], Any]
Bot = Callable[[Told, Mapping[str, str]], tuple[Any, list[Call]]]
"""What a webhook tells, and the environment; what the bot answers, and what it calls (address, headers, body)."""


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def _telegram(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    pressed = told.get("callback_query")
    message = told["message"] if pressed is None else pressed["message"]
    heard = message["text"] if pressed is None else pressed["data"]
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    body = {"chat_id": message["chat"]["id"], "text": f"You: {heard}", "reply_markup": keyboard}
    url = f"{env['TELEGRAM_API_ROOT']}/bot{env['TELEGRAM_BOT_TOKEN']}/sendMessage"
    return {}, [(url, {"Content-Type": "application/json"}, body)]


def _whatsapp(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    calls = []
    for message in told["entry"][0]["changes"][0]["value"].get("messages", ()):
        heard = message["text"]["body"] if "text" in message else message["interactive"]["button_reply"]["id"]
        shown = {
            "type": "button",
            "body": {"text": f"You: {heard}"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "more", "title": "More"}}]},
        }
        body = {"messaging_product": "whatsapp", "to": message["from"], "type": "interactive", "interactive": shown}
        url = f"{env['WHATSAPP_API_ROOT']}/v25.0/{env['WHATSAPP_PHONE_NUMBER_ID']}/messages"
        calls.append((url, _bearer(env["WHATSAPP_TOKEN"]), body))
    return {}, calls


def _line(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    calls = []
    for event in told["events"]:
        heard = event["message"]["text"] if event["type"] == "message" else event["postback"]["data"]
        action = {"type": "postback", "label": "More", "data": "more", "displayText": "More"}
        shown = {
            "type": "text",
            "text": f"You: {heard}",
            "quickReply": {"items": [{"type": "action", "action": action}]},
        }
        body = {"replyToken": event["replyToken"], "messages": [shown]}
        calls.append((f"{env['LINE_API_ROOT']}/v2/bot/message/reply", _bearer(env["LINE_CHANNEL_ACCESS_TOKEN"]), body))
    return {}, calls


def _slack(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    if "payload" in told:
        pressed = json.loads(told["payload"])
        channel, heard = pressed["channel"]["id"], pressed["actions"][0]["value"]
    elif told["type"] == "event_callback" and "bot_id" not in told["event"]:
        channel, heard = told["event"]["channel"], told["event"]["text"]
    else:
        return {"challenge": told.get("challenge", "")}, []
    button = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}, "value": "more"}
    words = {"type": "section", "text": {"type": "plain_text", "text": f"You: {heard}"}}
    body = {"channel": channel, "text": "?", "blocks": [words, {"type": "actions", "elements": [button]}]}
    return {}, [(f"{env['SLACK_API_ROOT']}chat.postMessage", _bearer(env["SLACK_BOT_TOKEN"]), body)]


def _webchat(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    if told["type"] != "message":
        return {}, []
    url = f"{env['WEBCHAT_SERVICE_URL']}v3/conversations/{told['conversation']['id']}/activities"
    hero = {"buttons": [{"type": "postBack", "title": "More", "value": "more"}]}
    card = {"contentType": "application/vnd.microsoft.card.hero", "content": hero}
    body = {"type": "message", "text": f"You: {told['text']}", "attachments": [card]}
    return {}, [(url, _bearer(env["WEBCHAT_TOKEN"]), body)]


def _rasa(told: Told, env: Mapping[str, str]) -> tuple[Any, list[Call]]:
    buttons = [{"title": "More", "payload": "more"}]
    return [{"recipient_id": told["sender"], "text": f"You: {told['message']}", "buttons": buttons}], []


BOTS: dict[str, Bot] = {
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "line": _line,
    "slack": _slack,
    "webchat": _webchat,
    "rasa": _rasa,
}


def told_in(body: bytes) -> Told:
    """A webhook's JSON, or the fields of its form."""
    if body[:1] == b"{":
        return dict(json.loads(body))
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The bot of the platform that the path ends in."""
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    challenge = parse_qs(scope["query_string"].decode()).get("hub.challenge")
    if challenge is not None:
        await _answer(send, challenge[0].encode())
        return
    told = told_in(body)
    answer, calls = BOTS[scope["path"].rpartition("/")[2]](told, os.environ)
    for call in calls:
        await asyncio.to_thread(_call, *call)
    await _answer(send, json.dumps(answer).encode())


async def _answer(send: Any, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def _call(url: str, headers: dict[str, str], body: Any) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as response:
        response.read()
