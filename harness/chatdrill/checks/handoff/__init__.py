"""The rules of the handover, HO-01 to HO-52: who may speak, and what must arrive.

Importing this package registers them; the order of the imports is the order of the findings.
"""

# isort: off
from chatdrill.checks.handoff import tickets, promises, history, media, context, quiet, owners
from chatdrill.checks.handoff import inbound, kinds, outbound, leaks, availability, capacity, cancelling
from chatdrill.checks.handoff import endings, visits, surveys, robustness, restarts
# isort: on

__all__ = [
    "availability",
    "cancelling",
    "capacity",
    "context",
    "endings",
    "history",
    "inbound",
    "kinds",
    "leaks",
    "media",
    "outbound",
    "owners",
    "promises",
    "quiet",
    "restarts",
    "robustness",
    "surveys",
    "tickets",
    "visits",
]
