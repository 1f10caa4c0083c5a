"""The names by which a scenario can ask for what Slack tells or does."""

from __future__ import annotations

PLAIN = (
    "app_home_opened", "app_uninstalled", "assistant_thread_context_changed", "assistant_thread_started", "channel_archive",
    "channel_created", "channel_deleted", "channel_rename", "channel_unarchive", "file_change", "file_created", "file_deleted",
    "file_shared", "im_close", "im_created", "im_open", "link_shared", "member_joined_channel", "member_left_channel", "reaction_added",
    "reaction_removed", "team_join", "tokens_revoked", "user_change",
)  # fmt: skip
"""Events that are one payload."""
SUBTYPES = (
    "bot_message", "channel_archive", "channel_join", "channel_leave", "channel_name", "channel_purpose", "channel_topic",
    "me_message", "message_changed", "message_deleted", "thread_broadcast",
)  # fmt: skip
"""Messages that are more than plain words."""
INTERACTIONS = ("block_suggestion", "message_action", "shortcut", "slash_command", "view_closed")
EFFECTS = ("api_error", "bot_removed", "channel_archived", "disconnect", "token_trouble", "user_disabled")
"""What changes only what later calls meet; nothing is told of it."""

EVENT_NAMES = frozenset(
    {"app_mention", "app_rate_limited", *PLAIN, *(f"message.{name}" for name in SUBTYPES), *INTERACTIONS, *EFFECTS}
)
