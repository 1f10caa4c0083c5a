"""What the bot is told of what customers do."""

from __future__ import annotations

import re

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Block, Contact, Event, Media, Other, React, Text, Unblock, Write
from chatdrill.wire.xml import read_xml
from chatdrill_fakes.platforms.wechat.events import EVENT_NAMES
from chatdrill_fakes.platforms.wechat.sheet import _GOLDEN, documents
from chatdrill_fakes.platforms.wechat.writing import UNSUPPORTED
from wechat.kit import MP3, Account

CONTROLS = {"api_error", "account_status", "token_expired", "token_replaced"}
_MASKS = (
    (re.compile(r"\[o[A-Za-z0-9_-]{27}\]"), "[openid]"),
    (re.compile(r">2\d{16}<"), ">msgid<"),
    (re.compile(r"\[http\S+/mmbiz_jpg/\S+/0\]"), "[picurl]"),
    (re.compile(r"\[[A-Za-z0-9_-]{64}\]"), "[mediaid]"),
)


def masked(document: str) -> str:
    for pattern, word in _MASKS:
        document = pattern.sub(word, document)
    return document


@pytest.mark.parametrize("name", ["text", "location", "link", "CLICK", "unsubscribe", "kf_switch_session"])
def test_a_push_is_its_golden_document(account: Account, name: str) -> None:
    (update,) = account.updates(_GOLDEN[name])  # type: ignore[arg-type]
    assert masked(update.body.decode()) == documents()[name]
    assert update.kind == name


def test_a_voice_note_comes_with_its_words_where_they_are_recognized() -> None:
    account = Account(recognition="yes", recognized="где мой заказ")
    (update,) = account.updates(Write(parts=(Media(kind="voice", file=account.file(MP3)),)))
    assert masked(update.body.decode()) == documents()["voice"]


@pytest.mark.parametrize("name", sorted(EVENT_NAMES - CONTROLS))
def test_every_event_has_the_elements_of_the_reference(talk: Account, name: str) -> None:
    told = talk.event(Event(name=name, data={"Extra": "x"}))
    assert (told["MsgType"], told["Event"], told["Extra"]) == ("event", name, "x")
    assert "MsgId" not in told and told["FromUserName"] == talk.to


def test_two_events_of_a_second_are_told_apart(account: Account) -> None:
    updates = [*account.updates(Event(name="CLICK")), *account.updates(Event(name="CLICK"))]
    assert len({update.id for update in updates}) == len({read_xml(one.body)[1]["CreateTime"] for one in updates}) == 2


def test_a_caption_follows_its_picture(account: Account) -> None:
    picture = Media(kind="photo", file=account.file(b"x"), caption=Text(text="broken"))
    assert [told["MsgType"] for told in account.told(Write(parts=(picture,)))] == ["image", "text"]


def test_files_and_cards_are_not_told_of(account: Account) -> None:
    for part in (Media(kind="document", file=account.file(b"x")), Contact(name="Eva", phone="+1")):
        with pytest.raises(Unsupported, match="unsupported"):
            account.updates(Write(parts=(part,)))
    assert account.event(Write(parts=(Other(kind="unsupported"),)))["Content"] == UNSUPPORTED


def test_nobody_reacts_on_wechat(talk: Account) -> None:
    with pytest.raises(Unsupported, match="no reactions"):
        talk.updates(React(message_id="1", emoji="👍"))


def test_leaving_and_coming_back_are_told_once(account: Account) -> None:
    acts = (Block(), Block(), Unblock(), Unblock())
    assert [[told["Event"] for told in account.told(act)] for act in acts] == [["unsubscribe"], [], ["subscribe"], []]


def test_who_has_gone_follows_again_to_write(account: Account) -> None:
    account.updates(Block())
    assert [told.get("Event") for told in account.told(Write(parts=(Text(text="Hi"),)))] == ["subscribe", None]


def test_signs_that_xml_cannot_hold_are_left_out(account: Account) -> None:
    assert account.says("a\0b\x0bc ]]> \n<x>&amp;")["Content"] == "abc ]]> \n<x>&amp;"
