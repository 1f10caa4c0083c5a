"""Recording what passes between a real platform and a bot: a reverse proxy both ways, and a trace of it like any other."""

from chatdrill.recording.relay import Relay, Ways
from chatdrill.recording.scribe import Scribe

__all__ = ["Relay", "Scribe", "Ways"]
