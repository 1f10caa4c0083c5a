"""One Page whose chats several workers hold: how its calls name people."""

from __future__ import annotations

from chatdrill.wire import HttpRequest
from chatdrill_fakes.families.graph import cdn
from chatdrill_fakes.families.graph.dividing import Sharing

from .graph.routes import API


def _is_file(path: str) -> bool:
    return path.startswith(cdn.PREFIX)


def _owner_of_file(request: HttpRequest) -> str | None:
    if request.path == f"{cdn.PREFIX}drawing":
        return None
    return dict(request.query).get("psid") or cdn.key_of(request.path)


SHARING = Sharing(
    api=API,
    recipient=("id", "user_ref", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token"),
    here=("messages", "message_attachments", "", "accounts"),
    shared=("page", "app", "persona", "label"),
    own=("root", "pack"),
    is_file=_is_file,
    file_owner=_owner_of_file,
)
