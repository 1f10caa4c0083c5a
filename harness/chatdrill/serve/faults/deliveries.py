"""The kinds of faults that strike webhooks, the news of what became of messages among them; and a clock that is off."""

from __future__ import annotations

import fnmatch
from typing import Any

from chatdrill.seeds import Stream
from chatdrill.serve.channel import Account, Office
from chatdrill.serve.faults.base import FaultKind, Rule, Striking
from chatdrill.serve.faults.fault import Fault

RECEIPTS = ("statuses.*", "message_deliveries", "message_reads", "read", "delivery", "*receipt*")
"""What the news is called that a message of the bot was sent, delivered or read."""


class Duplicate(Striking):
    """Once more when the first was taken."""

    name = "duplicate"
    about = "a webhook comes again (x3: three times more) as soon as it was acknowledged, with the same id"
    takes = ("count",)
    usual_count = 1

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="duplicate", copies=rule.count or 1)


class ConcurrentDuplicate(Striking):
    """Two at the same moment: whoever looks first and then writes down loses."""

    name = "concurrent-duplicate"
    about = "a webhook comes twice at the same moment, with the same id"

    def why_not(self, account: Account[Any]) -> str | None:
        """Where one connection is all there is, two webhooks never meet."""
        return "it opens one connection at a time" if account.service.delivery.concurrency_max < 2 else None

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="twin")


class NewId(Striking):
    """The vendor tells it again: who goes by the id of the request takes it for something new."""

    name = "new-id"
    about = "a webhook comes again as soon as it was acknowledged, in a request with a new id; what it tells of has the same id"

    def why_not(self, account: Account[Any]) -> str | None:
        """Most vendors give ids to what they tell of and none to the request."""
        return None if account.service.delivery.id_header is not None else "its requests have no id of their own"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="renewed")


class Delay(Striking):
    """A slow network in front of the bot."""

    name = "delay"
    about = "a webhook is held up; those of the same customer wait behind it"
    takes = ("time",)
    usual_s = (2.0, 2.0)
    bears = "time"

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="delay", delay_s=rule.drawn_s(chance))

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return fault.delay_s


class DeskLag(Delay):
    """The helpdesk's queue of webhooks is long."""

    name = "desk-lag"
    about = "a webhook of the helpdesk is held up"
    each = "webhook of the desk"
    usual_s = (3.0, 3.0)

    def why_not(self, account: Account[Any]) -> str | None:
        """Platforms have no desk hooks."""
        return None if isinstance(account, Office) else "it is no helpdesk"


class Reorder(Striking):
    """The next one is faster."""

    name = "reorder"
    about = "a webhook is overtaken by the next one of the same customer; where none comes it goes after this time"
    takes = ("time",)
    usual_s = (2.0, 2.0)
    bears = "order"

    def why_not(self, account: Account[Any]) -> str | None:
        """Some vendors keep the order, whatever happens."""
        return "it keeps the order of a chat" if account.service.delivery.order == "strict" else None

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="swap", delay_s=rule.drawn_s(chance))

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return fault.delay_s


class EarlyEdit(Reorder):
    """The news of a change before the thing itself."""

    name = "early-edit"
    about = "a message waits this long for being edited, and if it is, its edit arrives first"
    each = "message"
    usual_s = (5.0, 5.0)

    def why_not(self, account: Account[Any]) -> str | None:
        """Customers must be able to edit."""
        acts: frozenset[str] = getattr(getattr(account.service, "capabilities", None), "acts", frozenset())
        return super().why_not(account) or (None if "edit" in acts else "its customers cannot edit")

    def meets(self, account: Account[Any], names: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Messages, and not what is told of them."""
        return any("message" in name and "edit" not in name for name in names) and not _are(RECEIPTS, names)

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="late", delay_s=rule.drawn_s(chance))


class LostAck(Striking):
    """The bot did its work, and the vendor does not know it."""

    name = "lost-ack"
    about = "the bot's 2xx is lost on the way, so the vendor tries again by its own schedule"
    bears = "time"

    def why_not(self, account: Account[Any]) -> str | None:
        """Who never tries again does not notice."""
        return "it never tries again" if account.service.delivery.retry.attempts_max == 1 else None

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="unacknowledged")

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """What waits behind it in its lane comes with the next attempt."""
        return _first_retry_s(account)


class Unreached(LostAck):
    """The connection to the bot breaks."""

    name = "unreached"
    about = "the connection is reset before the bot sees the webhook; the vendor tries again by its own schedule"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="reset")


class Lost(Striking):
    """Never told."""

    name = "lost"
    about = "a webhook is lost for good: the bot never learns of it"
    usual_share = 0.01
    bears = "loss"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="drop")


class Batch(Striking):
    """Several updates in one request, as busy vendors send them."""

    name = "batch"
    about = "a webhook waits this long and takes up to so many updates (x10) with it, of whichever customers"
    takes = ("time", "count")
    usual_s = (0.5, 0.5)
    usual_count = 10
    bears = "time"

    def why_not(self, account: Account[Any]) -> str | None:
        """Most vendors send one update in a request."""
        return "it sends one update in a request" if account.service.delivery.batch_max < 2 else None

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="gather", delay_s=rule.drawn_s(chance), copies=rule.count or 1)

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return fault.delay_s


class _Receipts(Striking):
    each = "receipt"
    usual_share = 0.2

    def why_not(self, account: Account[Any]) -> str | None:
        """Some platforms tell the bot nothing of what became of its messages."""
        names = tuple(one.name for one in account.service.coverage if one.status != "refused")
        return None if not isinstance(account, Office) and _are(RECEIPTS, names) else "it sends no receipts"

    def meets(self, account: Account[Any], names: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Only receipts."""
        return all(_are(RECEIPTS, (name,)) for name in names)


class LateReceipt(_Receipts):
    """News of the day before."""

    name = "late-receipt"
    about = "the news that a message was sent, delivered or read comes late"
    takes = ("time",)
    usual_s = (5.0, 60.0)

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="late", delay_s=rule.drawn_s(chance))


class LostReceipt(_Receipts):
    """No news."""

    name = "lost-receipt"
    about = "the news that a message was sent, delivered or read never comes"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="drop")


class ReorderedReceipt(_Receipts):
    """Read before delivered."""

    name = "reordered-receipt"
    about = "the news that a message was sent or delivered comes after the next news of the same chat"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="webhook", kind="swap", delay_s=2.0)


class Skew(FaultKind):
    """The vendor's clock is not the bot's: drawn when a customer first acts, and for no single webhook."""

    name = "skew"
    where = "webhook"
    about = "the vendor's clock is off by up to this time, either way, in a whole conversation; signatures stay right"
    each = "conversation"
    takes = ("time",)
    usual_share = 1.0
    usual_s = (5.0, 5.0)

    def why_not(self, account: Account[Any]) -> str | None:
        """A helpdesk's clock decides who is on duty: its time stays right."""
        return "its clock says who is on duty" if isinstance(account, Office) else None

    def off_s(self, rule: Rule, chance: Stream) -> float:
        """By how much a clock is off, whole seconds."""
        return float(round(rule.drawn_s(chance) * chance.uniform(-1.0, 1.0)))


def _are(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _first_retry_s(account: Account[Any]) -> float:
    retry = account.service.delivery.retry
    return retry.delays_s[0] + retry.jitter_s
