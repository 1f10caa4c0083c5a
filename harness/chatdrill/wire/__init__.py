"""The contracts of a fake, and what every wire needs: HTTP as values, arguments, files, rates, state."""

from chatdrill.wire.arguments import Arguments, Upload, read_arguments
from chatdrill.wire.contract import (
    Ack,
    Call,
    Capabilities,
    Coverage,
    Delivery,
    Exchange,
    Fetch,
    Fetched,
    Handled,
    Hold,
    Later,
    Limit,
    Platform,
    Retry,
    Setting,
)
from chatdrill.wire.http import HttpFailure, HttpRequest, HttpResponse, json_response
from chatdrill.wire.rates import Bucket
from chatdrill.wire.state import ChannelState, Chat, Outbox, OutboxWatcher, Update

__all__ = [
    "Ack",
    "Arguments",
    "Bucket",
    "Call",
    "Capabilities",
    "ChannelState",
    "Chat",
    "Coverage",
    "Delivery",
    "Exchange",
    "Fetch",
    "Fetched",
    "Handled",
    "Hold",
    "HttpFailure",
    "HttpRequest",
    "HttpResponse",
    "Later",
    "Limit",
    "Outbox",
    "OutboxWatcher",
    "Platform",
    "Retry",
    "Setting",
    "Update",
    "Upload",
    "json_response",
    "read_arguments",
]
