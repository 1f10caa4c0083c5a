"""The fault that strikes the bot itself."""

from __future__ import annotations

from chatdrill.serve.faults.base import FaultKind

BACK_S = 20.0
"""What a bot may take to come up: the usual patience of whoever starts it (``ready_timeout``)."""


class Restart(FaultKind):
    """A crash and a supervisor, or a deployment."""

    name = "restart"
    about = "the bot is killed and started again, once in a conversation, between an answer and the next word"
    each = "conversation"
    usual_share = 0.02
    bears = "time"  # what a bot forgets by this, it should have written down
