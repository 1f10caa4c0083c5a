"""Golden payloads: what Slack tells of an act."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from chatdrill.model import Button, Delete, Edit, Event, File, Media, Press, React, Start, Text, Write
from chatdrill.wire.sheets import Golden, Happens
from chatdrill_fakes.platforms.slack.sheet.calls import actions

_EVENTS = "docs.slack.dev, Events API reference; slackapi/java-slack-sdk sample payloads"
_DATE = "2026-08"
_BENCH = {
    "team": "T0BENCH01", "team_domain": "bench", "app_id": "A0BENCH01", "bot_id": "B0BENCH01", "bot_user": "U0BENCHBOT", "name": "bench",
    "verification_token": "vt-legacy", "channel": "C0BENCH01",
}  # fmt: skip
DRAWN = (
    r"^\d{10}\.\d{6}$",
    r"^[UD]0[0-9A-Z]{6,}$",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$",
    r"^(\d{5}|aB1)$",
    r"^\d+\.\d+\.[0-9a-f]+$|^1\.2\.abc$",
    r"^https?://\S+/(actions|commands)/\S+$",
    r"^(anna|anna_n)$",
)
_GOOD = {
    "type": "button",
    "action_id": "csat_good",
    "text": {"type": "plain_text", "text": "Good"},
    "value": "5",
    "style": "primary",
}
_RATE = Press(button=Button(title="Good", kind="callback", payload="5"), message_id="{sent}")


def _hello() -> Write:
    return Write(parts=(Text(text="hello"),))


def _golden() -> tuple[Golden, ...]:
    text = (resources.files("chatdrill_fakes.platforms.slack") / "golden" / "payloads.json").read_text("utf-8")
    whole: dict[str, Any] = json.loads(text)

    def of(name: str, act: Any, at: str = "event", *, shape: bool = False) -> Golden:
        return Golden(name, act, whole[name], _EVENTS, _DATE, at, shape, settings=_BENCH)

    said = _hello()
    photo = Write(parts=(Media(kind="photo", file=File(name="check.png")),))
    escaped = Write(parts=(Text(text="a & b <c> https://shop.example/1"),))
    return (
        of("message", Write(parts=(Text(text="Где мой заказ?"),))),
        of("thread_reply", Happens(Write(parts=(Text(text="Yes"),), reply_to="{sent}"), after=(actions(_GOOD),))),
        of("escaped", escaped, "event.text"),
        of("file", photo, "event.files.0", shape=True),
        of("app_mention", Event(name="app_mention", data={"text": "help"})),
        of("message_changed", Happens(Edit(message_id="{mine}", parts=(Text(text="new"),)), after=(said,))),
        of("message_deleted", Happens(Delete(message_id="{mine}"), after=(said,))),
        of("reaction_added", Happens(React(message_id="{sent}", emoji="\N{THUMBS UP SIGN}"), after=(actions(_GOOD),))),
        of("app_home_opened", Start()),
        of("block_actions", Happens(_RATE, after=(actions(_GOOD, block_id="b1"),)), "", shape=True),
        of("slash_command", Event(name="slash_command", data={"text": "where is my order?"}), "", shape=True),
    )


GOLDEN = _golden()
