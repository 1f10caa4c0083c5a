"""Whatever a bot sends, the fake answers; nothing escapes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.wire import Exchange, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.telegram import platform
from chatdrill_fakes.platforms.telegram.coverage import METHOD_NAMES
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.html import parse_html
from chatdrill_fakes.platforms.telegram.markdown import parse_markdown, parse_markdown_v2
from chatdrill_fakes.platforms.telegram.methods import HANDLERS
from deep import tries

LAX = settings(max_examples=tries(40, 150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "chat_id", "text", "parse_mode", "entities", "reply_markup", "reply_parameters", "message_id", "message_ids", "media",
    "caption", "photo", "document", "from_chat_id", "reaction", "action", "offset", "limit", "timeout", "url", "commands",
    "scope", "file_id", "user_id", "latitude", "longitude", "options", "question", "business_connection_id", "emoji",
    "link_preview_options", "allowed_updates", "menu_button", "callback_query_id", "method", "phone_number", "first_name",
]  # fmt: skip
SHAPES = [
    "OLENA", "attach://x", "http://a.b/c", "@acme_club", "HTML", "MarkdownV2", "<b>", "*a", "{", "[[]]", "null", "-1",
    "99999999999999999999999", "1e999", "\x00", "\u200b", "https://bot.test/hook",
]  # fmt: skip
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=40), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*NAMES, "type", "inline_keyboard", "keyboard", "callback_data"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)
arguments = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)


def _is_answer(handled: Any) -> bool:
    if handled.wait is not None:
        return handled.response is None
    answer = json.loads(handled.response.body)
    return answer["ok"] is (handled.response.status == 200)


@LAX
@given(method=st.sampled_from(sorted(HANDLERS)), given=arguments)
def test_no_argument_breaks_a_method(drill, method, given):
    real = {name: drill.to if value == "OLENA" else value for name, value in given.items()}
    body = json.dumps(real).encode("utf-8", "surrogatepass")
    url = f"/bot{drill.state.token}/{method}"
    handled = drill.request(HttpRequest("POST", url, (("Content-Type", "application/json"),), body))
    drill.state.logged_out_at, drill.state.is_closed = float("-inf"), False
    assert _is_answer(handled)


@LAX
@given(
    url=st.one_of(st.text(max_size=60), st.sampled_from([f"/bot7012345678:AAchatdrillDrillDrillDrillDrillDril/{m}" for m in METHOD_NAMES])),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "", "text/plain",
                          "application/x-www-form-urlencoded", "\x00;"]),
    body=st.binary(max_size=200),
)  # fmt: skip
def test_no_request_breaks_the_router(drill, url, kind, body):
    handled = drill.request(HttpRequest("POST", url, (("Content-Type", kind),), body))
    drill.state.logged_out_at, drill.state.is_closed = float("-inf"), False
    assert _is_answer(handled)


@LAX
@given(
    answer=st.one_of(
        st.builds(HttpFailure, st.text(max_size=8), st.text(max_size=8)),
        st.builds(
            HttpResponse,
            st.integers(0, 999),
            st.sampled_from(
                [
                    (("Content-Type", k), ("Retry-After", "x"))
                    for k in ("application/json", "multipart/form-data; boundary=x", "é")
                ]
            ),
            st.binary(max_size=100),
        ),
    )
)
def test_no_answer_breaks_the_reading_of_it(drill, answer):
    ack = platform.read_ack(drill.state, (), answer, drill.now)
    assert ack.ok == (isinstance(answer, HttpResponse) and 200 <= answer.status <= 299)
    for call in ack.calls:
        assert _is_answer(platform.handle(drill.state, Exchange(request=call, now=drill.now, source="webhook_answer")))


HEADS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"ID3\x04", b"OggS", b"<svg/>",
         b"OggS" + bytes(24) + b"OpusHead", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", b"%PDF-1.4", b"\xff\xfb\x90\x64"]  # fmt: skip


@LAX
@given(
    kind=st.sampled_from(["photo", "document", "audio", "voice", "video", "animation", "video_note", "sticker"]),
    head=st.sampled_from(HEADS),
    tail=st.binary(max_size=120),
    name=st.sampled_from(["a.jpg", "a", ".", "a.svg", "..\\x.ogg", "é\u200b.png"]),
)
def test_no_upload_breaks_a_method(drill, kind, head, tail, name):
    method = "send" + "".join(word.title() for word in kind.split("_"))
    handled = drill.upload(method, {kind: (name, head + tail), "thumbnail": ("t", head)}, chat_id=drill.to)
    assert _is_answer(handled)


def test_a_torn_picture_is_refused_as_a_photo_and_kept_as_a_document(drill, samples, read):
    torn = {"photo": ("a.jpg", samples["photo"][:900]), "document": ("a.jpg", samples["photo"][:900])}
    refused = drill.upload("sendPhoto", torn, chat_id=drill.to)
    assert json.loads(refused.response.body)["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert "thumbnail" not in read(drill.upload("sendDocument", torn, chat_id=drill.to))["document"]


@LAX
@given(text=st.text(st.sampled_from("ab <>/&;#x1'\"=*_~|`[]()!\\\n\r>ж😀\x00"), max_size=60))
@pytest.mark.parametrize("parse", [parse_html, parse_markdown, parse_markdown_v2])
def test_markup_is_parsed_or_refused(parse, text):
    try:
        found, entities = parse(text)
    except ApiError as error:
        assert error.code == 400
    else:
        assert all(e.offset >= 0 and e.end <= len(found) for e in entities)


@LAX
@given(text=st.text(max_size=80), mode=st.sampled_from(["", "HTML", "Markdown", "MarkdownV2"]))
def test_the_echoed_entities_lie_inside_the_text(drill, text, mode):
    answer = drill.answer("sendMessage", chat_id=drill.to, text=text, parse_mode=mode)
    if answer["ok"]:
        units = len(answer["result"]["text"].encode("utf-16-le")) // 2
        for entity in answer["result"].get("entities", ()):
            assert entity["offset"] >= 0 and entity["length"] > 0 and entity["offset"] + entity["length"] <= units


@pytest.mark.parametrize("seed", ["!", "a.", "~.", "<b>", "[", "@", "/a", "#", "+1", "4 ", "`", "((", "http://"])
def test_long_monotonous_texts_are_read_quickly(drill, seed):
    text = (seed * 32_768)[:30_000]
    for mode in ("", "HTML", "Markdown", "MarkdownV2"):
        assert _is_answer(drill.handle("sendMessage", {"chat_id": drill.to, "text": text, "parse_mode": mode}))
