"""Telegram's numbers, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit

_DOC = "core.telegram.org/bots/api, Bot API 10.1, 2026-06-11"
_FAQ = "core.telegram.org/bots/faq, 2026-06-11 (approximate)"
_LINKS = "core.telegram.org/bots/features#deep-linking, 2026-06-11"
_SERVER = "github.com/tdlib/telegram-bot-api, commit 01a3679, 2026-05-07"
_TD = "github.com/tdlib/td, commit 022d602, 2026-07-17"

MEBIBYTE = 1 << 20

TEXT_MAX = 4096
CAPTION_MAX = 1024
TEXT_INPUT_MAX_BYTES = 1 << 15
ENTITIES_MAX = 100
CALLBACK_DATA_MAX_BYTES = 64
CALLBACK_ANSWER_MAX = 200
COPY_TEXT_MAX = 256
START_PAYLOAD_MAX = 64
COMMANDS_MAX = 100
COMMAND_MAX = 32
COMMAND_DESCRIPTION_MAX = 256
NAME_MAX = 64
DESCRIPTION_MAX = 512
SHORT_DESCRIPTION_MAX = 120
ALBUM_MAX = 10
BATCH_MAX = 100
KEYBOARD_ROW_MAX = 12
KEYBOARD_MAX = 300
REPLY_MARKUP_MAX_BYTES = 10_000
PHOTO_MAX_BYTES = 10 * MEBIBYTE
UPLOAD_MAX_BYTES = 50 * MEBIBYTE
PHOTO_URL_MAX_BYTES = 5 * MEBIBYTE
VOICE_URL_MAX_BYTES = MEBIBYTE
URL_MAX_BYTES = 20 * MEBIBYTE
DOWNLOAD_MAX_BYTES = 20 * MEBIBYTE
CERTIFICATE_MAX_BYTES = 3 * MEBIBYTE
ARGUMENTS_MAX_BYTES = MEBIBYTE
FILES_MAX = 50
THUMBNAIL_MAX_BYTES = 200 * 1000
THUMBNAIL_SIDE_MAX = 320
PHOTO_SIDES_SUM_MAX = 10_000
PHOTO_RATIO_MAX = 20
UPDATES_MAX = 100
UPDATES_MAX_BYTES = 1 << 22
POLL_TIMEOUT_MAX_S = 50
OFFSET_AHEAD_MAX = 10
MAX_CONNECTIONS = 100
MAX_CONNECTIONS_DEFAULT = 40
SECRET_MAX = 256
MESSAGE_UPDATE_S = 86_400
QUERY_UPDATE_S = 150
INLINE_UPDATE_S = 30
CHOSEN_UPDATE_S = 600
WEBHOOK_GONE_S = 23 * 3600
CALLBACK_ANSWER_S = 60
DELETE_S = 48 * 3600
LOG_OUT_S = 600
BUSINESS_WINDOW_S = 86_400
CHAT_RATE_PER_S = 1.0
CHAT_BURST = 20
GROUP_RATE_PER_S = 20 / 60
GROUP_BURST = 20
BOT_RATE_PER_S = 30.0
BOT_BURST = 30

LIMITS = (
    Limit("text", TEXT_MAX, "characters", _DOC),
    Limit("text_input", TEXT_INPUT_MAX_BYTES, "bytes", _SERVER),
    Limit("caption", CAPTION_MAX, "characters", _DOC),
    Limit("entities", ENTITIES_MAX, "entities", _DOC),
    Limit("callback_data", CALLBACK_DATA_MAX_BYTES, "bytes", _DOC),
    Limit("callback_answer", CALLBACK_ANSWER_MAX, "characters", _DOC),
    Limit("copy_text", COPY_TEXT_MAX, "characters", _DOC),
    Limit("start_payload", START_PAYLOAD_MAX, "characters", _LINKS),
    Limit("commands", COMMANDS_MAX, "commands", _DOC),
    Limit("command", COMMAND_MAX, "characters", _DOC),
    Limit("command_description", COMMAND_DESCRIPTION_MAX, "characters", _DOC),
    Limit("name", NAME_MAX, "characters", _DOC),
    Limit("description", DESCRIPTION_MAX, "characters", _DOC),
    Limit("short_description", SHORT_DESCRIPTION_MAX, "characters", _DOC),
    Limit("album", ALBUM_MAX, "items", _DOC),
    Limit("batch", BATCH_MAX, "messages", _DOC),
    Limit("keyboard_row", KEYBOARD_ROW_MAX, "buttons", _TD),
    Limit("keyboard", KEYBOARD_MAX, "buttons", _TD),
    Limit("photo", PHOTO_MAX_BYTES, "bytes", _DOC),
    Limit("upload", UPLOAD_MAX_BYTES, "bytes", _DOC),
    Limit("photo_by_url", PHOTO_URL_MAX_BYTES, "bytes", _DOC),
    Limit("voice_by_url", VOICE_URL_MAX_BYTES, "bytes", _DOC),
    Limit("file_by_url", URL_MAX_BYTES, "bytes", _DOC),
    Limit("download", DOWNLOAD_MAX_BYTES, "bytes", _DOC),
    Limit("certificate", CERTIFICATE_MAX_BYTES, "bytes", _SERVER),
    Limit("arguments", ARGUMENTS_MAX_BYTES, "bytes", _TD),
    Limit("files", FILES_MAX, "files", _TD),
    Limit("thumbnail", THUMBNAIL_MAX_BYTES, "bytes", _DOC),
    Limit("thumbnail_side", THUMBNAIL_SIDE_MAX, "pixels", _DOC),
    Limit("photo_sides", PHOTO_SIDES_SUM_MAX, "pixels", _DOC),
    Limit("photo_ratio", PHOTO_RATIO_MAX, "ratio", _DOC),
    Limit("updates", UPDATES_MAX, "updates", _DOC),
    Limit("updates_answer", UPDATES_MAX_BYTES, "bytes", _SERVER),
    Limit("offset_ahead", OFFSET_AHEAD_MAX, "updates", _TD),
    Limit("poll_timeout", POLL_TIMEOUT_MAX_S, "seconds", _SERVER),
    Limit("max_connections", MAX_CONNECTIONS, "connections", _DOC),
    Limit("secret_token", SECRET_MAX, "characters", _DOC),
    Limit("update_life_message", MESSAGE_UPDATE_S, "seconds", _SERVER),
    Limit("update_life_query", QUERY_UPDATE_S, "seconds", _SERVER),
    Limit("update_life_inline", INLINE_UPDATE_S, "seconds", _SERVER),
    Limit("update_life_chosen", CHOSEN_UPDATE_S, "seconds", _SERVER),
    Limit("webhook_gone", WEBHOOK_GONE_S, "seconds", _SERVER),
    Limit("delete_window", DELETE_S, "seconds", _DOC),
    Limit("log_out", LOG_OUT_S, "seconds", _DOC),
    Limit("business_window", BUSINESS_WINDOW_S, "seconds", _DOC),
    Limit("rate_chat", CHAT_RATE_PER_S, "messages/second", _FAQ),
    Limit("burst_chat", CHAT_BURST, "messages", _FAQ),
    Limit("rate_group", GROUP_RATE_PER_S, "messages/second", _FAQ),
    Limit("burst_group", GROUP_BURST, "messages", _FAQ),
    Limit("rate_bot", BOT_RATE_PER_S, "messages/second", _FAQ),
)
