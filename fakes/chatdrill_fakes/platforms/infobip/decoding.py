"""Webhooks read back as acts: the opposite of ``acts``. What the bot fetches has the same shape.

Source: infobip.com/docs/api, SMS: receive inbound messages, delivery reports, click tracking; MMS: inbound messages (2026). STOP and START
are words of the customer's, and stay so: said again, they mean the same again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from chatdrill.model import Event, Part, Receipt, Text, Write
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event
from chatdrill_fakes.families.kinds import kind_of_mime

Json = Mapping[str, Any]
READS = Reads(
    acts=frozenset(("write", "receipt")),
    parts=frozenset(("text", "media.photo", "media.video", "media.audio", "media.document", "media.animation")),
    loses=frozenset(("write.reply_to", "write.forwarded", "write.referral", "text.spans", "media.caption", "media.emoji")),
)  # fmt: skip
INBOX = frozenset(("/sms/1/inbox/reports", "/sms/1/reports", "/sms/3/reports"))
"""Calls whose answers bring what webhooks bring."""
_DELIVERED, _TO_OPERATOR, _LOST = 3, 2, frozenset((2, 4, 5))


def read_webhook(body: Json) -> Iterator[Said]:
    """What a webhook tells of, or the answer to who asks for it. Raises ``ValueError`` for a body that is none of Infobip's."""
    results = [body] if "notificationType" in body else body.get("results")
    if not isinstance(results, list):
        raise ValueError("there are no results")  # noqa: TRY004  # one error for all that is no webhook
    for result in results:
        if not isinstance(result, dict):
            raise ValueError("a result is no object")  # noqa: TRY004
        try:
            yield _read(result)
        except MALFORMED as error:
            raise ValueError(f"a result of Infobip's without {error}") from error


def _read(result: Json) -> Said:
    if isinstance(result.get("status"), dict):
        return _report(result)
    if isinstance(result.get("text"), str) or isinstance(result.get("message"), list):
        return _message(result)
    return _other(result)


# ------------------------------------------------------------------------------------------------------- messages


def _message(result: Json) -> Said:
    to, id = _number(result["from"]), str(result["messageId"])
    return Said(
        to=to,
        act=Write(parts=tuple(_parts(result)) or (Text(text=""),)),
        at=_moment(result.get("receivedAt")),
        ids=(id,),
        update=id,
        person={"phone": f"+{to}"},
    )


def _parts(result: Json) -> Iterator[Part]:
    if "text" in result:
        yield Text(text=result["text"])
    for piece in result.get("message") or ():
        mime = str(piece.get("contentType") or "")
        if "url" not in piece:
            yield Text(text=str(piece.get("value") or ""))
            continue
        yield bare_media(kind_of_mime(mime), mime=mime, url=str(piece["url"]))


def _number(value: Any) -> str:
    """A customer's number as chats are kept. Raises ``ValueError`` for none."""
    digits = str(value).strip().removeprefix("+") if isinstance(value, str | int) else ""
    if not digits:
        raise ValueError("there is no number")
    return digits


@lru_cache(maxsize=256)
def _seconds(value: str) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _moment(value: Any) -> float | None:
    return _seconds(value) if isinstance(value, str) else None


# -------------------------------------------------------------------------------------------------------- reports


def _report(result: Json) -> Said:
    """What became of a message of the bot's; that it is on its way has no word."""
    status, to, id = result["status"], _number(result["to"]), str(result["messageId"])
    head: dict[str, Any] = {"at": _moment(result.get("doneAt")), "update": f"{id}:{status.get('id')}"}
    group, error = status.get("groupId"), result.get("error")
    if group == _DELIVERED:
        word = "sent" if status.get("id") == _TO_OPERATOR else "delivered"
        return Said(to=to, act=Receipt(message_id=id, status=word), **head)  # type: ignore[arg-type]  # one of two
    if isinstance(group, int) and group in _LOST:
        code = error.get("id") if isinstance(error, dict) else None
        known = code if isinstance(code, int) and not isinstance(code, bool) else None
        return Said(to=to, act=Receipt(message_id=id, status="failed", error=known), **head)
    return unread_event(to, f"report {status.get('name')}", dict(result), by_platform=True, **head)


def _other(result: Json) -> Said:
    """A tap on a link, and what came over another channel."""
    if result.get("notificationType") == "CLICKED":
        sent_at = result.get("sendDateTime")
        told = {name: value for name, value in result.items() if name != "notificationType"}
        update = f"{result.get('messageId')}:click:{result.get('url')}:{sent_at}"
        return Said(to=_number(result["recipient"]), act=Event(name="clicked", data=told), update=update)
    message = result.get("message")
    kind = message.get("type") if isinstance(message, dict) else result.get("notificationType") or result.get("event")
    to = result.get("from") or result.get("sender") or result.get("recipient")
    update = str(result.get("messageId") or "")
    return unread_event(str(to) if to else None, f"result {kind or 'of an unknown kind'}", dict(result), update=update)
