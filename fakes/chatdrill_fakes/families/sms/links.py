"""What lies at the links of the bot: the files of an MMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from chatdrill.model import Blobs, File, Media
from chatdrill.model.parts import MediaKind
from chatdrill.wire import Fetch, Fetched
from chatdrill.wire.files import describe
from chatdrill_fakes.families.kinds import kind_of_mime

FETCH_TIMEOUT_S = 15.0
LINK_CACHED_S = 600.0
Problem = Literal["too big", "unreadable"]


class Linked(Protocol):
    """An account that remembers what was read at a link, and when."""

    links: dict[str, tuple[File, float]]
    blobs: Blobs


def to_fetch(
    account: Linked, urls: Sequence[str], fetched: Mapping[str, Fetched], now: float, most: int
) -> Fetch | None:
    """What must be read before a message can be judged, if anything; ``most`` bytes of each."""
    missing = [url for url in urls if url not in fetched and _known(account, url, now) is None]
    return Fetch(tuple(dict.fromkeys(missing)), FETCH_TIMEOUT_S, most + 1) if missing else None


def take(
    account: Linked, urls: Sequence[str], fetched: Mapping[str, Fetched], now: float, most: int
) -> tuple[list[Media], Problem | None]:
    """The files at the links, and what is wrong with them: ``most`` bytes are allowed together.

    What nobody could read because it lies outside this machine is taken on trust.
    """
    found: list[Media] = []
    problem: Problem | None = None
    for url in urls:
        file = _known(account, url, now)
        if file is None:
            got = fetched.get(url, Fetched(error="unreachable"))
            if got.error not in (None, "unreachable"):
                problem = "too big" if got.error == "too big" else "unreadable"
            file = _remember(account, url, got, now)
        found.append(Media(kind=kind_of(file), file=file))
    return found, "too big" if sum(one.file.size_bytes for one in found) > most else problem


def kind_of(file: File) -> MediaKind:
    """What a customer sees a file as."""
    return kind_of_mime(file.mime)


def _known(account: Linked, url: str, now: float) -> File | None:
    known = account.links.get(url)
    return known[0] if known is not None and 0 <= now - known[1] <= LINK_CACHED_S else None


def _remember(account: Linked, url: str, got: Fetched, now: float) -> File:
    name = url.partition("?")[0].rpartition("/")[2] or None
    if got.error is not None:
        return File(url=url, name=name, mime=got.content_type or File().mime)
    file = describe(got.content, account.blobs, name=name, mime=got.content_type.partition(";")[0] or None)
    kept = msgspec.structs.replace(file, url=url)
    account.links[url] = (kept, now)
    return kept
