"""What the customer sees of the bot's messages, and how calls may be written."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import Activity, Edited, Span
from chatdrill.model.parts import Keyboard, Media
from chatdrill.wire import HttpRequest
from slack_app.kit import BUTTON, PLAIN, answer, error, good


@pytest.mark.parametrize(
    ("markup", "words", "spans"),
    [
        ("*a* _b_ ~c~ `d`", "a b c d", ["bold", "italic", "strike", "code"]),
        ("<https://a.test|here> and <https://b.test>", "here and https://b.test", ["link", "link"]),
        ("<mailto:a@b.test|a@b.test> &lt;x&gt; &amp;amp;", "a@b.test <x> &amp;", ["link"]),
        ("<@U0NOBODY000> <#C0CHATDRILL|support> <!here>", "@U0NOBODY000 #support @here", ["mention"] * 3),
        ("*_both_*", "both", ["bold", "italic"]),
        ("snake_case_name 2*3*4 a<b", "snake_case_name 2*3*4 a<b", []),
        ("```x * y```", "x * y", ["pre"]),
    ],
)
def test_markup_is_read_as_customers_read_it(account, markup, words, spans):
    (part,) = account.sent(text=markup).parts
    assert (part.text, [span.style for span in part.spans]) == (words, spans)


def test_spans_stand_where_the_words_are(account):
    assert account.sent(text="go *now* <https://a.test|there>").parts[0].spans == (
        Span(3, 3, "bold"), Span(7, 5, "link", "https://a.test"),
    )  # fmt: skip


def test_beside_blocks_the_text_is_for_notifications(account):
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*seen*"}},
        {"type": "actions", "elements": [BUTTON]},
    ]
    message = account.sent(text="unseen", blocks=blocks)
    assert message.text == "seen" and isinstance(message.parts[1], Keyboard)


def test_rich_text_video_and_old_attachments_are_seen(account):
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "for "}, {"type": "user", "user_id": account.to}, {"type": "emoji", "name": "wave"}]}]}  # fmt: skip
    video = {
        "type": "video",
        "video_url": "https://a.test/v",
        "thumbnail_url": "https://a.test/t",
        "alt_text": "v",
        "title": PLAIN,
    }
    message = account.sent(blocks=[rich, video], attachments=[{"pretext": "old", "image_url": "https://a.test/i.png"}])
    assert message.text == "for @Anna Nowak:wave:\nYes\nold"
    assert [part.kind for part in message.parts if isinstance(part, Media)] == ["video", "photo"]


@pytest.mark.parametrize("name", ["{to}", "{dm}", "{channel}", "#support", "support"])
def test_a_conversation_has_several_names(account, name):
    wanted = name.format(to=account.to, dm=account.dm, channel=account.channel)
    assert good(account.call("chat.postMessage", channel=wanted, text="x"))["channel"] in (account.dm, account.channel)


def test_a_form_with_json_in_it_says_the_same(account):
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    body = good(account.form("chat.postMessage", channel=account.to, text="x", blocks=blocks))
    assert body["message"]["blocks"][0]["elements"][0]["value"] == "y" and "warning" not in body


def test_multipart_and_query_arguments_do_too(account):
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    given = {"token": account.state.token, "channel": account.to, "text": "x"}
    body = "".join(part.format(*pair) for pair in given.items()) + "--x--\r\n"
    kind = (("Content-Type", "multipart/form-data; boundary=x"),)
    query = f"/api/chat.postMessage?channel={account.to}&text=x"
    token = (("Authorization", f"bearer {account.state.token}"),)
    for request in (
        HttpRequest("POST", "/api/chat.postMessage", kind, body.encode()),
        HttpRequest("GET", query, token),
    ):
        assert good(account.handle(request))["message"]["text"] == "x"


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/json", b'{"foo":"bar"}', "missing_charset"),
        ("application/x-www-form-urlencoded; charset=utf-8", b"foo=bar", "superfluous_charset"),
    ],
)
def test_slack_warns_of_charsets(account, kind, body, told):
    done = answer(account.handle(HttpRequest("POST", "/api/api.test", (("Content-Type", kind),), body)))
    assert (done["ok"], done["warning"], done["response_metadata"]) == (True, told, {"warnings": [told]})


@pytest.mark.parametrize(
    ("kind", "body", "word"),
    [
        ("application/json", b'{"a":', "invalid_json"),
        ("application/json", b"[1]", "json_not_object"),
        ("application/json; charset=koi8-r", b"{}", "invalid_charset"),
        ("text/plain", b"a=1", "invalid_post_type"),
        ("", b"a=1", "missing_post_type"),
        ("multipart/form-data", b"a=1", "invalid_form_data"),
    ],
)
def test_a_body_that_cannot_be_read_has_its_error(account, kind, body, word):
    headers = (("Content-Type", kind), ("Authorization", f"Bearer {account.state.token}"))
    assert error(account.handle(HttpRequest("POST", "/api/auth.test", headers, body))) == word


def test_a_token_in_a_json_body_is_none(account):
    body = msgspec.json.encode({"token": account.state.token})
    request = HttpRequest("POST", "/api/auth.test", (("Content-Type", "application/json; charset=utf-8"),), body)
    assert error(account.handle(request)) == "not_authed"


def test_an_update_changes_what_is_seen_and_pressed_and_is_told(account):
    ts = account.post(blocks=[{"type": "actions", "elements": [BUTTON]}])["ts"]
    done = account.call("chat.update", channel=account.dm, ts=ts, text="new")
    (effect,) = done.effects
    assert isinstance(effect, Edited) and effect.message.text == "new" and account.chat.pressables[ts] == []
    (told,) = account.play(done)
    assert (told["subtype"], told["message"]["text"], told["message"]["bot_id"]) == (
        "message_changed",
        "new",
        account.state.bot,
    )


def test_a_deleted_message_is_gone_and_told(account):
    ts = account.post()["ts"]
    done = account.call("chat.delete", channel=account.dm, ts=ts)
    assert account.play(done)[0]["deleted_ts"] == ts and ts not in account.state.rooms[account.dm].messages


def test_only_the_status_of_an_assistant_looks_like_typing(account):
    ts = account.says()
    on, off = (
        account.call("assistant.threads.setStatus", channel_id=account.dm, thread_ts=ts, status=words)
        for words in ("...", "")
    )
    assert isinstance(on.effects[0], Activity) and good(off) and off.effects == ()
