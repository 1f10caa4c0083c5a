"""How a correct bot speaks to amoCRM: every message is mirrored silently, and the one that asks for a person is not silent."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, Literal

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill.wire.desks import Caller
from chatdrill_fakes.desks.amocrm.chats.signature import body_md5, sign
from chatdrill_fakes.desks.amocrm.hooks import signature
from chatdrill_fakes.families.desks.brackets import decode_brackets

_KINDS = {"image": "picture", "video": "video", "audio": "audio"}
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


class AmoRehearsal:
    """A bot with the channel's secret. ``now`` is the time that it writes into its headers and messages, in Unix seconds:
    signatures are good for 15 minutes, and where it is wrong the server's ``Date`` puts it right. ``files`` is where the bot
    serves what customers send, for amoCRM reads links."""

    def __init__(
        self, environment: Mapping[str, str], *, now: float = 0.0, files: str = "https://bot.example/f"
    ) -> None:
        self.now = now
        self._files = files
        self._secret = environment["AMOJO_CHANNEL_SECRET"]
        self._scope = environment["AMOJO_SCOPE_ID"]
        self._bot_id = environment["AMOJO_BOT_ID"]

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Bring the history silently, and what the customer said last aloud: that makes an incoming lead."""
        heard = [number for number, (author, _) in enumerate(history) if author == "customer"]
        last = heard[-1] if heard else -1
        for number, (author, text) in enumerate(history):
            if number != last:
                self._say(call, person, author, text, f"{person.key}-h{number}", silent=True, ms=number - len(history))
        asked = history[last][1] if heard else "Please let me speak to somebody."
        self._say(call, person, "customer", asked, f"{person.key}-h{last}", silent=False, ms=last - len(history))
        chat = {"conversation_id": _chat(person), "user": self._customer(person)}
        answer = self._call(call, "POST", f"{self._path}/chats", chat)
        return str(msgspec.json.decode(answer.body)["id"])

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:  # noqa: ARG002
        """A customer's message; ``origin_id`` is its ``msgid``."""
        return self._say(call, person, "customer", text, origin_id, silent=False)

    def relay_file(
        self,
        call: Caller,
        ticket: str,  # noqa: ARG002
        person: Customer,
        file: Upload,
        origin_id: str,
    ) -> HttpResponse:
        """A customer's file, by a link that amoCRM reads."""
        kind = _KINDS.get(file.content_type.partition("/")[0], "file")
        message = {
            "type": kind,
            "text": "",
            "media": f"{self._files}/{file.filename}",
            "file_name": file.filename,
            "file_size": len(file.content),
        }
        return self._send(call, self._payload(person, "customer", message, origin_id, silent=False))

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """What a hook of the channel or a webhook of the CRM says. Raises ``ValueError`` for a forged one."""
        if request.content_type == _FORM:
            return _read_form(request.body)
        given = request.header("X-Signature") or ""
        if not hmac.compare_digest(given.encode(), signature(self._secret, request.body).encode()):
            raise ValueError("the signature is missing or wrong")
        told = msgspec.json.decode(request.body)
        action = told.get("action")
        if action is not None:
            typing = action.get("typing") or {}
            return (Told(kind="typing", ticket=(typing.get("conversation") or {}).get("id")),)
        return (_read_message(told["message"]),)

    # ------------------------------------------------------------------------------------------------- the calls

    @property
    def _path(self) -> str:
        return f"/v2/origin/custom/{self._scope}"

    def _say(
        self,
        call: Caller,
        person: Customer,
        author: Literal["customer", "bot"],
        text: str,
        id: str,
        *,
        silent: bool,
        ms: int = 0,
    ) -> HttpResponse:
        """``ms`` is the time of writing, relative to now: by it amoCRM knows the order."""
        payload = self._payload(person, author, {"type": "text", "text": text}, id, silent=silent)
        return self._send(call, {**payload, "msec_timestamp": payload["msec_timestamp"] + ms})

    def _send(self, call: Caller, payload: dict[str, Any]) -> HttpResponse:
        return self._call(call, "POST", self._path, {"event_type": "new_message", "payload": payload})

    def _payload(
        self, person: Customer, author: Literal["customer", "bot"], message: dict[str, Any], id: str, *, silent: bool
    ) -> dict[str, Any]:
        customer = self._customer(person)
        bot = {"id": "bot", "name": "Bot", "ref_id": self._bot_id}
        parties = {"sender": customer} if author == "customer" else {"sender": bot, "receiver": customer}
        stamps = {"timestamp": int(self.now), "msec_timestamp": int(self.now * 1000)}
        about = {"msgid": id, "conversation_id": _chat(person), "silent": silent, "message": message}
        return {**stamps, **about, **parties}

    def _customer(self, person: Customer) -> dict[str, Any]:
        known = {"phone": person.phone, "email": person.email}
        profile = {name: value for name, value in known.items() if value}
        return {"id": f"u-{person.key}", "name": person.name, "profile": profile}

    def _call(self, call: Caller, method: str, path: str, body: dict[str, Any]) -> HttpResponse:
        answer = call(self._signed(method, path, msgspec.json.encode(body)))
        date = answer.header("Date")
        if answer.status != 403 or date is None:
            return answer
        self.now = parsedate_to_datetime(date).timestamp()
        return call(self._signed(method, path, msgspec.json.encode(body)))

    def _signed(self, method: str, path: str, content: bytes) -> HttpRequest:
        date, md5 = formatdate(self.now), body_md5(content)
        signed = sign(self._secret, method, md5, _JSON, date, path)
        headers = (("Date", date), ("Content-Type", _JSON), ("Content-MD5", md5), ("X-Signature", signed))
        return HttpRequest(method, path, headers, content)


def _chat(person: Customer) -> str:
    return f"chat-{person.key}"


def _read_message(told: dict[str, Any]) -> Told:
    said = told["message"]
    files = (said["media"],) if said.get("media") else ()
    return Told(kind="reply", ticket=told["conversation"]["id"], entry_id=said["id"], text=said["text"], files=files)


def _read_form(body: bytes) -> tuple[Told, ...]:
    """A webhook of the CRM: the end of an incoming lead, the end of a talk, notes; the rest only says that something is."""
    form = decode_brackets(body)
    for item in (form.get("unsorted") or {}).get("delete") or ():
        if item.get("action") == "accept":
            return (Told(kind="accepted"),)
    for item in (form.get("talk") or {}).get("update") or ():
        return (Told(kind="closed" if item.get("is_in_work") == "0" else "other", ticket=item.get("chat_id")),)
    for item in (form.get("leads") or {}).get("note") or ():
        note = item["note"]
        return (Told(kind="note", entry_id=note["id"], text=note["text"]),)
    return (Told(kind="other"),)
