"""Which kind of fault a record tells of: those by chance carry the name, those of a step are told by what was done where."""

from __future__ import annotations

from collections.abc import Mapping

from chatdrill.serve.faults import KINDS
from chatdrill.trace import Injected

_WEBHOOK: Mapping[str, str] = {
    "duplicate": "duplicate",
    "twin": "concurrent-duplicate",
    "delay": "delay",
    "late": "delay",
    "swap": "reorder",
    "unacknowledged": "lost-ack",
    "status": "lost-ack",
    "reset": "unreached",
    "drop": "lost",
    "gather": "batch",
}
_CALL: Mapping[str, str] = {
    "status": "api-error",
    "delay": "slow-api",
    "reset": "api-reset",
    "drop": "lost-answer",
    "cut": "media-cut",
}
_ABOUT_MESSAGES = ("webhook", "message", "call", "download of a customer's file")
RESTART = "restart"


def fault_of(record: Injected, *, at_desk: bool) -> str | None:
    """The kind's name in the catalogue; ``None`` for one that is not in it."""
    if record.by == "chance":
        return record.fault if record.fault in KINDS else None
    if record.call is not None:
        return _CALL.get(record.fault)
    return "desk-lag" if at_desk and record.fault == "delay" else _WEBHOOK.get(record.fault)


def is_about_a_message(fault: str) -> bool:
    """True if a fault strikes what a customer says, or the answer to it: not a receipt, and not the desk's news."""
    return fault == RESTART or KINDS[fault].each in _ABOUT_MESSAGES
