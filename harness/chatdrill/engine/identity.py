"""Who a customer is: a name, a phone number and an address in a locale, made up by Faker from a seed.

Phone numbers come from ranges that the regulators keep free for fiction, where a country has one:

=====  ====================  ==========================================================
GB     +44 7700 900000-999   Ofcom, telephone numbers for use in TV and radio drama
US CA  +1 NPA 555 0100-0199  ATIS / NANPA, 555 line numbers reserved for fiction
SE     +46 70 1740610-699    PTS, numbers for books and films
IE     +353 20 91x xxxx      ComReg, numbers for drama
FR     +33 6 39 98 xx xx     Arcep, numbers for audiovisual works
DE     +49 171 39200xx       Bundesnetzagentur, numbers for films and television
AU     +61 491 570 xxx       ACMA, numbers for radio, books, film and television
=====  ====================  ==========================================================

Elsewhere the number has the shape of a mobile number and may belong to somebody; the harness never dials or sends to it.
E-mail addresses lie in ``example.org`` (RFC 2606).
"""

from __future__ import annotations

import importlib.machinery
import os
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from chatdrill.engine.writing import plain_letters
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import Customer
from chatdrill.seeds import Stream

if TYPE_CHECKING:
    from faker import Faker

_AREA_CODES = (
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 "
    "252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 "
    "319 320 321 323 325 330 331 334 336 337 339 347 351 352 360 361 385 386 401 402 404 405 406 407 408 409 410 "
    "412 413 414 415 417 419 423 424 425 430 432 434 435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 "
    "509 510 512 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 580 585 586 601 602 "
    "603 605 606 607 608 609 610 612 614 615"
)
_CANADIAN_AREA_CODES = "204 226 236 250 289 306 343 403 416 418 438 450 506 514 519 579 581 587 604 613 647 705"

# Country: the digits after "+", with # for a random one (%: not zero), @ for an area code.
_PHONES: dict[str, str] = {
    "AU": "61491570###",
    "AT": "43664#######",
    "BE": "3247#######",
    "BG": "35988#######",
    "BR": "55119########",
    "BY": "37529#######",
    "CH": "4179#######",
    "CZ": "420602######",
    "DE": "4917139200##",
    "DK": "4520######",
    "EE": "3725#######",
    "ES": "346########",
    "FI": "35840#######",
    "FR": "3363998####",
    "GB": "447700900###",
    "GE": "9955########",
    "GR": "3069########",
    "HU": "3620#######",
    "IE": "3532091#####",
    "IL": "97250#######",
    "IN": "919#########",
    "IT": "39320#######",
    "KZ": "7701#######",
    "LT": "3706#######",
    "LV": "3712#######",
    "MX": "5255########",
    "NL": "316########",
    "NO": "474#######",
    "PL": "4850#######",
    "PT": "3519########",
    "RO": "407########",
    "RU": "7900#######",
    "SE": "467017406%#",
    "SK": "421905######",
    "TR": "90532#######",
    "UA": "38050#######",
}
_SHAPE_ELSEWHERE = "1@55501##"
_LATIN_PAIRS = (
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch "
    "ъ= ы=y ь= э=e ю=yu я=ya і=i ї=yi є=ye ґ=g ў=u"
)
_LATIN = str.maketrans(dict(pair.split("=") for pair in _LATIN_PAIRS.split()))


def make_customer(key: str, given: Mapping[str, str], locale: str, chance: Stream) -> Customer:
    """A customer of ``locale`` with the fields that are ``given``; the same ``chance`` makes the same person.

    Two people may get one phone number, as in life. Raises ``ScenarioError`` for a locale that Faker does not know.
    """
    people = _people(_known_locale(locale))
    people.seed_instance(chance.getrandbits(64))
    first, last = _names(people, given, chance)
    handle, number = _handle(first, last), chance.digits(3)
    fields = {
        "first_name": first,
        "last_name": last,
        "username": f"{handle.replace('.', '_')[:26]}_{number}",
        "phone": _phone(_country(locale), chance),
        "email": f"{handle}{number}@example.org",
    }
    return Customer(key=key, locale=locale, **{**fields, **given})


def identity_values(customers: Mapping[str, Customer]) -> dict[str, str]:
    """What ``{anna.first_name}``, ``{boris.phone}`` ... stand for."""
    return {f"{who}.{field}": value for who, person in customers.items() for field, value in _identity(person)}


def language_of(locale: str) -> str:
    """The language subtag of a locale: ``pl``."""
    return Customer(key="", first_name="", locale=locale).language


IDENTITY_FIELDS = ("first_name", "last_name", "name", "username", "phone", "email", "locale", "language")


def _identity(person: Customer) -> list[tuple[str, str]]:
    return [(field, getattr(person, field) or "") for field in IDENTITY_FIELDS]


def _names(people: Faker, given: Mapping[str, str], chance: Stream) -> tuple[str, str]:
    """First and last name that agree in gender, where the language has two forms."""
    drawn_female = chance.random() < 0.5
    female = given["first_name"].endswith(("a", "а", "я")) if "first_name" in given else drawn_female
    gender = "female" if female else "male"
    first = getattr(people, f"first_name_{gender}", people.first_name)()
    last = getattr(people, f"last_name_{gender}", people.last_name)()
    return given.get("first_name", first), given.get("last_name", last)


def _handle(first: str, last: str) -> str:
    """The name in ASCII letters: ``anna.zolc``; ``customer`` where a script has no Latin letters here."""
    words = (plain_letters(name.lower().translate(_LATIN)) for name in (first, last))
    letters = ("".join(c for c in word if c.isascii() and c.isalnum()) for word in words)
    return ".".join(filter(None, letters)) or "customer"


def _phone(country: str, chance: Stream) -> str:
    shape = _PHONES.get(country, _SHAPE_ELSEWHERE)
    return "+" + "".join(_digits(sign, country, chance) for sign in shape)


def _digits(sign: str, country: str, chance: Stream) -> str:
    if sign in "#%":
        return str(chance.randrange(10) if sign == "#" else chance.randrange(1, 10))
    if sign == "@":
        return chance.choice((_CANADIAN_AREA_CODES if country == "CA" else _AREA_CODES).split())
    return sign


def _country(locale: str) -> str:
    return _known_locale(locale).partition("_")[2]


@lru_cache(maxsize=64)
def _known_locale(locale: str) -> str:
    """The locale as Faker calls it: ``pl-PL`` and ``pl`` are ``pl_PL``."""
    with _quick_listing():  # heavy, and only needed once a customer is made
        from faker.config import AVAILABLE_LOCALES

    name = locale.replace("-", "_")
    if name in AVAILABLE_LOCALES and "_" in name:
        return name
    preferred = f"{name}_{name.upper()}"
    options = ["en_US"] if name == "en" else sorted(n for n in AVAILABLE_LOCALES if n.startswith(f"{name}_"))
    if not options:
        raise ScenarioError(f"no locale {locale!r}" + did_you_mean(name, AVAILABLE_LOCALES))
    return preferred if preferred in options else options[0]


@contextmanager
def _quick_listing() -> Iterator[None]:
    """Faker lists the locales of its providers when it is imported, and looks for that into each of a thousand folders to
    see whether it is a package. They all are; not to look takes off a fifteenth of a short run."""
    thorough = pkgutil.iter_modules
    pkgutil.iter_modules = _folders  # type: ignore[assignment]
    try:
        yield
    finally:
        pkgutil.iter_modules = thorough


def _folders(paths: Iterable[str]) -> Iterator[pkgutil.ModuleInfo]:
    """As ``pkgutil.iter_modules``, for folders that hold nothing but packages."""
    names = sorted(entry.name for path in paths for entry in os.scandir(path) if entry.is_dir())
    return (pkgutil.ModuleInfo(_FINDER, name, True) for name in names if name.isidentifier() and name != "__pycache__")


_FINDER = importlib.machinery.FileFinder("")


@lru_cache(maxsize=64)
def _people(locale: str) -> Faker:
    from faker import Faker

    return Faker(locale, providers=["faker.providers.person"], use_weighting=False)  # names are all that is asked of it
