"""Activities as the bot writes them, and what they become for the agents."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from chatdrill.model import Entry, File
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.botframework.answers import At, refuse
from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation
from chatdrill_fakes.families.desks import fetched_file, plain_words

ORIGIN_FIELDS = ("clientActivityID", "clientActivityId", "originId", "messageId", "id")
"""Where in ``channelData`` a bot may leave the platform's id of a message: it must not set an activity's own."""

T = TypeVar("T")


class Account(msgspec.Struct, frozen=True):
    """A ``ChannelAccount``."""

    id: str | None = None
    name: str | None = None
    role: str | None = None


class Attachment(msgspec.Struct, frozen=True, rename="camel"):
    """An attachment: a link, or content of its own (a card, a transcript)."""

    content_type: str | None = None
    content_url: str | None = None
    content: Any = None
    name: str | None = None


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of an activity that mean something to the hub; any others may come along."""

    type: str | None = None
    id: str | None = None
    name: str | None = None
    text: str | None = None
    timestamp: str | None = None
    locale: str | None = None
    reply_to_id: str | None = None
    value: Any = None
    code: str | None = None
    sender: Account | None = msgspec.field(default=None, name="from")
    attachments: tuple[Attachment, ...] | None = None
    channel_data: Any = None
    relates_to: Any = None


class Transcript(msgspec.Struct, frozen=True):
    """What was said before."""

    activities: tuple[Activity, ...] = ()


def read(value: Any, kind: type[T]) -> T:
    """``value`` as ``kind``; raises ``Refused`` where a field has another type."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise refuse(400, "BadArgument", str(problem)) from None


def read_activity(value: Any) -> Activity:
    """An activity that says what it is; raises ``Refused``."""
    activity = read(value, Activity)
    if not activity.type:
        raise refuse(400, "MissingProperty", "The 'Activity.Type' property is required")
    return activity


def author_of(state: BotFrameworkState, sender: Account | None) -> Literal["bot", "customer"]:
    """Whose words they are. Channels put a prefix before an app id (``28:``)."""
    if sender is None or not sender.id or sender.role == "bot":
        return "bot"
    return "bot" if sender.id.rpartition(":")[2] == state.bot_id else "customer"


def origin_of(activity: Activity) -> str | None:
    """The id that the bot gave the message."""
    data = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    found = next((data[name] for name in ORIGIN_FIELDS if data.get(name)), None)
    return activity.id or (str(found) if isinstance(found, str | int) else None)


def moment(timestamp: str | None) -> float | None:
    """A date as Unix seconds; ``None`` for what is none."""
    try:
        at = datetime.fromisoformat(timestamp or "")
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


# ----------------------------------------------------------------------------------------------------- files


def files_of(visit: At, attachments: Sequence[Attachment]) -> list[File]:
    """The files behind attachments. Links of the network are read first, so call it before anything is changed."""
    own = f"{visit.base_url}/v3/attachments/"
    links = [each.content_url for each in attachments if each.content_url and not _is_inside(each.content_url, own)]
    fetched = dict(zip(links, visit.read(*links), strict=True))
    found = []
    for each in attachments:
        url = each.content_url
        if url in fetched:
            found.append(fetched_file(fetched[url], visit.state.blobs, url=url, name=each.name))
        elif url:
            found.append(_held(visit.state, url, own, each))
    return found


def _is_inside(url: str, own: str) -> bool:
    if not url.startswith(("http://", "https://", "data:")):
        raise refuse(400, "BadArgument", "contentUrl must be an absolute URL")
    return url.startswith(("data:", own))


def _held(state: BotFrameworkState, url: str, own: str, attachment: Attachment) -> File:
    """A file that needs no network: uploaded to the hub before, or inside the link."""
    if not url.startswith("data:"):
        stored = state.attachments.get(url.removeprefix(own).partition("/")[0])
        if stored is None:
            raise refuse(400, "BadArgument", "Unknown attachment id")
        return stored.file
    head, _, body = url[len("data:") :].partition(",")
    mime, *flags = head.split(";")
    content = unbase64(body) if "base64" in flags else unquote_to_bytes(body)
    return describe(content, state.blobs, name=attachment.name, mime=mime or attachment.content_type)


def unbase64(text: str) -> bytes:
    """Bytes; raises ``Refused``."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refuse(400, "BadArgument", "invalid base64") from None


# --------------------------------------------------------------------------------------------------- entries


def entry_of(
    visit: At, conversation: Conversation, activity: Activity, files: Sequence[File], reply_to: str | None = None
) -> Entry:
    """What an agent sees of a message."""
    author = author_of(visit.state, activity.sender)
    words = plain_words(activity.text or "")
    cards = [each for each in activity.attachments or () if not each.content_url]
    shown = words or "\n".join(line for card in cards for line in _card_words(card))
    return Entry(
        id=conversation.new_id(),
        author=author,
        at=visit.at,
        text=shown,
        files=tuple(files),
        kind=cards[0].content_type if cards and not words and not files else None,
        origin_id=origin_of(activity),
        origin_at=moment(activity.timestamp),
        reply_to=reply_to or activity.reply_to_id,
        said_by=activity.sender.name if activity.sender else None,
    )


def _card_words(card: Attachment) -> list[str]:
    content = card.content if isinstance(card.content, dict) else {}
    return [str(content[name]) for name in ("title", "subtitle", "text") if content.get(name)]


# ----------------------------------------------------------------------------------------------- transcripts


def said_before(visit: At, activity: Activity) -> list[tuple[Activity, list[File]]]:
    """The messages of an activity's transcript, with their files, all read from the network already."""
    found: list[Activity] = []
    for each in activity.attachments or ():
        if each.name == "Transcript" or (each.content is not None and each.content_type == "application/json"):
            content = each.content if each.content is not None else _fetched_json(visit, each)
            found += read(content, Transcript).activities
    return messages_among(visit, found)


def messages_among(visit: At, activities: Sequence[Activity]) -> list[tuple[Activity, list[File]]]:
    """Those that are messages, with their files; files of all are asked for at once."""
    messages = [each for each in activities if each.type == "message"]
    files_of(visit, [attachment for each in messages for attachment in each.attachments or ()])
    return [(each, files_of(visit, each.attachments or ())) for each in messages]


def _fetched_json(visit: At, attachment: Attachment) -> Any:
    """A transcript behind a link; what lies outside of the loopback is never visited, so it is taken as empty."""
    url = attachment.content_url or ""
    if url and _is_inside(url, f"{visit.base_url}/v3/attachments/"):
        (file,) = files_of(visit, [attachment])
        return _json(visit.state.blobs.get(file.sha256))
    if not url:
        raise refuse(400, "BadArgument", "The transcript has neither content nor contentUrl")
    (fetched,) = visit.read(url)
    if fetched.error == "unreachable":
        visit.note = "the transcript lies outside of the loopback: nothing of it was read"
        return {}
    if fetched.error is not None:
        raise refuse(400, "BadArgument", f"The transcript could not be read: {fetched.error}")
    return _json(fetched.content)


def _json(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refuse(400, "BadArgument", "The transcript is not JSON") from None
