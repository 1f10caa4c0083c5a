"""The bot's mails: what the customer sees, and what is remarked."""

from __future__ import annotations

from chatdrill.model import Media
from mail.kit import Account, remarks, reply_of, shown


def test_a_mail_is_shown_with_its_words_and_files() -> None:
    account = Account()
    first = account.says()
    mail = account.answer("See the picture.")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="чек.png")
    message = shown(account.gives(mail.as_bytes()))
    assert message.text == "See the picture." and message.reply_to == first["Message-ID"]
    (part,) = message.media
    assert isinstance(part, Media) and part.kind == "photo" and part.file.name == "чек.png"


def test_html_alone_is_shown_as_its_words_and_remarked() -> None:
    account = Account()
    account.says()
    mail = account.answer()
    mail.clear_content()
    mail.set_content("<style>p{}</style><p>Hello<br>you</p>", subtype="html")
    handled = account.gives(mail.as_bytes())
    assert shown(handled).text == "Hello\nyou" and "no plain text" in remarks(handled)


def test_a_correct_answer_has_no_remarks() -> None:
    account = Account()
    account.says()
    assert remarks(account.replies()) == ""


def test_what_breaks_a_thread_is_remarked() -> None:
    account = Account()
    account.says()
    assert "begins a new conversation" in remarks(account.replies(In_Reply_To=None))
    assert "References leaves out" in remarks(account.replies(References=None))
    assert "another subject" in remarks(account.replies(Subject="News"))


def test_what_a_mail_must_have_is_remarked() -> None:
    account = Account()
    account.says()
    assert "no Date" in remarks(account.replies(Date=None))
    assert "no Message-ID" in remarks(account.replies(Message_ID=None))
    assert "Auto-Submitted is missing" in remarks(account.replies(Auto_Submitted=None))


def test_an_answer_to_what_nobody_wrote_is_remarked() -> None:
    account = Account().talked()
    away = account.happens("out_of_office")
    assert "two programs" in remarks(account.replies(In_Reply_To=away["Message-ID"]))
    account.happens("vacation")
    assert remarks(account.replies(Auto_Submitted="no")) == ""  # a person has looked at it


def test_a_question_before_the_automatic_mail_is_still_answered() -> None:
    account = Account().talked()
    account.says("And 554?")
    account.happens("out_of_office")
    assert "two programs" not in remarks(account.replies(In_Reply_To=account.chat.thread[-1]))


def test_a_mail_that_comes_twice_is_shown_once() -> None:
    account = Account()
    account.says()
    raw = account.answer().as_bytes()
    assert len(account.gives(raw).effects) == 1
    again = account.gives(raw)
    assert reply_of(again).startswith("250") and again.effects == ()


def test_letter_case_and_plus_tags_do_not_matter() -> None:
    account = Account()
    account.says()
    local, _, domain = account.to.partition("@")
    handled = account.gives(account.answer().as_bytes(), account.envelope(f"{local.upper()}+orders@{domain}"))
    assert handled.call is not None and handled.call.to == account.to
