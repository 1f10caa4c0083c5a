"""Several stages in one process, each on a loopback address of its own, and a bot that knows only one of them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Event, File, Media, Sent, Start, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import Client, Doors, ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took, Trouble
from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.telegram import platform as telegram

KEY = "one word for all doors"
BOT = f"/telegram/bot{next(s.default for s in telegram.settings if s.name == 'token')}"


def _drawn() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), (20, 60, 90)).save(out, "PNG")
    return out.getvalue()


PNG = _drawn()
PEOPLE = ("anna", "boris", "carla")


class Door:
    """One worker: a stage and its trace."""

    def __init__(self, index: int, *, timeout_s: float = 10.0, key: str = KEY) -> None:
        self.index = index
        self.recorder = Recorder(WallClock())
        host = f"127.0.0.{index + 1}"
        doors = Doors(index=index, key=key, host=host, timeout_s=timeout_s)
        listen = ListenOptions(host=host, port=0, doors=doors)
        self.stage = Stage(clock=WallClock(), seed=Seed(7), recorder=self.recorder, listen=listen)

    def join(self, platform: str, key: str = "anna") -> str:
        customer = Customer(key=key, first_name=key.title(), phone="+49 151 55501234")
        return self.stage.join(platform, customer, case=key, conv=f"{key}/chat")

    def act(self, platform: str, to: str, act: Act) -> Any:
        """What happens at the customer's; the last update that the bot would be sent of it."""
        self.stage.act(platform, to, act)
        updates = list(self.stage.channels[platform].state.outbox)
        return json.loads(updates[-1].body) if updates else None

    def file(self, platform: str, content: bytes = PNG) -> File:
        return describe(content, self.stage.channels[platform].state.blobs)

    def of(self, kind: type) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kind)]

    @property
    def effects(self) -> list[Any]:
        return [took.effect for took in self.of(Took)]

    @property
    def calls(self) -> list[str]:
        return [called.method for called in self.of(Called)]

    @property
    def troubles(self) -> list[str]:
        return [trouble.what for trouble in self.of(Trouble)]


class Doorway:
    """All doors, and the bot's client. ``call`` goes to the door ``at``."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self.doors = list(doors)
        self.client = Client(WallClock().monotonic)

    async def open(self, *platforms: Any, desks: Sequence[Any] = (), **settings: str) -> None:
        for door in self.doors:
            for platform in platforms:
                door.stage.add(platform, {"rate_limits": "no", **settings})
            for desk in desks:
                door.stage.add_desk(desk)
            await door.stage.open()
        self.introduce(*self.doors)

    def introduce(self, *doors: Door) -> None:
        addresses = {door.index: door.stage.door_address for door in doors}
        for door in doors:
            door.stage.meet(addresses)

    async def close(self) -> None:
        self.client.close()
        for door in self.doors:
            await door.stage.close()

    def url(self, path: str, at: int) -> str:
        return f"{self.doors[at].stage.base_url}{path}"

    async def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, at: int = 0
    ) -> HttpResponse:
        url = path if path.startswith("http") else self.url(path, at)
        answer = await self.client.send(HttpRequest(method, url, tuple((headers or {}).items()), body), 20.0)
        assert isinstance(answer, HttpResponse), answer
        return answer

    async def call(self, method: str, path: str, *, at: int = 0, token: str = "", **values: Any) -> Any:
        """One call with JSON: status and decoded answer."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        answer = await self.send(method, path, json.dumps(values).encode() if values else b"", headers, at=at)
        return answer.status, json.loads(answer.body)

    async def upload(self, path: str, *, at: int = 0, token: str = "", field: str = "file", **fields: str) -> Any:
        """One call with a picture in a form: status and decoded answer."""
        parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
        parts.append(
            f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        )
        body = "".join(parts).encode() + PNG + b"\r\n--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": f"Bearer {token}"}
        answer = await self.send("POST", path, body, headers, at=at)
        return answer.status, json.loads(answer.body)


def say(text: str) -> Write:
    return Write(parts=(Text(text=text),))


def show(file: File) -> Write:
    return Write(parts=(Media(kind="photo", file=file),))


__all__ = ["KEY", "PEOPLE", "PNG", "Door", "Doorway", "Event", "Start", "say", "show"]


def sent_texts(door: Door) -> list[str]:
    return [
        "".join(part.text for part in e.message.parts if isinstance(part, Text))
        for e in door.effects
        if isinstance(e, Sent)
    ]
