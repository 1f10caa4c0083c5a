"""How a correct bot speaks to the hub: a conversation for each customer, a request with the transcript, both ways passed on."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller

_Kind = Literal["reply", "accepted", "closed", "edited", "deleted", "typing", "other"]
_KINDS: dict[str, _Kind] = {
    "message": "reply",
    "typing": "typing",
    "messageUpdate": "edited",
    "messageDelete": "deleted",
}
_STATES: dict[str, _Kind] = {"accepted": "accepted", "completed": "closed"}
"""Failed, and states of a hub's own, leave the conversation with the bot."""


class Rehearsal:
    """See ``chatdrill.wire.Rehearsal``."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = f"{environment['BOTFRAMEWORK_API_ROOT']}/v3/conversations"
        self._token = environment["BOTFRAMEWORK_TOKEN"]
        self._hub_token = environment["BOTFRAMEWORK_HUB_TOKEN"]
        self._bot = {"id": environment["MicrosoftAppId"], "name": "Bot", "role": "bot"}

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Make a conversation with the customer in it, and ask for a person with the transcript inline."""
        who = self._account(person)
        data = {"phone": person.phone, "email": person.email, "key": person.key}
        made = self._post(call, "", {"bot": self._bot, "members": [who], "channelData": data})
        ticket = str(msgspec.json.decode(made.body)["id"])
        said = [
            {"type": "message", "from": who if author == "customer" else self._bot, "text": text}
            for author, text in history
        ]
        transcript = {"contentType": "application/json", "name": "Transcript", "content": {"activities": said}}
        event = {
            "type": "event",
            "name": "handoff.initiate",
            "value": {"Skill": "support"},
            "attachments": [transcript],
        }
        self._send(call, ticket, {**event, "from": self._bot, "locale": person.locale.replace("_", "-")})
        return ticket

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:
        """A customer's words, in their name."""
        return self._said(call, ticket, person, origin_id, {"text": text})

    def relay_file(self, call: Caller, ticket: str, person: Customer, file: Upload, origin_id: str) -> HttpResponse:
        """A customer's file: uploaded, then linked."""
        content = base64.b64encode(file.content).decode()
        about = {"type": file.content_type, "name": file.filename, "originalBase64": content}
        uploaded = self._post(call, f"/{quote(ticket, safe='')}/attachments", about)
        id = msgspec.json.decode(uploaded.body)["id"]
        link = f"{self._root.removesuffix('/conversations')}/attachments/{id}/views/original"
        attachment = {"contentType": file.content_type, "contentUrl": link, "name": file.filename}
        return self._said(call, ticket, person, origin_id, {"attachments": [attachment]})

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """An unknown state or type says nothing, and is no mistake."""
        if request.header("Authorization") != f"Bearer {self._hub_token}":
            raise ValueError("the hub's token is wrong")
        activity = msgspec.json.decode(request.body, type=dict[str, Any])
        kind = _KINDS.get(activity["type"], "other")
        if activity.get("name") == "handoff.status":
            kind = _STATES.get(activity["value"]["state"], "other")
        files = tuple(each["contentUrl"] for each in activity.get("attachments", ()))
        return (Told(kind, activity["conversation"]["id"], activity["id"], activity.get("text", ""), files),)

    def _account(self, person: Customer) -> dict[str, str]:
        return {"id": person.phone or person.key, "name": person.name, "role": "user"}

    def _said(self, call: Caller, ticket: str, person: Customer, origin_id: str, what: dict[str, Any]) -> HttpResponse:
        known = {"from": self._account(person), "channelData": {"clientActivityID": origin_id}}
        return self._send(call, ticket, {"type": "message", **known, **what})

    def _send(self, call: Caller, ticket: str, activity: dict[str, Any]) -> HttpResponse:
        return self._post(call, f"/{quote(ticket, safe='')}/activities", activity)

    def _post(self, call: Caller, path: str, body: dict[str, Any]) -> HttpResponse:
        headers = (("Authorization", f"Bearer {self._token}"), ("Content-Type", "application/json"))
        return call(HttpRequest("POST", f"{self._root}{path}", headers, msgspec.json.encode(body)))
