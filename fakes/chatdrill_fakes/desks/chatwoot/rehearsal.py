"""How a correct bot speaks to Chatwoot: the customer's side over the client API, its own over the bot's token."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.chatwoot.hooks import signature
from chatdrill_fakes.desks.chatwoot.limits import CONTENT_MAX

_BOUNDARY = "chatdrill-rehearsal-boundary"
_EVENTS: dict[str, Literal["closed", "typing"]] = {
    "conversation_resolved": "closed",
    "conversation_typing_on": "typing",
}


class Rehearsal:
    """See ``chatdrill.wire.Rehearsal``."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = environment["CHATWOOT_API_ROOT"]
        self._inbox = f"/public/api/v1/inboxes/{environment['CHATWOOT_INBOX_IDENTIFIER']}"
        self._account = f"/api/v1/accounts/{environment['CHATWOOT_ACCOUNT_ID']}"
        self._token = environment["CHATWOOT_BOT_ACCESS_TOKEN"]
        self._secret = environment["CHATWOOT_WEBHOOK_SECRET"]

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Mirror what was said, then open the conversation that is the bot's (``pending``)."""
        known = {"source_id": person.key, "name": person.name, "phone_number": person.phone, "email": person.email}
        self._ask(call, f"{self._inbox}/contacts", {name: value for name, value in known.items() if value})
        asked = {"custom_attributes": {"locale": person.locale}}
        ticket = str(self._ask(call, f"{self._contact(person)}/conversations", asked)["id"])
        for number, (author, words) in enumerate(history):
            if author == "customer":
                self.relay(call, ticket, person, words, f"history-{number}")
            else:
                self._ask(call, f"{self._talk(ticket)}/messages", {"content": words, "message_type": "outgoing"})
        self._ask(call, f"{self._talk(ticket)}/toggle_status", {"status": "open"})
        return ticket

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:
        """The customer's words; a text that is too long goes in pieces."""
        pieces = [text[start : start + CONTENT_MAX] for start in range(0, len(text), CONTENT_MAX)] or [""]
        path = f"{self._contact(person)}/conversations/{ticket}/messages"
        return [call(self._request(path, {"content": piece, "echo_id": origin_id})) for piece in pieces][-1]

    def relay_file(self, call: Caller, ticket: str, person: Customer, file: Upload, origin_id: str) -> HttpResponse:
        """The customer's file, uploaded."""
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
        echo = f'{head}"echo_id"\r\n\r\n{origin_id}\r\n'
        begin = f'{head}"attachments[]"; filename="{file.filename}"\r\nContent-Type: {file.content_type}\r\n\r\n'
        body = echo.encode() + begin.encode() + file.content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = ("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
        url = f"{self._root}{self._contact(person)}/conversations/{ticket}/messages"
        return call(HttpRequest("POST", url, (kind,), body))

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """Only what people (and the desk's own templates) say to the customer is to be passed on."""
        self._check(request)
        body = msgspec.json.decode(request.body, type=dict[str, Any])
        event = body.get("event", "")
        if event in ("message_created", "message_updated"):
            return self._message(body, is_new=event == "message_created")
        talk = body.get("conversation", body)
        return (Told(_EVENTS.get(event, "other"), str(talk["id"]) if "id" in talk else None),)

    def _message(self, body: dict[str, Any], *, is_new: bool) -> tuple[Told, ...]:
        sender = (body["sender"] or {}).get("type")
        from_people = body["message_type"] == "outgoing" and sender == "user"
        if not from_people and body["message_type"] != "template":
            return ()
        ticket, entry, text = str(body["conversation"]["id"]), str(body["id"]), body["content"] or ""
        if not is_new:
            deleted = body["content_attributes"].get("deleted")
            return (Told("deleted" if deleted else "other", ticket, entry),)
        files = tuple(each["data_url"] for each in body.get("attachments", ()))
        return (Told("note" if body["private"] else "reply", ticket, entry, text, files),)

    def _check(self, request: HttpRequest) -> None:
        stamp, given = request.header("x-chatwoot-timestamp") or "", request.header("x-chatwoot-signature") or ""
        if self._secret and not hmac.compare_digest(given, signature(self._secret, stamp, request.body)):
            raise ValueError("the signature is wrong")

    def _contact(self, person: Customer) -> str:
        return f"{self._inbox}/contacts/{quote(person.key)}"

    def _talk(self, ticket: str) -> str:
        return f"{self._account}/conversations/{ticket}"

    def _request(self, path: str, body: Mapping[str, Any]) -> HttpRequest:
        headers = (("Content-Type", "application/json"), ("api_access_token", self._token))
        return HttpRequest("POST", f"{self._root}{path}", headers, msgspec.json.encode(body))

    def _ask(self, call: Caller, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        response = call(self._request(path, body))
        if response.status != 200:
            raise ValueError(f"{path} answers {response.status}: {response.body[:200]!r}")
        return msgspec.json.decode(response.body, type=dict[str, Any])
