"""The couriers of one account: one for its webhook, and one for every further subscription it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatdrill.serve.courier import Courier
from chatdrill.wire import Hook, Outbox, Update


class Couriers:
    """Delivers what lies in an outbox. ``make`` gives a courier for a hook, or (``None``) for the account's webhook."""

    def __init__(self, outbox: Outbox, make: Callable[[Hook | None], Courier]) -> None:
        self._outbox = outbox
        self._make = make
        self._main = make(None)
        self._others: dict[Hook, Courier] = {}
        self._closed = False

    def start(self) -> None:
        """Begin to carry."""
        self._outbox.watchers.append(self)
        self._main.start()

    def close(self) -> None:
        """Stop; what is on its way is forgotten."""
        self._closed = True
        for courier in self._all():
            courier.close()

    def of(self, update: Update) -> Courier:
        """The courier that carries an update."""
        return self._main if update.hook is None else self._others[update.hook]

    def drop(self, updates: Sequence[Update], reason: str) -> None:
        """Give up these updates of one address."""
        for courier in self._all():
            courier.drop([update for update in updates if courier.carries(update)], reason)

    def forget(self) -> None:
        """Empty the queues and the outbox without a word in the trace."""
        for courier in self._all():
            courier.forget()

    def arrived(self, update: Update) -> None:
        """A subscription gets a courier of its own with its first update."""
        if update.hook is not None and update.hook not in self._others and not self._closed:
            courier = self._others[update.hook] = self._make(update.hook)
            courier.start()

    def removed(self, update: Update) -> None:
        """The couriers know by themselves."""

    def _all(self) -> tuple[Courier, ...]:
        return (self._main, *self._others.values())
