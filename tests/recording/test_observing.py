"""Every good call of a sheet is seen to have done what the fake, as the vendor, says that it did."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.conformance import Scene
from chatdrill.conformance.platforms.talk import answered
from chatdrill.model import Edited, File, Sent
from chatdrill.run.registry import load_platform, load_sheet
from chatdrill.wire import Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.sheets import Ask
from recording.shadow import Shadow

NAMES = ("line", "slack", "webchat", "rasa", "twilio", "wechat", "infobip", "email", "declared")
CALLS = [(name, ask) for name in NAMES for ask in load_sheet(name).examples]


class Watched(Scene):
    """What passes between the fake and the bot is shown to a shadow; ``done`` and ``seen`` are the effects, as either has them."""

    def __init__(self, name: str, settings: Any) -> None:
        self.shadow = Shadow(name)
        self.done: list[Any] = []
        self.seen: list[Any] = []
        self.answers: list[str] = []
        super().__init__(load_platform(name), load_sheet(name), settings)

    def happens(self, step: Any) -> list[Update]:
        updates = super().happens(step)
        for update in updates:
            self.shadow.took(self.webhook(update))
        return updates

    def handle(self, request: HttpRequest, source: Any = "http") -> Handled:
        handled = super().handle(request, source)
        told = handled.response or HttpResponse(101)
        seen = self.shadow.observed(request, HttpResponse(200) if source == "webhook_answer" else told, source)
        assert seen.call is None or handled.call is None or seen.call.ok == handled.call.ok
        self.answers.append(told.body.decode("utf-8", "replace") if source == "http" else "")
        self.done += handled.effects
        self.seen += seen.effects
        return handled


def plain(value: Any) -> Any:
    """Without times, the bytes of files, and whatever hangs on what only the fake knows of the customer."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, File) or not isinstance(value, msgspec.Struct):
        return None if isinstance(value, File) else value
    fields = {
        name: getattr(value, name) for name in value.__struct_fields__ if name not in ("at", "edited_at", "language")
    }
    return {"": type(value).__name__, **{name: plain(each) for name, each in fields.items()}}


def named(seen: Any, done: Any, told: str) -> Any:
    """What was seen, under the id of what was done if nobody told it."""
    if not isinstance(done, Sent | Edited) or not isinstance(seen, Sent | Edited) or done.message.id in told:
        return seen
    return msgspec.structs.replace(seen, message=msgspec.structs.replace(seen.message, ids=done.message.ids))


@pytest.mark.parametrize(
    ("name", "ask"), CALLS, ids=lambda one: one if isinstance(one, str) else f"{one.method} {one.path[:60]}"
)
def test_a_call_is_seen_as_what_it_did(name: str, ask: Ask) -> None:
    scene = Watched(name, ask.settings)
    answered(scene)
    scene.ask(ask)
    told = "".join(scene.answers)
    seen = [named(*each, told) for each in zip(scene.seen, scene.done, strict=True)]
    assert plain(seen) == plain(scene.done)
    assert any(isinstance(effect, Sent) for effect in seen)
