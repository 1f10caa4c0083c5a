"""Which hosts a bot was kept from, told from a trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from chatdrill.trace.records import BARRED_MAX, Barred, Record

_SHOWN_MAX = 20


def barred_hosts(records: Iterable[Record]) -> Mapping[str, str]:
    """The hosts that were refused, with how often in words, the most wanted first."""
    counts = Counter(record.host for record in records if isinstance(record, Barred))
    return {host: _times(count) for host, count in counts.most_common()}


def barred_words(records: Iterable[Record]) -> str:
    """The same in a sentence; empty where nobody was refused."""
    hosts = barred_hosts(records)
    if not hosts:
        return ""
    shown = ", ".join(f"{host} ({times})" for host, times in list(hosts.items())[:_SHOWN_MAX])
    more = f" and {len(hosts) - _SHOWN_MAX} more" if len(hosts) > _SHOWN_MAX else ""
    return f"no fake stands for what the bot wanted to reach, and it was refused: {shown}{more}; --allow HOST lets it through"


def _times(count: int) -> str:
    if count >= BARRED_MAX:
        return f"{count} times or more"
    return "once" if count == 1 else f"{count} times"
