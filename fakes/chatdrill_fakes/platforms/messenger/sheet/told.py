"""What has to happen so that the bot is told of all the rest."""

from __future__ import annotations

from chatdrill.model import Event, Text, Write
from chatdrill.wire.sheets import Happens

_OWNED = Event(name="take_thread_control")
TOLD = (Happens(Write(parts=(Text(text="hi"),)), after=(_OWNED,)),)
