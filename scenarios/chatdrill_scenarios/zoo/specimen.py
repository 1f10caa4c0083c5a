"""What a specimen is: a bot with one planted defect, and what is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from unittest import mock

Patch = tuple[object, str, Any]
"""An object (a module, a class), the name of what is replaced there, and what stands there instead."""

Category = Literal[
    "delivery", "bursts", "media", "text", "signatures", "webhooks", "state", "dialog", "language", "time", "privacy", "calls",
    "load", "handoff",
]  # fmt: skip

SHOEBOT = "chatdrill_scenarios.shoebot:app"
PROBE = "probe:"
"""Before the id of a probe, where it is the probe that finds a specimen."""


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """``name`` says what the bot does, ``like`` where that was seen in public (repository#issue, or the vendor's rule).

    ``found_by`` are the checks that name the cause, or a probe (``probe:signature-missing``). ``where`` are the scenarios in which
    it shows, to be played first. ``settings`` (``TABLE.NAME=VALUE``) belong to the run, for the correct bot as well; ``env``
    (``NAME=VALUE``) belongs to the defect, as ``patches`` of the bot do. ``minimum`` is the shortest chat that shows the defect, in the
    customer's messages. ``fuzzed_by`` are further checks, or promises of the shop's, that name the cause in a dialog that was drawn, of
    which nobody expects anything.
    """

    name: str
    category: Category
    like: str
    found_by: tuple[str, ...]
    where: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    env: tuple[str, ...] = ()
    app: str = SHOEBOT
    platform: str = "telegram"
    desk: str = ""
    settings: tuple[str, ...] = ()
    minimum: tuple[str, ...] = ()
    fuzzed_by: tuple[str, ...] = ()

    @property
    def probes(self) -> tuple[str, ...]:
        """The probes that find it."""
        return tuple(found.removeprefix(PROBE) for found in self.found_by if found.startswith(PROBE))

    @contextmanager
    def seeded(self) -> Iterator[None]:
        """The bot with the defect in it, in this process. Raises ``AttributeError`` for a patch of what is not there."""
        with ExitStack() as stack:
            for owner, attribute, value in self.patches:
                stack.enter_context(mock.patch.object(owner, attribute, value))
            yield


def instead(owner: object, **attributes: Any) -> tuple[Patch, ...]:
    """Patches of one object."""
    return tuple((owner, name, value) for name, value in attributes.items())


def specimen(
    category: Category,
    name: str,
    like: str,
    found_by: str,
    where: str = "",
    patches: tuple[Patch, ...] = (),
    *,
    env: tuple[str, ...] = (),
    app: str = SHOEBOT,
    desk: str = "",
    platform: str = "telegram",
    settings: tuple[str, ...] = (),
    minimum: tuple[str, ...] = (),
    fuzzed_by: str = "",
) -> Specimen:
    """The same in short: ``found_by`` are checks, ``where`` scenarios, each with `` | `` between them."""
    return Specimen(
        name=name,
        category=category,
        like=like,
        found_by=tuple(found_by.split(" | ")),
        where=tuple(where.split(" | ")) if where else (),
        patches=patches,
        env=env,
        app=app,
        desk=desk,
        platform=platform,
        settings=settings,
        minimum=minimum,
        fuzzed_by=tuple(fuzzed_by.split(" | ")) if fuzzed_by else (),
    )


def of_handoff(
    name: str, rule: str, like: str, where: str, patches: tuple[Patch, ...] = (), *, desk: str = "chatwoot", **more: Any
) -> Specimen:
    """A defect of the handover, found by the rule that it breaks."""
    return specimen("handoff", name, like, rule, where, patches, desk=desk, **more)
