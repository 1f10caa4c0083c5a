"""A transcript: what a person reads of a trace. A chat with times, and what went over the wire meanwhile.

``Transcripts(records)`` sorts a trace by case in one pass; ``view(case)`` tells one case as a ``View``, which
``render_text`` and ``render_wire`` draw for a terminal and which reports draw their own way.
"""

from chatdrill.trace.transcript.drawing import render_text, render_wire
from chatdrill.trace.transcript.grouping import Transcripts
from chatdrill.trace.transcript.views import Bubble, Item, Mark, Quote, Relays, Version, View, WireEvent

__all__ = [
    "Bubble",
    "Item",
    "Mark",
    "Quote",
    "Relays",
    "Transcripts",
    "Version",
    "View",
    "WireEvent",
    "render_text",
    "render_wire",
]
