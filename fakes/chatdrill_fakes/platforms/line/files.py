"""What lies at the links of the bot. LINE takes a message whatever lies there, and its app shows nothing where that does not fit."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chatdrill.model import File, Media, Part
from chatdrill.wire import Fetch, Fetched
from chatdrill.wire.files import describe, sniff
from chatdrill_fakes.platforms.line import limits
from chatdrill_fakes.platforms.line.drafts import Draft, Wanted
from chatdrill_fakes.platforms.line.state import LineState

LINK_CACHED_S = 600.0


def to_fetch(state: LineState, drafts: list[Draft], fetched: Mapping[str, Fetched], now: float) -> Fetch | None:
    """What must be read before messages can be shown, if anything."""
    wanted = [one.url for draft in drafts for one in draft.wanted]
    if not wanted:
        return None
    missing = [url for url in wanted if url not in fetched and _known(state, url, now) is None]
    return Fetch(tuple(dict.fromkeys(missing)), size_max_bytes=limits.VIDEO_MAX_BYTES + 1) if missing else None


def filled(
    state: LineState, draft: Draft, fetched: Mapping[str, Fetched], now: float
) -> tuple[tuple[Part, ...], str | None]:
    """The parts with the file as it was found, and why a customer's app would not show it (``None``: it does)."""
    parts, problem = draft.parts, None
    for number, wanted in enumerate(draft.wanted):
        file, wrong = _taken(state, wanted, fetched, now)
        problem = problem or wrong
        first = parts[0]
        if number == 0 and isinstance(first, Media):
            parts = (msgspec.structs.replace(first, file=file), *parts[1:])
    return parts, problem


def _taken(state: LineState, wanted: Wanted, fetched: Mapping[str, Fetched], now: float) -> tuple[File, str | None]:
    """What nobody could read because it lies outside this machine is taken on trust."""
    file = _known(state, wanted.url, now)
    if file is None:
        got = fetched[wanted.url]
        if got.error is not None:
            words = None if got.error == "unreachable" else f"{wanted.name} could not be read: {got.error}"
            return File(url=wanted.url), words
        name = wanted.url.partition("?")[0].rpartition("/")[2] or None
        found = describe(got.content, state.blobs, name=name, mime=got.content_type or None)
        file = msgspec.structs.replace(found, url=wanted.url)
        state.links[wanted.url] = (file, now)
    return file, _misfit(state, wanted, file)


def _known(state: LineState, url: str, now: float) -> File | None:
    known = state.links.get(url)
    return known[0] if known is not None and 0 <= now - known[1] <= LINK_CACHED_S else None


def _misfit(state: LineState, wanted: Wanted, file: File) -> str | None:
    content = state.blobs.get(file.sha256) if file.sha256 in state.blobs else b""
    mime = sniff(content) or file.mime
    if mime not in wanted.mimes:
        return f"{wanted.name} is {mime}, not one of {', '.join(sorted(wanted.mimes))}: the app shows nothing"
    if file.size_bytes > wanted.max_bytes:
        return f"{wanted.name} has {file.size_bytes} bytes, {wanted.max_bytes} are allowed: the app shows nothing"
    return None
