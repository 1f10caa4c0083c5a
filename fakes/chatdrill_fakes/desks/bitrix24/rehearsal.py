"""How a correct bot speaks to Bitrix24: through a connector of its own, in an application's name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.bitrix24.methods.connectors import NAME_MAX, is_plain
from chatdrill_fakes.families.desks import plain_words
from chatdrill_fakes.families.desks.brackets import decode_brackets

FILES_ROOT = "http://127.0.0.1:9/files"
"""Where the bot's own files would lie: a connector gives links only."""
_Kind = Literal["reply", "closed", "edited", "deleted", "other"]
_KINDS: dict[str, _Kind] = {
    "ONIMCONNECTORMESSAGEADD": "reply",
    "ONIMCONNECTORMESSAGEUPDATE": "edited",
    "ONIMCONNECTORMESSAGEDELETE": "deleted",
    "ONIMCONNECTORDIALOGFINISH": "closed",
}


class Rehearsal:
    """See ``chatdrill.wire.Rehearsal``. Lines of the bot go in by the name of the integration's user."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._root = environment["BITRIX24_API_ROOT"]
        self._token = environment["BITRIX24_ACCESS_TOKEN"]
        self._proof = environment["BITRIX24_APPLICATION_TOKEN"]
        self._user = environment["BITRIX24_USER_ID"]
        self._place = {"CONNECTOR": environment["BITRIX24_CONNECTOR"], "LINE": environment["BITRIX24_LINE"]}

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Bring the conversation so far into the line: its first message opens the session."""
        said = [*history] or [("customer", "I would like to speak to a person.")]
        elements = []
        for number, (author, words) in enumerate(said, 1):
            message = {"id": f"{person.key}-history-{number}", "text": words}
            if author == "bot":
                message["user_id"] = self._user
            elements.append(self._element(person, message))
        answer = self._send(call, elements)
        return str(msgspec.json.decode(answer.body)["result"]["DATA"]["RESULT"][0]["session"]["CHAT_ID"])

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:  # noqa: ARG002
        """A customer's words."""
        return self._send(call, [self._element(person, {"id": origin_id, "text": text})])

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
        message = {"id": origin_id, "files": [{"url": link, "name": file.filename}]}
        return self._send(call, [self._element(person, message)])

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """Every message in it; lines of the portal itself (``user_id`` 0) are for the customer too."""
        body = decode_brackets(request.body)
        if _table(body.get("auth")).get("application_token") != self._proof:
            raise ValueError("the application_token is wrong")
        kind: _Kind = _KINDS.get(str(body.get("event")), "other")
        data = _table(body.get("data"))
        rows = data.get("MESSAGES") or data.get("DATA") or [{}]
        return [_told(kind, _table(row)) for row in rows]

    def _element(self, person: Customer, message: dict[str, Any]) -> dict[str, Any]:
        names = {"name": _plain(person.first_name), "last_name": _plain(person.last_name)}
        user = {"id": person.key, **names, "phone": person.phone, "email": person.email}
        return {"user": user, "message": message, "chat": {"id": person.key}}

    def _send(self, call: Caller, elements: list[dict[str, Any]]) -> HttpResponse:
        body = msgspec.json.encode({**self._place, "MESSAGES": elements, "auth": self._token})
        url = f"{self._root}/rest/imconnector.send.messages"
        return call(HttpRequest("POST", url, (("Content-Type", "application/json"),), body))


def _plain(name: str) -> str:
    """What a connector may call a person: letters, spaces, hyphens and apostrophes."""
    return "".join(letter for letter in name if is_plain(letter))[:NAME_MAX]


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _told(kind: _Kind, row: dict[str, Any]) -> Told:
    im, message = _table(row.get("im")), _table(row.get("message"))
    ticket = im.get("chat_id") or _table(row.get("chat")).get("id")
    words = plain_words(str(message.get("text", "")))
    if "\n" in words and str(message.get("text", "")).startswith("[b]"):
        words = words.partition("\n")[2]  # the line before it is the name of who wrote it
    files = tuple(str(file["downloadLink"]) for file in message.get("files", ()))
    return Told(kind, ticket, im.get("message_id"), words, files)
