"""The errors of Twilio: a status, a code of five digits, words. Source: twilio.com/docs, Error and warning dictionary (2026). The wording
varies by date: bots should go by the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.twilio.answers import answer

REFUSED: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20006: (403, "Access Denied"),
    20404: (404, "The requested resource {} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21205: (400, "Url is not a valid URL: {}"),
    21211: (400, "The 'To' number {} is not a valid phone number."),
    21212: (400, "The 'From' number {} is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21220: (400, "Call {} is not in-progress. Cannot redirect."),
    21265: (400, "The 'To' number cannot be a Short Code: {}"),
    21266: (400, "'To' and 'From' number cannot be the same: {}"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {}."),
    21601: (400, "Phone number is not a valid SMS-capable inbound phone number: {}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided ({}) is not a valid message-capable Twilio phone number for this destination/account."),
    21608: (400, "The number {} is unverified. Trial accounts cannot send messages to unverified numbers; verify {} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers."),
    21609: (400, "The 'StatusCallback' URL {} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number: {}, is not currently reachable using the 'From' phone number: {} via SMS."),
    21614: (400, "'To' number is not a valid mobile number: {}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21619: (400, "A text message body or media urls must be specified."),
    21620: (400, "Invalid media URL(s)"),
    21621: (400, "The 'From' number {} has not been enabled for MMS."),
    21622: (400, "MMS has not been enabled for the region indicated by the 'To' number: {}."),
    21623: (400, "Number of media files exceeds allowed limit"),
    21654: (400, "The ContentSid is required"),
    21655: (400, "The ContentSid {} is invalid"),
    21656: (400, "The ContentVariables parameter is invalid"),
    21659: (400, "'From' {} is not a Twilio phone number or Short Code country mismatch"),
    21660: (400, "Mismatch between the 'From' number {} and the account {}"),
    21703: (400, "The Messaging Service {} contains no phone numbers"),
}  # fmt: skip
"""Errors of calls: the HTTP status and the pattern of the words."""

FAILED, UNDELIVERED = "failed", "undelivered"
FATES: dict[int, str] = {
    **dict.fromkeys((11200, 12300, 21610, 30001, 30002, 30010, 30011, 30019, 30022, 30023, 30032, 30034, 30036, 14107), FAILED),
    **dict.fromkeys((30003, 30004, 30005, 30006, 30007, 30008, 30017, 30018, 30410, 30440, 30450, 30451, 30452, 30453), UNDELIVERED),
}  # fmt: skip
"""Codes of what becomes of an accepted message: ``failed`` never left, ``undelivered`` was refused by the carrier."""

DEBUGGER: dict[int, str] = {
    11100: "Invalid URL format",
    11200: "HTTP retrieval failure",
    11205: "HTTP connection failure",
    11750: "TwiML response body too large",
    12100: "Document parse failure",
    12200: "Schema validation warning",
    12300: "Invalid Content-Type",
    14101: "Invalid 'To' attribute",
    14102: "Invalid 'From' attribute",
    14103: "Invalid Body",
    14107: "Message rate limit exceeded",
    14108: "'From' phone number not SMS capable",
    14109: "Reply message limit exceeded",
}
"""Codes of what is wrong with the answer to a webhook; they stand in the Debugger and go to the fallback address."""


class ApiError(Exception):
    """A call that is refused. ``words`` fill the pattern; ``note`` is for the trace."""

    def __init__(self, code: int, *words: str, note: str | None = None, refused: bool = False) -> None:
        self.code, self.note, self.refused = code, note, refused
        self.status, pattern = REFUSED.get(code, (400, f"Error {code}"))
        filled = pattern.split("{}")
        shown = (words * len(filled))[: len(filled) - 1]
        text = "".join(piece + word[:100] for piece, word in zip(filled, (*shown, ""), strict=True))
        self.text = text.encode("utf-8", "replace").decode()  # half of a surrogate cannot be told
        super().__init__(self.text)

    @property
    def told(self) -> str:
        """For the trace."""
        return f"{self.code} {self.text}"

    def response(self, *, xml: bool = False) -> HttpResponse:
        """The answer."""
        headers = (("WWW-Authenticate", 'Basic realm="Twilio API"'),) if self.status == 401 else ()
        return answer(self.body, self.status, "RestException", xml=xml, headers=headers)

    @property
    def body(self) -> Mapping[str, Any]:
        """The JSON of the answer."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.text, "more_info": more, "status": self.status}


_BY_STATUS = {401: 20003, 403: 20006, 404: 20404, 405: 20004, 429: 20429, 500: 20500, 503: 20503}


def refusal(status: int) -> HttpResponse:
    """How an answer with this status looks, whatever the call."""
    error = ApiError(_BY_STATUS.get(status, 20001 if status < 500 else 20500), "/2010-04-01")
    return answer({**error.body, "status": status}, status, "RestException")
