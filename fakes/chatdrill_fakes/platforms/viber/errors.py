"""The statuses of Viber: every answer has HTTP status 200, and one of these inside. Source: developers.viber.com, REST API,
error codes (2026). The wording beside a number is not documented and often differs: bots should go by the number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse, json_response

NAMES: dict[int, str] = {
    0: "ok",
    1: "invalidUrl",
    2: "invalidAuthToken",
    3: "badData",
    4: "missingData",
    5: "receiverNotRegistered",
    6: "receiverNotSubscribed",
    7: "publicAccountBlocked",
    8: "publicAccountNotFound",
    9: "publicAccountSuspended",
    10: "webhookNotSet",
    11: "receiverNoSuitableDevice",
    12: "tooManyRequests",
    13: "apiVersionNotSupported",
    14: "incompatibleWithVersion",
    15: "publicAccountNotAuthorized",
    16: "inchatReplyMessageNotAllowed",
    17: "publicAccountIsNotInline",
    18: "noPublicChat",
    19: "cannotSendBroadcast",
    20: "broadcastNotAllowed",
    21: "unsupportedCountry",
    22: "paymentUnsupported",
    23: "freeMessagesExceeded",
    24: "noBalance",
}
GENERAL = 25
"""Any number beyond the table: ``generalError``."""
HOSTNAME = "SN-CHAT-05_"
_TEXTS = {6: "notSubscribed", 12: "Too many requests"}
"""Where live accounts were seen to say something else than the name."""


class ApiError(Exception):
    """A status other than 0. ``reason`` follows the name; ``text`` takes the place of both."""

    def __init__(self, status: int, reason: str = "", *, text: str | None = None, **more: Any) -> None:
        name = NAMES.get(status, "generalError")
        words = text if text is not None else f"{name} [{reason}]" if reason else _TEXTS.get(status, name)
        super().__init__(words)
        self.status, self.name, self.more = status, name, more

    @property
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"status": self.status, "status_message": str(self), **self.more}

    @property
    def told(self) -> str:
        """For the trace: the number, and what it means where the words do not say it."""
        words = str(self)
        return f"{self.status} {words}" if words.startswith(self.name) else f"{self.status} {self.name}: {words}"


def bad(reason: str) -> ApiError:
    """Status 3: something is wrong with what was given."""
    return ApiError(3, reason)


def missing(name: str) -> ApiError:
    """Status 4: a field is not there."""
    return ApiError(4, f"{name} is required")


def answer(body: Mapping[str, Any]) -> HttpResponse:
    """Any answer."""
    return json_response(body)


def refusal(status: int) -> HttpResponse:
    """How an answer with an HTTP status looks that Viber's own service never gives: a gateway in front of it does."""
    if status == 429:
        return answer({**ApiError(12).body, "chat_hostname": HOSTNAME})
    return json_response({"status": GENERAL, "status_message": "generalError"}, status=status)
