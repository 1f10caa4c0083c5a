"""Traces of a few lines: who said what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatdrill.model import (
    Button,
    Customer,
    File,
    Keyboard,
    Media,
    Message,
    Part,
    Press,
    Sent,
    Text,
    TicketOpened,
    Write,
)
from chatdrill.trace import Acted, CaseBegan, CaseEnded, Filed, Record, RunBegan, RunEnded, Took
from chatdrill.version import VERSION

ANNA = Customer(key="anna", first_name="Anna")


class Script:
    """``says`` and ``hears`` go on with the conversation; each takes its time in seconds."""

    def __init__(self, case: str = "drills/a.yaml::Order [telegram]", *, clock: str = "real", **fields: Any) -> None:
        self.records: list[Record] = []
        self._t = 0.0
        self._case = case
        began = {"version": VERSION, "seed": 1, "clock": clock, "speed": 1.0, "bot": "b", "platforms": ("telegram",)}
        self._add(RunBegan, **{**began, **fields})
        self.case(case)

    def _add(self, kind: Any, after: float = 0.0, **fields: Any) -> Script:
        self._t += after
        self.records.append(kind(n=len(self.records), t=self._t, at=1000.0 + self._t, **fields))
        return self

    @property
    def _of(self) -> dict[str, str]:
        return {"case": self._case, "conv": f"{self._case}/anna"}

    def case(self, case: str) -> Script:
        self._case = case
        began = {"name": "Order", "platform": "telegram", "seed": 1, "persona": "patient", "steps": ()}
        return self._add(CaseBegan, case=case, customers={"anna": ANNA}, **began)

    def says(self, text: str, after: float = 1.0) -> Script:
        return self._add(Acted, after, act=Write(parts=(Text(text=text),)), ids=(f"c{len(self.records)}",), **self._of)

    def presses(self, title: str) -> Script:
        return self._add(Acted, 1.0, act=Press(button=Button(title=title, kind="reply"), message_id="b"), **self._of)

    def sends(self, media: str, sha256: str = "") -> Script:
        part = Media(kind=media, file=File(sha256=sha256))  # type: ignore[arg-type]
        return self._add(Acted, 1.0, act=Write(parts=(part,)), **self._of)

    def hears(self, text: str, *buttons: str, after: float = 0.5, parts: Sequence[Part] = ()) -> Script:
        keys = tuple((Button(title=title, kind="reply"),) for title in buttons)
        made = (Text(text=text), *parts, *((Keyboard(style="reply", rows=keys),) if keys else ()))
        message = Message(ids=(f"b{len(self.records)}",), author="bot", parts=made, at=0.0)
        return self._add(Took, after, platform="telegram", effect=Sent(to="1", message=message), call=0, **self._of)

    def opens_ticket(self) -> Script:
        event = TicketOpened(ticket="7", contact="1")
        return self._add(Filed, desk="toy", event=event, by="bot", **self._of)

    def over(self) -> list[Record]:
        self._add(CaseEnded, case=self._case, outcome="done")
        self._add(RunEnded)
        return self.records
