"""How much of the Messenger Platform is emulated: every webhook field and every call, each with its proof."""

from __future__ import annotations

from chatdrill_fakes.families.graph.coverage import Proofs, covered

from .graph.routes import API
from .limits import SILENT_FIELDS

_FIELD_PROOFS = {
    "messages": "test_inbound.py::test_text_arrives_key_by_key",
    "messaging_postbacks": "test_inbound.py::test_a_postback_carries_title_and_payload",
    "messaging_referrals": "test_inbound.py::test_a_link_into_an_existing_thread_is_a_referral",
    "messaging_optins": "test_events.py::test_an_opt_in_key_by_key",
    "messaging_optouts": "test_events.py::test_an_opt_out_stops_the_token",
    "messaging_account_linking": "test_events.py::test_account_linking_key_by_key",
    "messaging_handovers": "test_events.py::test_taking_and_passing_the_thread_key_by_key",
    "standby": "test_events.py::test_while_another_app_owns_the_thread_everything_is_on_standby",
    "messaging_policy_enforcement": "test_events.py::test_app_roles_and_policies_have_no_sender",
    "messaging_feedback": "test_events.py::test_feedback_key_by_key",
    "response_feedback": "test_events.py::test_feedback_key_by_key",
    "messaging_in_thread_lead_form_submit": "test_events.py::test_orders_forms_and_games_key_by_key",
    "messaging_game_plays": "test_events.py::test_orders_forms_and_games_key_by_key",
    "send_cart": "test_inbound.py::test_a_basket_is_an_order",
    "message_deliveries": "test_inbound.py::test_a_delivery_names_the_message_and_a_watermark",
    "message_reads": "test_inbound.py::test_reading_moves_a_watermark",
    "message_echoes": "test_inbound.py::test_an_echo_swaps_the_sides_and_names_the_app",
    "message_edits": "test_inbound.py::test_edits_count_up_and_the_sixth_is_not_possible",
    "message_reactions": "test_inbound.py::test_a_reaction_has_a_word_and_an_emoji",
    "message_template_status_update": "test_events.py::test_a_reviewed_template_can_be_sent",
    "inbox_labels": "test_events.py::test_a_label_put_on_in_the_inbox_is_a_change",
    "feed": "test_events.py::test_a_comment_is_a_change_of_the_feed",
}
_FIELD_NOTES = {
    "feed": "comments only: posts of the Page are not simulated",
    "messaging_optouts": "the shape is not documented; it is that of an opt-in with its status",
    "message_template_status_update": "the shape is WhatsApp's, with the object page",
}
_SENDS = {
    "text": "test_send.py::test_text_is_sent_and_answered_with_two_ids",
    "quick replies": "test_send.py::test_quick_replies_are_chips",
    "image": "test_attachments.py::test_a_picture_by_url_is_kept_with_its_bytes",
    "audio": "test_attachments.py::test_every_type_has_its_neutral_kind",
    "video": "test_attachments.py::test_every_type_has_its_neutral_kind",
    "file": "test_attachments.py::test_every_type_has_its_neutral_kind",
    "several images": "test_attachments.py::test_several_pictures_share_a_bubble",
    "sticker": "test_send.py::test_a_sticker_is_sent_by_number",
    "template.button": "test_send.py::test_a_button_template_is_words_and_buttons",
    "template.generic": "test_send.py::test_a_generic_template_is_a_carousel",
    "template.media": "test_send.py::test_a_media_template_shows_an_upload",
    "template.product": "test_send.py::test_products_coupons_grids_feedback_and_forms",
    "template.coupon": "test_send.py::test_products_coupons_grids_feedback_and_forms",
    "template.image_grid": "test_send.py::test_an_image_grid_is_pictures_with_buttons",
    "template.customer_feedback": "test_send.py::test_customer_feedback_is_a_form",
    "template.instant_form": "test_send.py::test_products_coupons_grids_feedback_and_forms",
    "template.utility": "test_send.py::test_a_utility_message_is_filled_in_and_needs_no_window",
    "typing_on": "test_send.py::test_typing_is_an_activity",
    "typing_off": "test_send.py::test_typing_is_an_activity",
    "mark_seen": "test_send.py::test_mark_seen_and_reactions",
    "react": "test_send.py::test_mark_seen_and_reactions",
    "unreact": "test_send.py::test_mark_seen_and_reactions",
    "private reply": "test_send.py::test_a_comment_is_answered_in_private_once_within_a_week",
    "marketing message": "test_send.py::test_a_marketing_token_works_once_a_day_outside_the_window",
    "template.receipt": "test_send.py::test_a_receipt_is_an_order",
    "template.notification_messages": "test_send.py::test_products_coupons_grids_feedback_and_forms",
}
_SUBSCRIBED_PAGE = "test_nodes.py::test_the_page_is_subscribed_to_fields"
_SUBSCRIBED_APP = "test_nodes.py::test_the_callback_is_saved_after_its_handshake"
_PROFILE = "test_nodes.py::test_a_profile_is_set_read_and_deleted"
_MENU = "test_nodes.py::test_one_person_may_have_a_menu_of_their_own"
_LABELS = "test_nodes.py::test_labels_are_put_on_and_taken_off"
_PERSONAS = "test_nodes.py::test_personas_are_made_listed_read_and_deleted"
_CONTROL = "test_nodes.py::test_the_default_app_takes_extends_and_releases"
_STICKERS = "test_nodes.py::test_stickers_are_found_with_the_apps_token"
_EDGE_PROOFS = {
    ("page", "messages"): "test_send.py::test_text_is_sent_and_answered_with_two_ids",
    ("page", "message_attachments"): "test_attachments.py::test_a_file_may_come_in_the_request",
    ("page", ""): "test_nodes.py::test_me_is_the_page",
    ("page", "accounts"): "test_nodes.py::test_me_is_the_page",
    ("page", "subscribed_apps"): _SUBSCRIBED_PAGE,
    ("page", "messenger_profile"): _PROFILE,
    ("page", "custom_user_settings"): _MENU,
    ("page", "pass_thread_control"): "test_nodes.py::test_a_thread_that_was_passed_on_is_on_standby",
    ("page", "take_thread_control"): _CONTROL,
    ("page", "request_thread_control"): _CONTROL,
    ("page", "release_thread_control"): _CONTROL,
    ("page", "extend_thread_control"): _CONTROL,
    ("page", "thread_owner"): "test_nodes.py::test_a_thread_that_was_passed_on_is_on_standby",
    ("page", "secondary_receivers"): "test_nodes.py::test_the_page_inbox_is_a_secondary_receiver",
    ("page", "personas"): _PERSONAS,
    ("persona", ""): _PERSONAS,
    ("page", "custom_labels"): _LABELS,
    ("label", ""): _LABELS,
    ("label", "label"): _LABELS,
    ("user", "custom_labels"): _LABELS,
    ("page", "moderate_conversations"): "test_nodes.py::test_who_is_banned_neither_writes_nor_is_written_to",
    ("page", "message_templates"): "test_nodes.py::test_templates_are_listed_and_deleted",
    ("page", "unlink_accounts"): "test_nodes.py::test_a_linking_token_lives_five_minutes",
    ("page", "conversations"): "test_nodes.py::test_conversations_are_read_with_their_messages",
    ("conversation", ""): "test_nodes.py::test_a_conversation_and_a_message_are_nodes",
    ("conversation", "messages"): "test_nodes.py::test_a_conversation_and_a_message_are_nodes",
    ("message", ""): "test_nodes.py::test_a_conversation_and_a_message_are_nodes",
    ("user", ""): "test_nodes.py::test_a_profile_has_names_and_a_picture",
    ("root", "debug_token"): "test_nodes.py::test_tokens_can_be_examined",
    ("root", "sticker_packs"): _STICKERS,
    ("pack", "stickers"): _STICKERS,
    ("root", "sticker_search"): _STICKERS,
    ("app", "subscriptions"): _SUBSCRIBED_APP,
}

_PROOFS = Proofs(
    folder="tests/messenger",
    fields=_FIELD_PROOFS,
    sends=_SENDS,
    edges=_EDGE_PROOFS,
    batch="test_api.py::test_a_batch_answers_every_call",
    files="test_attachments.py::test_a_link_needs_no_token_but_its_signature",
    notes=_FIELD_NOTES,
)
COVERAGE = covered(API, SILENT_FIELDS, _PROOFS)
