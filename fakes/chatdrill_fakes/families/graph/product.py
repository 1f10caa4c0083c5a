"""What one of the two messengers calls things, and how it words its refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chatdrill_fakes.families.meta import GraphError


class Refusals(Protocol):
    """A product's errors, as a module that has these functions."""

    @property
    def no_such_user(self) -> Callable[[], GraphError]:
        """Nobody has this id."""

    @property
    def outside_window(self) -> Callable[[], GraphError]:
        """The customer's last act is too long ago."""

    @property
    def other_app_controls(self) -> Callable[[], GraphError]:
        """Another app owns the thread."""

    @property
    def thread_refused(self) -> Callable[[str, int], GraphError]:
        """A call of the thread control API that its state does not allow."""

    @property
    def unavailable(self) -> Callable[[], GraphError]:
        """Customer or business blocked the other one."""

    @property
    def not_a_tester(self) -> Callable[[], GraphError]:
        """The app is in development mode and the customer has no role in it."""

    @property
    def restricted(self) -> Callable[[], GraphError]:
        """The business may not send at all."""

    @property
    def rate_limited(self) -> Callable[[], GraphError]:
        """Too many calls in a while."""

    @property
    def page_limited(self) -> Callable[[], GraphError]:
        """The calls of the day are used up."""

    @property
    def no_such_comment(self) -> Callable[[], GraphError]:
        """There is no such comment to answer."""

    @property
    def comment_answered(self) -> Callable[[], GraphError]:
        """The comment was answered already."""

    @property
    def comment_too_old(self) -> Callable[[], GraphError]:
        """The comment is older than private replies may be."""


@dataclass(frozen=True, slots=True)
class Product:
    """``object`` is the word of webhooks and subscriptions, ``inbox`` the app of the business's own inbox.

    ``standby`` are the fields whose events an app that does not control the thread gets in ``standby[]`` (it never learns of the
    others), ``always`` those that reach an app whoever controls the thread. ``tags`` are the message tags in service, with the
    seconds after the customer's last act in which each may be used, ``removed_tags`` those that once were. ``accepted`` has the
    MIME types, or beginnings of them, that each type of attachment may have; where it ``takes_uploads``, a file may also come in the
    request. ``echo_field`` and ``delivery_field`` are the fields that tell what became of a message.
    """

    title: str
    object: str
    inbox: str
    fields: tuple[str, ...]
    silent_fields: tuple[str, ...]
    standby: frozenset[str]
    always: frozenset[str]
    tags: Mapping[str, float]
    removed_tags: tuple[str, ...]
    accepted: Mapping[str, tuple[str, ...]]
    refusals: Refusals
    budget: str
    echo_field: str = "message_echoes"
    delivery_field: str | None = None
    takes_uploads: bool = True
