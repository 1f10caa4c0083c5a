"""One account whose chats several workers hold: how its calls name people."""

from __future__ import annotations

from chatdrill_fakes.families.graph.dividing import Sharing

from . import cdn
from .graph.routes import API

SHARING = Sharing(
    api=API,
    recipient=("id", "comment_id", "notification_messages_token"),
    here=("messages", "message_attachments", "", "accounts"),
    shared=("page", "app"),
    own=("root",),
    is_file=cdn.is_file,
    file_owner=cdn.owner_of,
)
