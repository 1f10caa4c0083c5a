"""What the table of limits says is what is enforced: the last value that passes, and the first that does not."""

from __future__ import annotations

from chatdrill_fakes.platforms.telegram import platform

LIMITS = {limit.name: int(limit.value) for limit in platform.limits}


def test_a_request_has_50_files_at_most(drill, samples):
    files = {f"f{number}": ("a.pdf", samples["document"]) for number in range(LIMITS["files"])}
    document = {"chat_id": drill.to, "document": "attach://f0"}
    assert drill.upload("sendDocument", files, **document).response.status == 200
    refused = drill.upload("sendDocument", {**files, "one_more": ("a.pdf", samples["document"])}, **document)
    assert (refused.response.status, b"too many files" in refused.response.body) == (413, True)


def test_the_rates_are_those_of_the_table(make_drill):
    drill = make_drill()
    drill.write("hi")
    for _ in range(LIMITS["burst_chat"]):
        drill.send(text="x")
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x"})
    assert handled.response.status == 429 and handled.response.header("Retry-After") == "1"
    drill.now += 1
    assert drill.send(text="x")


def test_a_caption_may_stand_above_a_picture_only(drill, samples, read):
    flags = {"caption": "x", "show_caption_above_media": "true", "has_spoiler": "true", "chat_id": drill.to}
    photo = read(drill.upload("sendPhoto", {"photo": ("a.jpg", samples["photo"])}, **flags))
    assert photo["show_caption_above_media"] is True and photo["has_media_spoiler"] is True
    paper = read(drill.upload("sendDocument", {"document": ("a.pdf", samples["document"])}, **flags))
    assert not {"show_caption_above_media", "has_media_spoiler"} & set(paper)


def test_a_thumbnail_that_is_too_large_is_not_used(drill, samples, read, draw):
    for side, is_used in ((LIMITS["thumbnail_side"], True), (LIMITS["thumbnail_side"] + 1, False)):
        files = {"document": ("a.pdf", samples["document"]), "thumbnail": ("t.jpg", draw(side, 10))}
        assert ("thumbnail" in read(drill.upload("sendDocument", files, chat_id=drill.to))["document"]) == is_used
