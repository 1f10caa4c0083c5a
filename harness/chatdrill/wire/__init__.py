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
    Service,
    Setting,
)
from chatdrill.wire.desks import Desk, DeskCapabilities, DeskState, Forgery, Rehearsal, Seat, Ticket, Told, strings_in
from chatdrill.wire.http import HttpFailure, HttpRequest, HttpResponse, json_response
from chatdrill.wire.rates import Bucket
from chatdrill.wire.retries import Retry
from chatdrill.wire.state import ChannelState, Chat, Hook, Outbox, OutboxWatcher, Thread, Update

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
    "Desk",
    "DeskCapabilities",
    "DeskState",
    "Exchange",
    "Fetch",
    "Fetched",
    "Forgery",
    "Handled",
    "Hold",
    "Hook",
    "HttpFailure",
    "HttpRequest",
    "HttpResponse",
    "Later",
    "Limit",
    "Outbox",
    "OutboxWatcher",
    "Platform",
    "Rehearsal",
    "Retry",
    "Seat",
    "Service",
    "Setting",
    "Thread",
    "Ticket",
    "Told",
    "Update",
    "Upload",
    "json_response",
    "read_arguments",
    "strings_in",
]
