"""Error 100 in Meta's words, and errors that a scenario asks for.

Texts with ``name_placeholder`` come from recorded answers of the live API (public test suites of Messenger SDKs, 2017-2026);
the table in the documentation gives codes and gists only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from chatdrill_fakes.families.meta import GraphError

PARAMETER = 100
Known = Mapping[tuple[int, int | None], str]
"""The words of an error by its code and subcode; ``{now}`` stands for the time."""
KNOWN: Known = {
    (1, None): "An unknown error occurred",
    (2, None): "An unexpected error has occurred. Please retry your request later.",
    (4, None): "(#4) Application request limit reached",
    (10, None): "(#10) Application does not have permission for this action",
    (100, None): "(#100) Invalid parameter",
    (100, 2018008): "(#100) Failed to fetch the file from the url",
    (100, 2018047): "(#100) Upload attachment failure.",
    (100, 2018109): "(#100) Attachment size exceeds allowable limit",
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
    (551, 1545041): "(#551) This person isn't available right now.",
}
"""Errors that both products have; each of them adds its own."""
_PACIFIC = dt.timezone(dt.timedelta(hours=-8))
_STATUS = {1: 500, 2: 500, 10: 403, 190: 401, 200: 403}


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


def gone() -> GraphError:
    """A message that was taken back, or is too old to be read."""
    return GraphError(9000001, "(#9000001) The message was deleted or is unavailable")


def failure(data: Mapping[str, Any], at: float, words: Known) -> GraphError:
    """The error that a scenario asks for: ``code``, perhaps ``subcode``, ``message``, ``status``, ``is_transient``."""
    code, subcode = int(data.get("code", 2)), None if data.get("subcode") is None else int(data["subcode"])
    known = words.get((code, subcode)) or words.get((code, None)) or f"(#{code}) Error {code}"
    now = dt.datetime.fromtimestamp(at, _PACIFIC).strftime("%A, %d-%b-%y %H:%M:%S PST")
    text = data.get("message") or known.replace("{now}", now)
    return GraphError(
        code,
        str(text),
        subcode,
        status=int(data.get("status", _STATUS.get(code, 400))),
        transient=bool(data.get("is_transient", code in (2, 1200))),
    )
