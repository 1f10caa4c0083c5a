"""Why a platform refused a call or failed a message, in plain words: the vendors' codes and texts, as one table.

Sources: the vendors' lists of error codes (WhatsApp Cloud API and Messenger Platform, November 2025) and the error texts
of the open Bot API server (tdlib/telegram-bot-api).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatdrill.trace import Called


@dataclass(frozen=True)
class Cause:
    """``words`` say it plainly; ``signs`` is what a code or a text of the vendor looks like. What is ``temporary`` is to
    be tried again."""

    words: str
    signs: re.Pattern[str]
    temporary: bool = False


def _cause(words: str, signs: str, *, temporary: bool = False) -> Cause:
    return Cause(words, re.compile(signs, re.IGNORECASE), temporary)


# The first that fits counts. A code stands alone, or as (#code) in front of Meta's text.
CAUSES: tuple[Cause, ...] = (
    _cause(
        "outside the 24-hour window",
        r"\b(131047|2018278|2018065)\b|outside (of )?(the )?allowed window|more than 24 hours have passed",
    ),
    _cause(
        "to be tried again later",
        r"\b4[0-9][0-9] 4\.[0-9]\.[0-9]+ |greylist",
        temporary=True,
    ),
    _cause(
        "rate limit",
        r"too many requests|\(#(4|613|80006|80007|131048|131056|130429)\)|\b(80006|80007|131048|131056|130429)\b"
        r"|rate limit|request limit reached|too many calls",
        temporary=True,
    ),
    _cause(
        "longer than allowed",
        r"too long|must be at most \d+ characters|must be less than or equal to \d+|characters, more than|\b132005\b"
        r"|BUTTON_DATA_INVALID|BUTTON_COPY_TEXT_INVALID|CAPTION_TOO_LONG",
    ),
    _cause("more than allowed", r"too many|exceed max allowed|at most \d+|must be between|too much|too big|TOO_MUCH"),
    _cause("text with faulty formatting", r"can't parse entities|can't parse MessageEntity|can't find end"),
    _cause("the same button or row twice", r"duplicated"),
    _cause("nothing to send", r"text is empty|must be (a )?non-empty|cannot be empty"),
    _cause(
        "the customer has blocked the bot", r"bot was blocked|isn't receiving messages from you|user is deactivated"
    ),
    _cause("the customer cannot be reached", r"\b(131026|1545041)\b|isn't available right now|undeliverable"),
    _cause("the customer wants no marketing messages", r"\b(131049|131050|130472)\b|marketing message"),
    _cause(
        "unknown recipient",
        r"chat not found|no matching user|can't initiate conversation|\b131030\b|not a valid phone number",
    ),
    _cause("wrong token", r"unauthorized|access token|\(#190\)|^not found$"),
    _cause(
        "no such message", r"message to (edit|delete|react|be replied|copy|forward)[\w ]* not found|message can't be"
    ),
    _cause("the press is too old to be answered", r"query is too old|query ID is invalid"),
    _cause("no such template, or not in this language", r"\b132001\b"),
    _cause("the template is filled wrongly", r"\b(132000|132008|132012)\b"),
    _cause("the template is not in service", r"\b(132015|132016)\b"),
    _cause(
        "the file cannot be used", r"\b(131052|131053)\b|wrong file|failed to get HTTP URL|wrong type of the web page"
    ),
    _cause("another app controls the conversation", r"another app is controlling|\b2018300\b"),
    _cause("two things ask for updates", r"terminated by other getUpdates|while webhook is active", temporary=True),
    _cause("an argument is missing", r"parameter [\w\[\]]+ is required|\b131008\b|is required\b"),
    _cause(
        "trouble on the platform's side",
        r"\b(131000|131016|131057|133004)\b|retry your request|temporary",
        temporary=True,
    ),
)
_RETRY_AFTER = re.compile(r"retry after (\d+)", re.IGNORECASE)
_SHUT_OUT = re.compile(r"\b45015\b|outside (?:of )?(?:the )?allowed window|more than 24 hours have passed")
_HARMLESS = re.compile(r"message is not modified", re.IGNORECASE)


def cause_of(text: str) -> Cause | None:
    """What a vendor's error text means, if it is known."""
    return next((cause for cause in CAUSES if cause.signs.search(text)), None)


def say_error(text: str) -> str:
    """The cause in plain words, with the vendor's text behind it."""
    cause = cause_of(text)
    return text if cause is None else f"{cause.words} ({text})"


def say_refusal(call: Called) -> str:
    """A refused call in a sentence."""
    return f"the platform refused {call.method}: {say_error(_text(call))}"


def is_temporary(call: Called) -> bool:
    """True where the vendor asks to try again."""
    cause = cause_of(_text(call))
    return call.status in (409, 429) or call.status >= 500 or (cause is not None and cause.temporary)


def retry_after_s(call: Called) -> float:
    """How long the vendor asks to wait, by the header of its answer or as far as its text says so."""
    if call.retry_after_s is not None:
        return call.retry_after_s
    found = _RETRY_AFTER.search(_text(call))
    return float(found[1]) if found else 0.0


def is_harmless(call: Called) -> bool:
    """True where the refusal changes nothing: everything is already as the bot wants it."""
    return _HARMLESS.search(_text(call)) is not None


def is_shut_out(call: Called) -> bool:
    """True where the platform lets nothing through so long after the customer's last word."""
    return _SHUT_OUT.search(_text(call)) is not None


def _text(call: Called) -> str:
    text = call.error or f"status {call.status}"
    return f"Too Many Requests: {text}" if call.status == 429 and cause_of(text) is None else text
