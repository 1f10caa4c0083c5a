"""Which words are names: Faker's lists and the short forms, in every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import msgspec

from chatdrill.scrub.inflection import Language, Part, forms, masculine
from chatdrill.scrub.shortnames import short_names

LOCALES: dict[Language, tuple[str, ...]] = {"ru": ("ru_RU",), "pl": ("pl_PL",), "en": ("en_US", "en_GB")}
_OWN_LAST: dict[Language, str] = {
    "ru": "шевченко бондаренко ткаченко кравченко коваленко лысенко савченко достоевский вишневский островский красовский соболевский чайковский каминский толстой полевой луговой черных белых седых шевчук савчук гайдук мельник коваль "
    "ким цой пак петросян саркисян аветисян джафаров мамедов алиев гасанов сулейманов каримов рахимов гоголь глинка сорока мицкевич адамович левин галкин рыбкин кузин",
    "pl": "",
    "en": "o'brien o'connor mcdonald macleod singh khan ahmed patel nguyen kowalski ivanov petrov",
}


class Name(msgspec.Struct, frozen=True, gc=False):
    """A name by the word it is known by, in lower case; ``rank`` is 0 for a full form, else which short one of
    ``full``. ``common``: people have it today."""

    lemma: str
    language: Language
    part: Part
    gender: str = ""
    full: str = ""
    rank: int = 0
    common: bool = False


Known = dict[str, tuple[Name, int]]


@lru_cache(maxsize=8)
def gazetteer(language: Language) -> dict[Part, Known]:
    """By part of a name: every form in lower case, with the name and the place of the form in ``forms``."""
    known: dict[Part, Known] = {"first": {}, "last": {}, "middle": {}}
    for name in _names(language):
        for place, form in enumerate(forms(name.lemma, language, name.part)):
            known[name.part].setdefault(form, (name, place))
            known[name.part].setdefault(form.replace("ё", "е"), (name, place))
    return known


def _names(language: Language) -> Iterator[Name]:
    for gender in ("f", "m"):
        for row in short_names(language, gender):
            for rank, word in enumerate(row):
                yield Name(word, language, "first", gender, row[0], rank, True)
    for gender, word in first_names(language):
        yield Name(word, language, "first", gender, word)
    for word in last_names(language):
        yield Name(word, language, "last", "", word)
    for gender, word in middle_names(language):
        yield Name(word, language, "middle", gender, word)


def _data(language: Language, *attributes: str) -> Iterator[str]:
    for locale in LOCALES[language]:
        provider: Any = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in attributes:
            yield from _words(getattr(provider, attribute, ()))


def _words(values: Iterable[str]) -> Iterator[str]:
    return (word.lower() for word in values if len(word) > 1 and " " not in word)


def first_names(language: Language) -> Iterator[tuple[str, str]]:
    """Gender and full first name."""
    for gender, attribute in (("f", "first_names_female"), ("m", "first_names_male")):
        yield from ((gender, word) for word in _data(language, attribute))


def middle_names(language: Language) -> Iterator[tuple[str, str]]:
    """Gender and patronymic; there are some in Russian."""
    if language == "ru":
        for gender, attribute in (("f", "middle_names_female"), ("m", "middle_names_male")):
            yield from ((gender, word) for word in _data(language, attribute))


@lru_cache(maxsize=8)
def common_names(language: Language) -> frozenset[str]:
    """First names and short forms that people have today."""
    return frozenset(word for gender in ("f", "m") for row in short_names(language, gender) for word in row)


@lru_cache(maxsize=8)
def last_names(language: Language) -> tuple[str, ...]:
    """Surnames in the form by which they are known."""
    found = (
        *_data(
            language,
            *(("last_names_male",) if language == "ru" else ("male_last_names", "unisex_last_names", "last_names")),
        ),
        *_OWN_LAST[language].split(),
    )
    return tuple(dict.fromkeys(masculine(word) if language != "en" else word for word in found if word != "doe"))
