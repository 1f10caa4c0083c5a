"""What a kind of fault is that comes by chance: what it does, where it means something, what it may cost.

A kind turns a draw into a ``Fault``, which the courier or the reception carries out. Times are seconds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from chatdrill.seeds import Stream
from chatdrill.serve.channel import Account
from chatdrill.serve.faults.fault import Fault, Where

Bears = Literal["nothing", "time", "order", "loss"]
"""The worst that a fault does to a correct bot: it comes later, hears things in another order, or never hears (or says) them."""
Takes = Literal["time", "status", "count"]
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How often one kind strikes, and how hard. ``share`` is a chance of 0 to 1 for each exchange (for ``each`` kind says of what);
    ``between_s`` bounds the time that is drawn, ``status`` is the vendor's answer, ``count`` how many there are; ``on`` one platform
    or desk (``*``: all)."""

    kind: FaultKind
    share: float
    between_s: Range | None = None
    status: int | None = None
    count: int | None = None
    on: str = "*"

    def why_not(self, account: Account[Any]) -> str | None:
        """Why it never strikes at an account, as the end of a sentence; ``None`` if it may."""
        return self.kind.why_not(account)

    def drawn_s(self, chance: Stream) -> float:
        """A time between the bounds."""
        least, most = self.between_s or (0.0, 0.0)
        return round(least if least == most else chance.uniform(least, most), 3)


class FaultKind:
    """What all kinds share. ``name`` is the word that users write; ``takes`` what may stand behind it, with ``usual_*`` where it
    does not. ``each`` names what a share counts, ``where`` whose exchanges it changes (``None``: none)."""

    name: ClassVar[str]
    about: ClassVar[str]
    where: ClassVar[Where | None] = None
    each: ClassVar[str] = "webhook"
    takes: ClassVar[tuple[Takes, ...]] = ()
    usual_share: ClassVar[float] = 0.05
    usual_s: ClassVar[Range | None] = None
    usual_count: ClassVar[int | None] = None
    bears: ClassVar[Bears] = "nothing"

    def why_not(self, account: Account[Any]) -> str | None:  # noqa: ARG002  most kinds mean something everywhere
        """Why it never strikes at an account, as the end of a sentence; ``None`` if it may."""
        return None

    def bears_at(self, account: Account[Any]) -> Bears:  # noqa: ARG002
        """What it ``bears`` at an account."""
        return self.bears


class Striking(FaultKind, ABC):
    """A kind that strikes single exchanges."""

    where: ClassVar[Where | None] = "webhook"

    def meets(self, account: Account[Any], names: tuple[str, ...]) -> bool:  # noqa: ARG002  most strike all of theirs
        """True if it may strike an exchange that has these names."""
        return True

    @abstractmethod
    def fault(self, rule: Rule, chance: Stream) -> Fault:
        """What happens."""

    def late_s(self, fault: Fault, account: Account[Any]) -> float:  # noqa: ARG002
        """By how much later a correct bot may do what it should."""
        return 0.0
