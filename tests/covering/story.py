"""A trace that is told by hand: one case on one platform, record by record."""

from __future__ import annotations

from typing import Any

from chatdrill.model import (
    Act,
    Button,
    Customer,
    DeskEvent,
    Keyboard,
    Message,
    Owner,
    OwnerChanged,
    Part,
    Sent,
    Text,
    Write,
)
from chatdrill.trace import Acted, CaseBegan, Filed, Injected, Record, RunBegan, Took

MONDAY = 1772442000.0  # 2026-03-02 09:00 UTC


class Story:
    """Every call is one record; ``later`` lets time pass."""

    def __init__(
        self, platform: str = "telegram", at: float = MONDAY, zone: str = "UTC", who: Any = None, **began: Any
    ) -> None:
        self.at, self.platform, self.updates = at, platform, 0
        self.records: list[Record] = [
            RunBegan(n=0, t=0, at=at, version="x", seed=1, clock="virtual", speed=1, bot="x", platforms=(platform,))
        ]
        fields: dict[str, Any] = {"name": "c", "platform": platform, "seed": 1, "persona": "patient", "zone": zone}
        people = {"customer": Customer(key="customer", first_name="Anna")}
        self.add(CaseBegan, customers=who or people, steps=(), **fields, **began)

    def add(self, kind: type[Any], **fields: Any) -> Story:
        self.records.append(kind(n=len(self.records), t=0, at=self.at, case="c", conv="c/customer", **fields))
        return self

    def later(self, seconds: float) -> Story:
        self.at += seconds
        return self

    def acts(self, act: Act, cause: Any = "step") -> Story:
        self.updates += 1
        return self.later(1).add(Acted, act=act, updates=(str(self.updates),), cause=cause, step=0)

    def says(self, text: str = "Hello there", cause: Any = "step", **more: Any) -> Story:
        return self.acts(Write(parts=(Text(text=text),), **more), cause)

    def sends(self, *parts: Part, **more: Any) -> Story:
        return self.acts(Write(parts=parts, **more))

    def hears(self, *buttons: str, parts: tuple[Part, ...] = (Text(text="Yes?"),)) -> Story:
        rows = (tuple(Button(title=title, kind="reply") for title in buttons),)
        shown = (*parts, Keyboard(style="inline", rows=rows)) if buttons else parts
        message = Message(ids=(f"m{len(self.records)}",), author="bot", parts=shown, at=self.at)
        return self.later(1).add(Took, platform=self.platform, effect=Sent(to="1", message=message))

    def becomes(self, owner: Owner) -> Story:
        return self.files(OwnerChanged(owner=owner))

    def files(self, event: DeskEvent) -> Story:
        return self.add(Filed, desk="chatwoot", event=event, by="bot")

    def strikes(self, fault: str, **more: Any) -> Story:
        return self.add(Injected, platform=self.platform, fault=fault, what="x", **more)
