"""Load: thousands of customers at once, through Locust.

``CustomerUser`` is a user for a locustfile. Importing it imports Locust, and so gevent, which patches its process: this package does
so only when the name is asked for, and nothing else imports it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["CustomerUser"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from chatdrill_load.swarm import users

        return getattr(users, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
