"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.line.messages import COUPON, KINDS
from chatdrill_fakes.platforms.line.routes import ROUTES

NOTES = {
    "narrowcast": "goes to every friend: audiences and demographic filters are not emulated",
    "GET narrowcast progress": "a narrowcast is over after a second, and never fails",
    "GET delivery": "counts calls by kind, and is ready on the next day",
    "GET preview": "a film's is a grey picture",
    "GET profile": "the status message is a sample",
    "link token": "the page of the account link is not emulated: the event accountLink is told by itself",
    "issue token v2.1": "the signature of the assertion is not checked: its key stands in the vendor's console",
    "issue token v3": "the signature of an assertion is not checked",
    "batch richmenu": "answered 403",
    "GET token kids": "answered 403",
    "acquire chat control": "of channels of the marketplace; answered 403",
    "release chat control": "of channels of the marketplace; answered 403",
    "audiences": "answered 403",
    "insight": "answered 403",
    "coupons": "answered 403",
    "memberships": "answered 403",
}
_PROOFS = {
    "reply": ("reply_tokens", "a_reply_token_works_once_and_for_a_minute"),
    "push": ("sending", "who_cannot_be_reached_is_swallowed_or_refused"),
    "multicast": ("sending", "many_are_written_to_at_once"),
    "broadcast": ("sending", "many_are_written_to_at_once"),
    "narrowcast": ("sending", "a_narrowcast_goes_to_friends_and_tells_how_far_it_is"),
    "GET narrowcast progress": ("sending", "a_narrowcast_goes_to_friends_and_tells_how_far_it_is"),
    "GET quota": ("sending", "a_months_quota_is_counted_by_recipients"),
    "GET quota consumption": ("sending", "a_months_quota_is_counted_by_recipients"),
    "GET content": ("content", "a_file_is_fetched_by_the_id_of_its_message"),
    "GET transcoding": ("content", "a_large_film_is_prepared_first"),
    "GET preview": ("content", "pictures_have_previews_and_sounds_have_none"),
    "loading": ("people", "dots_are_shown_for_five_to_sixty_seconds"),
    "mark as read": ("people", "a_message_is_marked_as_read_by_its_token"),
    "webhook test": ("webhooks", "a_test_says_what_became_of_it"),
    "set webhook endpoint": ("webhooks", "the_endpoint_is_set_without_being_asked"),
    "GET webhook endpoint": ("webhooks", "the_endpoint_is_set_without_being_asked"),
}
_SHAPE = "tests/line/test_golden.py::test_an_event_has_the_shape_of_its_golden_payload"
_EVENT = "tests/line/test_events.py::test_every_declared_event_is_told"


def _proof(name: str) -> str:
    file, test = _PROOFS.get(name, ("", ""))
    if not file:
        file, test = _proof_of_family(name)
    return f"tests/line/test_{file}.py::test_{test}"


def _proof_of_family(name: str) -> tuple[str, str]:
    if "richmenu" in name:
        return "richmenus", "a_menu_is_made_given_a_picture_and_shown"
    if "token" in name:
        return "tokens", "a_token_is_issued_used_verified_and_revoked"
    if "group" in name or "room" in name:
        return "people", "a_group_tells_its_name_and_people_until_the_account_leaves"
    if name.startswith("validate"):
        return "sending", "messages_are_judged_without_being_sent"
    return "people", "people_and_the_account_are_told"


def _calls() -> Iterable[Coverage]:
    for name, route in {route.name: route for route in ROUTES}.items():
        if route.support == "refused":
            yield Coverage(
                name, "refused", "tests/line/test_errors.py::test_what_is_not_emulated_is_refused", NOTES[name]
            )
        else:
            yield Coverage(
                name, "partial" if route.support == "partial" else "supported", _proof(name), NOTES.get(name, "")
            )


_MESSAGE_NOTES = {
    "flex": "kinds, what must be there, labels and sizes are checked; colours and other looks are not",
}
_INBOUND_NOTES = {
    "sticker": "its numbers are those of the file's name, or a sample's",
    "image": "moving pictures, too: how those arrive is not documented",
}
_EVENT_NOTES = {
    "module": "told by itself: channels of the marketplace are not emulated",
    "activated": "told by itself: channels of the marketplace are not emulated",
    "deactivated": "told by itself: channels of the marketplace are not emulated",
    "botSuspended": "told by itself: nothing is switched off",
    "botResumed": "told by itself: nothing is switched off",
    "membership": "told by itself: there are no plans",
    "beacon": "told by itself: there are no devices",
    "accountLink": "told by itself: the page is not emulated",
    "delivery": "told by itself: LINE notification messages are not emulated",
    "videoPlayComplete": "told by itself, not by a film that was sent",
    "messageEdited": "told by itself, of the customer's last message",
}
_TOLD = (
    "unsend", "follow", "unfollow", "join", "leave", "memberJoined", "memberLeft", "postback", *_EVENT_NOTES,
)  # fmt: skip


def _messages() -> Iterable[Coverage]:
    for kind in KINDS:
        note = _MESSAGE_NOTES.get(kind, "")
        proof = f"tests/line/test_messages.py::test_{'flex_is_read_as_the_customer_sees_it' if kind == 'flex' else 'every_kind_is_shown'}"
        yield Coverage(f"message {kind}", "partial" if note else "supported", proof, note)
    yield Coverage(
        f"message {COUPON}",
        "refused",
        "tests/line/test_errors.py::test_what_is_not_emulated_is_refused",
        "answered 400",
    )


def _events() -> Iterable[Coverage]:
    for kind in ("text", "image", "video", "audio", "file", "location", "sticker"):
        note = _INBOUND_NOTES.get(kind, "")
        yield Coverage(f"message.{kind}", "partial" if note else "supported", _SHAPE, note)
    for name in _TOLD:
        note = _EVENT_NOTES.get(name, "")
        yield Coverage(name, "partial" if note else "supported", _EVENT if note else _SHAPE, note)
    for name, proof in (("api_error", "errors.py::test_the_next_send_meets_an_error"), ("quota", "errors.py::test_a_spent_quota_meets_every_push"),
                        ("standby", "errors.py::test_nobody_can_reply_in_standby")):  # fmt: skip
        yield Coverage(f"event {name}", "supported", f"tests/line/test_{proof}")


COVERAGE: tuple[Coverage, ...] = (*_calls(), *_messages(), *_events())
