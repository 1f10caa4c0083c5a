"""The numbers of Bitrix24, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.bitrix24 import batching, calls, hooks
from chatdrill_fakes.desks.bitrix24.methods import connectors

PER_S, BURST = 2.0, 50.0
PER_S_ENTERPRISE, BURST_ENTERPRISE = 5.0, 250.0
_DOCS = "Bitrix24 REST documentation (2026-08): "

LIMITS: tuple[Limit, ...] = (
    Limit("requests", PER_S, "calls per second", f"{_DOCS}limits"),
    Limit("requests.burst", BURST, "calls", f"{_DOCS}limits"),
    Limit("requests.enterprise", PER_S_ENTERPRISE, "calls per second", f"{_DOCS}limits"),
    Limit("requests.enterprise.burst", BURST_ENTERPRISE, "calls", f"{_DOCS}limits"),
    Limit("batch", batching.CALLS_MAX, "calls", f"{_DOCS}batch"),
    Limit("page", calls.PAGE, "rows", f"{_DOCS}lists"),
    Limit("access_token", hooks.TOKEN_S, "seconds", f"{_DOCS}OAuth"),
    Limit("name", connectors.NAME_MAX, "characters", f"{_DOCS}imconnector.send.messages"),
)
