"""The fields of a call's webhooks, and calls, queues and members as the REST API has them.

Source: twilio.com/docs, TwiML for Programmable Voice: Twilio's request; Enqueue; Voice API: Call, Queue and Member resources (2026). The
numbers that stand for a caller who is withheld are from Twilio's list as it is remembered in public; bots should look for the number, and
not for all five.
"""

from __future__ import annotations

from functools import lru_cache

from chatdrill_fakes.platforms.twilio.ids import rfc2822
from chatdrill_fakes.platforms.twilio.objects import API_VERSION, place_of
from chatdrill_fakes.platforms.twilio.state import Json, TwilioState
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall, Queue

Fields = list[tuple[str, str]]
WITHHELD = {
    "anonymous": "+266696687",
    "restricted": "+7378742833",
    "blocked": "+2562533",
    "unknown": "+8656696",
    "unavailable": "+86282452253",
}
"""What stands in the place of a caller's number who shows none."""


def call_fields(state: TwilioState, call: PhoneCall) -> Fields:
    """What every webhook of a call says."""
    heads, tails = _ends(call.caller, state.number, place_of(state.chats[call.chat]))
    fields = [
        ("AccountSid", state.account),
        ("ApiVersion", API_VERSION),
        ("CallSid", call.sid),
        ("CallStatus", call.status),
    ]
    fields += heads
    fields.append(("Direction", "inbound"))
    if call.forwarded_from:
        fields.append(("ForwardedFrom", call.forwarded_from))
    fields += tails
    return fields


_OURS = ("WASHINGTON", "DC", "20005", "US")


@lru_cache(maxsize=1024)
def _ends(caller: str, number: str, place: tuple[str, str, str, str]) -> tuple[Fields, Fields]:
    """Both ends of a call, by their two pairs of names."""
    return [*_end("Called", number, _OURS), *_end("Caller", caller, place)], [
        *_end("From", caller, place),
        *_end("To", number, _OURS),
    ]


def _end(name: str, number: str, place: tuple[str, str, str, str]) -> Fields:
    city, region, zip, country = place
    about = (("City", city), ("Country", country), ("State", region), ("Zip", zip))
    return [(name, number), *((f"{name}{what}", value) for what, value in about)]


def queue_fields(state: TwilioState, call: PhoneCall, at: float) -> Fields:
    """What the request for a queue's music says of the caller's place."""
    assert call.place is not None
    line, to = state.line, call.chat
    ahead = line.ahead.get(to, 0)
    return [
        ("QueuePosition", str(ahead + 1)),
        ("QueueSid", line.queues[call.place.queue].sid),
        ("QueueTime", str(waited_s(call, at))),
        ("AvgQueueTime", str(line.average_s.get(to, 0))),
        ("CurrentQueueSize", str(ahead + 1)),
    ]


def waited_s(call: PhoneCall, at: float) -> int:
    """Whole seconds since the caller came into the queue."""
    return 0 if call.place is None else max(0, int(at - call.place.since))


def ended_fields(state: TwilioState, call: PhoneCall) -> Fields:
    """What the status callback says once a call is over."""
    seconds = duration_s(call)
    return [
        *call_fields(state, call),
        ("CallDuration", str(seconds)),
        ("Duration", str(-(-seconds // 60))),
        ("Timestamp", rfc2822(call.ended_at) or ""),
        ("SequenceNumber", "0"),
        ("CallbackSource", "call-progress-events"),
    ]


def duration_s(call: PhoneCall) -> int:
    """Whole seconds from the answer to the end; 0 for a call that was not answered."""
    return int(call.ended_at - call.answered_at) if call.ended_at is not None and call.answered_at is not None else 0


# ---------------------------------------------------------------------------------------------------------- objects


def call_object(state: TwilioState, call: PhoneCall) -> Json:
    """A call as answers show it."""
    uri = f"{state.root}/Calls/{call.sid}"
    return {
        "sid": call.sid, "account_sid": state.account, "parent_call_sid": None, "phone_number_sid": state.settings["phone_number_sid"],
        "to": state.number, "to_formatted": state.number, "from": call.caller, "from_formatted": call.caller, "status": call.status,
        "direction": "inbound", "date_created": rfc2822(call.made_at), "date_updated": rfc2822(call.ended_at or call.answered_at or call.made_at),
        "start_time": rfc2822(call.answered_at), "end_time": rfc2822(call.ended_at), "duration": str(duration_s(call)) if call.is_over else None,
        "price": None, "price_unit": "USD", "answered_by": None, "annotation": None, "caller_name": None, "group_sid": None, "trunk_sid": "",
        "forwarded_from": call.forwarded_from or None, "queue_time": "0", "api_version": API_VERSION, "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json", "events": f"{uri}/Events.json"},
    }  # fmt: skip


def queue_object(state: TwilioState, queue: Queue) -> Json:
    """A queue as answers show it; strangers who wait ahead of a customer are no members."""
    uri = f"{state.root}/Queues/{queue.sid}"
    made_at = rfc2822(queue.made_at)
    return {
        "sid": queue.sid, "account_sid": state.account, "friendly_name": queue.name, "current_size": len(queue.members),
        "max_size": queue.size_max, "average_wait_time": int(queue.waited_s / queue.served) if queue.served else 0,
        "date_created": made_at, "date_updated": made_at, "uri": f"{uri}.json", "subresource_uris": {"members": f"{uri}/Members.json"},
    }  # fmt: skip


def member_object(state: TwilioState, queue: Queue, call: PhoneCall, now: float) -> Json:
    """A caller in a queue as answers show it."""
    since = call.place.since if call.place is not None else call.made_at
    at = state.chats[call.chat].at(now)
    return {
        "call_sid": call.sid, "queue_sid": queue.sid, "account_sid": state.account, "position": queue.members.index(call.sid) + 1,
        "wait_time": max(0, int(at - since)), "date_enqueued": rfc2822(since),
        "uri": f"{state.root}/Queues/{queue.sid}/Members/{call.sid}.json",
    }  # fmt: skip
