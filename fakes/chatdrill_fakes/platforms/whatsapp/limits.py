"""The numbers of WhatsApp, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.platforms.whatsapp import (
    account,
    bodies,
    declared,
    filling,
    ids,
    inbound,
    interactive,
    library,
    sending,
    state,
    subscriptions,
    templates,
)
from chatdrill_fakes.platforms.whatsapp import template_rules as rules

MESSAGES_PER_S, COEXISTENCE_PER_S, ALLOWED_MAX = 80.0, 20.0, 5

_MESSAGES = "Meta, Cloud API reference: messages (v25.0, autumn 2026)"
_INTERACTIVE = "Meta, Interactive messages (November 2025)"
_TEMPLATES = "Meta, Template components (November 2025)"
_PROFILE = "Meta, Conversational components and block users (November 2025)"
_MEDIA = "Meta, Media: supported media types (2025)"
_RATES = "Meta, Throughput and messaging limits (November 2025)"
_WINDOWS = "Meta, Pricing and customer service windows (July 2025)"

LIMITS: tuple[Limit, ...] = (
    Limit("text", bodies.TEXT_MAX, "characters", _MESSAGES),
    Limit("caption", library.CAPTION_MAX, "characters", _MESSAGES),
    Limit("contacts", bodies.CONTACTS_MAX, "cards", _MESSAGES),
    Limit("interactive.body", interactive.BODY_MAX, "characters", _INTERACTIVE),
    Limit("interactive.body.list", interactive.LIST_BODY_MAX, "characters", _INTERACTIVE),
    Limit("interactive.header", interactive.HEADER_MAX, "characters", _INTERACTIVE),
    Limit("interactive.footer", interactive.FOOTER_MAX, "characters", _INTERACTIVE),
    Limit("button.count", interactive.BUTTONS_MAX, "buttons", _INTERACTIVE),
    Limit("button.title", interactive.BUTTON_TITLE_MAX, "characters", _INTERACTIVE),
    Limit("button.id", interactive.BUTTON_ID_MAX, "characters", _INTERACTIVE),
    Limit("list.label", interactive.LIST_LABEL_MAX, "characters", _INTERACTIVE),
    Limit("list.sections", interactive.SECTIONS_MAX, "sections", _INTERACTIVE),
    Limit("list.section_title", interactive.SECTION_TITLE_MAX, "characters", _INTERACTIVE),
    Limit("list.rows", interactive.ROWS_MAX, "rows", _INTERACTIVE),
    Limit("list.row_title", interactive.ROW_TITLE_MAX, "characters", _INTERACTIVE),
    Limit("list.row_description", interactive.ROW_DESCRIPTION_MAX, "characters", _INTERACTIVE),
    Limit("list.row_id", interactive.ROW_ID_MAX, "characters", _INTERACTIVE),
    Limit("cta_url.label", interactive.URL_LABEL_MAX, "characters", _INTERACTIVE),
    Limit("flow.label", interactive.FLOW_LABEL_MAX, "characters", _INTERACTIVE),
    Limit("carousel.cards", interactive.CARDS_MAX, "cards", _INTERACTIVE),
    Limit("carousel.card_body", interactive.CARD_BODY_MAX, "characters", _INTERACTIVE),
    Limit("product_list.products", interactive.PRODUCTS_MAX, "products", _INTERACTIVE),
    Limit("callback_data", sending.CALLBACK_DATA_MAX, "characters", _MESSAGES),
    Limit("read.age", sending.READ_MAX_S, "seconds", _MESSAGES),
    Limit("reaction.age", sending.REACTION_MAX_S, "seconds", _MESSAGES),
    Limit("edit.age", inbound.EDIT_MAX_S, "seconds", _MESSAGES),
    Limit("delete.age", inbound.REVOKE_MAX_S, "seconds", _MESSAGES),
    Limit("prompts", account.PROMPTS_MAX, "ice breakers", _PROFILE),
    Limit("prompt", account.PROMPT_MAX, "characters", _PROFILE),
    Limit("commands", account.COMMANDS_MAX, "commands", _PROFILE),
    Limit("command.name", account.COMMAND_NAME_MAX, "characters", _PROFILE),
    Limit("command.hint", account.COMMAND_HINT_MAX, "characters", _PROFILE),
    Limit("blocked_users", account.BLOCKED_MAX, "customers", _PROFILE),
    Limit("templates", templates.TEMPLATES_MAX, "in an account", _TEMPLATES),
    Limit("template.creations", state.TEMPLATE_CREATIONS_PER_H, "in an hour", _TEMPLATES),
    Limit("template.filled", filling.FILLED_MAX, "characters", _TEMPLATES),
    Limit("template.name", rules.NAME_MAX, "characters", _TEMPLATES),
    Limit("template.body", rules.BODY_MAX, "characters", _TEMPLATES),
    Limit("template.header", rules.HEADER_MAX, "characters", _TEMPLATES),
    Limit("template.footer", rules.FOOTER_MAX, "characters", _TEMPLATES),
    Limit("template.buttons", rules.BUTTONS_MAX, "buttons", _TEMPLATES),
    Limit("template.button_label", rules.BUTTON_LABEL_MAX, "characters", _TEMPLATES),
    *(Limit(f"media.{name}", sort.max_bytes, "bytes", _MEDIA) for name, sort in library.SORTS.items()),
    Limit("media.static_sticker", library.STATIC_STICKER_MAX_BYTES, "bytes", _MEDIA),
    Limit("media.from_customer", library.INBOUND_MAX_BYTES, "bytes", _MEDIA),
    Limit("media.url_valid", ids.MEDIA_URL_VALID_S, "seconds", _MEDIA),
    Limit("media.link_cached", library.LINK_CACHED_S, "seconds", _MEDIA),
    Limit("media.upload_kept", state.UPLOAD_KEPT_S, "seconds", _MEDIA),
    Limit("media.from_customer_kept", state.INBOUND_KEPT_S, "seconds", _MEDIA),
    Limit("throughput", MESSAGES_PER_S, "messages per second", _RATES),
    Limit("throughput.coexistence", COEXISTENCE_PER_S, "messages per second", _RATES),
    Limit("pair_rate.interval", state.PAIR_INTERVAL_S, "seconds per message to one customer", _RATES),
    Limit("pair_rate.burst", state.PAIR_BURST, "messages to one customer", _RATES),
    Limit("management_calls", state.MANAGEMENT_CALLS_PER_H, "in an hour", _RATES),
    Limit("registrations", account.REGISTRATIONS_MAX, "in 72 hours", _RATES),
    Limit("allowed_recipients", ALLOWED_MAX, "customers of a test number", _RATES),
    Limit("window", state.WINDOW_S, "seconds", _WINDOWS),
    Limit("free_entry_point", state.FREE_ENTRY_POINT_S, "seconds", _WINDOWS),
    Limit("callback_url", subscriptions.URL_MAX, "characters", "Meta, Webhook overrides (2025)"),
    Limit("webhook.batch", declared.DELIVERY.batch_max, "updates", "Meta, Webhooks: overview (2025)"),
    Limit("webhook.size", 3 * library.MIB, "bytes", "Meta, Webhooks: overview (2025)"),
)
