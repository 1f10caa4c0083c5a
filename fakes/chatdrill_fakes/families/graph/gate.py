"""May this message be sent now? Who owns the thread, who blocked whom, the messaging window, the rates: in that order."""

from __future__ import annotations

from bisect import bisect_right

from chatdrill.wire import Bucket
from chatdrill_fakes.families.meta import GraphError

from . import errors, limits, reading
from .recipients import Asked, Recipient
from .state import GraphChat, Shared

_NOTIFICATION_TYPES = ("REGULAR", "SILENT_PUSH", "NO_PUSH")


def read_tag(asked: Asked, types: tuple[str, ...]) -> str | None:
    """The tag of a message, checked together with its type, which is one of ``types``. Raises error 100."""
    values, product = asked.values, asked.state.product
    if values.get("notification_type") is not None:
        reading.one_of(values["notification_type"], "notification_type", _NOTIFICATION_TYPES)
    kind = values.get("messaging_type")
    if kind is not None:
        reading.one_of(kind, "messaging_type", types)
    tag = values.get("tag")
    if tag is None and kind != "MESSAGE_TAG":  # nearly every message
        return None
    if tag in product.removed_tags:
        raise errors.invalid(f"The message tag {tag} is no longer supported since April 27, 2026")
    reading.one_of(tag, "tag", tuple(product.tags))
    return tag if kind in (None, "MESSAGE_TAG") else None


def check_thread(asked: Asked, chat: GraphChat, at: float) -> None:
    """Owner, blocks and what a scenario asked to go wrong. Raises the vendor's error."""
    if chat.failures:
        raise chat.failures.pop(0)
    owner = asked.state.owner_of(chat, at)
    if owner is not None and owner != asked.state.app_id:
        raise asked.state.product.refusals.other_app_controls()
    if asked.state.testers and chat.customer.key not in asked.state.testers:
        raise asked.state.product.refusals.not_a_tester()
    if asked.state.restricted:
        raise asked.state.product.refusals.restricted()
    if chat.blocked or chat.banned:
        raise asked.state.product.refusals.unavailable()


def check_window(asked: Asked, recipient: Recipient, at: float, tag: str | None) -> None:
    """The 24 hours after the customer's last act, longer with a tag; some recipients need no window."""
    if recipient.comment is not None:
        return
    if recipient.grant is not None:
        _check_cadence(recipient, at)
        return
    window_s = asked.state.product.tags.get(tag or "", limits.WINDOW_S)
    last = recipient.chat.last_customer_at
    if last is None and recipient.chat.address and not recipient.shows_id:
        return  # a plug-in or a phone number opens the thread by itself
    if last is None or at - last > window_s:
        raise asked.state.product.refusals.outside_window()


def _check_cadence(recipient: Recipient, at: float) -> None:
    grant = recipient.grant
    if grant is not None and grant.used_at is not None and at - grant.used_at < limits.DAY_S:
        raise GraphError(4, "(#4) This marketing message is sent too early", 2018354)


def take_rates(asked: Asked, recipient: Recipient, at: float, *, heavy: bool = False) -> None:
    """Count the call against the rates; sound and video are ``heavy``. Raises 613, or the day's budget's own error."""
    state = asked.state
    if state.limited:
        quotas = state.quotas
        buckets = [quotas.heavy if heavy else quotas.sends]
        if recipient.comment is not None:
            buckets.append(quotas.private)
        if any(bucket.take(asked.now) for bucket in buckets):
            raise asked.state.product.refusals.rate_limited()
    _count(state, recipient.chat, at)


def _count(state: Shared, chat: GraphChat, at: float) -> None:
    """The Page may make 200 calls in 24 hours for each person it is in touch with."""
    sends = chat.sends
    if sends and sends[0] <= at - limits.DAY_S:
        over = bisect_right(sends, at - limits.DAY_S)
        state.sent -= over
        del sends[:over]
    if state.limited and state.sent >= limits.DAILY_CALLS_PER_ENGAGED_USER * max(1, len(state.engaged)):
        raise state.product.refusals.page_limited()
    sends.append(at)
    state.sent += 1


def take(asked: Asked, bucket: Bucket) -> None:
    """Count a call against a rate of its own. Raises 613."""
    if asked.state.limited and bucket.take(asked.now):
        raise asked.state.product.refusals.rate_limited()
