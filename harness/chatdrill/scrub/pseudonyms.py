"""What stands for what was found: of the same kind, in the same spelling, with right check digits, and always the same for the same.

What is drawn depends on the order in which things were found and not on what they are, so that nobody can compute it back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from chatdrill.scrub.checksums import IBAN_LENGTHS, iban_digits, luhn_digit, pesel_digit
from chatdrill.scrub.gazetteer import Name, last_names, middle_names
from chatdrill.scrub.inflection import Language, Part, class_of, forms
from chatdrill.scrub.shortnames import ambiguous, short_names
from chatdrill.seeds import Stream

_NO_DIGIT = re.compile(r"\D")
_PHONE_KEY_DIGITS = 9
_KEPT_TRIES = 200
_MONTHS: dict[str, tuple[str, ...]] = {
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "pl": (
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ),
}


class Pseudonyms:
    """The pseudonyms of one import. ``chance`` draws them; ``made`` is what stands for what, by kind: the mapping."""

    def __init__(self, language: Language, chance: Stream) -> None:
        self.language = language
        self._chance = chance
        self.made: dict[str, dict[str, str]] = {}
        self._names: dict[tuple[str, str, str], str] = {}
        self._used: set[str] = set()
        self._avoid: set[str] = set()

    def avoid(self, lemma: str) -> None:
        """Never draw this name: somebody real has it."""
        self._avoid.add(lemma)

    def of(self, kind: str, text: str) -> str:
        """What stands for a text of a kind."""
        key = _KEYS.get(kind, _same)(text)
        known = self.made.setdefault(kind, {})
        if key not in known:
            known[key] = self._fresh(kind, text, known)
        return _SPELLED[kind](known[key], text) if kind in _SPELLED else known[key]

    def _fresh(self, kind: str, text: str, known: dict[str, str]) -> str:
        taken = set(known.values())
        made = text
        for _ in range(_KEPT_TRIES):
            made = _MAKERS[kind](self, text)
            if made not in taken and made != text:
                break
        return made

    # --------------------------------------------------------------------------------------------------- names

    def name(self, name: Name, place: int, written: str) -> str:
        """Another name in the same case, spelled as ``written``: capitals, hyphens."""
        lemma = self._lemma(name)
        every = forms(lemma, name.language, name.part)
        form = every[place] if place < len(every) else every[0]
        self.made.setdefault("name", {})[name.lemma] = lemma
        return _as_written(form, written)

    def _lemma(self, name: Name) -> str:
        family = name.full or name.lemma
        key = (name.part, family, name.language)
        if key not in self._names:
            self._names[key] = self._draw(name)
        drawn = self._names[key]
        if name.part != "first" or not name.rank:
            return drawn
        rows = short_names(name.language, name.gender) if name.gender else ()
        row = next((row for row in rows if row[0] == drawn), (drawn,))
        return row[min(name.rank, len(row) - 1)]

    def _draw(self, name: Name) -> str:
        gender = name.gender or ("f" if name.lemma.endswith(("a", "а", "я")) else "m")
        pool = _pool(
            name.language,
            name.part,
            gender,
            class_of(name.full or name.lemma, name.language, name.part),
            bool(name.rank),
        )
        fresh = [word for word in pool if word not in self._used and word not in self._avoid and word != name.lemma]
        drawn = self._chance.choice(fresh or pool)
        self._used.add(drawn)
        return drawn

    # ------------------------------------------------------------------------------------------------- numbers

    def _digits(self, text: str, keep: int = 0) -> str:
        """Other digits in the places of digits from the ``keep``-th on."""
        seen = 0
        made = []
        for char in text:
            if char.isdigit():
                seen += 1
                char = char if seen <= keep else str(self._chance.randrange(1 if seen == keep + 1 else 0, 10))
            made.append(char)
        return "".join(made)

    def phone(self, text: str) -> str:
        digits = _NO_DIGIT.sub("", text)[-_PHONE_KEY_DIGITS:]
        return digits[0] + "".join(str(self._chance.randrange(10)) for _ in digits[1:])

    def card(self, text: str) -> str:
        digits = _NO_DIGIT.sub("", text)
        body = self._digits(digits, 1)[:-1]
        return body + luhn_digit(body)

    def iban(self, text: str) -> str:
        bare = re.sub(r"\s", "", text).upper()
        country = bare[:2] if bare[:2].isalpha() else "PL"
        bban = self._digits(bare[4:] if bare[:2].isalpha() else bare[2:])
        return (country + iban_digits(country, bban) + bban)[: IBAN_LENGTHS.get(country, 34)]

    def document(self, text: str) -> str:
        made = self._digits(text)
        if re.fullmatch(r"\d{11}", text) and text[0] not in "78":
            born = f"{self._chance.randrange(50, 100)}{self._chance.randrange(1, 13):02d}{self._chance.randrange(1, 29):02d}"
            body = born + f"{self._chance.randrange(10_000):04d}"
            return body + pesel_digit(body)
        return re.sub(r"[A-Z]", lambda _: self._chance.choice("ABCDEFGHJKLMNPRSTUWXYZ"), made)

    def order(self, text: str) -> str:
        return self._digits(text)

    def email(self, _: str) -> str:
        name = self._chance.choice([row[0] for row in short_names("en", "f" if self._chance.random() < 0.5 else "m")])
        last = self._chance.choice([word for word in last_names("en") if word.isascii() and word.isalpha()])
        return f"{name}.{last}{self._chance.randrange(10, 100)}@example.org"

    def initials(self, text: str) -> str:
        letters = "АВДЕИКЛМНОПРС" if re.search("[А-Я]", text) else "ABDEHJKLMNPRST"
        return re.sub(r"\w", lambda _: self._chance.choice(letters), text)

    def username(self, _: str) -> str:
        return f"@user_{self._chance.hex(5)}"

    def link(self, _: str) -> str:
        return f"https://example.org/{self._chance.hex(6)}"

    def birth_date(self, text: str) -> str:
        """Another day, month and year in the same spelling."""
        made = re.sub(r"(?:19|20)\d{2}", lambda _: str(self._chance.randrange(1955, 2001)), text)
        made = re.sub(r"(?<!\d)\d{1,2}(?!\d)", lambda found: f"{self._chance.randrange(1, 13):0{len(found[0])}d}", made)
        return re.sub(r"[^\W\d_]{3,}", self._month, made)

    def _month(self, found: re.Match[str]) -> str:
        months = next((months for months in _MONTHS.values() if found[0].lower() in months), None)
        return self._chance.choice(months) if months else found[0]

    # -------------------------------------------------------------------------------------------------- places

    def address(self, text: str) -> str:
        """A street, house and, where there was one, flat and postal code, in the manner of the country."""
        country = (
            "ru"
            if re.search(r"[а-яё]", text, re.IGNORECASE)
            else "pl"
            if _is_polish(text) and self.language != "en"
            else "en"
        )
        return _ADDRESSES[country](self, text)

    def _provided(self, locale: str, attribute: str) -> str:
        provider: Any = import_module(f"faker.providers.address.{locale}").Provider
        return str(self._chance.choice(list(getattr(provider, attribute))))

    def _polish_address(self, text: str) -> str:
        number, flat = self._chance.randrange(1, 120), self._chance.randrange(1, 60)
        code = f"{self._chance.randrange(100):02d}-{self._chance.randrange(1000):03d}"
        has_code = re.search(r"\d{2}-\d{3}", text)
        has_street = re.sub(r"\d{2}-\d{3}.*", "", text).strip(" ,")
        home = f"{number}/{flat}" if re.search(r"/|m\.|lok|mieszk", text) else str(number)
        street = f"ul. {self._provided('pl_PL', 'streets_adjective_feminine')} {home}"
        town = f"{code} {self._provided('pl_PL', 'cities')}" if has_code and text.strip()[-1:].isalpha() else code
        return ", ".join(filter(None, (street if has_street else "", town if has_code else "")))

    def _russian_address(self, text: str) -> str:
        number, flat = self._chance.randrange(1, 150), self._chance.randrange(1, 200)
        index, city = (
            f"{self._chance.randrange(101_000, 690_000)}",
            self._provided("ru_RU", "city_names").partition(" (")[0],
        )
        made = [index] if re.search(r"(?<!\d)\d{6}(?!\d)", text) else []
        if re.search(r"(?:^|[\s,])г(?:\.|ор)", text):
            made.append(f"г. {city}")
        if re.search(r"[А-ЯЁа-яё]{4}", re.sub(r"(?i)кварт\w+|подъезд|этаж|г\.\s?\w+", "", text)) or re.search(
            r"ул|пр", text
        ):
            made.append(f"ул. {self._provided('ru_RU', 'street_titles')}, д. {number}")
        if re.search(r"(?i)кв", text):
            made.append(f"кв. {flat}")
        return ", ".join(made) or index

    def _english_address(self, text: str) -> str:
        number, last = (
            self._chance.randrange(1, 900),
            self._chance.choice([word for word in last_names("en") if word.isalpha()]),
        )
        code = re.search(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|\d{5}(?:-\d{4})?$", text)
        post = ""
        if code:
            letters = (
                re.sub(r"[A-Z](?=[A-Z]?\d? ?\d?[A-Z]*$)", lambda _: self._chance.choice("ABDEHLNPRSTW"), code[0])
                if not re.search(r"\d{5}", code[0])
                else code[0]
            )
            post = self._digits(letters)
        if code and code[0] == text.strip():
            return post
        if re.match(r"[Pp]\.?\s?[Oo]", text):
            return f"PO Box {number}"
        flat = f", Apt {self._chance.randrange(1, 60)}" if re.search(r"(?i)apt|apart|flat|unit|suite|#", text) else ""
        if not re.search(r"[A-Za-z]{2,} +[A-Za-z]+|\d+ +[A-Z]", text.replace(code[0] if code else "\0", "")):
            return self._digits(text)
        return ", ".join(filter(None, (f"{number} {last.title()} Street{flat}", post)))


def _is_polish(text: str) -> bool:
    return bool(
        re.search(r"[ąćęłńóśźż]|\bul\.|\b\d{2}-\d{3}\b|\bal\.|\bos\.|\bpl\.|\d/\d|\bm\. ?\d", text, re.IGNORECASE)
    ) and not re.search(r"\b(?:Street|Road|Avenue|Lane)\b", text)


_ADDRESSES: dict[str, Callable[[Pseudonyms, str], str]] = {
    "ru": Pseudonyms._russian_address,
    "pl": Pseudonyms._polish_address,
    "en": Pseudonyms._english_address,
}


@lru_cache(maxsize=256)
def _pool(language: Language, part: Part, gender: str, wanted: int, has_short: bool) -> tuple[str, ...]:
    """The names that can stand for one: inflected alike, and no ordinary words."""
    all_of_them = _names(language, part, gender, has_short)
    alike = tuple(word for word in all_of_them if class_of(word, language, part) == wanted)
    return alike or all_of_them


def _names(language: Language, part: Part, gender: str, has_short: bool) -> tuple[str, ...]:
    words = ambiguous(language)
    if part == "last":
        return tuple(word for word in last_names(language) if word not in words and "-" not in word)
    if part == "middle":
        return tuple(word for other, word in middle_names(language) if other == gender)
    rows = short_names(language, gender)
    return tuple(row[0] for row in rows if row[0] not in words and len(row) > has_short)


# --------------------------------------------------------------------------------------- the same, spelled anew


def _same(text: str) -> str:
    return " ".join(text.lower().split())


def _only_digits(text: str) -> str:
    return _NO_DIGIT.sub("", text)


def _phone_key(text: str) -> str:
    return _only_digits(text)[-_PHONE_KEY_DIGITS:]


def _iban_key(text: str) -> str:
    bare = re.sub(r"\s", "", text).upper()
    return bare if bare[:2].isalpha() else "PL" + bare


def _respelled(digits: str, written: str) -> str:
    """``digits`` in the places of the last digits of ``written``; what stands before, as a country's number, stays."""
    rest = list(digits)
    made = [rest.pop() if char.isdigit() and rest else char for char in reversed(written)]
    return "".join(reversed(made))


def _spelled_iban(iban: str, written: str) -> str:
    bare = re.sub(r"\s", "", written)
    source = iter(iban if bare[:2].isalpha() else iban[2:])
    return "".join(char if char.isspace() else next(source, "") for char in written)


def _as_written(form: str, written: str) -> str:
    if written.isupper() and len(written) > 1:
        return form.upper()
    return "-".join(word[:1].upper() + word[1:] for word in form.split("-")) if written[:1].isupper() else form


_MAKERS: dict[str, Callable[[Pseudonyms, str], str]] = {
    "phone": Pseudonyms.phone,
    "card": Pseudonyms.card,
    "iban": Pseudonyms.iban,
    "account": Pseudonyms.order,
    "document": Pseudonyms.document,
    "order": Pseudonyms.order,
    "email": Pseudonyms.email,
    "username": Pseudonyms.username,
    "initials": Pseudonyms.initials,
    "link": Pseudonyms.link,
    "birth date": Pseudonyms.birth_date,
    "address": Pseudonyms.address,
}
_KEYS: dict[str, Callable[[str], str]] = {"phone": _phone_key, "card": _only_digits, "iban": _iban_key}
_SPELLED: dict[str, Callable[[str, str], str]] = {"phone": _respelled, "card": _respelled, "iban": _spelled_iban}
