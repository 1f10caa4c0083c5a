"""A WhatsApp bot that shows its customers to its helpdesk (Chatwoot or Zendesk), and does one thing wrong there: the one that a
customer names."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

_tasks: set[asyncio.Task[None]] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    challenge = parse_qs(scope["query_string"].decode()).get("hub.challenge", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": challenge.encode()})
    if body and "whatsapp" in scope["path"]:
        task = asyncio.create_task(asyncio.to_thread(answer, json.loads(body)))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)


def answer(webhook: dict[str, Any]) -> None:
    values = [change["value"] for entry in webhook["entry"] for change in entry["changes"]]
    for message in (message for value in values for message in value.get("messages", [])):
        text = message["text"]["body"]
        shown, wrongs = DESKS[os.environ["CHATDRILL_DESK"]]
        ticket = shown(message["from"], text)
        wrong = wrongs.get(text)
        _say(message["from"], str(wrong(ticket)) if wrong is not None else f"You said: {text}")


def _post(url: str, body: dict[str, Any], headers: dict[str, str], method: str = "POST") -> tuple[int, Any]:
    """The status and the JSON of an answer; of a refusal, how long it asks to wait."""
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        error.read()
        return error.code, error.headers.get("Retry-After")


def _desk(path: str, body: dict[str, Any], token: str | None = None) -> tuple[int, Any]:
    token = os.environ["CHATWOOT_API_ACCESS_TOKEN"] if token is None else token
    return _post(f"{os.environ['CHATWOOT_API_ROOT']}/{path}", body, {"api_access_token": token})


def _shown_to_chatwoot(who: str, text: str) -> int:
    inbox = f"public/api/v1/inboxes/{os.environ['CHATWOOT_INBOX_IDENTIFIER']}"
    _, contact = _desk(f"{inbox}/contacts", {"identifier": who, "name": who, "phone_number": f"+{who}"})
    talks = f"{inbox}/contacts/{contact['source_id']}/conversations"
    _, talk = _desk(talks, {})
    _desk(f"{talks}/{talk['id']}/messages", {"content": text})
    return int(talk["id"])


def _note(ticket: int, text: str = "noted", token: str | None = None) -> int:
    return _desk(f"api/v1/accounts/1/conversations/{ticket}/messages", {"content": text, "private": True}, token)[0]


AT_CHATWOOT: dict[str, Callable[[int], Any]] = {
    "wrong token": lambda ticket: _note(ticket, token="guessed"),
    "unknown ticket": lambda _: _note(999_999),
    "oversized text": lambda ticket: _note(ticket, "x" * 200_000),
    "not JSON of theirs": lambda ticket: _desk(
        f"api/v1/accounts/1/conversations/{ticket}/toggle_status", {"status": "x"}
    )[0],
}


def _zendesk(method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    name = f"{os.environ['ZENDESK_EMAIL']}/token:{os.environ['ZENDESK_API_TOKEN']}"
    headers = {"Authorization": f"Basic {base64.b64encode(name.encode()).decode()}"}
    return _post(f"{os.environ['ZENDESK_API_ROOT']}/api/v2/{path}", body, headers, method)


def _shown_to_zendesk(who: str, text: str) -> int:
    _, known = _zendesk(
        "POST", "users/create_or_update", {"user": {"name": who, "external_id": who, "phone": f"+{who}"}}
    )
    person = known["user"]["id"]
    asked = {"requester_id": person, "comment": {"body": text, "author_id": person}}
    _, made = _zendesk("POST", "tickets", {"ticket": asked})
    return int(made["ticket"]["id"])


def _comment(ticket: int, text: str) -> tuple[int, Any]:
    return _zendesk("PUT", f"tickets/{ticket}", {"ticket": {"comment": {"body": text, "public": False}}})


def _to_a_closed_one(ticket: int) -> int:
    me = _zendesk("GET", "users/me", {})[1]["user"]["id"]
    _zendesk("PUT", f"tickets/{ticket}", {"ticket": {"status": "closed", "assignee_id": me}})
    return _comment(ticket, "too late")[0]


def _flood(ticket: int) -> str:
    answers = [_comment(ticket, str(number)) for number in range(40)]
    taken, (status, wait_s) = [code for code, _ in answers].count(200), answers[-1]
    return f"{taken} taken, then {status}: wait {wait_s} s"


AT_ZENDESK: dict[str, Callable[[int], Any]] = {"closed ticket": _to_a_closed_one, "flood": _flood}
DESKS = {"chatwoot": (_shown_to_chatwoot, AT_CHATWOOT), "zendesk": (_shown_to_zendesk, AT_ZENDESK)}


def _say(who: str, text: str) -> None:
    url = f"{os.environ['WHATSAPP_API_ROOT']}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
    said = {"messaging_product": "whatsapp", "to": who, "type": "text", "text": {"body": text}}
    _post(url, said, {"Authorization": f"Bearer {os.environ['WHATSAPP_TOKEN']}"})
