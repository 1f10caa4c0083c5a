"""The doors below ``/_chatdrill/console/``. What the control API can do already is asked of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from chatdrill.console.gate import Gate
from chatdrill.console.keeping import keep
from chatdrill.console.page import asset, blob, page
from chatdrill.console.saving import Wanted, drill_of
from chatdrill.console.showing import shown
from chatdrill.errors import ChatdrillError, UsageError
from chatdrill.model import MEDIA_KINDS
from chatdrill.serve import Stage
from chatdrill.serve.answers import Answer
from chatdrill.serve.control import ControlApi
from chatdrill.serve.events import TraceStream
from chatdrill.serve.wiretap import Wiretap
from chatdrill.trace import Recorder
from chatdrill.version import VERSION
from chatdrill.wire import HttpRequest, HttpResponse, json_response
from chatdrill.wire.files import sniff

NAME = "console"
_CONTROL = ("state", "join", "act", "agent", "time", "faults", "env")
_COPIES_MAX = 20

Door = Callable[[HttpRequest, str], Answer]


class _Again(msgspec.Struct, forbid_unknown_fields=True):
    n: int
    copies: int = 1


class Console:
    """A console for a stage; to be made before the stage is open. ``samples`` are files to send, by name; ``folder`` is where
    scenarios may be written, and nowhere else."""

    def __init__(
        self,
        stage: Stage,
        recorder: Recorder,
        *,
        samples: Mapping[str, Path],
        folder: Path,
        drilled: tuple[str, ...],
    ) -> None:
        self._stage = stage
        self._recorder = recorder
        self._samples = samples
        self._folder = folder
        self._drilled = drilled
        self._gate = Gate()
        self._tap = Wiretap(stage.scene)
        self._doors: dict[tuple[str, str], Door] = {
            ("GET", "setup"): self._setup,
            ("GET", "stream"): self._stream,
            ("GET", "wire"): self._wire,
            ("POST", "again"): self._again,
            ("GET", "blob"): self._blob,
            ("GET", "sample"): self._sample,
            ("POST", "scenario"): self._scenario,
        }
        stage.mounts[NAME] = self.handle

    @property
    def address(self) -> str:
        """Where the page is, with the token."""
        return f"{self._stage.base_url}/_chatdrill/{NAME}/#{self._gate.token}"

    def handle(self, request: HttpRequest, path: str, control: ControlApi) -> Answer | Awaitable[Answer]:
        """Answer a request for something below the console; the control API has looked at its host already."""
        name, _, rest = path.partition("/")
        if request.method in ("GET", "HEAD") and name in ("", "assets"):
            return self._open(request, name, rest)
        if self._gate.is_stranger(request):
            return json_response({"error": "the console answers to its own page only"}, status=403)
        if name == "enter" and request.method == "POST":
            return self._gate.enter(request)
        if not self._gate.admits(request):
            return json_response({"error": "open the address that chatdrill serve has printed"}, status=401)
        return control.handle(request, name) if name in _CONTROL else self._own(request, name, rest)

    def _open(self, request: HttpRequest, name: str, rest: str) -> HttpResponse:
        """What needs no token: the page and its files."""
        if name:
            return asset(rest)
        if not request.path.endswith("/"):  # the page's files are named from its folder
            return HttpResponse(308, (("Location", f"/_chatdrill/{NAME}/"),))
        return page()

    def _own(self, request: HttpRequest, name: str, rest: str) -> Answer:
        door = self._doors.get((request.method, name))
        if door is None:
            return json_response({"error": f"the console has no door {request.method} {name!r}"}, status=404)
        try:
            return door(request, rest)
        except (ChatdrillError, msgspec.DecodeError) as error:  # a wrong value is a DecodeError too
            return json_response({"error": str(error)}, status=422)

    # ------------------------------------------------------------------------------------------------- looking

    def _setup(self, _: HttpRequest, __: str) -> HttpResponse:
        return json_response(
            {
                "version": VERSION,
                "platforms": {
                    name: _platform(channel.platform)
                    for name, channel in self._stage.channels.items()
                    if name in self._drilled
                },
                "desks": {name: _desk(office.desk) for name, office in self._stage.bureau.offices.items()},
                "samples": [{"name": name, "mime": _mime(path)} for name, path in self._samples.items()],
                "media": MEDIA_KINDS,
                "folder": str(self._folder),
            }
        )

    def _stream(self, request: HttpRequest, _: str) -> TraceStream:
        """Everything from the start, or from where this page was: its browser says what it has seen."""
        seen = request.header("last-event-id") or dict(request.query).get("after", "")
        return TraceStream(self._recorder, after=int(seen) if seen.isdecimal() else -1)

    def _wire(self, _: HttpRequest, number: str) -> HttpResponse:
        return json_response(shown(self._tap.exchange(_whole(number))))

    def _blob(self, _: HttpRequest, where: str) -> HttpResponse:
        name, _slash, sha256 = where.partition("/")
        account = self._stage.accounts.get(name)
        if account is None or sha256 not in account.state.blobs:
            return json_response({"error": "there is no such file"}, status=404)
        content = account.state.blobs.get(sha256)
        return blob(content, sniff(content) or "application/octet-stream")

    def _sample(self, _: HttpRequest, name: str) -> HttpResponse:
        path = self._samples.get(name)
        if path is None:
            return json_response({"error": f"there is no sample {name!r}"}, status=404)
        return blob(path.read_bytes(), _mime(path))

    # -------------------------------------------------------------------------------------------------- doing

    def _again(self, request: HttpRequest, _: str) -> HttpResponse:
        wanted = _decoded(request, _Again)
        if not 1 <= wanted.copies <= _COPIES_MAX:
            raise UsageError(f"copies must be 1 to {_COPIES_MAX}, not {wanted.copies}")
        self._tap.again(wanted.n, wanted.copies)
        return json_response({"ok": True})

    def _scenario(self, request: HttpRequest, _: str) -> HttpResponse:
        wanted = _decoded(request, Wanted)
        drill = drill_of(self._recorder.records, self._stage.channels, wanted)
        written = [] if wanted.folder is None else keep(drill, self._folder, wanted.folder)
        files = list(drill.files)
        return json_response(
            {"file": drill.file, "text": drill.text, "files": files, "notes": drill.notes, "written": written}
        )


T = TypeVar("T", bound=msgspec.Struct)


def _decoded(request: HttpRequest, kind: type[T]) -> T:
    return msgspec.json.decode(request.body, type=kind)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"the number of a record is meant, not {text!r}")
    return int(text)


def _mime(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(4096)) or "application/octet-stream"


def _platform(platform: Any) -> dict[str, Any]:
    able = platform.capabilities
    return {
        "title": platform.title,
        "acts": sorted(able.acts),
        "parts": sorted(able.customer_parts),
        "events": sorted(able.events),
        "lacks": dict(able.lacks),
    }


def _desk(desk: Any) -> dict[str, Any]:
    return {"title": desk.title, "acts": sorted(desk.capabilities.acts), "lacks": dict(desk.capabilities.lacks)}
