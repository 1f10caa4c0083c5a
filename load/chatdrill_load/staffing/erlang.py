"""Erlang's formulas, computed without factorials, so that ten thousand servers are as safe as one.

*Erlang B* by its recursion ``B(n) = a B(n-1) / (n + a B(n-1))``: every step lies between 0 and 1, and an error in one step shrinks
in the next. *Erlang C* follows from it. With them goes the queue M/M/n: Poisson arrivals, exponential handling times, n servers.

*Erlang A* (C. Palm, 1946; C. Garnett, A. Mandelbaum, M. Reiman, "Designing a Call Center with Impatient Customers", 2002;
A. Mandelbaum, S. Zeltyn, "The Palm/Erlang-A Queue", 2005) lets customers give up after an exponential patience: M/M/n+M. With
``c = n mu / theta`` and ``b = lambda / theta``, a customer who would never give up waits longer than t with probability::

    P(V > t) = p_n  exp(b (1 - y) - c theta t)  S(c, b y),     y = exp(-theta t),     S(c, z) = sum z^k / ((c+1) ... (c+k))

where ``p_n`` is the probability of n in the system, and so is that of waiting at all: ``p_n S(c, b)``. The sum has positive terms
only, so it loses no digits; it is scaled while it is made, so it does not overflow. Of a floor that is overrun, where
it would have millions of terms, it is known in closed form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from chatdrill.errors import UsageError
from chatdrill_load.staffing.target import TimeToHuman

_SCALE = 1e200  # far below the greatest float, 1.8e308
_EPSILON = 1e-17  # below half a unit in the last place of 1
# What is left out beyond so many standard deviations, and so many more, is less than e^-500 of the whole.
_FAR, _FAR_SIGMAS = 10_000, 40


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Customers per second, the mean handling time in seconds, and the mean patience (``None``: nobody gives up)."""

    rate_per_s: float
    handling_s: float
    patience_s: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("rate", self.rate_per_s), ("handling time", self.handling_s)):
            if not 0 <= value < math.inf:
                raise UsageError(f"the {name} must be a number from 0, not {value}")
        if self.patience_s is not None and not 0 < self.patience_s < math.inf:
            raise UsageError(f"the mean patience must be above 0, not {self.patience_s}; None if nobody gives up")

    @property
    def load(self) -> float:
        """Servers that would be busy if there were enough of them (erlangs)."""
        return self.rate_per_s * self.handling_s


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How a queue does in the long run: shares from 0 to 1, seconds. ``mean_wait_s`` is that of all who came."""

    kept: float
    waits: float
    mean_wait_s: float
    abandoned: float
    occupancy: float


def erlang_b(servers: int, load: float) -> float:
    """The probability that all servers are busy if nobody waits (M/M/n/n)."""
    _check(servers, load)
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """The probability of having to wait (M/M/n); 1 if the load is not below the number of servers."""
    _check(servers, load)
    if load >= servers:
        return 1.0 if load > 0 else 0.0
    blocked = erlang_b(servers, load)
    return servers * blocked / (servers - load * (1 - blocked))


def _check(servers: int, load: float) -> None:
    if servers < 0 or not 0 <= load < math.inf:
        raise UsageError(f"servers and load cannot be negative or infinite: {servers} servers, {load} erlangs")


def waiting(traffic: Traffic, servers: int, bar_s: float) -> Waiting:
    """The queue in the long run: Erlang A if the traffic has a patience, Erlang C otherwise.

    ``kept`` is the share of all customers that reaches a server within ``bar_s``.
    """
    _check(servers, traffic.load)
    if traffic.load == 0:
        return Waiting(kept=1.0, waits=0.0, mean_wait_s=0.0, abandoned=0.0, occupancy=0.0)
    if traffic.patience_s is None:
        return _patient(traffic, servers, bar_s)
    return _impatient(traffic, servers, bar_s, 1 / traffic.patience_s)


def _patient(traffic: Traffic, servers: int, bar_s: float) -> Waiting:
    if traffic.load >= servers:
        return Waiting(kept=0.0, waits=1.0, mean_wait_s=math.inf, abandoned=0.0, occupancy=1.0)
    waits = erlang_c(servers, traffic.load)
    drain_per_s = (servers - traffic.load) / traffic.handling_s
    return Waiting(
        kept=1 - waits * math.exp(-drain_per_s * bar_s),
        waits=waits,
        mean_wait_s=waits / drain_per_s,
        abandoned=0.0,
        occupancy=traffic.load / servers,
    )


def _impatient(traffic: Traffic, servers: int, bar_s: float, theta: float) -> Waiting:
    if servers == 0:
        return Waiting(kept=0.0, waits=1.0, mean_wait_s=1 / theta, abandoned=1.0, occupancy=0.0)
    c = servers / (traffic.handling_s * theta)
    b = traffic.rate_per_s / theta
    full = _log_full(servers, traffic.load, c, b)
    # A customer who waits is answered if patience outlasts the wait, which adds one theta to the exponent: c becomes c + 1.
    answered = full + math.log(c / (c + 1))
    waits = _longer(full, c, b, 0.0)
    abandoned = max(0.0, waits - _longer(answered, c + 1, b, 0.0))
    return Waiting(
        kept=max(0.0, 1 - abandoned - _longer(answered, c + 1, b, theta * bar_s)),
        waits=waits,
        mean_wait_s=abandoned / theta,
        abandoned=abandoned,
        occupancy=traffic.load * (1 - abandoned) / servers,
    )


def _longer(full: float, c: float, b: float, theta_t: float) -> float:
    """``P(V > t)`` of the module's docstring, given the logarithm of ``p_n``."""
    if full == -math.inf:
        return 0.0
    exponent = full - b * math.expm1(-theta_t) - c * theta_t + _log_sum(c, b * math.exp(-theta_t))
    return min(1.0, math.exp(exponent))


def _log_full(servers: int, load: float, c: float, b: float) -> float:
    """The logarithm of the probability that as many are in the system as there are servers."""
    blocked = erlang_b(servers, load)
    if blocked == 0.0:  # less than any float: nobody ever waits
        return -math.inf
    fewer = 1 / blocked - 1
    queued = _log_sum(c, b)
    if fewer <= 0:
        return -queued
    greater, less = max(math.log(fewer), queued), min(math.log(fewer), queued)
    return -(greater + math.log1p(math.exp(less - greater)))


def _log_sum(c: float, z: float) -> float:
    """The logarithm of ``S(c, z)``.

    ``S`` is ``c e^z z^-c`` times the incomplete gamma function of c up to z; far beyond c that is the whole gamma function.
    """
    if z - c > _FAR + _FAR_SIGMAS * math.sqrt(c):
        return math.lgamma(c + 1) + z - c * math.log(z)
    total = term = 1.0
    scaled = 0.0
    count = 1
    while term > _EPSILON * total or z > c + count:
        term *= z / (c + count)
        total += term
        count += 1
        if total > _SCALE:
            total, term, scaled = total / _SCALE, term / _SCALE, scaled + math.log(_SCALE)
    return scaled + math.log(total)


def servers_needed(traffic: Traffic, target: TimeToHuman, *, per_agent: int = 1) -> int:
    """The fewest agents, ``per_agent`` servers each, with whom the target is kept in the long run."""
    if traffic.load == 0:
        return 0

    def is_kept(agents: int) -> bool:
        return waiting(traffic, agents * per_agent, target.bar_s).kept >= target.share

    return least(is_kept, math.ceil(traffic.load / per_agent))


def least(is_enough: Callable[[int], bool], guess: int) -> int:
    """The least number from 1 that is enough, if all above it are too. Looks near ``guess`` first: doubling steps, then halves."""
    low, high = 0, max(1, guess)
    step = 1
    if is_enough(high):
        while high - step > 0 and is_enough(high - step):
            high, step = high - step, step * 2
        low = max(0, high - step)
    else:
        while not is_enough(high + step):
            high, step = high + step, step * 2
        low, high = high, high + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
