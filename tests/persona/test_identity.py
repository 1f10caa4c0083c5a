from __future__ import annotations

import re
import time

import pytest
from faker import config, providers
from faker.utils.loading import find_available_locales, find_available_providers

from chatdrill.engine.identity import IDENTITY_FIELDS, _quick_listing, identity_values, language_of, make_customer
from chatdrill.errors import ScenarioError
from chatdrill.model import Customer
from chatdrill.seeds import Seed

LOCALES = ["en_US", "pl_PL", "ru_RU", "de_DE", "en_GB", "sv_SE", "fr_FR", "ja_JP", "uk_UA", "ar_SA", "en_CA", "pt_BR"]


def person(locale: str, seed: int = 1, **given: str) -> Customer:
    return make_customer("anna", given, locale, Seed(seed).stream("identity"))


@pytest.mark.parametrize("locale", LOCALES)
def test_an_identity_is_complete_and_well_formed(locale: str) -> None:
    for seed in range(20):
        made = person(locale, seed)
        assert made.first_name
        assert made.last_name
        assert re.fullmatch(r"\+[1-9]\d{7,14}", made.phone)
        assert re.fullmatch(r"[a-z][a-z0-9_]{4,31}", made.username)
        assert re.fullmatch(r"[a-z0-9.]+@example\.org", made.email)
        assert made.locale == locale


@pytest.mark.parametrize(
    ("locale", "numbers"),
    [
        ("en_GB", r"\+447700900\d{3}"),
        ("en_US", r"\+1[2-9]\d{2}55501\d{2}"),
        ("sv_SE", r"\+467017406[1-9]\d"),
        ("fr_FR", r"\+3363998\d{4}"),
        ("de_DE", r"\+4917139200\d{2}"),
        ("en_AU", r"\+61491570\d{3}"),
        ("en_IE", r"\+3532091\d{5}"),
        ("pl_PL", r"\+4850\d{7}"),
        ("ru_RU", r"\+7900\d{7}"),
    ],
)
def test_phone_numbers_lie_where_the_regulator_keeps_them_free(locale: str, numbers: str) -> None:
    assert all(re.fullmatch(numbers, person(locale, seed).phone) for seed in range(50))


def test_the_same_seed_makes_the_same_person_and_another_one_another() -> None:
    assert person("pl_PL") == person("pl_PL")
    assert len({person("pl_PL", seed).name for seed in range(20)}) > 15


def test_what_is_given_stays_and_the_rest_is_made_up() -> None:
    made = person("pl_PL", first_name="Zoja", phone="+48123456789")
    assert (made.first_name, made.phone) == ("Zoja", "+48123456789")
    assert made.username.startswith("zoja_")


def test_first_and_last_name_agree_in_gender() -> None:
    endings = {person("ru_RU", seed, first_name="Анна").last_name[-1] for seed in range(40)}
    assert endings <= {"а", "я"}


def test_one_customer_more_does_not_change_the_others() -> None:
    before = person("pl_PL")
    person("pl_PL", 99)
    assert person("pl_PL") == before


@pytest.mark.parametrize("locale", ["pl", "pl-PL", "pl_PL"])
def test_locales_are_found_in_every_spelling(locale: str) -> None:
    assert person(locale).first_name == person("pl_PL").first_name
    assert language_of(locale) == "pl"


def test_an_unknown_locale_is_an_error_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="no locale 'pl_PM'; did you mean 'pl_PL'"):
        person("pl_PM")


def test_identities_are_values_for_names_in_texts() -> None:
    anna = Customer(key="anna", first_name="Anna", last_name="Nowak", locale="pl_PL")
    values = identity_values({"anna": anna})
    assert (values["anna.name"], values["anna.language"], values["anna.username"]) == ("Anna Nowak", "pl", "")
    assert len(values) == len(IDENTITY_FIELDS)


def test_making_a_person_is_cheap() -> None:
    person("pl_PL")
    began = time.perf_counter()
    for seed in range(200):
        person("pl_PL", seed)
    assert (time.perf_counter() - began) / 200 < 0.005  # around 0.2 ms; the slack is for busy machines


def test_the_quick_list_of_locales_is_the_one_that_faker_makes() -> None:
    with _quick_listing():
        quick = find_available_providers([providers]), find_available_locales(config.PROVIDERS)
    thorough = find_available_providers([providers]), find_available_locales(config.PROVIDERS)
    assert quick == thorough
