"""What steps are made of: who acts, under which condition, and what they send."""

from __future__ import annotations

import msgspec

from chatdrill.model import Contact, Form, Location, MediaKind, Order, Other


class Guard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition that a step stands under. Steps of one ``if`` share its ``id``; ``negated`` in the ``else`` branch."""

    id: str
    condition: str
    negated: bool = False


class BaseStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="step"):
    """Base of the steps. ``customer`` is the key of who acts or listens (``None``: the scenario's first customer)."""

    customer: str | None = None
    when: tuple[Guard, ...] = ()

    @property
    def is_timed(self) -> bool:
        """True if a moment bounds the step."""
        return False


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="part", tag="attachment"):
    """A file to send. ``file`` is a key of ``Case.files``; ``kind`` ``None`` means: by the file's content.

    ``name`` is the file name that the bot sees.
    """

    file: str
    kind: MediaKind | None = None
    caption: str | None = None
    name: str | None = None
    emoji: str | None = None


Content = Attachment | Location | Contact | Order | Form | Other
