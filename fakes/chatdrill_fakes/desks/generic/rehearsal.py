"""How a correct bot speaks to the desk of the shipped example."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller

_TEXT_MAX = 4096
_BOUNDARY = "chatdrill-rehearsal-boundary"
_Kind = Literal["reply", "note", "accepted", "closed", "edited", "deleted", "typing", "other"]
_KINDS: dict[str, _Kind] = {
    "message.created": "reply",
    "message.edited": "edited",
    "message.deleted": "deleted",
    "note.created": "note",
    "ticket.accepted": "accepted",
    "ticket.closed": "closed",
    "agent.typing": "typing",
}


class Rehearsal:
    """See ``chatdrill.wire.Rehearsal``."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = f"{environment['GENERIC_API_ROOT']}/api/v1"
        self._token = environment["GENERIC_TOKEN"]
        self._secret = environment["GENERIC_SECRET"]

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """One ticket, with everything that was said."""
        said = [{"from": author, "text": text} for author, words in history for text in _pieces(words)]
        known = {"id": person.key, "name": person.name, "phone": person.phone, "email": person.email}
        customer = {**{key: value for key, value in known.items() if value}, "language": person.locale}
        body = msgspec.json.encode({"customer": customer, "transcript": said})
        response = call(HttpRequest("POST", f"{self._root}/tickets", self._headers(), body))
        if response.status != 201:
            raise ValueError(f"no ticket: {response.status} {response.body[:200]!r}")
        return str(msgspec.json.decode(response.body)["id"])

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:  # noqa: ARG002
        """The customer's words, in pieces where they are too long."""
        answers = []
        for number, piece in enumerate(_pieces(text)):
            origin = origin_id if number == 0 else f"{origin_id}-{number}"
            body = msgspec.json.encode({"text": piece, "from": "customer", "external_id": origin})
            answers.append(call(HttpRequest("POST", self._messages(ticket), self._headers(), body)))
        return answers[-1]

    def relay_file(
        self,
        call: Caller,
        ticket: str,
        person: Customer,  # noqa: ARG002
        file: Upload,
        origin_id: str,
    ) -> HttpResponse:
        """The customer's file, uploaded."""
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
        fields = "".join(
            f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in (("from", "customer"), ("external_id", origin_id))
        )
        begin = f'{head}"file"; filename="{file.filename}"\r\nContent-Type: {file.content_type}\r\n\r\n'
        body = fields.encode() + begin.encode() + file.content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        headers = self._headers(f"multipart/form-data; boundary={_BOUNDARY}")
        return call(HttpRequest("POST", self._messages(ticket), headers, body))

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """What the signed webhook says."""
        stamp, given = request.header("x-timestamp") or "", request.header("x-signature") or ""
        right = hmac.new(self._secret.encode(), stamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, f"sha256={right}"):
            raise ValueError("the signature is wrong")
        body = msgspec.json.decode(request.body, type=dict[str, Any])
        said = body.get("message") or body.get("note") or {}
        files = tuple(file["url"] for file in said.get("files") or ())
        kind: _Kind = _KINDS.get(body["event"], "other")
        return (Told(kind, body["ticket"], said.get("id"), said.get("text") or "", files),)

    def _messages(self, ticket: str) -> str:
        return f"{self._root}/tickets/{ticket}/messages"

    def _headers(self, kind: str = "application/json") -> tuple[tuple[str, str], ...]:
        return ("Authorization", f"Bearer {self._token}"), ("Content-Type", kind)


def _pieces(text: str) -> list[str]:
    return [text[start : start + _TEXT_MAX] for start in range(0, len(text), _TEXT_MAX)] or [""]
