"""chatdrill's page in Locust's web UI, under ``/chatdrill``: how it stands now, whether the gates hold, and which conversations failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec
from locust.env import Environment

from chatdrill_load.gates import read_gate
from chatdrill_load.messages import Now
from chatdrill_load.swarm.ending import Findings

_BAD_MAX = 20
_PERCENTILES = (50.0, 95.0, 99.0)


def add_panel(environment: Environment, found: Callable[[], Findings], now: Callable[[], Now]) -> None:
    """Add the page, where Locust has a web UI."""
    if environment.web_ui is None:
        return
    page = files("chatdrill_load.swarm").joinpath("panel.html").read_text("utf-8")
    app: Any = environment.web_ui.app

    @app.route("/chatdrill")
    def chatdrill_panel() -> str:
        return page

    @app.route("/chatdrill/now")
    def chatdrill_now() -> Any:
        return app.response_class(json.dumps(standing(found(), now())), mimetype="application/json")


def standing(found: Findings, now: Now) -> dict[str, Any]:
    """How it stands, as the page shows it; seconds."""
    replies = found.figures.latency("reply")
    return {
        "now": msgspec.to_builtins(now),
        "replies": {
            "samples": replies.samples,
            **{f"p{percent:g}": replies.percentile_s(percent) for percent in _PERCENTILES if replies.samples},
        },
        "gates": [_gate(text, found) for text in found.plan.gates],
        "bad": [msgspec.to_builtins(bad) for bad in found.bad[-_BAD_MAX:]],
        "lost": found.lost,
    }


def _gate(text: str, found: Findings) -> dict[str, str]:
    judged = read_gate(text).judge(found.figures)
    return {"gate": text, "verdict": judged.verdict, "words": judged.words}
