"""chatdrill's page in Locust's web UI, under ``/chatdrill``: how it stands now, how far the gates hold, and the conversations that failed or
are the slowest, with their transcripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from flask import request
from locust.env import Environment

from chatdrill_load.messages import Bad, Now, Slow
from chatdrill_load.swarm.ending import Findings, standing
from chatdrill_load.transcripts import draw_transcript


def add_panel(environment: Environment, found: Callable[[], Findings], now: Callable[[], Now]) -> None:
    """Add the page, where Locust has a web UI; who must log in there must do so here."""
    if environment.web_ui is None:
        return
    page = files("chatdrill_load.swarm").joinpath("panel.html").read_text("utf-8")
    app: Any = environment.web_ui.app
    guarded = environment.web_ui.auth_required_if_enabled

    @app.route("/chatdrill")
    @guarded
    def chatdrill_panel() -> str:
        return page

    @app.route("/chatdrill/now")
    @guarded
    def chatdrill_now() -> Any:
        return app.response_class(json.dumps(standing(found(), now())), mimetype="application/json")

    @app.route("/chatdrill/transcript")
    @guarded
    def chatdrill_transcript() -> Any:
        case, all_found = request.args.get("case", ""), found()
        talks: list[Bad | Slow] = [*all_found.bad, *all_found.slow]
        known = next((talk for talk in talks if talk.case == case), None)
        if known is None:
            return app.response_class(
                "There is no such conversation among those that are kept.", 404, mimetype="text/plain"
            )
        drawn = draw_transcript(known)
        if isinstance(drawn, str):
            return app.response_class(drawn, 404, mimetype="text/plain")
        return app.response_class(drawn, mimetype="text/html")
