"""Who takes part in a conversation."""

from __future__ import annotations

import msgspec


class Customer(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A simulated customer: one person, on however many platforms.

    ``key`` is the name in the scenario (``anna``); ``locale`` a tag such as ``pl_PL``; ``phone`` in E.164 with ``+``.
    """

    key: str
    first_name: str
    last_name: str = ""
    username: str | None = None
    phone: str = ""
    email: str = ""
    locale: str = "en_US"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def language(self) -> str:
        """The language subtag of the locale: ``pl``."""
        return self.locale.replace("-", "_").split("_")[0].lower()
