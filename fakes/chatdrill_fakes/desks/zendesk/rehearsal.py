"""How a correct bot speaks to Zendesk: Sunshine Conversations for the words, the switchboard for the handover."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.zendesk.hooks import signature

_AGENT_ID = "__zendesk_msg.agent.id"
_BOUNDARY = "chatdrill-rehearsal"


class Rehearsal:
    """A bot with the key of an app; ``environment`` is what ``Desk.environment`` gives."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._root = f"{environment['ZENDESK_API_ROOT']}/sc/v2/apps/{environment['SUNCO_APP_ID']}"
        pair = f"{environment['SUNCO_KEY_ID']}:{environment['SUNCO_KEY_SECRET']}"
        self._auth = ("Authorization", f"Basic {b64encode(pair.encode()).decode()}")

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """User, conversation, what was said so far, and control to the agent workspace; returns the conversation."""
        self._register(call, person)
        body = {"type": "personal", "participants": [{"userExternalId": person.key}]}
        ticket = str(self._made(call, "conversations", body)["conversation"]["id"])
        for side, text in history:
            author = {"type": "business"} if side == "bot" else self._author(person)
            content = {"type": "text", "text": text}
            silent = {"destination": {"integrationType": "none"}}
            self._made(call, f"conversations/{ticket}/messages", {"author": author, "content": content, **silent})
        target = {"switchboardIntegration": self._environment["SUNCO_WORKSPACE_NAME"]}
        metadata = {"metadata": {"dataCapture.systemField.requester.name": person.name}}
        self._made(call, f"conversations/{ticket}/passControl", {**target, **metadata})
        return ticket

    def _register(self, call: Caller, person: Customer) -> None:
        """A user who is known already is no trouble."""
        told = {"givenName": person.first_name, "surname": person.last_name, "email": person.email}
        profile = {key: value for key, value in told.items() if value} | {"locale": person.language}
        body = {"externalId": person.key, "profile": profile, "metadata": {"phone": person.phone}}
        answer = self._send(call, "users", body)
        if answer.status not in (201, 409):
            raise ValueError(f"users: status {answer.status}")

    def _author(self, person: Customer) -> dict[str, str]:
        return {"type": "user", "userExternalId": person.key}

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:
        """A message of the customer's, with its id in the metadata."""
        return self._say(call, ticket, person, {"type": "text", "text": text}, origin_id)

    def relay_file(self, call: Caller, ticket: str, person: Customer, file: Upload, origin_id: str) -> HttpResponse:
        """The file is uploaded, and a message shows it."""
        url = f"{self._root}/attachments?access=public&for=message&conversationId={ticket}"
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        uploaded = call(HttpRequest("POST", url, (self._auth, ("Content-Type", kind)), _multipart(file)))
        if uploaded.status != 201:
            return uploaded
        link = msgspec.json.decode(uploaded.body)["attachment"]["mediaUrl"]
        shown = "image" if file.content_type.startswith("image/") else "file"
        return self._say(call, ticket, person, {"type": shown, "mediaUrl": link, "altText": file.filename}, origin_id)

    def _say(
        self, call: Caller, ticket: str, person: Customer, content: dict[str, Any], origin_id: str
    ) -> HttpResponse:
        body = {"author": self._author(person), "content": content, "metadata": {"origin": origin_id}}
        return self._send(call, f"conversations/{ticket}/messages", body)

    def _send(self, call: Caller, path: str, body: dict[str, Any]) -> HttpResponse:
        headers = (self._auth, ("Content-Type", "application/json"))
        return call(HttpRequest("POST", f"{self._root}/{path}", headers, msgspec.json.encode(body)))

    def _made(self, call: Caller, path: str, body: dict[str, Any]) -> Any:
        answer = self._send(call, path, body)
        if answer.status not in (200, 201):
            raise ValueError(f"{path}: status {answer.status}, {answer.body[:200]!r}")
        return msgspec.json.decode(answer.body)

    # ------------------------------------------------------------------------------------------------- webhooks

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """What a webhook of either kind says; raises ``ValueError`` for one that is not Zendesk's."""
        if request.header("x-zendesk-webhook-id") is not None:
            return self._read_support(request)
        if not hmac.compare_digest(request.header("x-api-key") or "", self._environment["SUNCO_WEBHOOK_SECRET"]):
            raise ValueError("X-API-Key is missing or wrong")
        return [told for event in _decoded(request)["events"] for told in self._told(event)]

    def _told(self, event: Mapping[str, Any]) -> Iterator[Told]:
        payload = event["payload"]
        ticket = payload.get("conversation", {}).get("id")
        active = payload.get("conversation", {}).get("activeSwitchboardIntegration", {}).get("name")
        message = payload.get("message", {})
        if event["type"] == "conversation:message" and _AGENT_ID in message.get("metadata", {}):
            yield _reply(ticket, message)
        elif event["type"] == "switchboard:releaseControl" or (
            event["type"] == "switchboard:passControl" and active == self._environment["SUNCO_SWITCHBOARD_NAME"]
        ):
            yield Told("closed", ticket)
        else:
            yield Told("other", ticket)

    def _read_support(self, request: HttpRequest) -> Sequence[Told]:
        timestamp = request.header("x-zendesk-webhook-signature-timestamp") or ""
        wanted = signature(self._environment["ZENDESK_WEBHOOK_SECRET"], timestamp, request.body)
        if not hmac.compare_digest(request.header("x-zendesk-webhook-signature") or "", wanted):
            raise ValueError("X-Zendesk-Webhook-Signature is missing or wrong")
        payload = _decoded(request)
        kind, event, ticket = payload["type"].rpartition(":")[2], payload["event"], payload["detail"].get("id")
        if kind == "ticket.comment_added" and event["comment"]["author"]["is_staff"]:
            comment = event["comment"]
            public: Literal["reply", "note"] = "reply" if comment["is_public"] else "note"
            return [Told(public, ticket, comment["id"], comment["body"])]
        is_end = kind == "ticket.status_changed" and event["current"] in ("SOLVED", "CLOSED")
        return [Told("closed" if is_end else "other", ticket)]


def _reply(ticket: str | None, message: Mapping[str, Any]) -> Told:
    content = message["content"]
    files = (content["mediaUrl"],) if "mediaUrl" in content else ()
    return Told("reply", ticket, message["id"], content.get("text", ""), files)


def _decoded(request: HttpRequest) -> Any:
    try:
        return msgspec.json.decode(request.body)
    except msgspec.DecodeError as error:
        raise ValueError(f"not JSON: {error}") from error


def _multipart(file: Upload) -> bytes:
    name = file.filename.replace('"', "")
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="source"; filename="{name}"\r\n'
    return (
        f"{head}Content-Type: {file.content_type}\r\n\r\n".encode() + file.content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    )
