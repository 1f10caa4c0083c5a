"""chatdrill's page in Locust's web UI, under ``/chatdrill``: how it stands now, whether the gates hold, and which conversations failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from locust.env import Environment

from chatdrill_load.messages import Now
from chatdrill_load.swarm.ending import Findings, standing


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
