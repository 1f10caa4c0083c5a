"""The API under ``/_chatdrill/``: look at a running stage, drive a customer by hand, inject faults."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from chatdrill.clock import iso
from chatdrill.errors import ChatdrillError, did_you_mean
from chatdrill.model import MEDIA_KINDS, Act, Customer, Media, MediaKind, Press, Text, Write
from chatdrill.serve.answers import Answer
from chatdrill.serve.asked import ActRequest, AgentRequest, JoinRequest, JumpRequest, WorkRequest, Wrong, decoded
from chatdrill.serve.by_hand import act_as_agent
from chatdrill.serve.channel import Account, Channel, Office
from chatdrill.serve.events import TraceStream
from chatdrill.serve.faults import Fault
from chatdrill.serve.heads import host_of, is_loopback
from chatdrill.serve.scene import Scene
from chatdrill.serve.timekeeper import Timekeeper
from chatdrill.trace import Recorder
from chatdrill.wire import Arguments, HttpRequest, HttpResponse, json_response, read_arguments
from chatdrill.wire.files import describe

_TAIL = 100  # records, if a request does not say
BY_HAND = "by hand"  # the case of customers that nobody but the control API knows


Door = Callable[[HttpRequest], Answer | Awaitable[Answer]]
Mount = Callable[[HttpRequest, str, "ControlApi"], Answer | Awaitable[Answer]]
"""Answers a request whose path, below its own name, is the second argument; may ask the control API for the rest."""


class ControlApi:
    """Answers what is asked under ``/_chatdrill/``."""

    def __init__(
        self,
        scene: Scene,
        recorder: Recorder,
        environment: Callable[[], dict[str, str]],
        timekeeper: Timekeeper,
        mounts: Mapping[str, Mount],
    ) -> None:
        self._scene = scene
        self._recorder = recorder
        self._environment = environment
        self._timekeeper = timekeeper
        self._mounts = mounts
        self._customers: dict[tuple[str, str], str] = {}
        self._doors: dict[str, dict[str, Door]] = {
            "state": {"GET": self._state},
            "trace": {"GET": self._trace},
            "trace/stream": {"GET": self._stream},
            "env": {"GET": self._env},
            "reset": {"POST": self._reset},
            "join": {"POST": self._join},
            "act": {"POST": self._act},
            "agent": {"POST": self._agent},
            "time": {"GET": self._time, "POST": self._move_time},
            "work": {"POST": self._begin_work, "DELETE": self._end_work},
            "faults": {"GET": self._faults, "POST": self._add_fault, "DELETE": self._clear_faults},
        }

    def handle(self, request: HttpRequest, path: str) -> Answer | Awaitable[Answer]:
        """Answer a request; ``path`` is what follows the prefix."""
        try:
            _guard(request)
            name, _, rest = path.partition("?")[0].lstrip("/").partition("/")
            if name in self._mounts:
                return self._mounts[name](request, rest, self)
            return self._door(request, f"{name}/{rest}".strip("/"))(request)
        except Wrong as wrong:
            return json_response({"error": str(wrong)}, status=wrong.status)
        except ChatdrillError as error:
            return json_response({"error": str(error)}, status=422)

    def _door(self, request: HttpRequest, name: str) -> Door:
        methods = self._doors.get(name)
        if methods is None:
            raise Wrong(f"nothing lies under /_chatdrill/{name}{did_you_mean(name, self._doors)}", 404)
        door = methods.get("GET" if request.method == "HEAD" else request.method)
        if door is None:
            raise Wrong(f"/_chatdrill/{name} takes {' and '.join(methods)}, not {request.method}", 405)
        return door

    # ------------------------------------------------------------------------------------------------- looking

    def _state(self, _: HttpRequest) -> HttpResponse:
        clock = self._scene.clock
        now = clock.now()
        return json_response(
            {
                "clock": {"now": now, "iso": iso(now), "speed": clock.speed, "virtual": clock.is_virtual},
                "channels": {name: self._channel(channel, now) for name, channel in self._scene.channels.items()},
                "desks": {name: self._office(office, now) for name, office in self._scene.bureau.offices.items()},
                "faults": len(self._scene.faults.waiting),
            }
        )

    def _channel(self, channel: Channel, now: float) -> dict[str, Any]:
        chats = [self._chat(channel, address, now) for address in channel.state.chats]
        return {**self._account(channel), "chats": chats}

    def _office(self, office: Office, now: float) -> dict[str, Any]:
        tickets = [self._ticket(office, ticket, now) for ticket in office.state.tickets]
        return {**self._account(office), "tickets": tickets, "agents": list(office.state.seats)}

    def _account(self, account: Account[Any]) -> dict[str, Any]:
        url = account.state.webhook_url
        return {
            "title": account.service.title,
            "base_url": account.base_url,
            "webhook_url": None if url is None else self._scene.notes.public_url(url),
            "pending": len(account.state.outbox),
        }

    def _ticket(self, office: Office, ticket: str, now: float) -> dict[str, Any]:
        found = office.state.tickets[ticket]
        return {
            "ticket": ticket,
            "conv": office.role(ticket).conv,
            "owner": office.owners.get(ticket, "bot"),
            "state": found.state,
            "agent": found.assignee,
            "entries": len(found.entries),
            "pending": len(office.pending.of(ticket)),
            "iso": iso(found.at(now)),
        }

    def _chat(self, channel: Channel, address: str, now: float) -> dict[str, Any]:
        chat = channel.state.chats[address]
        return {
            "to": address,
            "customer": chat.customer.name,
            "conv": channel.role(address).conv,
            "messages": len(chat.messages),
            "pending": len(channel.pending.of(address)),
            "iso": iso(chat.at(now)),
        }

    def _env(self, _: HttpRequest) -> HttpResponse:
        return json_response(self._environment())

    def _trace(self, request: HttpRequest) -> HttpResponse:
        tail = _number(dict(request.query).get("tail", str(_TAIL)), "tail")
        return HttpResponse(200, (("Content-Type", "application/x-ndjson"),), b"\n".join((*self._lines(tail), b"")))

    def _lines(self, tail: int) -> list[bytes]:
        """The last records; from the file where the recorder keeps none in memory."""
        if self._recorder.records or self._recorder.path is None:
            return [msgspec.json.encode(record) for record in self._recorder.records[-tail:]] if tail else []
        with self._recorder.path.open("rb") as lines:
            return [line.rstrip(b"\n") for line in deque(lines, maxlen=tail)]

    def _stream(self, request: HttpRequest) -> TraceStream:
        seen = request.header("last-event-id") or dict(request.query).get("after")
        return TraceStream(self._recorder, after=None if seen is None else _number(seen, "Last-Event-ID"))

    # -------------------------------------------------------------------------------------------------- driving

    def _reset(self, _: HttpRequest) -> HttpResponse:
        self._scene.reset()
        self._customers.clear()
        return json_response({"ok": True})

    def _join(self, request: HttpRequest) -> HttpResponse:
        wanted = decoded(request.body, JoinRequest)
        to = self._address(wanted.platform, wanted.customer)
        return json_response({"to": to, "conv": self._scene.channel(wanted.platform).role(to).conv})

    def _act(self, request: HttpRequest) -> HttpResponse:
        is_form = request.content_type == "multipart/form-data"
        wanted = self._form(read_arguments(request)) if is_form else decoded(request.body, ActRequest)
        to = wanted.to if wanted.to is not None else self._address(wanted.platform, wanted.customer or "customer")
        act = self._press(wanted.platform, to, wanted.press) if wanted.press is not None else _plain_act(wanted)
        acted = self._scene.act(wanted.platform, to, act, cause="step")
        return json_response({"to": to, "n": acted.n, "ids": acted.ids, "updates": acted.updates})

    def _agent(self, request: HttpRequest) -> HttpResponse:
        return json_response(act_as_agent(self._scene.bureau, decoded(request.body, AgentRequest)))

    def _form(self, form: Arguments) -> ActRequest:
        """``curl -F photo=@torn.jpg``: each file is named for its kind, the text is the caption of the first."""
        if form.problem is not None:
            raise Wrong(form.problem)
        wanted = decoded(msgspec.json.encode(form.values), ActRequest)
        if not form.files:
            return wanted
        blobs = self._scene.channel(wanted.platform).state.blobs
        caption = None if wanted.text is None else Text(text=wanted.text)
        parts: list[Media] = []
        for name, sent in form.files.items():
            file = describe(sent.content, blobs, name=sent.filename, mime=sent.content_type)
            parts.append(Media(kind=_media_kind(name), file=file, caption=None if parts else caption))
        return msgspec.structs.replace(wanted, act=Write(parts=tuple(parts)))

    def _press(self, platform: str, to: str, title: str) -> Press:
        chat = self._scene.channel(platform).state.chats.get(to)
        offers = [message for message in reversed((chat.messages if chat else {}).values()) if message.author == "bot"]
        for message in offers:
            for button in message.buttons:
                if button.title == title:
                    return Press(button=button, message_id=message.id)
        titles = {button.title for message in offers for button in message.buttons}
        raise Wrong(f"there is no button {title!r}{did_you_mean(title, titles) or '; the bot has sent none'}", 422)

    def _address(self, platform: str, customer: str | Customer) -> str:
        """The address of a customer, who joins at the first time."""
        if isinstance(customer, str):
            customer = Customer(key=customer, first_name=customer.capitalize())
        address = self._customers.get((platform, customer.key))
        if address is None:
            elsewhere = any(key == customer.key for _, key in self._customers)
            conv = f"{BY_HAND}/{customer.key}" + (f"-{platform}" if elsewhere else "")
            address = self._scene.join(platform, customer, case=BY_HAND, conv=conv, ahead_s=0.0)
            self._customers[platform, customer.key] = address
        return address

    # ---------------------------------------------------------------------------------------------------- time

    def _time(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        until = dict(request.query).get("until")
        if until is None:
            return self._timekeeper.tell()
        return self._timekeeper.tell_at(_seconds(until, "until"))

    def _move_time(self, request: HttpRequest) -> Awaitable[HttpResponse]:
        return self._timekeeper.jump(decoded(request.body, JumpRequest).jump_s)

    def _begin_work(self, request: HttpRequest) -> HttpResponse:
        wanted = decoded(request.body or b"{}", WorkRequest)
        number, granted_s = self._timekeeper.begin(wanted.for_s)
        return json_response({"id": number, "for_s": granted_s}, status=201)

    def _end_work(self, request: HttpRequest) -> HttpResponse:
        number = _number(dict(request.query).get("id", ""), "id")
        return json_response({"ended": self._timekeeper.end(number)})

    # -------------------------------------------------------------------------------------------------- faults

    def _faults(self, _: HttpRequest) -> HttpResponse:
        return json_response({"faults": self._scene.faults.waiting})

    def _add_fault(self, request: HttpRequest) -> HttpResponse:
        fault = decoded(request.body, Fault)
        if fault.platform != "*":
            self._scene.account(fault.platform)
        self._scene.break_by(fault)
        return json_response({"fault": fault}, status=201)

    def _clear_faults(self, _: HttpRequest) -> HttpResponse:
        return json_response({"cleared": self._scene.faults.clear()})


def _guard(request: HttpRequest) -> None:
    """No web page from elsewhere may reach this: not by a name of its own that leads here, not from its own origin."""
    host = request.header("host") or ""
    if not is_loopback(host_of(host)):
        raise Wrong(f"the control API answers only to loopback names such as 127.0.0.1, not to {host!r}", 403)
    origin = request.header("origin")
    if origin is not None and not is_loopback(host_of(origin.partition("://")[2])):
        raise Wrong(f"the control API does not answer to web pages from {origin!r}", 403)


def _plain_act(wanted: ActRequest) -> Act:
    if wanted.act is not None:
        return wanted.act
    if wanted.text is None:
        raise Wrong(
            'name an "act", such as {"act": "write", "parts": [{"part": "text", "text": "hi"}]}, a "text" or a "press"'
        )
    return Write(parts=(Text(text=wanted.text),))


def _number(text: str, name: str) -> int:
    if not text.isdecimal():
        raise Wrong(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _seconds(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Wrong(f"{name} must be drill time in Unix seconds, not {text!r}")
    return value


def _media_kind(name: str) -> MediaKind:
    for kind in MEDIA_KINDS:
        if kind == name:
            return kind
    raise Wrong(f"a file is named for its kind, not {name!r}{did_you_mean(name, MEDIA_KINDS)}")
