"""Check digits of the numbers that banks and states hand out: is it one, and how one is made."""

from __future__ import annotations

_PESEL = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BY": 28, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IT": 27, "KZ": 20,
    "LT": 20, "LU": 20, "LV": 21, "MD": 24, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip
"""SWIFT, IBAN Registry, release 99 (2024-12): characters in all."""


def luhn_digit(digits: str) -> str:
    """The check digit that belongs behind ``digits`` (ISO/IEC 7812-1)."""
    total = sum(_doubled(int(digit)) if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _doubled(digit: int) -> int:
    return digit * 2 - 9 if digit > 4 else digit * 2


def is_luhn(digits: str) -> bool:
    """Whether the last digit is right."""
    return luhn_digit(digits[:-1]) == digits[-1]


def iban_digits(country: str, bban: str) -> str:
    """The two check digits of an IBAN (ISO 13616)."""
    return f"{98 - int(_numbered(bban + country + '00')) % 97:02d}"


def is_iban(iban: str) -> bool:
    """Whether an IBAN without spaces has the length of its country and the right check digits."""
    known = IBAN_LENGTHS.get(iban[:2])
    return known == len(iban) and iban[2:4].isdigit() and int(_numbered(iban[4:] + iban[:4])) % 97 == 1


def _numbered(text: str) -> str:
    return "".join(char if char.isdigit() else str(ord(char.upper()) - 55) for char in text)


def pesel_digit(digits: str) -> str:
    """The last digit of a Polish PESEL behind its ten first."""
    return str(-sum(int(digit) * weight for digit, weight in zip(digits, _PESEL, strict=True)) % 10)


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are a PESEL: a date of birth in them and the right last digit."""
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    return 1 <= month <= 12 and 1 <= day <= 31 and pesel_digit(digits[:10]) == digits[10]
