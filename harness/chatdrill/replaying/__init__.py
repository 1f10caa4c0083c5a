"""Playing the customer half of a trace again, in its own time, against a bot that may answer otherwise."""

from chatdrill.replaying.planning import Planned, plan

__all__ = ["Planned", "plan"]
