"""One account of the bot with one vendor, as the stage runs it: a channel on a platform, an office at a helpdesk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatdrill.clock import real_monotonic
from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Owner
from chatdrill.seeds import Stream
from chatdrill.serve.pending import Pending
from chatdrill.wire import ChannelState, Chat, Desk, DeskState, Platform, Resident, Service, Thread, Ticket


@dataclass(frozen=True, slots=True)
class Role:
    """The conversation that an address plays in."""

    case: str | None = None
    conv: str | None = None


NOBODY = Role()
_FETCH_MAX_S = 5.0
"""Real seconds; a bot that polls every second or two is still there."""


T = TypeVar("T", bound=Thread)


class Account(Generic[T]):
    """A service, the state of the bot's account there, and who plays behind which address.

    ``polled`` is true once the bot has asked for updates, by a long poll
    or by one that brought some.
    """

    def __init__(self, service: Service[Any], settings: Mapping[str, str], chance: Stream, base_url: str) -> None:
        self.service = service
        self.settings = complete_settings(service, settings)
        self.state: ChannelState[T] = service.open(self.settings, chance)
        self.pending = Pending(self.state.outbox)
        self.roles: dict[str, Role] = {}
        self.gone: set[str] = set()
        self.polled = False
        self._fetching_since: float | None = None
        self.base_url = base_url

    @property
    def base_url(self) -> str:
        """Where a bot reaches the service; its links to media start with it."""
        return self.state.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.state.base_url = url

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

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
        return tuple(self.settings[setting.name] for setting in self.service.settings if setting.secret)

    def role(self, to: str | None) -> Role:
        """The conversation of an address; ``NOBODY`` for one that no scenario has brought in."""
        return self.roles.get(to or "", NOBODY)

    def at(self, to: str | None, now: float) -> float:
        """The drill time in the chat of ``to``, or the clock's where there is none."""
        chat = self.state.chats.get(to) if to is not None else None
        return now if chat is None else now + chat.ahead_s


class Channel(Account[Chat]):
    """One account of the bot on a platform."""

    def __init__(self, platform: Platform[Any], settings: Mapping[str, str], chance: Stream, base_url: str) -> None:
        super().__init__(platform, settings, chance, base_url)
        self.platform = platform


class Office(Account[Ticket]):
    """One account at a helpdesk; its addresses are tickets. ``owners`` has who was last seen to own each of them.

    ``resident`` is the desk, if it lives inside a platform; ``host`` is then its channel there.
    """

    state: DeskState[Ticket]

    def __init__(
        self,
        desk: Desk[Any],
        settings: Mapping[str, str],
        chance: Stream,
        base_url: str,
        host: Channel | None = None,
    ) -> None:
        super().__init__(desk, settings, chance, base_url)
        self.desk = desk
        self.owners: dict[str, Owner] = {}
        self.resident = desk if isinstance(desk, Resident) else None
        self.host = host
        if self.resident is not None and host is not None:
            self.resident.move_in(self.state, host.state)

    def tickets_of(self, conv: str) -> list[str]:
        """The tickets that are about a conversation, oldest first."""
        return [ticket for ticket, role in self.roles.items() if role.conv == conv]


def complete_settings(service: Service[Any], given: Mapping[str, str]) -> dict[str, str]:
    """The declared defaults, overridden by what was given; raises ``SettingsError`` for an unknown name."""
    defaults = {setting.name: setting.default for setting in service.settings}
    for name in given:
        if name not in defaults:
            raise SettingsError(f"{service.name} has no setting {name!r}{did_you_mean(name, defaults)}")
    return {**defaults, **given}
