"""One account of the bot on one platform, as the stage runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.clock import real_monotonic
from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.seeds import Stream
from chatdrill.serve.pending import Pending
from chatdrill.wire import ChannelState, Chat, Platform


@dataclass(frozen=True, slots=True)
class Role:
    """The conversation that an address plays in."""

    case: str | None = None
    conv: str | None = None


NOBODY = Role()
_FETCH_MAX_S = 5.0
"""Real seconds; a bot that polls every second or two is still there."""


class Channel:
    """A platform, the state of the bot's account on it, and who plays behind which address.

    ``polled`` is true once the bot has asked for updates, by a long poll
    or by one that brought some.
    """

    def __init__(self, platform: Platform[Any], settings: Mapping[str, str], chance: Stream, base_url: str) -> None:
        self.platform = platform
        self.settings = complete_settings(platform, settings)
        self.state: ChannelState[Chat] = platform.open(self.settings, chance)
        self.pending = Pending(self.state.outbox)
        self.roles: dict[str, Role] = {}
        self.gone: set[str] = set()
        self.polled = False
        self._fetching_since: float | None = None
        self.base_url = base_url

    @property
    def base_url(self) -> str:
        """Where a bot reaches the platform; its links to media start with it."""
        return self.state.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.state.base_url = url

    @property
    def name(self) -> str:
        """The platform's name."""
        return self.platform.name

    def is_fetching(self) -> bool:
        """True while a bot that polls has updates to fetch; one that does not come for them is not waited for long."""
        if self.state.webhook_url is not None or not self.polled or self.pending.all_sent:
            self._fetching_since = None
            return False
        now = real_monotonic()
        if self._fetching_since is None:
            self._fetching_since = now
        return now - self._fetching_since < _FETCH_MAX_S

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no record may show."""
        return tuple(self.settings[setting.name] for setting in self.platform.settings if setting.secret)

    def role(self, to: str | None) -> Role:
        """The conversation of an address; ``NOBODY`` for one that no scenario has brought in."""
        return self.roles.get(to, NOBODY) if to is not None else NOBODY

    def at(self, to: str | None, now: float) -> float:
        """The drill time in the chat of ``to``, or the clock's where there is none."""
        chat = self.state.chats.get(to) if to is not None else None
        return now if chat is None else now + chat.ahead_s


def complete_settings(platform: Platform[Any], given: Mapping[str, str]) -> dict[str, str]:
    """The declared defaults, overridden by what was given; raises ``SettingsError`` for an unknown name."""
    defaults = {setting.name: setting.default for setting in platform.settings}
    for name in given:
        if name not in defaults:
            raise SettingsError(f"{platform.name} has no setting {name!r}{did_you_mean(name, defaults)}")
    return {**defaults, **given}
