"""What the inbox knows beyond the Page that it shares: whose a thread is, and what of it the agents have been shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatdrill.wire import DeskState, Ticket

from ..ids import PAGE_INBOX_APP
from ..state import MessengerState


@dataclass(slots=True, kw_only=True)
class InboxThread(Ticket):
    """A thread as the agents see it. ``controller`` is the app that was last seen to control it; ``shown`` are the texts of
    its messages by id, ``gone`` those that were taken back, ``requests`` how often the bot has asked for it.

    ``timed``: the inbox will look whether the thread has gone idle.
    """

    controller: str | None = None
    shown: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    requests: int = 0
    notes: int = 0
    timed: bool = False


@dataclass(kw_only=True)
class InboxState(DeskState[InboxThread]):
    """An inbox, or the app of another helpdesk, with the id ``app_id``. ``page`` is shared with the platform."""

    app_id: str
    app_name: str
    page: MessengerState = field(init=False)

    @property
    def takes(self) -> bool:
        """True for an app that may take any thread: the Page Inbox and the default app. Others have to ask for it."""
        return self.app_id in (PAGE_INBOX_APP, self.page.default_app)
