"""Answers to webhooks: TwiML, bare text, and what is neither."""

from __future__ import annotations

import pytest

from chatdrill.wire import Fetched, Handled
from sms_twilio.kit import HOOK, PNG, Account, texts


def one(handled: list[Handled]) -> Handled:
    (only,) = handled
    return only


def test_message_verbs_are_sent(account: Account) -> None:
    ack, handled = account.answers(
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Short</Message>'
        '<Message action="/sent"><Body>Заказ 77</Body><Media>http://127.0.0.1:9/p.png</Media></Message></Response>'
    )
    assert ack.ok and texts(one(handled)) == ["Short", "Заказ 77"]
    assert [told["MessageStatus"] for told in account.play(one(handled))] == ["sent", "delivered"]
    assert [sms.direction for sms in account.state.sms.values()][-2:] == ["outbound-reply"] * 2
    assert account.state.hook("http://127.0.0.1:9/sent").kind == "status"


@pytest.mark.parametrize("body", ["<Response/>", "<Response></Response>"])
def test_an_empty_response_sends_nothing(account: Account, body: str) -> None:
    ack, handled = account.answers(body)
    assert ack.ok and one(handled).effects == () and one(handled).call is not None and one(handled).call.ok  # type: ignore[union-attr]


@pytest.mark.parametrize(("body", "kind", "status"), [("", "text/plain", 200), ("", "", 204), (" \n", "text/xml", 200)])
def test_an_answer_without_words_sends_nothing(account: Account, body: str, kind: str, status: int) -> None:
    ack, handled = account.answers(body, kind, status)
    assert ack.ok and handled == []


def test_bare_text_is_sent_as_it_stands(account: Account) -> None:
    assert texts(one(account.answers("ok", "text/plain; charset=utf-8")[1])) == ["ok"]


@pytest.mark.parametrize(
    ("kind", "body", "code"), [("application/json", "{}", "12300"), ("text/xml", "<Response/>" + " " * 70_000, "11750")]
)
def test_what_twilio_does_not_read_counts_as_a_failure(account: Account, kind: str, body: str, code: str) -> None:
    ack, handled = account.answers(body, kind)
    assert handled == [] and (ack.ok is (code == "11750") or (ack.error or "").startswith(code))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Response><Message>cut", "12100"),
        ("<Reply/>", "12100"),
        ("no xml", "12100"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Response><Message>&a;</Message></Response>', "12100"),
        ("<Response><Message/></Response>", "14103"),
        (f"<Response><Message>{'x' * 1601}</Message></Response>", "14103"),
        ('<Response><Message to="Anna">x</Message></Response>', "14101"),
        ("<Response>" + "<a>" * 9000 + "</a>" * 9000 + "</Response>", ""),
    ],
)
def test_what_is_wrong_with_a_document_is_told_in_the_trace(account: Account, body: str, code: str) -> None:
    call = one(account.answers(body)[1]).call
    assert call is not None and (call.error or "").startswith(code) and (not call.ok or not code)


def test_an_unknown_verb_is_a_warning(account: Account) -> None:
    handled = one(account.answers("<Response><Say>x</Say><Message>y</Message></Response>")[1])
    assert texts(handled) == ["y"] and handled.call is not None and "12200" in (handled.call.note or "")


def test_ten_messages_are_sent_and_the_rest_is_dropped(account: Account) -> None:
    handled = one(account.answers("<Response>" + "<Message>x</Message>" * 12 + "</Response>")[1])
    assert len(handled.effects) == 10 and handled.call is not None and "14109" in (handled.call.note or "")


def test_a_redirect_asks_again_with_the_same_fields(account: Account) -> None:
    account.fetched["http://127.0.0.1:9/other"] = Fetched(
        b"<Response><Message>there</Message></Response>", "text/xml", status=200
    )
    assert texts(
        one(account.answers("<Response><Redirect>/other</Redirect><Message>never</Message></Response>")[1])
    ) == ["there"]
    account.fetched[HOOK] = Fetched(b"<Response><Redirect>/sms</Redirect></Response>", "text/xml", status=200)
    call = one(account.answers("<Response><Redirect>/sms</Redirect></Response>")[1]).call
    assert call is not None and "redirects" in (call.error or "")


def test_a_reply_to_stop_is_dropped(account: Account) -> None:
    account.says("STOP")
    handled = one(account.answers("<Response><Message>Why?</Message></Response>")[1])
    assert (
        handled.effects == ()
        and handled.call is not None
        and not handled.call.ok
        and "21610" in (handled.call.error or "")
    )


def test_a_loop_is_broken_after_thirty_replies_in_a_row(account: Account) -> None:
    fates = [len(one(account.answers("<Response><Message>x</Message></Response>")[1]).effects) for _ in range(32)]
    assert fates == [1] * 31 + [0]
    account.now += 31
    assert one(account.answers("<Response><Message>x</Message></Response>")[1]).effects


def test_files_of_a_reply_are_read(account: Account) -> None:
    account.fetched["http://127.0.0.1:9/p.png"] = Fetched(PNG, "image/png")
    handled = one(account.answers("<Response><Message><Media>http://127.0.0.1:9/p.png</Media></Message></Response>")[1])
    assert handled.effects[0].message.media[0].file.size_bytes == len(PNG)  # type: ignore[union-attr]
