"""Events that only Telegram has, by the name of the update or of the service message that brings them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.contents import poll_json
from chatdrill_fakes.platforms.telegram.inbound import business
from chatdrill_fakes.platforms.telegram.inbound.membership import (
    STANDING,
    join_or_leave,
    member,
    migrate,
    place_of,
    service_message,
)
from chatdrill_fakes.platforms.telegram.inbound.overrides import cleaned, content_of, merged
from chatdrill_fakes.platforms.telegram.inbound.pressing import callback_query, query_id
from chatdrill_fakes.platforms.telegram.inbound.writing import tell
from chatdrill_fakes.platforms.telegram.messages import (
    ORIGIN_FIELDS,
    Content,
    Frame,
    change,
    from_bot,
    from_customer,
    write,
)
from chatdrill_fakes.platforms.telegram.state import Json, TelegramChat, TelegramState
from chatdrill_fakes.platforms.telegram.updates import make_update, message_update

Reader = Callable[[TelegramState, TelegramChat, Json, float], list[Update]]
_HEAD_FIELDS = frozenset(("message_id", "from", "chat", "date", "edit_date", "sender_chat", "message_thread_id"))
_TAIL_FIELDS = frozenset(("reply_markup", "via_bot", "has_protected_content", "is_topic_message", "is_from_offline"))


def encode_event(state: TelegramState, chat: TelegramChat, act: Event, at: float) -> list[Update]:
    """What an event tells the bot; ``data`` lies over the standard payload. Raises ``Unsupported``."""
    reader = EVENTS.get(act.name)
    if reader is None:
        raise Unsupported(f"telegram has no event {act.name!r}{did_you_mean(act.name, EVENTS)}")
    try:
        return reader(state, chat, cleaned(act.data), at)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise Unsupported(f"telegram: the data of the event {act.name!r} do not fit: {error}") from error


# -------------------------------------------------------------------------------------------------- messages


def _message(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """A message in the vendor's own fields, in the customer's chat or in the group that ``chat`` names."""
    place = place_of(state, chat, data)
    if not place.is_private and place.status == "left":
        place.status = STANDING.get(place.kind, "member")
    origin = {name: data[name] for name in data if name in ORIGIN_FIELDS}
    tail = {name: data[name] for name in data if name in _TAIL_FIELDS}
    reply = data.get("reply_to_message")
    reply_to = str(reply.get("message_id")) if isinstance(reply, dict) else None
    skipped = (
        _HEAD_FIELDS | ORIGIN_FIELDS | _TAIL_FIELDS | ({"reply_to_message"} if reply_to in place.stored else set())
    )
    content = content_of(state, {name: value for name, value in data.items() if name not in skipped})
    frame = Frame(reply_to=reply_to, origin=origin, tail=tail, is_forwarded=bool(origin))
    stored = from_customer(state, place, content, at, frame, speaker=chat)
    stored.head = {
        **stored.head,
        **{name: data[name] for name in data if name in _HEAD_FIELDS - {"chat", "message_id"}},
    }
    return [_addressed(update, chat) for update in tell(state, place, stored, at)]


def _addressed(update: Update, chat: TelegramChat) -> Update:
    update.to = chat.address
    return update


def _edited(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """An edit in the vendor's own fields: of ``message_id``, or of the newest message of the customer."""
    place = place_of(state, chat, data)
    newest = next((key for key in reversed(place.stored) if place.stored[key].author == "customer"), "")
    stored = place.stored.get(str(data.get("message_id") or newest))
    if stored is None:
        raise Unsupported("telegram: there is no message of this customer to edit")
    fields = {name: value for name, value in data.items() if name not in _HEAD_FIELDS | _TAIL_FIELDS}
    change(place, stored, content_of(state, fields), at, stored.tail, ())
    return message_update(state, place, stored, at, "edited_", to=chat.address)


def _service(name: str, standard: Callable[[TelegramState, TelegramChat], Any]) -> Reader:
    def read(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
        place = place_of(state, chat, data)
        given = {key: value for key, value in data.items() if key != "chat"}
        value = standard(state, place)
        if name in given:
            fields = given
        elif isinstance(value, dict):
            fields = {name: merged(value, given)}
        else:
            fields = {name: value, **given}
        return service_message(state, chat, place, fields, at)

    return read


def _new_members(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    place = place_of(state, chat, data)
    users = data.get("new_chat_members") or [chat.user]
    fields = {"new_chat_participant": users[0], "new_chat_member": users[0], "new_chat_members": users}
    return service_message(state, chat, place, fields, at)


def _left_member(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    place = place_of(state, chat, data)
    user = data.get("left_chat_member") or chat.user
    place.members.pop(int(user["id"]), None)
    return service_message(state, chat, place, {"left_chat_participant": user, "left_chat_member": user}, at)


def _migrated(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    group = place_of(state, chat, data)
    fresh = state.chance.marked(str(-(10**12) - state.chance.randrange(10**9, 2 * 10**9)))
    new_id = int(data.get("migrate_to_chat_id") or fresh)
    updates = service_message(state, chat, group, {"migrate_to_chat_id": new_id}, at)
    supergroup = migrate(state, group, new_id)
    return updates + service_message(state, chat, supergroup, {"migrate_from_chat_id": group.id}, at)


def _topic_created(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """A topic of a forum: its thread has the id of this message."""
    place = place_of(state, chat, data)
    given = {name: value for name, value in data.items() if name != "chat"}
    topic = merged({"name": "Topic", "icon_color": 7322096}, given.get("forum_topic_created", given))
    frame = Frame(tail={"is_topic_message": True})
    stored = from_customer(state, place, Content("service", {"forum_topic_created": topic}, ()), at, frame, chat)
    stored.head = {**stored.head, "message_thread_id": stored.id}
    return message_update(state, place, stored, at, to=chat.address)


def _pinned(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """``message_id`` was pinned, by the customer or (``by`` ``bot``) by the bot itself."""
    place = place_of(state, chat, data)
    stored = place.stored.get(str(data.get("message_id")))
    if stored is None:
        raise Unsupported(f"telegram: there is no message {data.get('message_id')!r} to pin")
    fields = {"pinned_message": write(place, stored)}
    if data.get("by") != "bot":
        return service_message(state, chat, place, fields, at)
    kept = from_bot(state, place, Content("service", fields, ()), at, Frame())
    return message_update(state, place, kept, at, to=chat.address)


# ---------------------------------------------------------------------------------------------------- queries


def _callback(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """A callback query as given: also on a message that is gone (``message_id``) or sent in inline mode."""
    place = place_of(state, chat, data)
    newest = next((key for key in reversed(place.stored) if place.stored[key].author == "bot"), "0")
    fields = {name: value for name, value in data.items() if name not in ("message_id", "chat")}
    return callback_query(state, place, str(data.get("message_id", newest)), fields, at, user=chat)


def _simple(kind: str, standard: Callable[[TelegramState, TelegramChat, float], Json]) -> Reader:
    """An update whose payload is a table of standard values under ``data``."""

    def read(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
        place = place_of(state, chat, data)
        given = {name: value for name, value in data.items() if name != "chat"}
        payload = merged(standard(state, place, at), given)
        if "from" in payload:
            payload["from"] = given.get("from", chat.user_json)
        return make_update(state, kind, chat.address, payload, at, user_id=chat.id, chat_id=place.id)

    return read


def _inline_query(state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    kind = "sender" if chat.is_private else chat.kind
    return {"id": query_id(state, chat), "from": chat.user_json, "chat_type": kind, "query": "", "offset": ""}


def _chosen(_state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    return {"from": chat.user_json, "query": "", "result_id": "1"}


def _shipping(state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    address = {
        "country_code": "PL",
        "state": "",
        "city": "Warszawa",
        "street_line1": "ul. Długa 1",
        "street_line2": "",
        "post_code": "00-238",
    }
    query = {"id": query_id(state, chat), "from": chat.user_json}
    return {**query, "invoice_payload": "payload", "shipping_address": address}


def _pre_checkout(state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    price = {"currency": "EUR", "total_amount": 9900, "invoice_payload": "payload"}
    return {"id": query_id(state, chat), "from": chat.user_json, **price}


def _poll(state: TelegramState, _chat: TelegramChat, _at: float) -> Json:
    return poll_json(state.chance.digits(19), "Question?", ("Yes", "No"))


def _poll_answer(state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    poll_id = state.chance.digits(19)
    answer = {"option_ids": [0], "option_persistent_ids": [f"{poll_id[:8]}0"]}
    return {"poll_id": poll_id, "user": chat.user_json, **answer}


def _join_request(_state: TelegramState, chat: TelegramChat, at: float) -> Json:
    user_id = chat.user["id"]
    return {"chat": chat.card_json, "from": chat.user_json, "user_chat_id": user_id, "date": int(at)}


def _boost(_state: TelegramState, chat: TelegramChat, at: float) -> Json:
    source = {"source": "premium", "user": chat.user_json}
    boost = {"boost_id": "boost1", "add_date": int(at), "expiration_date": int(at) + 30 * 86_400, "source": source}
    return {"chat": chat.card_json, "boost": boost}


def _boost_removed(_state: TelegramState, chat: TelegramChat, at: float) -> Json:
    source = {"source": "premium", "user": chat.user_json}
    return {"chat": chat.card_json, "boost_id": "boost1", "remove_date": int(at), "source": source}


def _newest_id(chat: TelegramChat) -> int:
    return int(next(reversed(chat.stored), "0"))


def _reaction(_state: TelegramState, chat: TelegramChat, at: float) -> Json:
    place = {"chat": chat.card_json, "message_id": _newest_id(chat), "user": chat.user_json, "date": int(at)}
    return {**place, "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}


def _reaction_count(_state: TelegramState, chat: TelegramChat, at: float) -> Json:
    count = {"type": {"type": "emoji", "emoji": "👍"}, "total_count": 1}
    return {"chat": chat.card_json, "message_id": _newest_id(chat), "date": int(at), "reactions": [count]}


def _paid_media(_state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    return {"from": chat.user_json, "paid_media_payload": "payload"}


def _managed_bot(state: TelegramState, chat: TelegramChat, _at: float) -> Json:
    return {"user": chat.user_json, "bot": state.bot_json}


# ------------------------------------------------------------------------------------------------ membership


def _my_chat_member(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """The bot's standing: ``new_chat_member.status`` (``member``, in a channel ``administrator``, unless given)."""
    place = place_of(state, chat, data)
    new = data.get("new_chat_member")
    usual = STANDING.get(place.kind, "member")
    status = str(new.get("status", usual)) if isinstance(new, dict) else usual
    given = {name: value for name, value in data.items() if name != "chat"}
    if not place.is_private:
        return join_or_leave(state, chat, place, status, given, at)
    payload = _standing(state.bot_json, chat, place, "kicked" if status == "member" else "member", status, at)
    chat.blocked = status == "kicked"
    return make_update(state, "my_chat_member", chat.address, merged(payload, given), at, chat_id=place.id)


def _chat_member(state: TelegramState, chat: TelegramChat, data: Json, at: float) -> list[Update]:
    """A member's standing in a group."""
    place = place_of(state, chat, data)
    payload = _standing(chat.user_json, chat, place, "left", "member", at)
    given = {name: value for name, value in data.items() if name != "chat"}
    return make_update(state, "chat_member", chat.address, merged(payload, given), at, chat_id=place.id)


def _standing(user: Any, actor: TelegramChat, place: TelegramChat, old: str, new: str, at: float) -> Json:
    return {
        "chat": place.card_json,
        "from": actor.user_json,
        "date": int(at),
        "old_chat_member": member(user, old),
        "new_chat_member": member(user, new),
    }


def _payment(_state: TelegramState, _chat: TelegramChat) -> Json:
    return {
        "currency": "EUR",
        "total_amount": 9900,
        "invoice_payload": "payload",
        "telegram_payment_charge_id": "charge_1",
        "provider_payment_charge_id": "provider_1",
    }


EVENTS: dict[str, Reader] = {
    "message": _message,
    "edited_message": _edited,
    "channel_post": _message,
    "edited_channel_post": _edited,
    "guest_message": _message,
    "inline_query": _simple("inline_query", _inline_query),
    "chosen_inline_result": _simple("chosen_inline_result", _chosen),
    "callback_query": _callback,
    "shipping_query": _simple("shipping_query", _shipping),
    "pre_checkout_query": _simple("pre_checkout_query", _pre_checkout),
    "poll": _simple("poll", _poll),
    "poll_answer": _simple("poll_answer", _poll_answer),
    "my_chat_member": _my_chat_member,
    "chat_member": _chat_member,
    "chat_join_request": _simple("chat_join_request", _join_request),
    "chat_boost": _simple("chat_boost", _boost),
    "removed_chat_boost": _simple("removed_chat_boost", _boost_removed),
    "message_reaction": _simple("message_reaction", _reaction),
    "message_reaction_count": _simple("message_reaction_count", _reaction_count),
    "business_connection": business.connection_event,
    "business_message": business.message_event,
    "edited_business_message": business.edit_event,
    "deleted_business_messages": business.deleted_event,
    "purchased_paid_media": _simple("purchased_paid_media", _paid_media),
    "managed_bot": _simple("managed_bot", _managed_bot),
    "new_chat_members": _new_members,
    "left_chat_member": _left_member,
    "new_chat_title": _service("new_chat_title", lambda _state, _chat: "New title"),
    "delete_chat_photo": _service("delete_chat_photo", lambda _state, _chat: True),
    "group_chat_created": _service("group_chat_created", lambda _state, _chat: True),
    "supergroup_chat_created": _service("supergroup_chat_created", lambda _state, _chat: True),
    "migrate_to_chat_id": _migrated,
    "migrate_from_chat_id": _service("migrate_from_chat_id", lambda _state, chat: chat.id),
    "pinned_message": _pinned,
    "successful_payment": _service("successful_payment", _payment),
    "users_shared": _service("users_shared", lambda _state, chat: {"request_id": 1, "users": [{"user_id": chat.id}]}),
    "chat_shared": _service("chat_shared", lambda _state, _chat: {"request_id": 1, "chat_id": -1001987654321}),
    "write_access_allowed": _service("write_access_allowed", lambda _state, _chat: {}),
    "web_app_data": _service("web_app_data", lambda _state, _chat: {"data": "{}", "button_text": "Open"}),
    "forum_topic_created": _topic_created,
}
