"""The Send API's errors, in Meta's words where those are known.

Texts with ``name_placeholder`` and the subcodes of template errors come from recorded answers of the live API (public
test suites of Messenger SDKs, 2017-2026); the table in the documentation gives codes and gists only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from chatdrill_fakes.families.meta import GraphError

PARAMETER = 100
PROFILE_SUBCODES = (2018218, 2018247)
"""What goes wrong when a profile is read, not when a message is sent."""
_PACIFIC = dt.timezone(dt.timedelta(hours=-8))


def invalid(text: str, subcode: int | None = None) -> GraphError:
    """Error 100: something is wrong with an argument."""
    return GraphError(PARAMETER, f"(#100) {text}", subcode)


def required(where: str) -> GraphError:
    """An argument is missing."""
    return invalid(f"The parameter {where} is required")


def not_text(where: str) -> GraphError:
    """An argument is no string, or an empty one."""
    return invalid(f"Param {where} must be a non-empty UTF-8 encoded string")


def not_object(where: str) -> GraphError:
    """An argument is no JSON object."""
    return invalid(f"Param {where} must be an object")


def not_list(where: str) -> GraphError:
    """An argument is no JSON list."""
    return invalid(f"param {where} must be an array.")


def too_long(where: str, most: int) -> GraphError:
    """A string has more than ``most`` characters."""
    return invalid(f"Length of param {where} must be less than or equal to {most}")


def too_many(where: str) -> GraphError:
    """A list has too many elements. Recorded answers of 2017-19 have code 105 here; the documented error table has 100 only."""
    return invalid(f"param {where} has too many elements.")


def too_few(where: str) -> GraphError:
    """A list has too few elements; recorded answers of 2017-19 have code 194."""
    return invalid(f"param {where} has too few elements.")


def not_one_of(where: str, got: object, known: tuple[str, ...]) -> GraphError:
    """A word is not among the ``known`` ones."""
    return invalid(f'Param {where} must be one of {{{", ".join(known)}}} - got "{str(got)[:60]}".')


def not_url(where: str) -> GraphError:
    """An argument is no http(s) URL."""
    return invalid(f"{where} should represent a valid URL")


def no_such_user() -> GraphError:
    """Nobody at this Page has this id."""
    return invalid("No matching user found", 2018001)


def outside_window() -> GraphError:
    """The customer's last act is too long ago."""
    return GraphError(10, "(#10) This message is sent outside of allowed window.", 2018278, status=403)


def other_app_controls() -> GraphError:
    """Another app owns the thread."""
    return GraphError(
        10,
        "(#10) Message failed to send because another app is controlling this thread now.",
        2018300,
        status=403,
    )


def thread_refused(text: str, subcode: int) -> GraphError:
    """A call of the thread control API that its state does not allow."""
    return GraphError(10, f"(#10) {text}", subcode, status=403)


def unavailable() -> GraphError:
    """The customer blocked the Page, or the Page the customer."""
    return GraphError(551, "(#551) This person isn't available right now.", 1545041)


def not_a_tester() -> GraphError:
    """The app is in development mode and the customer has no role in it."""
    return GraphError(200, _KNOWN[200, 2018028], 2018028, status=403)


def restricted() -> GraphError:
    """The Page may not send, because of a policy."""
    return GraphError(10, "(#10) This Page is temporarily restricted from sending messages.", 1893063, status=403)


def rate_limited() -> GraphError:
    """Too many calls in a while."""
    return GraphError(613, "(#613) Calls to this API have exceeded the rate limit.")


def page_limited() -> GraphError:
    """The Page's calls of the day are used up."""
    return GraphError(80006, "(#80006) There have been too many calls to this Page account. Wait a bit and try again.")


_KNOWN: dict[tuple[int, int | None], str] = {
    (1, None): "An unknown error occurred",
    (1, 99): "An unknown error occurred",
    (2, None): "An unexpected error has occurred. Please retry your request later.",
    (4, None): "(#4) Application request limit reached",
    (4, 2018022): "(#4) Too many messages to phone numbers",
    (4, 2018354): "(#4) This marketing message is sent too early",
    (9, 2018352): "(#9) Too many marketing messages",
    (10, None): "(#10) Application does not have permission for this action",
    (10, 2018065): "(#10) This message is sent outside of allowed window.",
    (
        10,
        2018108,
    ): "(#10) This Person Cannot Receive Messages: This person isn't receiving messages from you right now.",
    (10, 2018278): "(#10) This message is sent outside of allowed window.",
    (10, 2018300): "(#10) Message failed to send because another app is controlling this thread now.",
    (10, 1893063): "(#10) This Page is temporarily restricted from sending messages.",
    (100, None): "(#100) Invalid parameter",
    (100, 2018001): "(#100) No matching user found",
    (100, 2018008): "(#100) Failed to fetch the file from the url",
    (100, 2018047): "(#100) Upload attachment failure.",
    (100, 2018074): "(#100) Invalid attachment ID or you do not own the attachment",
    (100, 2018109): "(#100) Attachment size exceeds allowable limit",
    (100, 2018218): "(#100) No profile available for this user",
    (100, 2018247): "(#100) Insufficient permission to access user profile",
    (100, 2018294): "(#100) Video upload timed out",
    (190, None): "Invalid OAuth access token.",
    (
        190,
        460,
    ): "Error validating access token: The session has been invalidated because the user changed their password "
    "or Facebook has changed the session for security reasons.",
    (190, 463): "Error validating access token: Session has expired on {now}.",
    (
        190,
        467,
    ): "Error validating access token: This may be because the user logged out or may be due to a system error.",
    (200, None): "(#200) Permissions error",
    (200, 2018021): "(#200) Requires pages_messaging_phone_number permission to manage the object",
    (200, 2018028): "(#200) Cannot message users who are not admins, developers or testers of the app until "
    "pages_messaging permission is reviewed and the app is live.",
    (200, 1545041): "(#200) Message Not Sent: This person isn't receiving messages from you right now.",
    (551, 1545041): "(#551) This person isn't available right now.",
    (613, None): "(#613) Calls to this API have exceeded the rate limit.",
    (613, 1893016): "(#613) Calls to this API have exceeded the rate limit.",
    (613, 2018338): "(#613) Calls to this API have exceeded the rate limit.",
    (1200, None): "(#1200) Temporary send message failure. Please try again later.",
    (80006, None): "(#80006) There have been too many calls to this Page account. Wait a bit and try again.",
}
_STATUS = {1: 500, 2: 500, 10: 403, 190: 401, 200: 403}


def failure(data: Mapping[str, Any], at: float) -> GraphError:
    """The error that a scenario asks for: ``code``, perhaps ``subcode``, ``message``, ``status``, ``is_transient``."""
    code, subcode = int(data.get("code", 2)), None if data.get("subcode") is None else int(data["subcode"])
    known = _KNOWN.get((code, subcode)) or _KNOWN.get((code, None)) or f"(#{code}) Error {code}"
    now = dt.datetime.fromtimestamp(at, _PACIFIC).strftime("%A, %d-%b-%y %H:%M:%S PST")
    text = data.get("message") or known.replace("{now}", now)
    return GraphError(
        code,
        str(text),
        subcode,
        status=int(data.get("status", _STATUS.get(code, 400))),
        transient=bool(data.get("is_transient", code in (2, 1200))),
    )
