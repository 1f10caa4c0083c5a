"""What a seeded defect is: a small wrong turn of the reference bot, and the rule that owns it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

Patch = tuple[object, str, Any]
"""An object (a module, a class), the name of what is replaced there, and what stands there instead."""


@dataclass(frozen=True)
class Defect:
    """``name`` says what the bot does, ``rule`` which law that breaks, ``like`` where it was seen in public.

    ``scenario`` is the name of the one on which it shows, with ``desk`` behind the bot. ``settings`` (``TABLE.NAME=VALUE``) are
    the desk's, for the correct bot as well; ``env`` (``NAME=VALUE``) belongs to the defect, as ``patches`` do.
    """

    name: str
    rule: str
    like: str
    scenario: str
    patches: tuple[Patch, ...] = ()
    env: tuple[str, ...] = ()
    desk: str = "chatwoot"
    platform: str = "telegram"
    settings: tuple[str, ...] = ()

    @contextmanager
    def seeded(self) -> Iterator[None]:
        """The reference bot with the defect in it, in this process."""
        with ExitStack() as stack:
            for owner, attribute, value in self.patches:
                stack.enter_context(mock.patch.object(owner, attribute, value))
            yield


def instead(owner: object, **attributes: Any) -> tuple[Patch, ...]:
    """Patches of one object."""
    return tuple((owner, name, value) for name, value in attributes.items())
