"""What customers send, as Twilio tells it."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Block, Button, Location, Media, Press, Start, Text, Unblock, Write
from sms_twilio.kit import ACCOUNT, BASE, OURS, PNG, ROOT, THEIRS, Account, answer, texts

NUMBERED = "What next?\n\n1. Order status\n2. Return"


def test_a_text_is_told_with_twilios_fields(account: Account) -> None:
    told = account.says("Где мой заказ?")
    assert told["Body"] == "Где мой заказ?" and told["SmsStatus"] == "received" and told["NumMedia"] == "0"
    assert (told["From"], told["To"], told["AccountSid"]) == (THEIRS, OURS, ACCOUNT)
    assert told["MessageSid"] == told["SmsSid"] == told["SmsMessageSid"] and told["MessageSid"].startswith("SM")


def test_files_are_told_by_address_and_type(account: Account) -> None:
    photo = Media(kind="photo", file=account.file(), caption=Text(text="torn"))
    told = account.told(Write(parts=(photo, Media(kind="document", file=account.file(b"%PDF-1.4 x")))))
    assert told["MessageSid"].startswith("MM") and told["NumMedia"] == "2" and told["NumSegments"] == "1"
    assert (told["Body"], told["MediaContentType0"], told["MediaContentType1"]) == (
        "torn",
        "image/png",
        "application/pdf",
    )
    assert told["MediaUrl0"].startswith(f"{BASE}{ROOT}/Messages/{told['MessageSid']}/Media/ME")
    response = account.call("GET", told["MediaUrl0"]).response
    assert response is not None and response.body == PNG


def test_eleven_files_are_two_messages(account: Account) -> None:
    updates = account.updates(Write(parts=(Media(kind="photo", file=account.file()),) * 11))
    assert [update.kind for update in updates] == ["message.mms", "message.mms"]
    assert len({update.id for update in updates}) == 2 and updates[0].made_at < updates[1].made_at


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_of_what_came_are_counted(account: Account, text: str, segments: int) -> None:
    assert account.says(text)["NumSegments"] == str(segments)


def test_a_press_is_the_number_typed(account: Account) -> None:
    message = account.sent(Body=NUMBERED)
    assert [button.title for button in message.buttons] == ["Order status", "Return"]
    assert account.told(Press(button=message.buttons[1], message_id=message.id))["Body"] == "2"
    assert account.told(Press(button=Button(title="Menu", kind="postback")))["Body"] == "Menu"


def test_a_start_is_the_text_that_the_link_fills_in(account: Account) -> None:
    assert [account.told(Start(payload="ord_553"))["Body"], account.told(Start())["Body"]] == ["ord_553", "Hi"]


def test_nobody_sends_a_place_by_sms(account: Account) -> None:
    with pytest.raises(Unsupported, match="carries no location"):
        account.says() and account.told(Write(parts=(Location(latitude=1, longitude=2),)))


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "Cancel", "END", "quit", "unsubscribe", "STOPALL", "revoke", "OptOut"]
)
def test_a_word_that_opts_out_is_told_and_blocks(account: Account, word: str) -> None:
    assert account.says(word)["Body"] == word
    assert answer(account.send(Body="x"))["code"] == 21610
    assert "successfully been unsubscribed" in account.seen()[0]


@pytest.mark.parametrize("words", ["stop it", "Please stop", "STOP!", "the end", "help me"])
def test_a_sentence_with_such_a_word_is_a_sentence(account: Account, words: str) -> None:
    account.says(words)
    assert account.seen() == [] and texts(account.send(Body="x")) == ["x"]


def test_start_lets_through_again_and_is_a_message_like_any_other_before(account: Account) -> None:
    account.says("Yes")
    assert account.seen() == []
    account.updates(Block())
    account.updates(Unblock())
    assert ["re-subscribed" in text for text in account.seen()] == [False, True]
    assert texts(account.send(Body="x")) == ["x"]


def test_help_is_answered_by_twilio_and_blocks_nobody(account: Account) -> None:
    account.says("help")
    assert account.seen() == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]
    assert texts(account.send(Body="x")) == ["x"]


def test_advanced_opt_out_names_the_word() -> None:
    account = Account(opt_out="advanced")
    assert [account.says(word).get("OptOutType") for word in ("STOP", "start", "info", "hello")] == [
        "STOP",
        "START",
        "HELP",
        None,
    ]


@pytest.mark.parametrize("settings", [{"opt_out": "no"}, {"sender": "short_code"}])
def test_where_opting_out_is_the_bots_business_nothing_is_blocked(settings: dict[str, str]) -> None:
    account = Account(**settings)
    account.says("STOP")
    assert account.seen() == [] and texts(account.send(Body="x")) == ["x"]


def test_a_toll_free_number_speaks_with_the_networks_voice() -> None:
    account = Account(sender="toll_free")
    account.says("stop")
    assert account.seen()[0].startswith("NETWORK MSG")


def test_mms_comes_from_north_america_only_where_that_is_set() -> None:
    account = Account(mms="us", phone_number="+12025550100")
    assert account.told(Write(parts=(Media(kind="photo", file=account.file()),)))["NumMedia"] == "1"
    account.to = "+48601222333"
    account.state.chats[account.to] = account.state.chats[THEIRS]
    account.state.chats[THEIRS].address = account.to
    with pytest.raises(Unsupported, match="MMS"):
        account.updates(Write(parts=(Media(kind="photo", file=account.file()),)))


def test_what_is_longer_than_a_message_comes_as_several(account: Account) -> None:
    updates = account.updates(Write(parts=(Text(text="x" * 3500),)))
    assert [update.body.count(b"x") for update in updates] == [1600, 1600, 300]
