"""How much of Instagram messaging is emulated: every webhook field and every call, each with its proof."""

from __future__ import annotations

from chatdrill_fakes.families.graph.coverage import Proofs, covered

from .graph.routes import API
from .limits import SILENT_FIELDS

_TEXT = "test_inbound.py::test_each_act_is_told_key_by_key"
_EVENT = "test_events.py::test_each_event_is_told_key_by_key"
_FIELD_PROOFS = {
    "messages": _TEXT,
    "message_echoes": "test_inbound.py::test_echoes_have_a_field_of_their_own_only_without_a_page",
    "message_edit": "test_inbound.py::test_edits_are_told_only_without_a_page",
    "message_reactions": _TEXT,
    "messaging_postbacks": _TEXT,
    "messaging_seen": _TEXT,
    "messaging_referral": "test_inbound.py::test_a_link_is_told_with_the_first_message_and_later_at_once",
    "messaging_optins": _EVENT,
    "messaging_handover": _EVENT,
    "standby": "test_events.py::test_while_another_app_owns_the_thread_messages_are_on_standby",
    "comments": _EVENT,
    "live_comments": _EVENT,
    "mentions": _EVENT,
}
_SENDS = {
    "text": "test_sending.py::test_text_is_counted_in_bytes",
    "quick replies": "test_sending.py::test_quick_replies_are_chips",
    "image": "test_media.py::test_a_file_comes_by_address",
    "audio": "test_media.py::test_a_file_comes_by_address",
    "video": "test_media.py::test_a_file_comes_by_address",
    "file": "test_media.py::test_a_file_comes_by_address",
    "several images": "test_media.py::test_ten_pictures_share_a_message",
    "like_heart": "test_sending.py::test_hearts_and_posts_are_shown",
    "template.button": "test_sending.py::test_templates_have_two_kinds_of_buttons",
    "template.generic": "test_sending.py::test_templates_have_two_kinds_of_buttons",
    "template.product": "test_sending.py::test_templates_have_two_kinds_of_buttons",
    "typing_on": "test_sending.py::test_actions_are_shown",
    "typing_off": "test_sending.py::test_actions_are_shown",
    "mark_seen": "test_sending.py::test_actions_are_shown",
    "react": "test_sending.py::test_actions_are_shown",
    "unreact": "test_sending.py::test_actions_are_shown",
    "private reply": "test_sending.py::test_a_comment_is_answered_in_private_once",
    "marketing message": "test_sending.py::test_a_marketing_token_needs_no_window",
    "MEDIA_SHARE": "test_sending.py::test_hearts_and_posts_are_shown",
}
_CONVERSATIONS = "test_reading.py::test_threads_and_messages_are_nodes"
_CONTROL = "test_events.py::test_a_thread_is_passed_and_comes_back"
_TOKENS = "test_logins.py::test_a_code_becomes_a_token_which_is_exchanged_and_refreshed"
_SUBSCRIBED = "test_logins.py::test_the_callback_is_saved_after_its_handshake"
_EDGE_PROOFS = {
    ("page", "messages"): "test_sending.py::test_text_is_counted_in_bytes",
    ("page", "message_attachments"): "test_media.py::test_a_picture_is_uploaded_by_its_address_only",
    ("page", ""): "test_logins.py::test_the_account_is_read_by_both_logins",
    ("page", "accounts"): "test_logins.py::test_the_account_is_read_by_both_logins",
    ("page", "subscribed_apps"): "test_logins.py::test_each_login_has_fields_of_its_own",
    ("page", "messenger_profile"): "test_reading.py::test_ice_breakers_are_set_read_and_deleted",
    ("page", "conversations"): _CONVERSATIONS,
    ("page", "secondary_receivers"): _CONTROL,
    ("page", "thread_owner"): _CONTROL,
    ("page", "pass_thread_control"): _CONTROL,
    ("page", "take_thread_control"): _CONTROL,
    ("page", "request_thread_control"): _CONTROL,
    ("page", "release_thread_control"): _CONTROL,
    ("page", "extend_thread_control"): _CONTROL,
    ("conversation", ""): _CONVERSATIONS,
    ("conversation", "messages"): _CONVERSATIONS,
    ("message", ""): _CONVERSATIONS,
    ("user", ""): "test_reading.py::test_a_profile_needs_consent",
    ("root", "debug_token"): _TOKENS,
    ("root", "oauth/access_token"): _TOKENS,
    ("root", "access_token"): _TOKENS,
    ("root", "refresh_access_token"): _TOKENS,
    ("app", "subscriptions"): _SUBSCRIBED,
}

_PROOFS = Proofs(
    folder="tests/instagram",
    fields=_FIELD_PROOFS,
    sends=_SENDS,
    edges=_EDGE_PROOFS,
    batch="test_logins.py::test_a_batch_answers_every_call",
    files="test_media.py::test_a_link_needs_no_token_but_its_signature_and_expires",
)
COVERAGE = covered(API, SILENT_FIELDS, _PROOFS)
