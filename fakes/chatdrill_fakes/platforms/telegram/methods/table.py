"""Every method that is carried out, by its name in the vendor's documentation."""

from __future__ import annotations

from chatdrill_fakes.platforms.telegram.methods.albums import send_media_group
from chatdrill_fakes.platforms.telegram.methods.base import Handler
from chatdrill_fakes.platforms.telegram.methods.chatting import CHATTING
from chatdrill_fakes.platforms.telegram.methods.editing import EDITING
from chatdrill_fakes.platforms.telegram.methods.forwarding import (
    copy_message,
    copy_messages,
    forward_message,
    forward_messages,
)
from chatdrill_fakes.platforms.telegram.methods.profile import PROFILE
from chatdrill_fakes.platforms.telegram.methods.sending import SENDING
from chatdrill_fakes.platforms.telegram.methods.storing import STORING
from chatdrill_fakes.platforms.telegram.methods.subscribing import SUBSCRIBING

HANDLERS: dict[str, Handler] = {
    **SUBSCRIBING,
    **PROFILE,
    **SENDING,
    "sendMediaGroup": send_media_group,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    **EDITING,
    **CHATTING,
    **STORING,
}
