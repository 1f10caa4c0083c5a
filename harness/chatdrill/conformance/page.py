"""The reference page of a platform, made of nothing but what the laws prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chatdrill.seeds import Seed
from chatdrill.wire import Delivery, Limit, Platform
from chatdrill.wire.sheets import Bound, Mistake, Refused, Sheet

_SHOWN_TRIES = 12
_HEAD = """\
# {title}

<!-- Written by docs/generate.py. -->

What the fake `{name}` does, and how faithfully. The [laws](../conformance.md) prove this page: every part and event is sent, every
call made, every error provoked, and every limit tried at n and n + 1; where no call can show one, its last column says why.
"""


def platform_page(platform: Platform[Any], sheet: Sheet) -> str:
    """Markdown for a platform whose laws hold."""
    return "\n".join(_page(platform, sheet)) + "\n"


def _page(platform: Platform[Any], sheet: Sheet) -> Iterator[str]:
    able = platform.capabilities
    yield _HEAD.format(title=platform.title, name=platform.name)
    yield "## What can be said and done\n"
    yield "| who | what |\n|---|---|"
    yield f"| a customer sends | {_words(able.customer_parts)} |"
    yield f"| a bot shows | {_words(able.bot_parts)} |"
    yield f"| a customer, or the vendor, does | {_words(able.acts)} |"
    yield f"| events by name | {_words(able.events)} |"
    yield "\n| what is missing | and what happens instead |\n|---|---|"
    yield from (f"| `{name}` | {_cell(why)} |" for name, why in sorted(able.lacks.items()))
    silent = sorted((name, why) for name, why in sheet.silent.items() if name in able.events)
    yield from (f"| `{name}`, to be told of | {_cell(why)} |" for name, why in silent)
    yield "\n## Delivery\n"
    yield from _delivery(platform.delivery, sheet)
    yield "\n## Limits\n"
    yield "| limit | value | unit | source | one more |\n|---|---|---|---|---|"
    bounds = {bound.limit: bound for bound in sheet.bounds}
    yield from (_limit(limit, bounds.get(limit.name), sheet) for limit in platform.limits)
    yield "\n## Errors\n"
    yield "| mistake | status | what stands in the answer |\n|---|---|---|"
    yield from (_mistake(each) for each in sheet.errors)
    yield "\n## Coverage\n"
    yield "| call or event | emulated | missing |\n|---|---|---|"
    yield from (f"| `{_cell(each.name)}` | {each.status} | {_cell(each.note)} |" for each in platform.coverage)


def _delivery(delivery: Delivery, sheet: Sheet) -> Iterator[str]:
    order = {
        "strict": "an update waits for the one before it",
        "first_try": "an update waits for the first try of the one before it",
    }
    stale = "is not dated" if sheet.stale_after_s is None else f"is believed for {sheet.stale_after_s:g} s"
    yield "| | |\n|---|---|"
    yield f"| a bot has to answer within | {delivery.ack_timeout_s:g} s, with status {delivery.success} |"
    yield f"| what failed is tried again after | {', '.join(_tries(delivery))} |"
    yield f"| order | {order[delivery.order]} |"
    yield f"| updates in one webhook | {delivery.batch_max} |"
    yield f"| connections at once | {delivery.concurrency_max} |"
    yield f"| a webhook's address is set by | the {delivery.registered_by} |"
    yield f"| a webhook | {stale} |"
    yield f"| source | {_cell(delivery.source)} |"


def _tries(delivery: Delivery) -> list[str]:
    """The pauses between tries, and what ends them."""
    found: list[str] = []
    chance, elapsed = Seed(1).stream("page"), 0.0
    while (delay := delivery.retry.delay_s(len(found) + 1, elapsed, chance)) is not None:
        if len(found) == _SHOWN_TRIES:
            limit = delivery.retry.give_up_after_s
            return [*found, "and so on" if limit is None else f"and so on for {limit:g} s"]
        found.append(f"{delay:g} s")
        elapsed += delay
    return [*found, "then no more"]


def _limit(limit: Limit, bound: Bound | None, sheet: Sheet) -> str:
    value = f"{limit.value:,.10g}"
    more = sheet.untried[limit.name] if bound is None else _answer(bound.refused)
    return f"| `{limit.name}` | {value} | {_cell(limit.unit)} | {_cell(limit.source)} | {_cell(more)} |"


def _mistake(mistake: Mistake) -> str:
    answer = mistake.answer
    later = answer.later is not None
    words = f"fails later with {answer.later}" if later else _said(answer.body, answer.status)
    return f"| {_cell(mistake.name)} | {'accepted' if later else answer.status} | {_cell(words)} |"


def _answer(refused: Refused | None) -> str:
    if refused is None:
        return "a customer cannot"
    if refused.later is not None:
        return f"is accepted, and fails later with {refused.later}"
    return f"{refused.status} {_said(refused.body, refused.status)}".strip()


def _said(body: Any, status: int) -> str:
    """The codes and words of an expected answer, without its envelope and what the status says already."""
    if isinstance(body, dict):
        return ", ".join(said for value in body.values() if (said := _said(value, status)))
    return "" if body is None or isinstance(body, bool) or body == status else str(body)


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "nothing"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
