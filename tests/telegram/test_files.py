"""Files: ways to send them, what becomes of them, and getting them back."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from chatdrill.wire import Fetch, Fetched, HttpRequest

URL = "http://127.0.0.1:9/pics/lid.jpg"


def _download(drill, read, file_id):
    found = read(drill.handle("getFile", {"file_id": file_id}))
    return drill.request(HttpRequest("GET", f"/file/bot{drill.state.token}/{found['file_path']}")).response.body


def test_a_customers_photo_has_real_sizes_that_can_be_downloaded(drill, read, samples):
    import io

    sizes = drill.write(drill.media("photo", samples["photo"]))["photo"]
    assert [(s["width"], s["height"]) for s in sizes] == [(90, 68), (320, 240), (800, 600), (1280, 960)]
    for size in sizes:
        content = _download(drill, read, size["file_id"])
        assert len(content) == size["file_size"]
        assert Image.open(io.BytesIO(content)).size == (size["width"], size["height"])


def test_a_small_jpeg_keeps_its_bytes(drill, read, draw):
    content = draw(600, 400)
    sizes = drill.write(drill.media("photo", content))["photo"]
    assert [s["width"] for s in sizes] == [90, 320, 600]
    assert _download(drill, read, sizes[-1]["file_id"]) == content


def test_ids_change_and_unique_ids_stay(drill, samples):
    first = drill.write(drill.media("document", samples["document"], "a.pdf"))["document"]
    second = drill.write(drill.media("document", samples["document"], "b.pdf"))["document"]
    assert first["file_id"] != second["file_id"] and first["file_unique_id"] == second["file_unique_id"]
    assert first["file_id"].startswith("BQACAgIA") and first["file_name"] == "a.pdf"
    assert first["mime_type"] == "application/pdf" and first["file_size"] == len(samples["document"])


@pytest.mark.parametrize(
    ("method", "kind", "name", "fields"),
    [
        ("sendDocument", "document", "a.pdf", {"file_name", "mime_type"}),
        ("sendVoice", "voice", "v.ogg", {"duration", "mime_type"}),
        ("sendAudio", "audio", "a.mp3", {"duration", "file_name", "mime_type", "title"}),
        ("sendVideo", "video", "v.mp4", {"duration", "width", "height", "file_name", "mime_type"}),
        ("sendVideoNote", "video_note", "v.mp4", {"duration", "length"}),
        ("sendSticker", "sticker", "s.webp", {"width", "height", "is_animated", "is_video", "type"}),
    ],
)
def test_uploads_become_messages(drill, read, samples, method, kind, name, fields):
    handled = drill.upload(method, {kind: (name, samples[kind])}, chat_id=drill.to, duration="4", title="Call")
    found = read(handled)[kind]
    assert fields <= set(found) and found["file_size"] == len(samples[kind])
    assert handled.effects[0].message.media[0].kind == kind
    assert _download(drill, read, found["file_id"]) == samples[kind]


def test_a_percent_encoded_file_name_is_decoded(drill, read, samples):
    name = "%D0%BD%D0%B0%20100%.pdf"
    message = read(drill.upload("sendDocument", {"document": (name, samples["document"])}, chat_id=drill.to))
    assert message["document"]["file_name"] == "на 100%.pdf"


def test_an_animation_fills_document_too(drill, read, samples):
    message = read(drill.upload("sendAnimation", {"animation": ("a.gif", samples["animation"])}, chat_id=drill.to))
    assert message["animation"]["file_id"] == message["document"]["file_id"]
    message = read(drill.upload("sendDocument", {"document": ("a.gif", samples["animation"])}, chat_id=drill.to))
    assert "animation" in message


@pytest.mark.parametrize(
    ("method", "kind", "becomes"),
    [("sendVoice", "document", "document"), ("sendVideo", "document", "document"), ("sendVoice", "audio", "voice")],
)
def test_a_file_of_another_kind_is_sent_as_what_it_is(drill, read, samples, method, kind, becomes):
    field = method.removeprefix("send").lower()
    assert becomes in read(drill.upload(method, {field: ("x", samples[kind])}, chat_id=drill.to))


def test_attached_names_find_their_part(drill, read, samples):
    handled = drill.upload("sendPhoto", {"lid": ("l.jpg", samples["photo"])}, chat_id=drill.to, photo="attach://lid")
    assert len(read(handled)["photo"]) == 4


def test_a_file_id_sends_the_file_again(drill, samples):
    photo = drill.write(drill.media("photo", samples["photo"]))["photo"]
    again = drill.call(
        "sendPhoto", chat_id=drill.to, photo=photo[0]["file_id"], caption="*again*", parse_mode="Markdown"
    )
    assert again["photo"] == photo and again["caption"] == "again" and again["caption_entities"][0]["type"] == "bold"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendVideoNote", {}, "there is no video note in the request"),
        ("sendPhoto", {"photo": "x y"}, "wrong remote file identifier specified: Wrong character in the string"),
        ("sendPhoto", {"photo": "abcde"}, "wrong remote file identifier specified: Wrong string length"),
        ("sendPhoto", {"photo": "abcdef"},
         "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"),
        ("sendPhoto", {"photo": "lid.jpg"}, "wrong file identifier/HTTP URL specified"),
        ("sendVideoNote", {"video_note": URL}, "wrong file identifier/HTTP URL specified"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused(drill, method, arguments, error):
    if method == "sendVideoNote" and arguments:
        handled = drill.handle(method, {"chat_id": drill.to, **arguments}, fetched={URL: Fetched(b"x")})
        assert json.loads(handled.response.body)["description"] == f"Bad Request: {error}"
    else:
        assert drill.error(method, chat_id=drill.to, **arguments) == f"400 Bad Request: {error}"


def test_a_file_id_of_another_kind_is_refused(drill, samples):
    photo = drill.write(drill.media("photo", samples["photo"]))["photo"][0]["file_id"]
    error = drill.error("sendDocument", chat_id=drill.to, document=photo)
    assert error == "400 Bad Request: can't use file of type Photo as Document"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.txt", b"hello", "photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp"),
        ("a.jpg", b"hello", "IMAGE_PROCESS_FAILED"),
        ("a.jpg", b"", "file must be non-empty"),
        ("a.jpg", b"\xff" * (10 * 1024 * 1024 + 1),
         "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"),
    ],
)  # fmt: skip
def test_pictures_are_looked_at(drill, name, content, error):
    handled = drill.upload("sendPhoto", {"photo": (name, content)}, chat_id=drill.to)
    assert json.loads(handled.response.body)["description"] == f"Bad Request: {error}"


def test_a_picture_may_not_be_a_ribbon(drill, draw):
    handled = drill.upload("sendPhoto", {"photo": ("a.png", draw(2100, 100, "PNG"))}, chat_id=drill.to)
    assert json.loads(handled.response.body)["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


def test_uploads_over_fifty_megabytes_are_too_large(drill):
    handled = drill.upload("sendDocument", {"document": ("a", bytes(50 * 1024 * 1024 + 1))}, chat_id=drill.to)
    assert handled.response.status == 413


def test_a_url_is_read_before_anything_changes(drill, read, samples):
    before = drill.state.next_message_id
    handled = drill.handle("sendPhoto", {"chat_id": drill.to, "photo": URL})
    assert isinstance(handled.wait, Fetch) and handled.wait.urls == (URL,) and handled.response is None
    assert drill.state.next_message_id == before
    brought = {URL: Fetched(samples["photo"], "image/jpeg")}
    assert len(read(drill.handle("sendPhoto", {"chat_id": drill.to, "photo": URL}, fetched=brought))["photo"]) == 4


@pytest.mark.parametrize(
    ("fetched", "error"),
    [
        (Fetched(error="refused"), "failed to get HTTP URL content"),
        (Fetched(b"<html>", "text/html"), "wrong type of the web page content"),
    ],
)
def test_a_url_that_brings_no_picture_is_refused(drill, fetched, error):
    handled = drill.handle("sendPhoto", {"chat_id": drill.to, "photo": URL}, fetched={URL: fetched})
    assert json.loads(handled.response.body)["description"] == f"Bad Request: {error}"


def test_a_url_out_of_reach_is_taken_on_trust(drill, read):
    url = "https://cdn.acme.test/a.jpg"
    trusted = {url: Fetched(error="unreachable")}
    handled = drill.handle("sendPhoto", {"chat_id": drill.to, "photo": url}, fetched=trusted)
    assert handled.effects[0].message.media[0].file.url == url
    file_id = read(handled)["photo"][0]["file_id"]
    error = drill.error("getFile", file_id=file_id)
    assert error == "400 Bad Request: wrong file_id or the file is temporarily unavailable"


def test_a_wrong_path_or_token_finds_no_file(drill):
    for path in (f"/file/bot{drill.state.token}/photos/file_9.jpg", "/file/bot1:x/photos/file_1.jpg"):
        handled = drill.request(HttpRequest("GET", path))
        assert handled.response.status == 404
        assert json.loads(handled.response.body) == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_files_over_twenty_megabytes_cannot_be_downloaded(drill):
    message = drill.write(drill.media("document", bytes(20 * 1024 * 1024 + 1), "big.bin"))
    error = drill.error("getFile", file_id=message["document"]["file_id"])
    assert error == "400 Bad Request: file is too big"


def test_an_uploaded_thumbnail_is_shown_twice(drill, read, samples, draw):
    files = {"document": ("a.pdf", samples["document"]), "thumbnail": ("t.jpg", draw(200, 100))}
    document = read(drill.upload("sendDocument", files, chat_id=drill.to))["document"]
    assert document["thumbnail"] == document["thumb"] and document["thumb"]["width"] == 200


def test_an_mp4_tells_its_size(drill, samples):
    video = drill.write(drill.media("video", samples["video"], "v.mp4"))["video"]
    assert (video["width"], video["height"]) == (720, 1280)


def test_what_the_bot_says_of_a_file_counts_where_its_kind_has_it(drill, samples):
    said = {"duration": "5", "width": "10", "height": "20", "title": "T", "performer": "P", "emoji": "👍"}
    handled = drill.upload("sendAudio", {"audio": ("a.mp3", samples["audio"])}, chat_id=drill.to, **said)
    audio = json.loads(handled.response.body)["result"]["audio"]
    assert (audio["duration"], audio["title"], audio["performer"]) == (5, "T", "P")
    part = handled.effects[0].message.parts[0]
    assert part.emoji is None and part.file.width is None and part.file.duration_s == 5


def test_a_long_voice_note_by_url_becomes_a_document(drill, samples, read):
    url = "https://acme.test/a.ogg"
    for size, kind in ((1 << 20, "voice"), ((1 << 20) + 1, "document")):
        fetched = Fetched(content=samples["voice"].ljust(size, b"\0"), content_type="audio/ogg")
        assert kind in read(drill.handle("sendVoice", {"chat_id": drill.to, "voice": url}, fetched={url: fetched}))
