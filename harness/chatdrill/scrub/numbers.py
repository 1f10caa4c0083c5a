"""Personal data that is known by its form: links, addresses of mail, phones, cards, accounts, documents, dates of birth, orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chatdrill.scrub.checksums import is_iban, is_luhn, is_pesel
from chatdrill.scrub.spans import Span

_GAP = "[ \u00a0\u202f\u2009]"
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'«»]+|(?<![\w.@/])(?:t\.me|wa\.me|vk\.com|fb\.com|m\.me|bit\.ly|instagram\.com|facebook\.com|linkedin\.com)/[^\s<>\"'«»]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{0,64}\w@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24}")
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{2,31}(?<!\.)")
_IBAN = re.compile(rf"(?<!\w)[A-Za-z]{{2}}\d{{2}}(?:{_GAP}?[A-Za-z0-9]{{1,4}}){{3,8}}(?!\w)")
_DIGITS = re.compile(rf"(?<![\w.,@/])(?:\+|00)?\(?\d(?:(?:{_GAP}|[()./\-\u2010-\u2015])*\d){{5,29}}(?!\w)")
_NO_DIGIT = re.compile(r"\D")
_DATE_LIKE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})(?!\d)|\d{4}([./-])\d{1,2}\2\d{1,2}(?!\d)")
_GROUPS_OF_MONEY = re.compile(rf"\d{{1,3}}(?:{_GAP}\d{{3}})+$")
_MONEY_AFTER = re.compile(
    rf"(?:[.,]\d{{2}})?{_GAP}?(?:zł|pln|eur|usd|gbp|руб|р\.|₽|€|\$|£|грн|kc|kč|шт|szt|pcs|км|km|кг|kg|мл|ml|гр|мм|mm|см|cm|%)",
    re.IGNORECASE,
)
_CARD_WORD = re.compile(r"(?:card|карт\w*|kart\w*|visa|mastercard|maestro)\D{0,25}$", re.IGNORECASE)
_DOCUMENT_WORD = re.compile(
    r"(?:паспорт\w*|снилс|инн|огрн\w*|водительск\w+ удостоверени\w+|pesel\w*|nip|regon|dow[oó]d\w*(?: osobist\w+)?|paszport\w*|passport\w*|ssn|"
    r"social security(?: number)?|national insurance(?: number)?|driver'?s licen[cs]e|id card)\b[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_LETTERED_DOCUMENT = re.compile(
    r"(?:pesel\w*|dow[oó]d\w*(?: osobist\w+)?|paszport\w*|passport|national insurance(?: number)?|nino|id card|driver'?s licen[cs]e)\b"
    rf"(?:{_GAP}?(?:is|to|nr\.?|numer\w*|seria|series|number|no\.?|:|-|#))*{_GAP}{{0,2}}([A-Z]{{1,3}}{_GAP}?\d[\d ]{{3,9}}\d?{_GAP}?[A-Z]?)(?!\w)",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"(?:phone|tel\w*|mobile|cell|call|text|number is|номер\w*|тел\w*|звони\w*|позвон\w*|whatsapp|вотсап\w*|ватсап\w*|dzwo\w+|zadzwo\w+|kom\.?|komórk\w+|numer\w*)\W{0,12}$",
    re.IGNORECASE,
)

Find = Callable[[str], Iterator[Span]]


def _plain(pattern: re.Pattern[str], kind: str, trim: str = "") -> Find:
    def find(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            yield Span(found.start(), found.start() + len(found[0].rstrip(trim) if trim else found[0]), kind)

    return find


def _ibans(text: str) -> Iterator[Span]:
    for found in _IBAN.finditer(text):
        words = found[0]
        while len(words) > 14:  # the last group may be a word of the sentence
            if is_iban(re.sub(r"\s", "", words).upper()):
                yield Span(found.start(), found.start() + len(words), "iban")
                break
            words = (
                words[:-1].rstrip()
                if " " not in words and "\u00a0" not in words
                else re.split(_GAP + r"(?=\S*$)", words)[0]
            )


def _digit_groups(text: str) -> Iterator[Span]:
    """Everything that is mostly digits, as what its length, form and neighbours say."""
    for found in _DIGITS.finditer(text):
        kind = _kind(text, found)
        if kind:
            yield Span(found.start(), found.end(), kind)


def _kind(text: str, found: re.Match[str]) -> str | None:
    written, before = found[0], text[: found.start()]
    digits = _NO_DIGIT.sub("", written)
    if _DATE_LIKE.match(written) and len(digits) <= 8:
        return None
    if len(digits) == 26 and is_iban("PL" + digits):
        return "iban"
    if _DOCUMENT_WORD.search(before[-60:]):
        return "document"
    if len(digits) == 20 and digits[:3] in ("407", "408", "423"):
        return "account"
    if 13 <= len(digits) <= 19 and (
        is_luhn(digits) or _CARD_WORD.search(before[-40:]) or re.fullmatch(r"\d{4}(\D\d{4}){3}", written)
    ):
        return "card"
    if re.fullmatch(r"\d{3}-\d{2}-\d{4}|\d{3}-\d{3}-\d{3}[ -]\d{2}", written) or (
        len(digits) == 11 and digits[0] not in "78" and is_pesel(digits)
    ):
        return "document"
    if _GROUPS_OF_MONEY.match(written) and _MONEY_AFTER.match(text, found.end()):
        return None
    return "phone" if _is_phone(written, digits, before) else None


_PHONE_SHAPES = re.compile(
    r"\d{3}[ -]\d{3}[ -]\d{3}|\d{2}[ -]\d{3}[ -]\d{2}[ -]\d{2}|\(?\d{2,5}\)?[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}|\d{3}-\d{4}|\d{3}[ -]\d{2}[ -]\d{2}"
    r"|\d{2}-\d{2}-\d{2}|0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}"
)


def _is_phone(written: str, digits: str, before: str) -> bool:
    if written.startswith(("+", "00")):
        return 8 <= len(digits) <= 17
    if ORDER_BEFORE.search(before[-60:]):
        return False
    if _PHONE_WORD.search(before[-30:]):
        return 6 <= len(digits) <= 15
    if written == digits:
        return (
            len(digits) in (9, 10)
            or (len(digits) == 11 and digits[0] in "0178")
            or (len(digits) in (11, 12) and digits[:2] in ("48", "38", "37", "44", "49"))
        )
    if len(digits) in (6, 7):
        return bool(re.fullmatch(r"\d{3}-\d{4}|\d{3}[ -]\d{2}[ -]\d{2}|\d{2}-\d{2}-\d{2}", written))
    return 9 <= len(digits) <= 13 and bool(_PHONE_SHAPES.fullmatch(written) or digits[0] in "0178+" or "(" in written)


# ---------------------------------------------------------------------------------------------- dates of birth

_MONTHS = (
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|wrzesnia|października|pazdziernika|listopada|grudnia|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DAY = (
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\.?,? (?:19|20)\d{{2}}"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}}"
)
_BORN = r"born(?: on| in)?|d\.?o\.?b\.?|date of birth|birth ?date|birthday|urodz\w*|ur\.|dat[aęy] urodzenia|dat[аыуе] рождения|родил\w*|др|д\.\s?р\.?|день рождения|рожд\."
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_BORN})[^\w\n]{{0,4}}(?:(?:is|to|в|w|dnia|у меня|:)\W{{1,3}}){{0,2}}(?P<day>{_DAY})(?!\d)",
    re.IGNORECASE,
)
_BIRTH_AFTER = re.compile(
    rf"(?<![\d.])(?P<day>{_DAY})(?= ?(?:г\.? ?р\.|года? рожд|г\. рожд|r\. ur|\(?born))", re.IGNORECASE
)
_LONG_AGO = re.compile(rf"(?<![\d./-])(?P<day>{_DAY.replace('(?:19|20)?', '(?:19|20)')})(?![\d/-])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BORN_TO = 2012
"""A date with a year up to here, in a chat of today, is somebody's birthday rather than a delivery."""


def _births(text: str) -> Iterator[Span]:
    for pattern in (_BIRTH, _BIRTH_AFTER):
        for found in pattern.finditer(text):
            yield Span(found.start("day"), found.end("day"), "birth date")
    for found in _LONG_AGO.finditer(text):
        year = _YEAR.search(found["day"])
        if year and 1920 <= int(year[0]) <= _BORN_TO:
            yield Span(found.start("day"), found.end("day"), "birth date")


# ------------------------------------------------------------------------------------------------------ orders

_ORDER_WORDS = (
    r"order(?:s|ed)?|invoice|ticket|case|tracking|parcel|package|shipment|booking|reservation|return|receipt|reference|ref|rma|purchase|contract|account|customer id|client id|"
    r"заказ\w*|чек\w*|накладн\w*|трек\w*|отправлени\w*|посылк\w*|сч[её]т\w*|договор\w*|заявк\w*|обращени\w*|брон\w+|возврат\w*|квитанци\w*|тикет\w*|"
    r"zam[oó]wieni\w*|paczk\w*|przesy[lł]k\w*|faktur\w*|zg[lł]oszeni\w*|rezerwacj\w*|zwrot\w*|reklamacj\w*|śledzeni\w*|paragon\w*|list\w* przewozow\w*|umow\w*"
)
_NUMBER_WORD = (
    r"(?:is|number|num|no\.?|nr\.?|id|code|номер\w*|под номером|numer\w*|o numerze|это|to|#|№|n°|:|-|–|=|\(|,)"
)
_TOKEN = r"(?:[A-Za-zА-Яа-яŻŹĆĄŚĘŁÓŃ]{1,6}[-/_ ]?)?\d[\dA-Za-zА-Я]*(?:[-/_][\dA-Za-zА-Я]+){0,4}"
ORDER_BEFORE = re.compile(rf"(?<!\w)(?:{_ORDER_WORDS})(?:\s*{_NUMBER_WORD}){{0,4}}\s*$|[№#]\s?$", re.IGNORECASE)
_ORDER = re.compile(
    rf"(?<!\w)(?:{_ORDER_WORDS})(?:\s*{_NUMBER_WORD}){{0,4}}\s*(?P<token>{_TOKEN})(?![\w])", re.IGNORECASE
)
_MARKED = re.compile(
    rf"(?:[№#]|(?<!\w)(?:nr|numer|номер|number|no\.)(?:\s*[:#№]|\s+to|\s+is)?)\s?(?P<token>{_TOKEN})(?!\w)",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"(?<![\w@/-])(?P<token>[A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{1,5}[-/]\d{3,}(?:[-/][A-Z\d]+)*|[A-Z]{2,5}\d{5,20}|\d{2,6}/\d{2}/(?:19|20)\d{2})(?![\w])"
)
_ALONE = re.compile(r"\s*#?(?P<token>\d{3,16})\s*[.!?]?\s*$")
_LONG = re.compile(r"(?<![\w.,/])(?P<token>\d{8,})(?!\w)")  # whatever it is, nobody else has it
_ORDER_DIGITS_MIN = 3


def _orders(text: str) -> Iterator[Span]:
    alone = _ALONE.match(text)
    if alone:
        yield Span(alone.start("token"), alone.end("token"), "order")
    for pattern in (_ORDER, _MARKED, _TRACKING, _LONG):
        for found in pattern.finditer(text):
            token = found["token"]
            if sum(map(str.isdigit, token)) >= _ORDER_DIGITS_MIN and not (
                _DATE_LIKE.fullmatch(token) or _MONEY_AFTER.match(text, found.end())
            ):
                yield Span(found.start("token"), found.end("token"), "order")


def _lettered(text: str) -> Iterator[Span]:
    for found in _LETTERED_DOCUMENT.finditer(text):
        yield Span(found.start(1), found.start(1) + len(found[1].rstrip()), "document")


_HAS_DIGIT = re.compile(r"\d")
_BY_FORM: tuple[tuple[str, Find], ...] = (
    ("/.", _plain(_LINK, "link", ".,;:!?)")),
    ("@", _plain(_EMAIL, "email")),
    ("9", _ibans),
    ("9", _lettered),
    ("9", _births),
    ("9", _digit_groups),
    ("@", _plain(_HANDLE, "username")),
)
"""In the order in which they are believed, each with a sign without which it finds nothing (``9``: any digit)."""


def find_by_form(text: str) -> Iterator[Span]:
    """What is known by its form alone, orders left out."""
    signs = {"9"} if _HAS_DIGIT.search(text) else set[str]()
    signs |= {"@"} if "@" in text else set()
    signs |= {"/."} if "/" in text or "www." in text.lower() else set()
    for sign, find in _BY_FORM if signs else ():
        if sign in signs:
            yield from find(text)


def find_orders(text: str) -> Iterator[Span]:
    """Numbers of orders, parcels, tickets and the like."""
    return _orders(text) if _HAS_DIGIT.search(text) else iter(())
