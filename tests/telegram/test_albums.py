"""Albums, in both directions."""

from __future__ import annotations

import json

import pytest

from chatdrill.model import Write

TWO = [
    {"type": "photo", "media": "attach://a", "caption": "*front*", "parse_mode": "Markdown"},
    {"type": "photo", "media": "attach://b"},
]


def test_a_customers_album_is_several_updates_with_one_group(drill, samples):
    parts = tuple(drill.media("photo", samples["photo"]) for _ in range(3))
    updates = drill.act(Write(parts=(*parts,)))
    messages = [update["message"] for update in updates]
    assert len({m["media_group_id"] for m in messages}) == 1
    ids = [m["message_id"] for m in messages]
    assert ids == list(range(ids[0], ids[0] + 3)) and {str(i) for i in ids} <= set(drill.chat.messages)


def test_a_text_beside_an_album_is_the_caption_of_the_first(drill, samples):
    photos = tuple(drill.media("photo", samples["photo"]) for _ in range(2))
    drill.write(*photos, "three views")
    captions = [stored.body.get("caption") for stored in list(drill.chat.stored.values())[-2:]]
    assert captions == ["three views", None]


def test_a_sent_album_is_several_messages_and_effects(drill, samples):
    files = {"a": ("a.jpg", samples["photo"]), "b": ("b.jpg", samples["photo"])}
    handled = drill.upload("sendMediaGroup", files, chat_id=drill.to, media=TWO)
    messages = json.loads(handled.response.body)["result"]
    assert len(messages) == 2 and messages[0]["media_group_id"] == messages[1]["media_group_id"]
    assert messages[0]["caption"] == "front" and "caption" not in messages[1]
    assert [e.message.id for e in handled.effects] == [str(m["message_id"]) for m in messages]


@pytest.mark.parametrize(
    ("media", "error"),
    [
        ("", 'parameter "media" is required'),
        ("{", "can't parse media JSON object"),
        ({}, "expected an Array of InputMedia"),
        ([], "there are no messages to send"),
        ([5], "can't parse InputMedia: expected an Object"),
        ([{"type": "photo"}], "can't parse InputMedia: media not found"),
        ([{"media": "x"}], 'can\'t parse InputMedia: Can\'t find field "type"'),
        ([{"type": "animation", "media": "x"}], 'can\'t parse InputMedia: type "animation" can\'t be used in sendMediaGroup'),
        ([{"type": "gift", "media": "x"}], 'can\'t parse InputMedia: type "gift" is unsupported'),
        ([{"type": "photo", "media": "x"}] * 11, "too many messages to send as an album"),
        ([{"type": "document", "media": "x"}, {"type": "photo", "media": "x"}],
         "document can't be mixed with other media types"),
    ],
)  # fmt: skip
def test_wrong_albums_are_refused(drill, media, error):
    found = drill.error("sendMediaGroup", chat_id=drill.to, media=media)
    assert found == f"400 Bad Request: {error}"
