"""What is asked before any call is carried out: a token or a signature, a paid account, patience."""

from __future__ import annotations

from chatdrill_fakes.desks.amocrm import oauth
from chatdrill_fakes.desks.amocrm.chats import signature
from chatdrill_fakes.desks.amocrm.errors import problem
from chatdrill_fakes.desks.amocrm.state import AmoState
from chatdrill_fakes.families.desks import Route, Visit

CRM, CHATS, OAUTH, FILES = "/api/v4", "/v2/origin", "/oauth2", "/attachments"
CALLS_PER_S = 7.0


def before(visit: Visit[AmoState], route: Route | None) -> None:  # noqa: ARG001  every call is checked, known or not
    """Raise ``Refused`` for a call that is not let in."""
    state, now, path = visit.state, visit.exchange.now, visit.request.path
    oauth.begin(state, now)
    if path.startswith(CHATS):
        signature.check(state, visit.exchange)
    elif path.startswith(CRM):
        oauth.check_bearer(state, visit.request.header("Authorization"), now)
        if not state.on("paid"):
            raise problem(402, "The account is not paid")
        _check_rate(state, now)


def _check_rate(state: AmoState, now: float) -> None:
    if not state.on("rate_limits"):
        return
    block_after = int(state.number("block_after"))
    if block_after and state.refused_in_row >= block_after:
        raise problem(403, "The account is blocked for exceeding the number of requests per second repeatedly")
    if state.bucket.take(now):
        state.refused_in_row += 1
        raise problem(429, "Too many requests per second")
    state.refused_in_row = 0
