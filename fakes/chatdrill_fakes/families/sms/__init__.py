"""What every SMS gateway shares: segments and their alphabets, words that opt out, phone numbers."""

from chatdrill_fakes.families.sms.keywords import Keyword, is_out, keyword_in
from chatdrill_fakes.families.sms.numbers import (
    e164,
    free_number,
    is_alphanumeric,
    is_e164,
    is_short_code,
    number_of,
)
from chatdrill_fakes.families.sms.segments import Segmented, broken_at, segmented, units_in

__all__ = [
    "Keyword",
    "Segmented",
    "broken_at",
    "e164",
    "free_number",
    "is_alphanumeric",
    "is_e164",
    "is_out",
    "is_short_code",
    "keyword_in",
    "number_of",
    "segmented",
    "units_in",
]
