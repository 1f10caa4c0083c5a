"""What the bot is told when people write: threads, quotes, charsets, files."""

from __future__ import annotations

import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Block, Edit, File, Media, Press, Read, Text, Write
from chatdrill.wire import typed
from chatdrill.wire.files import describe
from mail.kit import Account, parsed


def test_a_reply_names_what_it_answers_and_quotes_it() -> None:
    account = Account()
    first = account.says()
    account.replies("It left this morning.")
    reply = account.says("Thank you!")
    assert reply["In-Reply-To"] == "<0.answer@bench.example>"
    assert reply["References"] == f"{first['Message-ID']} <0.answer@bench.example>"
    assert reply["Subject"] == "Re: Where is order 553?"
    assert "> It left this morning." in reply.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_who_was_not_answered_replies_to_their_own_mail() -> None:
    account = Account(quotes="no")
    first, second = account.says(), account.says("Hello?")
    assert second["In-Reply-To"] == first["Message-ID"] and second["Subject"] == "Re: Where is order 553?"


@pytest.mark.parametrize("client", ["gmail", "outlook", "apple", "yandex", "thunderbird"])
def test_every_program_quotes_in_its_own_way(client: str) -> None:
    reply = Account(client=client).talked().says("Thank you!")
    words = reply.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert words.startswith("Thank you!") and "It left this morning." in words and len(words) > 60


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("encoding", ["auto", "8bit", "quoted-printable", "base64"])
def test_words_arrive_in_every_charset_and_coding(charset: str, encoding: str) -> None:
    mail = Account(charset=charset, encoding=encoding, html="no").says("Где мой заказ 553?")
    assert mail.get_content().strip() == "Где мой заказ 553?" and mail.get_content_charset() == charset
    assert mail["Subject"] == "Где мой заказ 553?"


def test_a_long_line_is_broken_on_the_wire_only() -> None:
    account = Account(html="no")
    (letter,) = account.updates(Write(parts=(Text(text="x" * 5000),)))
    assert max(map(len, letter.body.split(b"\r\n"))) <= 998
    assert parsed(letter.body).get_content().strip() == "x" * 5000


def test_a_file_is_attached_under_its_name() -> None:
    account = Account()
    file = describe(b"%PDF-1.4 x", account.state.blobs, name="чек.pdf")
    mail = account.mail(Write(parts=(Text(text="The receipt"), Media(kind="document", file=file))))
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "чек.pdf" and attached.get_content() == b"%PDF-1.4 x"


def test_a_choice_is_pressed_by_typing_its_number() -> None:
    account = Account(quotes="no", html="no")
    account.says()
    (sent,) = account.replies("Which one?\n\n1. Status\n2. Return").effects
    button = sent.message.buttons[1]  # type: ignore[union-attr]
    press = Press(button=button, message_id=sent.message.id)  # type: ignore[union-attr]
    assert typed(press).parts == (Text(text="2"),)
    assert account.mail(press).get_content().strip() == "2"


def test_what_people_cannot_do_is_refused_with_a_reason() -> None:
    account = Account()
    with pytest.raises(Unsupported, match="cannot be changed"):
        account.updates(Edit(message_id="x", parts=(Text(text="y"),)))
    with pytest.raises(Unsupported, match="attached file"):
        account.updates(Write(parts=(Media(kind="video_note", file=File()),)))
    assert account.updates(Block()) == [] and account.updates(Read(message_id="x")) == []


@pytest.mark.parametrize("wrong", [{"client": "pine"}, {"address": "nobody"}, {"daily_max": "0"}, {"tls": "maybe"}])
def test_a_wrong_setting_is_told(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        Account(**wrong)
