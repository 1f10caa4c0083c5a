"""How a correct bot speaks to Chat2Desk: an external channel, in which it passes everything on both ways."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.chat2desk.hooks import HASHES

_Kind = Literal["reply", "note", "closed", "other"]
FILES_ROOT = "http://127.0.0.1:9/files"
"""Where the bot's own files would lie: Chat2Desk takes links only."""


class Rehearsal:
    """See ``chatdrill.wire.Rehearsal``. It remembers its own messages, for the desk tells them back."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = f"{environment['CHAT2DESK_API_ROOT']}/v1"
        self._token = environment["CHAT2DESK_TOKEN"]
        self._channel = int(environment["CHAT2DESK_CHANNEL_ID"])
        self._secret = environment["CHAT2DESK_WEBHOOK_SECRET"]
        self._header = environment["CHAT2DESK_SIGNATURE_HEADER"]
        self._hash = HASHES[environment["CHAT2DESK_SIGNATURE_HASH"]]
        self._own: set[int] = set()

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Mirror what was said, file the person's key, and put the dialog before the operators."""
        client = self._client(call, person)
        for author, words in history:
            if author == "customer":
                self._heard(call, person, {"body": words})
            else:
                self._said(call, {"client_id": client, "text": words, "type": "autoreply", "dont_open_dialog": True})
        asked = {"client_id": client, "text": "The customer asks for a person.", "type": "system", "open_dialog": True}
        return str(self._said(call, asked)["dialog_id"])

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:  # noqa: ARG002
        """A customer's words."""
        return self._heard(call, person, {"body": text, "external_id": origin_id})

    def relay_file(
        self,
        call: Caller,
        ticket: str,  # noqa: ARG002
        person: Customer,
        file: Upload,
        origin_id: str,
    ) -> HttpResponse:
        """A customer's file, by a link below ``FILES_ROOT``: its hash, then its name."""
        link = f"{FILES_ROOT}/{hashlib.sha256(file.content).hexdigest()}/{quote(file.filename)}"
        field = {"image": "image", "video": "video"}.get(file.content_type.partition("/")[0], "attachment")
        return self._heard(call, person, {field: link, "external_id": origin_id})

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """Own messages and assignments say nothing; every other message to the client is to be passed on."""
        if self._secret:
            good = hmac.new(self._secret.encode(), request.body, self._hash).hexdigest()
            if not hmac.compare_digest(good, request.header(self._header) or ""):
                raise ValueError("the signature is wrong")
        body = msgspec.json.decode(request.body, type=dict[str, Any])
        return (self._told(body),) if body.get("message_id") not in self._own else ()

    def _told(self, body: dict[str, Any]) -> Told:
        ticket = str(body["dialog_id"]) if "dialog_id" in body else None
        kind: _Kind = _KINDS.get((body["hook_type"], body.get("type")), "other")
        files = tuple(each["link"] for each in body.get("attachments", ()))
        entry = str(body["message_id"]) if "message_id" in body else None
        return Told(kind, ticket, entry, body.get("text") or "", files)

    def _client(self, call: Caller, person: Customer) -> int:
        fields = {**self._sender(person), "transport": "external", "channel_id": self._channel}
        answer = self._post(call, "/clients", {**fields, "external_id": person.key})
        body = msgspec.json.decode(answer.body)
        if answer.status == 400:
            return int(msgspec.json.decode(body["errors"]["client"][1])["id"])
        return int(body["data"]["id"])

    def _sender(self, person: Customer) -> dict[str, str]:
        return {"phone": person.phone, "nickname": person.name}

    def _heard(self, call: Caller, person: Customer, what: dict[str, Any]) -> HttpResponse:
        body = {"channel_id": self._channel, "from_client": self._sender(person), **what}
        answer = self._post(call, "/messages/inbox", body)
        self._own |= {msgspec.json.decode(answer.body)["data"]["message_id"]} if answer.status == 200 else set()
        return answer

    def _said(self, call: Caller, what: dict[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.json.decode(self._post(call, "/messages", what).body)["data"]
        self._own.add(data["message_id"])
        return data

    def _post(self, call: Caller, path: str, body: dict[str, Any]) -> HttpResponse:
        headers = (("Authorization", self._token), ("Content-Type", "application/json"))
        return call(HttpRequest("POST", f"{self._root}{path}", headers, msgspec.json.encode(body)))


_KINDS: dict[tuple[str, str | None], _Kind] = {
    ("outbox", "to_client"): "reply",
    ("outbox", "autoreply"): "reply",
    ("comment", "comment"): "note",
    ("close_dialog", None): "closed",
}
