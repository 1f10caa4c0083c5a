"""Customer messages, typing, templates: what the customer sees, and what the answer says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatdrill.model import Activity, Block, Carousel, Keyboard, Other, Press, Span, Template, Text
from wechat.kit import ANNA, DAY, MP3, MP4, Account, answer, code, shown

MENU = {
    "head_content": "Solved?",
    "list": [{"id": "101", "content": "Yes"}, {"id": 102, "content": "No"}],
    "tail_content": "Tap one",
}
ARTICLE = {"title": "A shoe", "description": "Blue", "url": "https://a.test/1", "picurl": "https://a.test/p.jpg"}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"content": "It is on its way"},
    "image": {"media_id": "{image}"},
    "voice": {"media_id": "{voice}"},
    "video": {"media_id": "{video}", "thumb_media_id": "{image}", "title": "A shoe", "description": "from all sides"},
    "music": {"title": "Song", "musicurl": "https://a.test/s.mp3", "thumb_media_id": "{image}"},
    "news": {"articles": [ARTICLE]},
    "msgmenu": MENU,
    "mpnews": {"media_id": "draft"},
    "mpnewsarticle": {"article_id": "article"},
    "wxcard": {"card_id": "card"},
    "miniprogrampage": {"title": "Shop", "appid": "wx1", "pagepath": "p", "thumb_media_id": "{image}"},
}
LOOKS: dict[str, Callable[[Any], bool]] = {
    "text": lambda parts: parts == (Text(text="It is on its way"),),
    "image": lambda parts: parts[0].kind == "photo" and parts[0].file.mime == "image/png",
    "voice": lambda parts: parts[0].kind == "voice",
    "video": lambda parts: (parts[0].kind, parts[0].caption.text) == ("video", "A shoe\nfrom all sides"),
    "music": lambda parts: (parts[0].kind, parts[0].file.url) == ("audio", "https://a.test/s.mp3"),
    "news": lambda parts: (parts[0].cards[0].title, parts[0].cards[0].url) == ("A shoe", "https://a.test/1"),
    "msgmenu": lambda parts: [type(part) for part in parts] == [Text, Keyboard, Text],
    "mpnews": lambda parts: parts == (Other(kind="mpnews", data={"media_id": "draft"}),),
    "mpnewsarticle": lambda parts: parts[0].kind == "mpnewsarticle",
    "wxcard": lambda parts: parts[0].data == {"card_id": "card"},
    "miniprogrampage": lambda parts: isinstance(parts[0], Carousel) and parts[0].cards[0].title == "Shop",
}


def filled(account: Account, content: dict[str, Any]) -> dict[str, Any]:
    """The ids of files that were just uploaded, in the place of their kind."""
    made = {
        "{image}": account.uploaded,
        "{voice}": lambda: account.uploaded("voice", MP3),
        "{video}": lambda: account.uploaded("video", MP4),
    }
    return {
        name: made[value]() if isinstance(value, str) and value in made else value for name, value in content.items()
    }


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_message_is_sent_and_named(talk: Account, kind: str) -> None:
    handled = talk.send(kind, filled(talk, TYPES[kind]))
    assert LOOKS[kind](shown(handled).parts)
    assert (
        handled.call is not None and handled.call.method == f"message/custom/send {kind}" and handled.call.to == talk.to
    )
    assert answer(handled) == {"errcode": 0, "errmsg": "ok"}, "WeChat tells no id of a message"


def test_a_line_of_a_menu_can_be_tapped(talk: Account) -> None:
    message = talk.sent("msgmenu", MENU)
    told = talk.event(Press(button=message.buttons[1], message_id=message.id))
    assert (told["MsgType"], told["Content"], told["bizmsgmenuid"]) == ("text", "No", "102")


def test_an_id_that_is_no_number_comes_back_as_nought(talk: Account) -> None:
    message = talk.sent("msgmenu", {"list": [{"id": "yes", "content": "Yes"}]})
    assert talk.event(Press(button=message.buttons[0], message_id=message.id))["bizmsgmenuid"] == "0"


def test_links_in_a_text_show_their_label_and_choices_can_be_tapped(talk: Account) -> None:
    choice = '<a href="weixin://bizmsgmenu?msgmenucontent=%D0%94%D0%B0&msgmenuid=7">Yes</a>'
    message = talk.sent("text", {"content": f'See <a href="https://a.test/1">here</a>: {choice} <b>'})
    assert message.parts[0] == Text(text="See here: Yes <b>", spans=(Span(4, 4, "link", "https://a.test/1"),))
    told = talk.event(Press(button=message.buttons[0], message_id=message.id))
    assert (told["Content"], told["bizmsgmenuid"]) == ("Да", "7")


def test_escaped_letters_are_shown_as_they_stand(talk: Account) -> None:
    escaped = (
        b'{"touser":"%b","msgtype":"text","text":{"content":"\\u041f\\n \\\\u0041 \\"\\ud83d"}}' % talk.to.encode()
    )
    message = shown(talk.call("message/custom/send", escaped))
    assert message.text == '\\u041f\n \\u0041 "\\ud83d'


def test_an_agents_name_may_stand_on_a_message(talk: Account) -> None:
    assert talk.sent("text", {"content": "Hi"}, customservice={"kf_account": ANNA}).sender == "Anna"
    assert code(talk.send("text", {"content": "Hi"}, customservice={"kf_account": "x@y"})) == 65401


def test_a_test_account_has_no_menus() -> None:
    talk = Account(account_type="test")
    talk.says()
    assert code(talk.send("msgmenu", MENU)) == 40200


def type_on(account: Account, command: str = "Typing") -> int:
    handled = account.call("message/custom/typing", {"touser": account.to, "command": command})
    assert (handled.effects == (Activity(to=account.to, action="typing"),)) is (
        code(handled) == 0 and command == "Typing"
    )
    return code(handled)


def test_typing_is_shown_for_fifteen_seconds(talk: Account) -> None:
    assert [type_on(talk), type_on(talk), type_on(talk, "CancelTyping"), type_on(talk)] == [0, 45081, 0, 0]
    talk.now += 15
    assert type_on(talk) == 0, "it has ended by itself"
    talk.text()
    assert type_on(talk) == 0, "a message ends it"


def test_typing_needs_that_somebody_said_something_lately(talk: Account) -> None:
    talk.now += 31
    assert type_on(talk) == 45080


def test_typing_costs_nothing(talk: Account) -> None:
    type_on(talk)
    assert [code(talk.text()) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def template(account: Account, **more: Any) -> Any:
    data = {"thing1": {"value": "Order 553"}, "thing2": {"value": "on its way"}}
    body = {"touser": account.to, "template_id": account.state.templates[0], "data": data, **more}
    return account.call("message/template/send", body)


def test_a_template_reaches_a_follower_whose_window_is_closed(account: Account) -> None:
    handled = template(account)
    (part,) = shown(handled).parts
    assert isinstance(part, Template) and part.parameters == ("Order 553", "on its way")
    (done,) = account.play(handled)
    assert (done["Event"], done["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert done["MsgID"] == str(answer(handled)["msgid"])


def test_a_template_reaches_nobody_who_has_gone_and_must_be_approved(talk: Account) -> None:
    assert code(template(talk, template_id="x")) == 40037
    talk.updates(Block())
    assert code(template(talk)) == 43004


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("text", {"content": "ё" * 1025}, 45002),
        ("text", {"content": ""}, 44004),
        ("text", {"content": 5}, 40097),
        ("image", {"media_id": "nobody"}, 40007),
        ("image", {}, 41006),
        ("news", {"articles": []}, 44003),
        ("news", {"articles": [ARTICLE, ARTICLE]}, 45008),
        ("msgmenu", {"list": []}, 40097),
        ("msgmenu", {"list": [{"content": "Yes"}]}, 40101),
        ("dance", {}, 40008),
    ],
)
def test_what_is_wrong_is_refused_and_costs_nothing(talk: Account, kind: str, content: Any, expected: int) -> None:
    handled = talk.send(kind, content)
    assert code(handled) == expected and not handled.effects
    assert talk.chat.remaining == 5


def test_a_file_of_another_kind_is_refused(talk: Account) -> None:
    assert code(talk.send("voice", {"media_id": talk.uploaded()})) == 40007


def test_a_file_that_is_too_old_is_refused(talk: Account) -> None:
    id = talk.uploaded()
    talk.now += 3 * DAY + 1
    talk.says()
    assert code(talk.send("image", {"media_id": id})) == 40007
