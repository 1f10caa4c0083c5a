"""Identifiers in WhatsApp's own shapes.

The structure of message ids was derived from some forty samples in Meta's documentation (2025/26); a bot must treat
them as opaque. Media links follow the form of ``lookaside.fbsbx.com`` but lead to the fake itself.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import b2a_base64
from functools import lru_cache
from urllib.parse import urlencode

from chatdrill.model import Customer
from chatdrill.seeds import Stream

MEDIA_PATH = "/whatsapp_business/attachments/"
MEDIA_URL_VALID_S = 300
"""Seconds a media link works: Meta, "Get media URL" (2025)."""

_MOBILE = (("52", "521"), ("54", "549"))  # a country and how its mobile numbers begin at WhatsApp
_FROM_CUSTOMER, _FROM_BUSINESS = 0x12, 0x11


@lru_cache(maxsize=4096)
def _head(wa_id: str, side: int, length: int) -> bytes:
    number = wa_id.encode()
    return b"\x1c\x18%c%b\x15\x02\x00%c\x18%c" % (len(number), number, side, length)


def _message_id(wa_id: str, side: int, inner: str) -> str:
    packed = _head(wa_id, side, len(inner)) + inner.encode() + b"\0"
    return "wamid." + b2a_base64(packed, newline=False).decode()


def customer_message_id(wa_id: str, chance: Stream) -> str:
    """A fresh id of a message from the customer: 20 hexadecimal digits inside, the first two ``3A``."""
    return _message_id(wa_id, _FROM_CUSTOMER, f"3A{chance.getrandbits(72):018X}")


def business_message_id(wa_id: str, chance: Stream) -> str:
    """A fresh id of a message from the business: 18 hexadecimal digits inside."""
    return _message_id(wa_id, _FROM_BUSINESS, f"{chance.getrandbits(72):018X}")


def user_id(customer: Customer, chance: Stream) -> str:
    """A business-scoped user id: the country of the customer's locale, a dot, twenty digits."""
    region = customer.locale.replace("-", "_").partition("_")[2][:2].upper()
    return f"{region if region.isalpha() and len(region) == 2 else 'US'}.{chance.digits(20)}"


def canonical(digits: str) -> str:
    """A number as WhatsApp spells it: Mexican mobile numbers keep a 1 after the country code, Argentine ones a 9."""
    return next((mobile + digits[2:] for country, mobile in _MOBILE if _is(digits, country, 12)), digits)


def spellings(digits: str) -> tuple[str, ...]:
    """The other way in which a mobile number of Mexico, Argentina or Brazil is written."""
    for country, mobile in _MOBILE:
        if _is(digits, country, 12):
            return (mobile + digits[2:],)
        if _is(digits, mobile, 13):
            return (country + digits[3:],)
    if _is(digits, "55", 12):
        return (f"{digits[:4]}9{digits[4:]}",)
    return (digits[:4] + digits[5:],) if _is(digits, "55", 13) and digits[4] == "9" else ()


def _is(digits: str, prefix: str, length: int) -> bool:
    return len(digits) == length and digits.startswith(prefix)


def group_id(business_number: str, chance: Stream) -> str:
    """The id of a group: base64 of ``capi_group:{number}:{group}``, with ``ZD`` in the place of ``=``."""
    plain = f"capi_group:{business_number}:{chance.digits(18)}"
    return b64encode(plain.encode()).decode().replace("=", "ZD")


def number_in(message_id: str) -> str | None:
    """The customer's number inside a message id, or ``None`` in what is no id of ours."""
    try:
        packed = b64decode(message_id.removeprefix("wamid."), validate=True)
    except (ValueError, UnicodeEncodeError):
        return None
    number = packed[3 : 3 + packed[2]] if len(packed) > 3 else b""
    return number.decode() if number.isdigit() else None


def media_hash(app_secret: str, media_id: str, expires: int) -> str:
    """The argument ``hash`` of a media link; it ties the link to the media and to its end."""
    digest = hmac.digest(app_secret.encode(), f"{media_id}:{expires}".encode(), hashlib.sha256)
    return "A" + urlsafe_b64encode(digest).decode().rstrip("=")


def media_url(base_url: str, app_secret: str, media_id: str, at: float, *, source: str | None = None) -> str:
    """A link to a media file, made at drill time ``at`` and good for five minutes."""
    expires = int(at) + MEDIA_URL_VALID_S
    query = {"mid": media_id, "source": source, "ext": str(expires), "hash": media_hash(app_secret, media_id, expires)}
    root = base_url.rstrip("/") or "https://lookaside.fbsbx.com"
    return f"{root}{MEDIA_PATH}?{urlencode({key: value for key, value in query.items() if value})}"


def challenge(url: str, verify_token: str) -> str:
    """The ``hub.challenge`` of a callback: ten digits that stay the same while the question is asked again."""
    number = int.from_bytes(hashlib.sha256(f"{url}\n{verify_token}".encode()).digest()[:6], "big")
    return str(10**9 + number % (9 * 10**9))
