"""Somebody goes on elsewhere by a link of the bot's."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.checks.switching.links import links_in
from chatdrill.model import Customer, Referral, Start, Text, Write

ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+48501234567")
THERE = msgspec.structs.replace(ANNA, key="there")
BORIS = Customer(key="boris", first_name="Boris", last_name="Petrov", phone="+79161234599")
TOKEN = "Kq7Zt2x9PmLw4RbY"
LINK = f"Go on here https://t.me/shop_bot?start={TOKEN}"
PEOPLE = {"anna": ANNA, "there": THERE, "boris": BORIS}
CHANNELS = {"there": "telegram", "boris": "telegram"}


@pytest.fixture
def called(case):
    """Anna has keyed in an order on the phone and was sent a link."""

    def make(link: str = LINK, **more):
        made = case("call", platform="twilio", customers=PEOPLE, channels=CHANNELS, facts={"order": "553"}, **more)
        return made.event("keys", digits="553#").bot(link)

    return make


@pytest.mark.parametrize(
    ("url", "platform", "carried", "usable"),
    [
        ("https://t.me/shop_bot?start=a_b-1", "telegram", "a_b-1", True),
        ("https://t.me/shop_bot?start=a.b", "telegram", "a.b", False),
        (f"https://t.me/shop_bot?start={'x' * 64}", "telegram", "x" * 64, True),
        (f"https://t.me/shop_bot?start={'x' * 65}", "telegram", "x" * 65, False),
        ("https://wa.me/15550107788?text=Hi%20there", "whatsapp", "Hi there", True),
        ("https://wa.me/+15550107788?text=Hi", "whatsapp", "Hi", False),
        ("https://api.whatsapp.com/send?phone=15550107788&text=Hi", "whatsapp", "Hi", True),
        ("https://m.me/shop?ref=ord_553", "messenger", "ord_553", True),
        ("https://www.ig.me/m/shop?ref=a%20b", "instagram", "a b", False),
        ("viber://pa?chatURI=shop&context=ord_553", "viber", "ord_553", True),
        ("https://line.me/R/oaMessage/%40shop/?Hello%20you", "line", "Hello you", True),
    ],
)
def test_a_link_is_read_as_its_messenger_reads_it(url: str, platform: str, carried: str, usable: bool) -> None:
    [link] = links_in(f"See {url}.")
    assert (link.platform, link.carried, not link.wrong) == (platform, carried, usable)


@pytest.mark.parametrize(
    "text", ["", "https://shop.example/orders", "https://t.me/shop_bot", "https://[", "t.me/x?start=y"]
)
def test_what_leads_nowhere_is_no_link(text: str) -> None:
    assert list(links_in(text)) == []


@pytest.mark.parametrize(("carried", "token"), [(TOKEN, TOKEN), ("spring_sale_of_2026", None), ("0f8fad5bd9cb469fa165", "0f8fad5bd9cb469fa165"), ("Ab1", None)])  # fmt: skip
def test_a_token_is_what_nobody_would_have_written(carried: str, token: str | None) -> None:
    assert next(links_in(f"https://t.me/b?start={carried}")).token == token


def test_a_link_into_a_messenger_that_the_customer_has_not_cannot_be_used(tale, called) -> None:
    called("https://wa.me/15550107788?text=Hi").done()
    [finding] = tale.findings("links-usable")
    assert "is on telegram, twilio, and not on whatsapp" in finding.message


def test_nobody_knows_what_is_on_the_phone_of_who_has_one_account(tale, case) -> None:
    case("one", customers={"anna": ANNA, "boris": BORIS}, channels={"boris": "viber"}).says("Hi").bot(LINK).done()
    assert tale.verdict("links-usable") == "pass"


def test_a_token_is_sent_to_one_person(tale, called) -> None:
    called().to("there").bot(LINK).to("boris").bot(LINK).done()
    [finding] = tale.findings("links-personal")
    assert finding.conv and finding.conv.endswith("/boris") and "call [twilio]/anna" in finding.message


def test_a_link_that_is_the_same_for_everybody_has_words(tale, called) -> None:
    called("https://t.me/b?start=spring_sale_of_2026").to("boris").bot(
        "https://t.me/b?start=spring_sale_of_2026"
    ).done()
    assert tale.verdict("links-personal") == "none"


COMES = [
    Start(payload=TOKEN),
    Start(referral=Referral(ref=TOKEN)),
    Write(parts=(Text(text=f"Go on with {TOKEN}"),)),
]


@pytest.mark.parametrize("comes", COMES, ids=["start", "referral", "words"])
def test_what_was_told_on_the_phone_is_not_asked_again(tale, called, comes) -> None:
    called().to("there").act(comes).bot("Hello! What do you need?").done()
    [finding] = tale.findings("context-kept")
    assert finding.message.endswith("is lost: order 553") and "from twilio" in finding.message


def test_who_has_to_say_it_again_was_not_known(tale, called) -> None:
    called().to("there").act(COMES[0]).bot("Welcome.").says("my order is 553").done()
    assert len(tale.findings("context-kept")) == 1


def test_what_is_shown_is_known(tale, called) -> None:
    called().to("there").act(COMES[0]).bot("Order 553 is on its way. What else?").says("Is 553 late?").done()
    assert tale.verdict("context-kept") == "pass" and tale.verdict("context-private") == "none"


def test_who_comes_alone_is_asked(tale, called) -> None:
    called().to("there").act(Start()).bot("Hello! What do you need?").done()
    assert tale.verdict("context-kept") == "none"


def test_somebody_else_with_the_link_is_told_nothing(tale, called) -> None:
    called().to("boris").act(COMES[0]).bot("Order 553 is on its way.").done()
    [finding] = tale.findings("context-private")
    assert "(call [twilio]/anna)" in finding.message and tale.verdict("context-kept") == "none"


def test_what_the_reader_has_said_may_be_said_to_them(tale, called) -> None:
    called().to("boris").act(COMES[0]).bot("Hello?").says("553").bot("Order 553 is on its way.").done()
    assert tale.verdict("context-private") == "pass"
