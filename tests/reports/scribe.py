"""Writing a trace by hand: a scribe numbers the records, a story is one case."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Latency, worst
from chatdrill.model import (
    Blobs,
    Customer,
    File,
    Message,
    Part,
    Receipt,
    Sent,
    Text,
    Write,
)
from chatdrill.trace import (
    Acted,
    Attempt,
    Called,
    CaseBegan,
    CaseEnded,
    Record,
    RunBegan,
    StepBegan,
    StepEnded,
    Took,
)

SUNDAY = 1_795_338_900.0  # 2026-11-22 09:15:00 UTC
_LATENCIES: dict[str, dict[str, tuple[float, ...]]] = {
    "first_response": {
        "telegram": (0.8, 1.2, 1.1, 2.4, 0.9),
        "whatsapp": (1.9, 2.2, 3.1, 8.4),
        "messenger": (1.0, 1.4, 1.6),
    },
    "next_response": {
        "telegram": (0.4, 0.5, 0.7, 1.3, 0.6, 0.5),
        "whatsapp": (1.1, 1.2, 4.0, 12.5),
        "messenger": (0.9, 1.3),
    },
}


@cache
def _shoe(width: int, height: int, hue: int) -> bytes:
    image = Image.new("HSV", (width, height), (hue, 60, 230)).convert("RGB")
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.15, height * 0.45, width * 0.85, height * 0.8), fill=(90, 60, 40))
    pen.rectangle((width * 0.1, height * 0.75, width * 0.9, height * 0.82), fill=(240, 240, 235))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


class Scribe:
    """Numbers the records of a run; ``story`` begins a case."""

    def __init__(self, *, clock: str = "scaled", speed: float = 10.0, **fields: Any) -> None:
        self.records: list[Record] = []
        self.blobs = Blobs()
        self.t = 0.0
        self.speed = speed
        run = {"version": "0.1.0", "seed": 4711, "clock": clock, "speed": speed, "bot": "http://127.0.0.1:8080"}
        self.add(RunBegan, SUNDAY, platforms=("telegram", "whatsapp", "messenger"), **run, **fields)

    def add(self, kind: Callable[..., Record], at: float, **fields: Any) -> int:
        """Append a record and return its number."""
        self.records.append(kind(n=len(self.records), t=round(self.t, 6), at=at, **fields))
        return len(self.records) - 1

    def story(self, name: str, platform: str, *people: Customer, **fields: Any) -> Story:
        """A new case."""
        return Story(self, name, platform, people, **fields)

    def picture(self, width: int, height: int, hue: int) -> File:
        """A small JPEG with something on it."""
        content = _shoe(width, height, hue)
        sha256 = self.blobs.put(content)
        facts = {"mime": "image/jpeg", "width": width, "height": height}
        return File(sha256=sha256, size_bytes=len(content), name=f"shoe-{hue}.jpg", **facts)


class Story:
    """One case; every method moves its time on and returns the number of the record to cite."""

    def __init__(self, scribe: Scribe, name: str, platform: str, people: Sequence[Customer], **fields: Any) -> None:
        self.scribe, self.name, self.platform = scribe, name, platform
        self.people = {person.key: person for person in people}
        self.case = f"{name}-{platform}-{len(scribe.records)}"
        self.who = people[0].key
        self.at = SUNDAY
        self.ids = 100
        self.began_t = scribe.t
        self.fields = {"persona": "patient", "seed": 4711, "file": "drills/shop.drill.yaml", "line": 12, **fields}
        self.add(CaseBegan, conv=None, name=name, platform=platform, customers=self.people, **self._began())

    def _began(self) -> dict[str, Any]:
        return {"steps": (), **{key: self.fields[key] for key in self.fields if key != "replay"}}

    def add(self, kind: Callable[..., Record], **fields: Any) -> int:
        """A record of this case and, unless told otherwise, of the conversation of ``self.who``."""
        fields = {"conv": f"{self.case}/{self.who}", **fields}
        return self.scribe.add(kind, self.at, case=self.case, **fields)

    def wait(self, seconds: float) -> Story:
        """Drill time passes, and as much of it in reality as the run's speed says."""
        self.at += seconds
        self.scribe.t += seconds / self.scribe.speed
        return self

    def new_id(self) -> str:
        """The next message id."""
        self.ids += 1
        return str(self.ids)

    def act(self, act: Any, *, ids: tuple[str, ...] = (), cause: str = "step", step: int | None = 0) -> int:
        """An act that the bot is told of at once."""
        update = f"9{self.case[:2]}{len(self.scribe.records)}"
        n = self.add(Acted, act=act, ids=ids, updates=(update,), cause=cause, step=step)
        self.attempt(update)
        return n

    def attempt(self, update: str, *, status: int | None = 200, number: int = 1, **fields: Any) -> int:
        """A webhook for an update."""
        began_t, convs = self.scribe.t, (f"{self.case}/{self.who}",)
        self.scribe.t += 0.013
        fields = {"ok": status == 200, "took_s": 0.013, "url": "http://127.0.0.1:8080/hook", **fields}
        more = {"platform": self.platform, "updates": (update,), "convs": convs, "number": number}
        return self.add(Attempt, conv=None, began_t=began_t, status=status, **more, **fields)

    def says(self, *parts: Part | str, cause: str = "step", **fields: Any) -> int:
        """The customer writes."""
        act = Write(parts=tuple(Text(text=part) if isinstance(part, str) else part for part in parts), **fields)
        return self.act(act, ids=(self.new_id(),), cause=cause)

    def call(self, method: str, **fields: Any) -> int:
        """The bot calls the API."""
        fields = {"status": 200, "ok": True, "took_s": 0.002, "arguments": {"chat_id": 77, "text": "..."}, **fields}
        return self.add(Called, platform=self.platform, method=method, **fields)

    def effect(self, method: str, effect: Callable[..., Any], **fields: Any) -> int:
        """The bot calls the API with success."""
        call = self.call(method)
        return self.add(Took, platform=self.platform, call=call, effect=effect(to="77", **fields))

    def bot(self, *parts: Part | str, **fields: Any) -> int:
        """The bot writes."""
        words = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
        message = Message(ids=(self.new_id(),), author="bot", parts=words, at=self.at, **fields)
        return self.effect("sendMessage", Sent, message=message)

    def receipt(self, status: Any, message_id: str | None = None, error: int | None = None) -> int:
        """The platform reports on the last message, or the named one."""
        act = Receipt(message_id=message_id or str(self.ids), status=status, error=error)
        return self.act(act, cause="platform", step=None)

    def step(self, step: int, outcome: str = "met", detail: str | None = None, **began: Any) -> int:
        """A step begins and ends."""
        self.add(StepBegan, step=step, **began)
        return self.add(StepEnded, step=step, outcome=outcome, detail=detail)

    def end(self, outcome: str = "done", detail: str | None = None) -> None:
        """The case ends."""
        self.add(CaseEnded, conv=None, outcome=outcome, detail=detail)

    def judged(self, *findings: Finding, evidence: int = 1, messages: int = 0) -> CaseJudgement:
        """The verdict, from findings without case."""
        own = tuple(Finding(**{**_fields(finding), "case": self.case}) for finding in findings)
        verdict = worst(finding.verdict for finding in own) if own else ("pass" if evidence else "none")
        results = [CheckResult(check=f.check, verdict=f.verdict, evidence=1, findings=(f,)) for f in own]
        results.append(CheckResult(check="sla.first_response", verdict="pass", evidence=evidence))
        latencies = tuple(
            Latency(name=name, platform=self.platform, case=self.case, t=self.began_t + i, seconds=value)
            for name, values in _LATENCIES.items()
            for i, value in enumerate(values.get(self.platform, ()))
        )
        took_s, keep = self.scribe.t - self.began_t, ("seed", "persona", "row", "tags", "file", "line")
        about = {key: self.fields[key] for key in keep if key in self.fields}
        about["replay"] = (
            f"chatdrill run drills/shop.drill.yaml -k '{self.name}' --platform {self.platform} --seed 4711"
        )
        counts = {"messages": messages or 9, "began_t": self.began_t, "took_s": took_s}
        place = {"case": self.case, "name": self.name, "platform": self.platform, "verdict": verdict}
        return CaseJudgement(**place, **about, **counts, results=tuple(results), latencies=latencies)


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in finding.__struct_fields__}
