"""Reply, push, multicast, broadcast, narrowcast, and the calls that only look at messages.

Source: developers.line.biz, Messaging API reference: message (2026-08); retrying an API request; Messaging API pricing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache

from chatdrill.model import Effect, Message, Sent
from chatdrill_fakes.platforms.line import files, ids, limits, messages
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.drafts import Draft
from chatdrill_fakes.platforms.line.errors import (
    BAD_REPLY_TOKEN,
    NO_RECIPIENT,
    USED_UP,
    ApiError,
    invalid,
    malformed,
)
from chatdrill_fakes.platforms.line.pressing import JAPAN
from chatdrill_fakes.platforms.line.state import Accepted, Group, Json, LineChat, LineState, ReplyToken

RETRY_HEADER = "X-Line-Retry-Key"
RETRIED = frozenset({"push", "multicast", "narrowcast", "broadcast"})
_WORDS = {429: "The API rate limit has been exceeded. Try again later."}


# --------------------------------------------------------------------------------------------------------------- calls


def reply(asked: Asked) -> Answered:
    """An answer to an event, by its token: once, within a minute, for nothing."""
    drafts = _drafts(asked)
    given = asked.text("replyToken")
    token = asked.state.replies.get(given)
    note = _why_not(asked, token)
    if token is None or note is not None:
        raise ApiError(400, BAD_REPLY_TOKEN, note=note or "nobody was given this reply token")
    chat = asked.state.chats[token.to]
    _check_chat(asked.state, drafts, token.group or chat.address)
    _meet(chat)
    wait = files.to_fetch(asked.state, drafts, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    token.is_used = True
    if chat.blocked and not token.group:
        return _swallowed(asked.state, chat, drafts, chat.takes(chat.at(asked.now)))
    return _sent(asked, chat, drafts, token.group)


def _why_not(asked: Asked, token: ReplyToken | None) -> str | None:
    """What is wrong with a reply token: what LINE's words do not say."""
    if token is None:
        return None
    at = asked.state.chats[token.to].at(asked.now)
    if token.is_used:
        return "this reply token was used before: one event can be replied to once, push what follows"
    if at - token.sent_at > limits.REPLY_TOKEN_S:
        return f"this reply token is {at - token.sent_at:.0f} s old: it lives for {limits.REPLY_TOKEN_S:.0f} s, push what comes later"
    if token.is_again and at - token.made_at > limits.REPLY_TOKEN_REDELIVERED_S:
        return "the event was redelivered, and is more than 20 minutes old"
    return None


def push(asked: Asked) -> Answered:
    """Messages to one person, group or room."""
    to = asked.values.get("to")
    if not ids.is_holder(to):
        raise malformed("'to'")
    drafts = _drafts(asked)
    chat, group = _recipient(asked.state, str(to))
    _check_chat(asked.state, drafts, group.id if group else chat.address)
    _meet(chat)
    wait = files.to_fetch(asked.state, drafts, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    swallowed = None if group else chat.takes(chat.at(asked.now))
    _count(asked, len(group.members) if group else int(swallowed is None))
    if swallowed is not None:
        return _swallowed(asked.state, chat, drafts, swallowed)
    return _sent(asked, chat, drafts, group.id if group else "")


def _swallowed(state: LineState, chat: LineChat, drafts: list[Draft], why: str | None) -> Answered:
    """LINE answers as ever, and delivers nothing."""
    return Answered({"sentMessages": [_named(state, draft, chat)[0] for draft in drafts]}, to=chat.address, note=why)


def _recipient(state: LineState, to: str) -> tuple[LineChat, Group | None]:
    group = state.groups.get(to)
    chat = state.chats.get(group.to if group else to)
    if chat is None:
        raise ApiError(400, NO_RECIPIENT)
    return chat, group


def multicast(asked: Asked) -> Answered:
    """The same messages to up to 500 people; who cannot get them is left out without a word."""
    people = asked.people("to", limits.MULTICAST_MAX)
    chats = [chat for to in people if (chat := asked.state.chats.get(to)) is not None]
    return _to_many(asked, chats, alone=people[0] if len(people) == 1 else None)


def broadcast(asked: Asked) -> Answered:
    """The same messages to every friend."""
    return _to_many(asked, _friends(asked.state))


def narrowcast(asked: Asked) -> Answered:
    """The same messages to some of the friends: here to all of them, for audiences and ages are nobody's here."""
    place = asked.place()
    for name in ("recipient", "filter", "limit"):
        place.inner(name, required=False)
    answered = _to_many(asked, _limited(asked, _friends(asked.state)))
    if answered.wait is None:
        answered.status = 202
        asked.state.narrowcasts[asked.request_id] = (len(answered.effects), asked.now)
        answered.note = "sent to every friend: audiences and demographic filters are not emulated"
    return answered


def _limited(asked: Asked, chats: list[LineChat]) -> list[LineChat]:
    limit = asked.values.get("limit") or {}
    most = limit.get("max")
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 1):
        raise malformed("'limit.max'")
    room = _left(asked) if limit.get("upToRemainingQuota") is True else None
    return chats[: min(each for each in (most, room, len(chats)) if each is not None)]


def narrowcast_progress(asked: Asked) -> Answered:
    """How far a narrowcast has come: it is over after a second."""
    found = asked.state.narrowcasts.get(asked.query.get("requestId", ""))
    if found is None:
        raise ApiError(404, "Not found")
    count, at = found
    accepted = _stamp(at)
    if asked.now - at < 1:
        return Answered({"phase": "sending", "acceptedTime": accepted})
    done = {"successCount": count, "failureCount": 0, "targetCount": count, "completedTime": _stamp(at + 1)}
    return Answered({"phase": "succeeded", **done, "acceptedTime": accepted})


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(at * 1000) % 1000:03}Z"


def validate(asked: Asked) -> Answered:
    """The judgement of messages, and nothing else."""
    _drafts(asked)
    return Answered()


def delivered(asked: Asked) -> Answered:
    """How many messages were sent on a day; of today nobody knows yet."""
    day = asked.query.get("date", "")
    if not (len(day) == 8 and day.isascii() and day.isdigit()):
        raise ApiError(400, "The value for the 'date' parameter is invalid")
    today = _day(asked.now)
    if day >= today:
        return Answered({"status": "unready" if day == today else "out_of_service"})
    return Answered({"status": "ready", "success": asked.state.counts.get((asked.path["kind"], day), 0)})


def quota(asked: Asked) -> Answered:
    """How many messages a month may have."""
    most = asked.state.quota
    return Answered({"type": "none"} if most is None else {"type": "limited", "value": most})


def consumption(asked: Asked) -> Answered:
    """How many of them are gone."""
    return Answered({"totalUsage": asked.state.used.get(_month(asked.now), 0)})


# ----------------------------------------------------------------------------------------------------------- retry keys


def guarded(call: Callable[[Asked], Answered]) -> Callable[[Asked], Answered]:
    """The call with its retry key: what was accepted under it once is not done again."""

    def guard(asked: Asked) -> Answered:
        key = asked.retry_key
        if key is None:
            return call(asked)
        if not ids.is_uuid(key):
            raise ApiError(400, f"The value for the '{RETRY_HEADER}' header is invalid")
        known = asked.state.accepted.get(key)
        if known is not None and asked.now - known.at <= limits.RETRY_KEY_S:
            raise _accepted_before(known)
        answered = call(asked)
        if answered.wait is None:
            sent = answered.body.get("sentMessages")
            asked.state.accepted[key] = Accepted(asked.request_id, sent, asked.now)
        return answered

    return guard


def _accepted_before(known: Accepted) -> ApiError:
    words = "The retry key is already accepted"
    body: Json = {"message": words, **({"sentMessages": known.sent} if known.sent is not None else {})}
    headers = (("x-line-accepted-request-id", known.request_id),)
    return ApiError(409, words, headers=headers, body=body, note="accepted before: nothing is sent again")


# -------------------------------------------------------------------------------------------------------------- checks


def _drafts(asked: Asked) -> list[Draft]:
    """All messages, judged together. Raises 400 with all that is wrong."""
    place = asked.place()
    if not isinstance(asked.values.get("messages"), list):
        raise malformed("'messages'")
    units = asked.values.get("customAggregationUnits")
    if units is not None and not isinstance(units, list):
        raise malformed("'customAggregationUnits'")
    silent = asked.values.get("notificationDisabled")
    if silent is not None and not isinstance(silent, bool):
        raise malformed("'notificationDisabled'")
    drafts = [messages.read(one) for one in place.items("messages", 1, limits.MESSAGES_MAX)]
    if place.problems.found:
        raise invalid(place.problems.found)
    return drafts


def _check_chat(state: LineState, drafts: list[Draft], place: str) -> None:
    """What depends on where messages go: people are mentioned in groups, a film's end is told by one customer, and a quote token is of
    this very chat. Raises 400."""
    is_group = place[:1] in ("C", "R")
    problems = []
    for number, draft in enumerate(drafts):
        if draft.is_plain:
            continue
        path = f"messages[{number}]"
        if draft.mentions and not is_group:
            problems.append(
                {"message": "mention is available in a group or room only", "property": f"{path}.substitution"}
            )
        if draft.tracking and is_group:
            problems.append(
                {"message": "trackingId is available in one-to-one chats only", "property": f"{path}.trackingId"}
            )
        if draft.quote is not None and (not place or state.quotes.get(draft.quote, ("", ""))[0] != place):
            problems.append({"message": "invalid quoteToken", "property": f"{path}.quoteToken"})
    if problems:
        raise invalid(problems)


def _meet(chat: LineChat) -> None:
    """The error that a scenario has in store."""
    if chat.fails_next:
        status, words = chat.fails_next.pop(0)
        raise ApiError(status, words or _WORDS.get(status, "An internal error has occurred"))


def _day(at: float) -> str:
    """The day in Japan, by which LINE counts."""
    return _day_of(int(at // limits.HOUR_S))


@lru_cache(maxsize=256)
def _day_of(hour: int) -> str:
    return (datetime.fromtimestamp(hour * limits.HOUR_S, UTC) + JAPAN).strftime("%Y%m%d")


def _month(at: float) -> str:
    return _day_of(int(at // limits.HOUR_S))[:6]


def _left(asked: Asked) -> int | None:
    state = asked.state
    if state.quota_spent:
        return 0
    return None if state.quota is None else max(0, state.quota - state.used.get(_month(asked.now), 0))


def _count(asked: Asked, people: int) -> None:
    """One for each recipient. Raises 429 where the month has not so many left."""
    left = _left(asked)
    if left is not None and people > left:
        raise ApiError(429, USED_UP)
    month, used = _month(asked.now), asked.state.used
    used[month] = used.get(month, 0) + people


# ------------------------------------------------------------------------------------------------------------ delivery


def _friends(state: LineState) -> list[LineChat]:
    return [chat for chat in state.chats.values() if chat.friend and not chat.blocked]


def _to_many(asked: Asked, chats: Iterable[LineChat], alone: str | None = None) -> Answered:
    drafts = _drafts(asked)
    _check_chat(asked.state, drafts, "")
    wait = files.to_fetch(asked.state, drafts, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    reached = [chat for chat in chats if chat.takes(chat.at(asked.now)) is None]
    if len(reached) == 1:
        _meet(reached[0])
    _count(asked, len(reached))
    effects: list[Effect] = []
    for chat in reached:
        effects += _sent(asked, chat, drafts, "").effects
    return Answered(to=alone if alone in asked.state.chats else None, effects=tuple(effects))


def _named(state: LineState, draft: Draft, chat: LineChat, group: str = "") -> tuple[Json, str]:
    """A message's entry in the answer, and its id."""
    id = ids.message_id(state.chance)
    entry: Json = {"id": id}
    if draft.kind in messages.QUOTABLE:
        entry["quoteToken"] = token = ids.opaque(state.chance)
        state.quotes[token] = (group or chat.address, id)
    return entry, id


def _sent(asked: Asked, chat: LineChat, drafts: list[Draft], group: str) -> Answered:
    """Put messages into a chat; only the last one's quick replies stay on the screen."""
    state, at = asked.state, chat.at(asked.now)
    entries, effects = [], []
    notes: list[str] = []
    for draft in drafts:
        quoted = state.quotes[draft.quote][1] if draft.quote is not None else None
        entry, id = _named(state, draft, chat, group)
        parts, problem = draft.parts, None
        if draft.wanted:
            parts, problem = files.filled(state, draft, asked.exchange.fetched, asked.now)
        message = Message(ids=(id,), author="bot", parts=parts, at=at, sender=draft.sender, reply_to=quoted)
        chat.messages[id] = message
        if draft.pressables:
            chat.pressables[id] = draft.pressables
        chat.quick = id if draft.has_quick else None
        entries.append(entry)
        effects.append(Sent(to=chat.address, message=message))
        if problem:
            notes.append(problem)
    kind, day = asked.name, _day(asked.now)
    state.counts[kind, day] = state.counts.get((kind, day), 0) + 1
    note = "; ".join(dict.fromkeys(notes)) if notes else None
    return Answered({"sentMessages": entries}, to=chat.address, effects=tuple(effects), note=note)
