"""What is known of a dialog before it is played: enough to say what may follow."""

from __future__ import annotations

import msgspec


class DialogState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``said`` counts the customer's messages and presses, ``wrote`` the messages alone; ``newest`` is the kind of the last one (``text``, ``burst``, ``media`` ..., empty: none that
    could be changed). ``quiet_s`` are the seconds since the customer's last word. ``nudged``: that word said nothing but that somebody waits.
    ``asked``: a person was called, and nobody closed that conversation; ``closed``: an agent did."""

    said: int = 0
    wrote: int = 0
    newest: str = ""
    quiet_s: float = 0.0
    nudged: bool = False
    blocked: bool = False
    asked: bool = False
    closed: bool = False
    started: bool = False
    restarted: bool = False
