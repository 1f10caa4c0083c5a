"""What a file declares of a messenger, as values. The words of the file are the names of the fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from chatdrill_fakes.families.declared import spec as family
from chatdrill_fakes.families.declared.filling import Filler, filler, full_filler, names_in
from chatdrill_fakes.families.declared.matching import Matcher, RequestMatcher
from chatdrill_fakes.families.declared.signing import Signature
from chatdrill_fakes.families.declared.templates import Answer

Encoding = Literal["json", "form", "multipart"]
ENCODINGS: tuple[Encoding, ...] = ("json", "form", "multipart")
Deed = Literal["send", "edit", "delete", "typing", "read", "ignore"]
DEEDS: tuple[Deed, ...] = ("send", "edit", "delete", "typing", "read", "ignore")
Style = Literal["inline", "reply", "quick_replies", "list"]
STYLES: tuple[Style, ...] = ("inline", "reply", "quick_replies", "list")

MESSAGE = "message"
TELLS = (MESSAGE, "press", "start", "edit", "delete", "react", "typing", "read", "receipt", "block", "unblock")
"""What the other side can be told of."""
PARTS = (
    "text",
    *(
        f"media.{kind}"
        for kind in ("photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note")
    ),
    "location",
    "contact",
)
"""What customers can say; ``media`` in a file is all of ``media.photo`` and so on."""
READ = (
    "to",
    "text",
    "files",
    "uploads",
    "file_name",
    "buttons",
    "latitude",
    "longitude",
    "message",
    "origin",
    "reply_to",
    "said_by",
)
"""What can be read out of a request or an answer; where ``each`` names a list, in each element."""
BUTTON = ("title", "payload", "url")

ERRORS: dict[str, tuple[int, str]] = {
    **family.ERRORS,
    "unknown_customer": (404, "customer not found"),
    "nothing_to_say": (400, "nothing to say"),
    "too_many_buttons": (422, "too many buttons"),
    "blocked": (403, "the customer has blocked the sender"),
}
"""The errors a file may word, with what they are where it does not."""


@dataclass(frozen=True)
class Reply:
    """Messages in the answer to a webhook: places as in a request, ``each`` of the list of them."""

    read: Mapping[str, Any]
    each: str | None = None
    buttons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tell:
    """A request to the other side: on what, whither, with which body, and what is read of its answer.

    ``parts`` are the kinds of parts it carries, ``several`` whether more than one file at once. ``without`` is a value that
    must not be known yet. ``keep`` gives names to what the answer has at a place.
    ``uses``, ``fill`` and ``heads`` are made of the templates, once: the names in them, and what fills them in.
    """

    on: str
    name: str
    method: str = "POST"
    url: str = ""
    encoding: Encoding = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    uploads: str | None = None
    parts: frozenset[str] = frozenset()
    several: bool = False
    without: str | None = None
    ack: tuple[int, ...] = ()
    keep: Mapping[str, str] = field(default_factory=dict)
    reply: Reply | None = None
    signature: Signature = field(default_factory=Signature)
    line: int = 0

    def __post_init__(self) -> None:
        used = {*names_in(self.url), *names_in(self.body), *names_in(dict(self.headers))}
        object.__setattr__(self, "uses", frozenset(used))
        object.__setattr__(self, "fill", filler(self.body))
        object.__setattr__(self, "heads", tuple((name, filler(value)) for name, value in self.headers.items()))

    @cached_property
    def matcher(self) -> RequestMatcher:
        """The same the other way round, made when it is first needed."""
        return RequestMatcher(self.method, self.url, self.headers, self.body)

    uses: frozenset[str] = field(init=False, compare=False)
    fill: Filler = field(init=False, compare=False, repr=False)
    heads: tuple[tuple[str, Filler], ...] = field(init=False, compare=False, repr=False)


@dataclass(frozen=True)
class Take:
    """A request that the other side makes. ``where`` has the values (any of several) that must lie at places, ``unless``
    those that must not. ``find`` leads to a customer by what was kept. ``line`` is where it stands in the file; ``has_id`` and
    ``fill`` are made of the answer, once."""

    name: str
    method: str
    path: str
    does: Deed
    pattern: re.Pattern[str]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    each: str | None = None
    read: Mapping[str, Any] = field(default_factory=dict)
    find: Mapping[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()
    buttons: Mapping[str, str] = field(default_factory=dict)
    markup: Literal["plain", "html"] = "plain"
    answer: Answer = field(default_factory=Answer)
    line: int = 0

    def __post_init__(self) -> None:
        body = self.answer.body
        object.__setattr__(self, "has_id", "id" in {*names_in(body), *names_in(dict(self.answer.headers))})
        object.__setattr__(self, "fill", full_filler(body))

    @cached_property
    def answered(self) -> Matcher:
        """The answer the other way round, made when it is first needed."""
        return Matcher(self.answer.body)

    has_id: bool = field(init=False, compare=False)
    fill: Filler = field(init=False, compare=False, repr=False)


@dataclass(frozen=True)
class Limits(family.Limits):
    """Numbers of the vendor; ``None`` for no limit."""

    buttons_max: int | None = None


@dataclass(frozen=True)
class Spec:
    """A whole messenger. ``values`` are names of the file's own, with their defaults; ``kept`` those of captured values."""

    file: str
    title: str
    source: str
    parts: frozenset[str]
    tells: Mapping[str, tuple[Tell, ...]]
    opens: tuple[Tell, ...]
    takes: tuple[Take, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    auth: Signature = field(default_factory=Signature)
    auth_max_age_s: float | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Answer] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    delivery: family.Deliver = field(default_factory=family.Deliver)
    keyboard: Style = "inline"
    file_shape: Any = None
    shows: frozenset[str] = frozenset()

    @cached_property
    def file_matcher(self) -> Matcher:
        """The shape of a file the other way round, made when it is first needed."""
        return Matcher(self.file_shape)
