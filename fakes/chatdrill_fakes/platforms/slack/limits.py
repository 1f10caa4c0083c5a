"""The numbers of Slack, each with where it stands. Characters are code points: Slack does not say how it counts."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KIB, MIB = 1024, 1024 * 1024
MINUTE_S = 60.0

TEXT_MAX, UPDATE_TEXT_MAX, MARKDOWN_MAX = 40_000, 4000, 12_000
BLOCKS_MAX, VIEW_BLOCKS_MAX, ATTACHMENTS_MAX = 50, 100, 100
SECTION_MAX, FIELDS_MAX, FIELD_MAX, HEADER_MAX = 3000, 10, 2000, 150
CONTEXT_MAX, ACTIONS_MAX = 10, 25
BUTTON_TEXT_MAX, BUTTON_VALUE_MAX, URL_MAX, ID_MAX = 75, 2000, 3000, 255
OPTIONS_MAX, GROUPS_MAX, OPTION_TEXT_MAX, OPTION_VALUE_MAX, DESCRIPTION_MAX = 100, 100, 75, 150, 75
CHOICES_MAX, OVERFLOW_MAX = 10, 5
CONFIRM_TITLE_MAX, CONFIRM_TEXT_MAX, CONFIRM_BUTTON_MAX = 100, 300, 30
ALT_MAX, IMAGE_TITLE_MAX, LABEL_MAX, PLACEHOLDER_MAX, INPUT_MAX = 2000, 2000, 2000, 150, 3000
VIEW_TITLE_MAX, PRIVATE_MAX, VIEW_MAX_BYTES, STACK_MAX = 24, 3000, 250 * KIB, 3
METADATA_MAX_BYTES = 16 * KIB
MESSAGE_BLOCKS_MAX = 13_200
FILE_MAX_BYTES, SNIPPET_MAX_BYTES, ALT_TXT_MAX = 1024 * MIB, 1 * MIB, 1000
SHARES_MAX, OPEN_USERS_MAX, PAGE_MAX, LIST_MAX = 100, 8, 999, 1000
RESPONSES_MAX, RESPONSES_LIFE_S = 5, 30 * MINUTE_S
TRIGGER_LIFE_S = 3.0
TICKET_LIFE_S = 60.0
"""How long the address of a WebSocket can be used; Slack says that it is temporary."""
CODE_LIFE_S = 10 * MINUTE_S
SOCKETS_MAX = 10
STALE_S = 300.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls of one method in a minute, by its tier; 0 has limits of its own."""
BURST_MAX = 3
"""Messages in one channel at one moment: Slack tolerates "short bursts" over one a second, and does not say how short."""

# These two are no numbers of Slack's: what Slack does by itself only must come after the answer to the call.
ECHO_AFTER_S, SHARE_AFTER_S = 0.1, 0.1

_API = "docs.slack.dev, Web API methods (2026-08)"
_KIT = "docs.slack.dev, Block Kit reference (2026-08)"
_RATES = "docs.slack.dev, Rate limits (2026-08)"
_HANDLING = "docs.slack.dev, Handling user interaction (2026-08)"
_FILES = "docs.slack.dev, Working with files (2026-08)"
_SOCKET = "docs.slack.dev, Using Socket Mode (2026-08)"

LIMITS: tuple[Limit, ...] = (
    Limit("update.text", UPDATE_TEXT_MAX, "characters", _API),
    Limit("message.text", TEXT_MAX, "characters; what is longer is cut", _API),
    Limit("markdown_text", MARKDOWN_MAX, "characters", _API),
    Limit("blocks", BLOCKS_MAX, "blocks of a message", _KIT),
    Limit("view.blocks", VIEW_BLOCKS_MAX, "blocks of a modal or home tab", _KIT),
    Limit("message.blocks", MESSAGE_BLOCKS_MAX, "characters", "slackapi/bolt-js#2509 (2025), all blocks together, as seen by users"),
    Limit("attachments", ATTACHMENTS_MAX, "attachments", _API),
    Limit("section.text", SECTION_MAX, "characters", _KIT),
    Limit("section.fields", FIELDS_MAX, "fields", _KIT),
    Limit("section.field", FIELD_MAX, "characters", _KIT),
    Limit("header.text", HEADER_MAX, "characters", _KIT),
    Limit("context.elements", CONTEXT_MAX, "elements", _KIT),
    Limit("actions.elements", ACTIONS_MAX, "elements", _KIT),
    Limit("button.text", BUTTON_TEXT_MAX, "characters", _KIT),
    Limit("button.value", BUTTON_VALUE_MAX, "characters", _KIT),
    Limit("url", URL_MAX, "characters", _KIT),
    Limit("action_id", ID_MAX, "characters", _KIT),
    Limit("block_id", ID_MAX, "characters", _KIT),
    Limit("select.options", OPTIONS_MAX, "options", _KIT),
    Limit("select.option_groups", GROUPS_MAX, "groups", _KIT),
    Limit("option.text", OPTION_TEXT_MAX, "characters", _KIT),
    Limit("option.value", OPTION_VALUE_MAX, "characters", _KIT),
    Limit("option.description", DESCRIPTION_MAX, "characters", _KIT),
    Limit("choices.options", CHOICES_MAX, "radio buttons or checkboxes", _KIT),
    Limit("overflow.options", OVERFLOW_MAX, "options", _KIT),
    Limit("confirm.title", CONFIRM_TITLE_MAX, "characters", _KIT),
    Limit("confirm.text", CONFIRM_TEXT_MAX, "characters", _KIT),
    Limit("confirm.button", CONFIRM_BUTTON_MAX, "characters", _KIT),
    Limit("image.alt_text", ALT_MAX, "characters", _KIT),
    Limit("image.title", IMAGE_TITLE_MAX, "characters", _KIT),
    Limit("input.label", LABEL_MAX, "characters", _KIT),
    Limit("placeholder", PLACEHOLDER_MAX, "characters", _KIT),
    Limit("view.title", VIEW_TITLE_MAX, "characters", _KIT),
    Limit("view.submit", VIEW_TITLE_MAX, "characters", _KIT),
    Limit("view.private_metadata", PRIVATE_MAX, "characters", _KIT),
    Limit("view.callback_id", ID_MAX, "characters", _KIT),
    Limit("view", VIEW_MAX_BYTES, "bytes", _API),
    Limit("view.stack", STACK_MAX, "views", _HANDLING),
    Limit("metadata", METADATA_MAX_BYTES, "bytes", _API),
    Limit("trigger_id", TRIGGER_LIFE_S, "seconds", _HANDLING),
    Limit("response_url.life", RESPONSES_LIFE_S, "seconds", _HANDLING),
    Limit("response_url.uses", RESPONSES_MAX, "uses", _HANDLING),
    Limit("file.size", FILE_MAX_BYTES, "bytes", _FILES),
    Limit("file.channels", SHARES_MAX, "channels of one upload", _FILES),
    Limit("conversations.open.users", OPEN_USERS_MAX, "people", _API),
    Limit("tier.2", TIERS[2], "calls of a method in a minute", _RATES),
    Limit("tier.3", TIERS[3], "calls of a method in a minute", _RATES),
    Limit("tier.4", TIERS[4], "calls of a method in a minute", _RATES),
    Limit("messages", 1, "messages a second in one channel; bursts are tolerated", _RATES),
    Limit("sockets", SOCKETS_MAX, "connections of one app", _SOCKET),
)  # fmt: skip

DELIVERY = Delivery(
    ack_timeout_s=3.0,
    success="2xx",
    retry=Retry(delays_s=(0.0, 60.0, 300.0), attempts_max=4),
    order="first_try",
    concurrency_max=50,
    registered_by="owner",
    source="docs.slack.dev, Events API (2026-08): three seconds; once more nearly at once, after one minute and after five. Commands and "
    "interactivity are never sent again. The order is not guaranteed, and the number of connections not told",
)
