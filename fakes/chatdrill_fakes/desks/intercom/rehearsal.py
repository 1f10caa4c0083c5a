"""How a correct bot speaks to Intercom: what the conformance kit drives the desk with."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.intercom.hooks import SIGNATURE, signature
from chatdrill_fakes.families.desks import plain_words

_KINDS: Mapping[str, Literal["reply", "note", "accepted", "closed", "deleted"]] = {
    "conversation.admin.replied": "reply",
    "conversation.admin.noted": "note",
    "conversation.admin.assigned": "accepted",
    "conversation.admin.open.assigned": "accepted",
    "conversation.admin.closed": "closed",
    "conversation_part.redacted": "deleted",
}


class Rehearsal:
    """A bot with a seat of its own, which hands over to a team."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = environment["INTERCOM_API_ROOT"]
        self._token = environment["INTERCOM_ACCESS_TOKEN"]
        self._secret = environment["INTERCOM_CLIENT_SECRET"]
        self._admin = environment["INTERCOM_ADMIN_ID"]
        self._team = environment["INTERCOM_TEAM_ID"]

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Contact, conversation with the history, assignment to the team."""
        first = next((n for n, (who, _) in enumerate(history) if who == "customer"), None)
        opening = f"{person.name} asks for a person" if first is None else history[first][1]
        body = {"from": {"type": "user", "id": self._contact(call, person)}, "body": opening}
        ticket: str = _read(self._post(call, "/conversations", body))["conversation_id"]
        for n, (who, text) in enumerate(history):
            if n != first:
                self._say(call, ticket, person, who, text)
        hand = {"message_type": "assignment", "type": "team", "admin_id": self._admin, "assignee_id": self._team}
        _read(self._post(call, f"/conversations/{ticket}/parts", hand))
        return ticket

    def _contact(self, call: Caller, person: Customer) -> str:
        query = {"field": "external_id", "operator": "=", "value": person.key}
        found = _read(self._post(call, "/contacts/search", {"query": query}))["data"]
        if found:
            return str(found[0]["id"])
        about = {"email": person.email, "phone": person.phone, "name": person.name}
        body = {"role": "user", "external_id": person.key, **{key: value for key, value in about.items() if value}}
        return str(_read(self._post(call, "/contacts", body))["id"])

    def _say(self, call: Caller, ticket: str, person: Customer, who: str, text: str) -> None:
        body = self._customer(person, text)
        if who == "bot":
            body = {"message_type": "comment", "type": "admin", "admin_id": self._admin, "body": text}
        _read(self._post(call, f"/conversations/{ticket}/reply", body))

    def _customer(self, person: Customer, text: str) -> dict[str, Any]:
        return {"message_type": "comment", "type": "user", "user_id": person.key, "body": text}

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:  # noqa: ARG002
        """A reply of the customer; Intercom takes no id of the bot's with it."""
        return self._post(call, f"/conversations/{ticket}/reply", self._customer(person, text))

    def relay_file(
        self,
        call: Caller,
        ticket: str,
        person: Customer,
        file: Upload,
        origin_id: str,  # noqa: ARG002
    ) -> HttpResponse:
        """A file in base64."""
        data = base64.b64encode(file.content).decode()
        files = [{"content_type": file.content_type, "name": file.filename, "data": data}]
        body = {**self._customer(person, ""), "attachment_files": files}
        return self._post(call, f"/conversations/{ticket}/reply", body)

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """Signature, topic, and not what the bot did itself."""
        expected = signature(self._secret, request.body)
        if not hmac.compare_digest(expected, request.header(SIGNATURE) or ""):
            raise ValueError("the signature is not Intercom's")
        event = msgspec.json.decode(request.body)
        item = event["data"]["item"]
        parts = item.get("conversation_parts", {}).get("conversation_parts", [])
        kind = _KINDS.get(event["topic"])
        if kind is None or not parts:
            return (Told("other", item.get("id")),)
        return tuple(told for part in parts for told in self._told(kind, item["id"], part))

    def _told(
        self, kind: Literal["reply", "note", "accepted", "closed", "deleted"], ticket: str, part: dict[str, Any]
    ) -> Sequence[Told]:
        own = part["author"]["id"] == self._admin
        if own and kind != "closed":
            return (Told("other", ticket, part["id"]),)
        if kind == "accepted" and not self._is_human(part["assigned_to"]):
            return (Told("other", ticket, part["id"]),)
        text, files = plain_words(part["body"] or ""), tuple(file["url"] for file in part["attachments"])
        if kind == "closed" and text and not own:
            return (Told("reply", ticket, part["id"], text, files), Told("closed", ticket, part["id"]))
        return (Told(kind, ticket, part["id"], "" if kind == "deleted" else text, files),)

    def _is_human(self, assignee: dict[str, Any] | None) -> bool:
        return assignee is not None and assignee["type"] == "admin" and assignee["id"] != self._admin

    def _post(self, call: Caller, path: str, body: dict[str, Any]) -> HttpResponse:
        headers = (
            ("Authorization", f"Bearer {self._token}"),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Intercom-Version", "2.14"),
        )
        return call(HttpRequest("POST", f"{self._root}{path}", headers, msgspec.json.encode(body)))


def _read(response: HttpResponse) -> Any:
    if response.status != 200:
        raise ValueError(f"Intercom answered {response.status}: {response.body[:200].decode('utf-8', 'replace')}")
    return msgspec.json.decode(response.body)
