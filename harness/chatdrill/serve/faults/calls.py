"""The kinds of faults that strike the calls of the bot, its downloads among them."""

from __future__ import annotations

from typing import Any, ClassVar

from chatdrill.seeds import Stream
from chatdrill.serve.channel import Account, Office
from chatdrill.serve.faults.base import Bears, Rule, Striking
from chatdrill.serve.faults.fault import Fault

DOWNLOAD = ("download",)
"""What a download of a customer's file is called among calls."""
_TOLERATED_S = 10.0
"""What a bot may take on top of what the vendor asks for, before it tries again: those that wait longer and longer begin with
a second or two."""


class _Api(Striking):
    where = "api"
    each = "call"
    bears: ClassVar[Bears] = "time"

    def meets(self, account: Account[Any], names: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Calls about a customer, and no downloads."""
        return names != DOWNLOAD


class ApiError(_Api):
    """A refusal in the vendor's own words."""

    name = "api-error"
    about = "a call is answered by this status (400 to 599), in the vendor's own words; 429 says when to come again"
    takes = ("status", "time")
    usual_share = 0.02

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        status = rule.status or 500
        wait_s = max(1, round(rule.drawn_s(chance))) if rule.between_s is not None else 3 if status == 429 else None
        return Fault(where="api", kind="status", status=status, retry_after_s=wait_s)

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return _TOLERATED_S + (fault.retry_after_s or 0)


class SlowApi(_Api):
    """The vendor thinks."""

    name = "slow-api"
    about = "a call is answered late"
    takes = ("time",)
    usual_share = 0.1
    usual_s = (0.5, 3.0)

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="api", kind="delay", delay_s=rule.drawn_s(chance))

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return fault.delay_s + _TOLERATED_S  # a bot that gives up waiting tries again


class ApiReset(_Api):
    """The connection breaks before anything happened."""

    name = "api-reset"
    about = "the connection of a call is reset before the vendor has looked at it, which the bot cannot know"
    usual_share = 0.02
    bears = "loss"  # some bots repeat what may have been done, some do not: a message twice, or none

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="api", kind="reset")

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """See ``Striking.late_s``."""
        return _TOLERATED_S


class LostAnswer(ApiReset):
    """Done, and nobody knows."""

    name = "lost-answer"
    about = "a call is carried out, but its answer is lost: a bot without keys of its own can only repeat it or not"
    usual_share = 0.01

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="api", kind="drop")


class ApiDown(_Api):
    """A minute in which nothing works."""

    name = "api-down"
    about = "from a call on, every call about the same customer is answered 503 for this time, once a conversation"
    takes = ("time",)
    usual_share = 0.02
    usual_s = (60.0, 60.0)

    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """See ``Striking.fault``."""
        return Fault(where="api", kind="status", status=503, delay_s=rule.drawn_s(chance))

    def bears_at(self, account: Account[Any]) -> Bears:
        """A bot whose helpdesk is down may tell the customer so, and go on without."""
        return "loss" if isinstance(account, Office) else self.bears

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """Who doubles the pause may sleep as long again as it was down."""
        return 2 * fault.delay_s + _TOLERATED_S


class MediaFault(Striking):
    """What happens to the download of a file that a customer sent."""

    where = "api"
    each = "download of a customer's file"
    usual_share = 0.1
    bears: ClassVar[Bears] = "loss"

    def why_not(self, account: Account[Any]) -> str | None:
        """Customers send their files to a platform."""
        return "it is no platform" if isinstance(account, Office) else None

    def meets(self, account: Account[Any], names: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Only downloads."""
        return names == DOWNLOAD


class MediaGone(MediaFault):
    """Nobody came for it in time."""

    name = "media-gone"
    about = "the download of a customer's file is answered 404 or 410: it has expired"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="api", kind="status", status=chance.choice((404, 410)))


class MediaCut(MediaFault):
    """Half a picture."""

    name = "media-cut"
    about = "the download of a customer's file breaks off in the middle"

    def fault(self, rule: Rule, chance: Stream) -> Fault:  # noqa: ARG002
        """See ``Striking.fault``."""
        return Fault(where="api", kind="cut")
