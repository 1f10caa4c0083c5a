"""Whose ticket it is, whatever text of the customer's a bot puts into it."""

from __future__ import annotations

import pytest

from chatdrill.model import Customer
from chatdrill.serve.links import Links

ANNA = Customer(
    key="anna", first_name="Anna", last_name="Lee", username="annalee", phone="+48500000001", email="anna@example.org"
)


@pytest.fixture
def links() -> Links:
    links = Links()
    links.joined("telegram", "5001", ANNA)
    links.joined("whatsapp", "48500000002", Customer(key="boris", first_name="Boris", phone="+48500000002"))
    return links


@pytest.mark.parametrize(
    "key",
    [
        "5001",
        "telegram:5001",
        "tg-5001",
        "telegram/5001/anna",
        "+48500000001",
        "48500000001",
        "ANNA@example.org",
        "annalee",
    ],
)
def test_a_customer_is_found_by_any_text_that_names_them(links: Links, key: str) -> None:
    assert links.find(["nobody", key]) == ("telegram", "5001")


@pytest.mark.parametrize("key", ["{}", "viber:{}", "viber/{}", "x {} y"])
def test_an_address_in_base64_is_found_although_it_has_slashes(links: Links, key: str) -> None:
    address = "Jsvm/AdNkCkk4CSQ+9J7YQ=="
    links.joined("viber", address, Customer(key="olena", first_name="Olena"))
    assert links.find([key.format(address)]) == ("viber", address)


def test_an_address_counts_more_than_a_phone(links: Links) -> None:
    assert links.find(["+48500000001", "whatsapp:48500000002"]) == ("whatsapp", "48500000002")


def test_a_name_counts_only_while_nobody_else_has_it(links: Links) -> None:
    assert links.find([], "anna lee") == ("telegram", "5001")
    links.joined("messenger", "77", Customer(key="other", first_name="Anna", last_name="Lee"))
    assert links.find([], "anna lee") is None


def test_words_are_the_last_resort_and_must_be_long_and_nobody_elses(links: Links) -> None:
    links.said("telegram", "5001", "My red shoes squeak")
    links.said("telegram", "5001", "hi")
    assert links.find([], words=["my  red shoes SQUEAK"]) == ("telegram", "5001")
    assert links.find([], words=["hi"]) is None
    links.said("whatsapp", "48500000002", "my red shoes squeak")
    assert links.find([], words=["my red shoes squeak"]) is None


def test_two_customers_with_one_phone_are_told_apart_by_the_address_only(links: Links) -> None:
    links.joined("messenger", "77", ANNA)
    assert links.find(["+48500000001"]) is None
    assert links.find(["messenger:77"]) == ("messenger", "77")


def test_who_is_forgotten_is_nobody(links: Links) -> None:
    links.forget()
    assert links.find(["5001", "+48500000001"], "anna lee") is None


def test_a_contact_of_a_desk_is_found_there_and_nowhere_else(links: Links) -> None:
    links.filed("desk", ("66f1a2b3c4d5", "shared-by-two", "7"), ("telegram", "5001"))
    links.filed("desk", ("66f1a2b3c4d6", "shared-by-two"), ("whatsapp", "48500000002"))
    assert links.contact("desk", ["nobody", "66f1a2b3c4d5"]) == ("telegram", "5001")
    assert links.contact("other", ["66f1a2b3c4d5"]) is None
    assert links.contact("desk", ["shared-by-two", "7"]) is None
    links.forget()
    assert links.contact("desk", ["66f1a2b3c4d5"]) is None
