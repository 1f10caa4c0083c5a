"""Sending: what the newer, the older and the oldest API ask for is read into drafts, which are then judged and delivered alike.

Source: infobip.com/docs/api, SMS and MMS: send (3.210.0, 2026). What is wrong with the request is answered 400; what is wrong with one
destination is a status of it in an answer of 200.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from chatdrill.model import Effect, Event, Keyboard, Media, Message, Part, Receipt, Sent
from chatdrill.wire import Fetch, Later, Window, with_choices
from chatdrill_fakes.families.sms import broken_at, is_alphanumeric, links, segmented
from chatdrill_fakes.platforms.infobip import limits
from chatdrill_fakes.platforms.infobip.calls import Answered, Asked, Node
from chatdrill_fakes.platforms.infobip.errors import ApiError, violated
from chatdrill_fakes.platforms.infobip.state import Bulk, InfobipChat, InfobipState, Json, Sms
from chatdrill_fakes.platforms.infobip.statuses import STATUSES, status_object

DUE = "scheduled message is due"
"""What the platform does by itself; no scenario can name it."""
ACCEPTED, MMS_MAX_BYTES = 26, 5 * 1024 * 1024
_UNITS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}
TRANSLITERATIONS = (
    "NONE", "TURKISH", "GREEK", "CYRILLIC", "SERBIAN_CYRILLIC", "BULGARIAN_CYRILLIC", "CENTRAL_EUROPEAN", "BALTIC", "PORTUGUESE",
    "COLOMBIAN", "NON_UNICODE", "ALL",
)  # fmt: skip
_PLATFORM = ("entityId", "applicationId")
_LANGUAGES = ("NONE", "TR", "ES", "PT", "AUTODETECT")


class Draft(Struct):
    """One message to one destination, as any of the APIs asks for it. ``to`` is as chats are kept: see ``number_of``."""

    to: str
    id: str
    sender: str
    text: str
    is_new: bool
    urls: list[str] = []
    url: str = ""
    notifies: bool = True
    wants_operator: bool = False
    callback_data: str | None = None
    platform: Json = {}
    campaign: str | None = None
    tracking_url: str = ""


# ------------------------------------------------------------------------------------------------------- the readers


def send(asked: Asked) -> Answered:
    """``/sms/3/messages``."""
    body = Node(asked.body)
    options = body.object("options")
    schedule, tracking = options.object("schedule"), options.object("tracking").text("trackingUrl")
    drafts = [draft for message in body.objects("messages") for draft in _newer(message, tracking)]
    return _deliver(asked, drafts, bulk=schedule.text("bulkId", limits.BULK_ID_MAX), send_at=schedule.text("sendAt"))


def _newer(message: Node, tracking: str) -> Iterator[Draft]:
    content, options, webhooks = message.object("content"), message.object("options"), message.object("webhooks")
    if "hex" in content.value:
        raise ApiError(400, note="chatdrill does not read binary messages", refused=True)
    if len(content.value) > 1:
        _check_language(content)
    if options.value:
        _check_validity(options)
    if webhooks.text("contentType") not in ("", "application/json"):
        raise ApiError(400, note="chatdrill reports in JSON only", refused=True)
    delivery, platform = webhooks.object("delivery"), options.object("platform")
    known = {name: platform.text(name, limits.PLATFORM_MAX) for name in platform.value if name in _PLATFORM}
    callback = webhooks.text("callbackData", limits.CALLBACK_MAX) if "callbackData" in webhooks.value else None
    for to in message.objects("destinations"):
        yield Draft(
            to=_number_in(to), id=to.text("messageId", limits.MESSAGE_ID_MAX), sender=message.text("sender"),
            text=content.text("text"), is_new=True, url=delivery.text("url"), notifies=delivery.value.get("notify") is not False,
            wants_operator=delivery.flag("intermediateReport"), callback_data=callback, platform=known,
            campaign=options.text("campaignReferenceId") or None, tracking_url=tracking,
        )  # fmt: skip


def send_older(asked: Asked) -> Answered:
    """``/sms/2/text/advanced``."""
    body = Node(asked.body)
    tracking = body.object("tracking").text("trackingUrl")
    messages = body.objects("messages")
    drafts = [draft for message in messages for draft in _older(message, tracking)]
    when = next((message.text("sendAt") for message in messages if message.value.get("sendAt")), "")
    return _deliver(
        asked, drafts, bulk=body.text("bulkId", limits.BULK_ID_MAX), send_at=when, hides_bulk=len(drafts) == 1
    )


def _older(message: Node, tracking: str) -> Iterator[Draft]:
    _check_language(Node({**message.value, "language": message.value.get("language")}, message.path))
    minutes = message.value.get("validityPeriod")
    if minutes is not None and not _is_number(minutes, 1, limits.VALIDITY_MAX_S // 60):
        raise violated(message.at("validityPeriod"), f"must be between 1 and {limits.VALIDITY_MAX_S // 60}")
    callback = message.text("callbackData", limits.CALLBACK_MAX) if "callbackData" in message.value else None
    for to in message.objects("destinations"):
        yield Draft(
            to=_number_in(to), id=to.text("messageId", limits.MESSAGE_ID_MAX), sender=message.text("from"),
            text=message.text("text"), is_new=False, url=message.text("notifyUrl"), wants_operator=message.flag("intermediateReport"),
            callback_data=callback, tracking_url=tracking,
        )  # fmt: skip


def send_single(asked: Asked) -> Answered:
    """``/sms/2/text/single``: one text to one number, or to several."""
    body = Node(asked.body)
    given = asked.body.get("to")
    numbers = (
        [str(one) for one in given if isinstance(one, str | int)] if isinstance(given, list) else [body.text("to")]
    )
    if not numbers:
        raise violated("to", "must not be empty")
    drafts = [Draft(number_of(to[: limits.TO_MAX]), "", body.text("from"), body.text("text"), False) for to in numbers]
    return _deliver(asked, drafts, hides_bulk=len(drafts) == 1)


def send_by_query(asked: Asked) -> Answered:
    """``/sms/1/text/query``: everything stands in the address."""
    query = asked.query
    numbers = [to.strip() for to in query.get("to", "").split(",") if to.strip()]
    if not numbers:
        raise violated("to", "must not be empty")
    sender = query.get("from") or query.get("sender", "")
    is_new = asked.exchange.request.path.startswith("/sms/3/")
    drafts = [Draft(number_of(to[: limits.TO_MAX]), "", sender, query.get("text", ""), is_new) for to in numbers]
    return _deliver(asked, drafts, hides_bulk=len(drafts) == 1)


def send_mms(asked: Asked) -> Answered:
    """``/mms/2/messages``: texts and links; other segments are not emulated."""
    drafts: list[Draft] = []
    for message in Node(asked.body).objects("messages"):
        texts, urls = _segments(message.object("content"))
        delivery = message.object("webhooks").object("delivery")
        drafts += [
            Draft(to=_number_in(to), id=to.text("messageId", limits.MESSAGE_ID_MAX), sender=message.text("sender"),
                  text="\n".join(texts), is_new=True, urls=urls, url=delivery.text("url"))
            for to in message.objects("destinations")
        ]  # fmt: skip
    return _deliver(asked, drafts)


def _segments(content: Node) -> tuple[list[str], list[str]]:
    texts, urls = [content.text("title")] if content.value.get("title") else [], []
    for segment in content.objects("messageSegments"):
        kind = segment.text("type")
        if kind == "TEXT":
            texts.append(segment.text("text"))
        elif kind == "LINK":
            urls.append(segment.text("contentUrl"))
        elif kind in ("UPLOAD_REFERENCE", "BASE64", "SMIL"):
            raise ApiError(400, note=f"chatdrill does not read MMS segments of the type {kind}", refused=True)
        else:
            raise violated(segment.at("type"), "must be one of TEXT, LINK, BASE64, UPLOAD_REFERENCE, SMIL")
    if any(not url.startswith(("http://", "https://")) for url in urls):
        raise violated(content.at("messageSegments"), "contentUrl must be a URL")
    return texts, urls


def _check_language(content: Node) -> None:
    if content.text("transliteration") not in ("", *TRANSLITERATIONS):
        raise violated(content.at("transliteration"), f"must be one of {', '.join(TRANSLITERATIONS)}")
    language = content.object("language")
    if language.text("languageCode") not in ("", *_LANGUAGES):
        raise violated(language.at("languageCode"), f"must be one of {', '.join(_LANGUAGES)}")


def _check_validity(options: Node) -> None:
    period = options.object("validityPeriod")
    if not period.value:
        return
    unit = period.text("timeUnit") or "MINUTES"
    if unit not in _UNITS:
        raise violated(period.at("timeUnit"), f"must be one of {', '.join(_UNITS)}")
    amount = period.value.get("amount")
    if not _is_number(amount, 1, limits.VALIDITY_MAX_S) or not (
        limits.VALIDITY_MIN_S <= amount * _UNITS[unit] <= limits.VALIDITY_MAX_S  # type: ignore[operator]
    ):
        raise violated(period.at("amount"), "must be between 5 seconds and 48 hours")


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


# ------------------------------------------------------------------------------------------------------------ judging


def number_of(to: str) -> str:
    """A destination as chats are kept: digits only. A plus or two zeros in front are forgiven."""
    return to.strip().removeprefix("+").removeprefix("00")


def _number_in(destination: Node) -> str:
    return number_of(destination.text("to", limits.TO_MAX))


def _rejected(state: InfobipState, draft: Draft, chat: InfobipChat | None, at: float) -> int | None:
    """The status with which one message is rejected, if it is."""
    to = draft.to
    if state.trusts:
        return None
    if not to:
        return 51
    if not (to.isascii() and to.isdigit() and 7 <= len(to) <= 15):
        return 52
    if draft.sender.isdigit() and draft.sender not in (state.number, ""):
        return 11
    if draft.sender and not draft.sender.isdigit() and not is_alphanumeric(draft.sender):
        return 13
    if draft.id in state.sms:
        return 23
    if chat is not None and chat.rejects_next:
        return chat.rejects_next.pop(0)
    if chat is not None and chat.blocked:
        return 14
    if (
        len(draft.text.encode("utf-8", "replace")) > limits.TEXT_MAX_BYTES
        or segmented(draft.text).count > limits.SEGMENTS_MAX
    ):
        return 25
    return 20 if chat is not None and state.limited and _floods(chat, draft.text, at) else None


def _floods(chat: InfobipChat, text: str, at: float) -> bool:
    window = chat.floods.get(text)
    if window is None:
        for stale in [one for one, known in chat.floods.items() if known.resets_in(at) == 0]:
            del chat.floods[stale]
        window = chat.floods[text] = Window(limits.FLOOD_MAX, limits.FLOOD_PERIOD_S)
    return bool(window.take(at))


def _due_at(asked: Asked, send_at: str, drafts: list[Draft]) -> float | None:
    """When a bulk is due, in drill time of its first chat."""
    if not send_at:
        return None
    try:
        at = datetime.fromisoformat(send_at).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise violated("sendAt", "must be a date such as 2026-09-21T16:00:00.000+0000") from error
    chat = asked.state.chats.get(drafts[0].to)
    ahead_s = at - (asked.now if chat is None else chat.at(asked.now))
    if ahead_s > limits.SEND_AT_MAX_S:
        raise violated("sendAt", "must be at most 180 days ahead")
    return at if ahead_s > 0 else None


# ----------------------------------------------------------------------------------------------------------- delivery


def _deliver(
    asked: Asked, drafts: list[Draft], *, bulk: str = "", send_at: str = "", hides_bulk: bool = False
) -> Answered:
    state = asked.state
    urls = [url for draft in drafts for url in draft.urls]
    _check_texts(drafts)
    due_at = _due_at(asked, send_at, drafts)
    wait: Fetch | None = links.to_fetch(state, urls, asked.exchange.fetched, asked.now, MMS_MAX_BYTES) if urls else None
    if wait is not None:
        return Answered(wait=wait)
    bulk = bulk or state.new_id()
    answers: list[Json] = []
    effects: list[Effect] = []
    later: list[Later] = []
    reasons: list[str] = []
    for draft in drafts:
        chat = state.chats.get(draft.to)
        at = asked.now if chat is None else chat.at(asked.now)
        status = _rejected(state, draft, chat, at)
        sms = _message(asked, draft, chat, bulk, at, status)
        answers.append(_answer(draft, sms))
        if status is not None:
            reasons.append(f"{status} {STATUSES[status][1]}")
            continue
        state.sms[sms.id] = sms
        if due_at is not None:
            later += _schedule(state, sms, chat, due_at, at)
        elif chat is not None:
            shown, then = _go(state, chat, sms, at)
            effects += shown
            later += then
    body: Json = {"messages": answers} if hides_bulk else {"bulkId": bulk, "messages": answers}
    alone = drafts[0].to if len(drafts) == 1 else None
    return Answered(
        body, to=alone if alone in state.chats else None, effects=tuple(effects), later=tuple(later),
        error="; ".join(reasons) or None, note=_note(drafts),
    )  # fmt: skip


def _check_texts(drafts: list[Draft]) -> None:
    for number, draft in enumerate(drafts):
        if not draft.text and not draft.urls:
            raise violated(
                f"messages[{number}].content" if draft.is_new else f"messages[{number}].text", "must not be empty"
            )


def _note(drafts: Iterable[Draft]) -> str | None:
    torn = next((place for draft in drafts if (place := broken_at(draft.text)) is not None), None)
    return None if torn is None else f"a character is torn at place {torn}: the customer sees a replacement for it"


def _message(asked: Asked, draft: Draft, chat: InfobipChat | None, bulk: str, at: float, status: int | None) -> Sms:
    state = asked.state
    files: list[Media] = []
    problem: str | None = None
    if draft.urls:
        files, problem = links.take(state, draft.urls, asked.exchange.fetched, asked.now, MMS_MAX_BYTES)
    return Sms(
        id=draft.id or state.new_id(), bulk=bulk, chat=None if chat is None else chat.address,
        to=draft.to, sender=draft.sender or state.number, text=draft.text, made_at=at,
        count=1 if files else segmented(draft.text).count, status=ACCEPTED if status is None else status, is_new=draft.is_new,
        media=tuple(files), url=(draft.url or state.settings["delivery_url"]) if draft.notifies else "",
        wants_operator=draft.wants_operator, callback_data=draft.callback_data, platform=draft.platform, campaign=draft.campaign,
        tracking_url=draft.tracking_url, fate=255 if problem else None,
    )  # fmt: skip


def _answer(draft: Draft, sms: Sms) -> Json:
    status = status_object(sms.status)
    if draft.is_new:
        return {"messageId": sms.id, "status": status, "destination": sms.to, "details": {"messageCount": sms.count}}
    return {"to": sms.to, "status": status, "messageId": sms.id, "smsCount": sms.count}


def _schedule(state: InfobipState, sms: Sms, chat: InfobipChat | None, due_at: float, at: float) -> tuple[Later, ...]:
    sms.due_at = due_at
    bulk = state.bulks.setdefault(sms.bulk, Bulk([], due_at))
    bulk.ids.append(sms.id)
    if chat is None:
        return ()
    sms.fate = sms.fate or chat.fate
    return (due(sms, due_at - at),)


def due(sms: Sms, after_s: float) -> Later:
    """A scheduled message comes of age."""
    return Later(max(0.0, after_s), sms.chat or "", Event(name=DUE, data={"id": sms.id}))


def show(chat: InfobipChat, sms: Sms, at: float) -> Sent:
    """The message on the customer's screen; its choices, if it numbers any."""
    words: tuple[Part, ...] = with_choices(sms.text) if sms.text else ()
    choices = [part for part in words if isinstance(part, Keyboard)]
    message = Message(ids=(sms.id,), author="bot", parts=(*words[:1], *sms.media, *choices), at=at, sender=sms.sender)
    chat.messages[sms.id] = message
    if sms.callback_data is not None:
        chat.callback_data = sms.callback_data
    return Sent(to=chat.address, message=message)


def _go(state: InfobipState, chat: InfobipChat, sms: Sms, at: float) -> tuple[tuple[Sent, ...], tuple[Later, ...]]:
    """What the customer sees, and what is told of the message later. One that fails is not seen."""
    sms.fate = sms.fate or chat.fate
    if sms.fate is not None:
        failed = Receipt(message_id=sms.id, status="failed", error=sms.fate)
        return (), (Later(limits.FATE_AFTER_S, chat.address, failed),)
    if not state.receipts:
        return (show(chat, sms, at),), ()
    delivered = Later(limits.FATE_AFTER_S, chat.address, Receipt(message_id=sms.id, status="delivered"))
    operator = Later(limits.OPERATOR_AFTER_S, chat.address, Receipt(message_id=sms.id, status="sent"))
    return (show(chat, sms, at),), (operator, delivered) if sms.wants_operator else (delivered,)
