"""Every method that sends says what it sent, and sends it as a neutral message too."""

from __future__ import annotations

import pytest

from chatdrill.model import Contact, Location, Sent

PLAIN = [
    ("sendMessage", {"text": "hi"}, "text", "text"),
    ("sendLocation", {"latitude": "50.45", "longitude": 30.52, "horizontal_accuracy": 12.5}, "location", "location"),
    ("sendVenue", {"latitude": 1, "longitude": 2, "title": "Shop", "address": "1 Main St"}, "venue", "location"),
    ("sendContact", {"phone_number": "+48123", "first_name": "Acme", "vcard": "BEGIN:VCARD"}, "contact", "contact"),
    ("sendDice", {}, "dice", "other"),
    ("sendPoll", {"question": "Q?", "options": ["a", "b"]}, "poll", "other"),
]
FILES = ["photo", "document", "audio", "voice", "video", "animation", "video_note", "sticker"]
ERRORS = [
    ("sendLocation", {}, "latitude is empty"),
    ("sendLocation", {"latitude": 1}, "longitude is empty"),
    ("sendLocation", {"latitude": 1, "longitude": 2, "live_period": 5}, "wrong live location period specified"),
    ("sendVenue", {"latitude": 1, "longitude": 2}, "venue title must be non-empty"),
    ("sendContact", {}, 'parameter "phone_number" is required'),
    ("sendContact", {"phone_number": "1"}, 'parameter "first_name" is required'),
    ("sendDice", {"emoji": "🥒"}, "EMOTICON_INVALID"),
    ("sendPoll", {"question": "Q"}, "can't parse options JSON object"),
    ("sendPoll", {"question": "Q", "options": ["a"]}, "poll must have at least 2 answer options"),
]


@pytest.mark.parametrize(("method", "arguments", "field", "part"), PLAIN)
def test_plain_methods(drill, read, method, arguments, field, part):
    handled = drill.handle(method, {"chat_id": drill.to, **arguments})
    message = read(handled)
    assert field in message and message["from"]["is_bot"]
    (effect,) = handled.effects
    assert isinstance(effect, Sent) and type(effect.message.parts[0]).__name__.lower() == part
    assert effect.message.id == str(message["message_id"])


@pytest.mark.parametrize("kind", FILES)
def test_methods_with_files(drill, read, samples, kind):
    method = "send" + "".join(word.title() for word in kind.split("_"))
    handled = drill.upload(method, {kind: (f"x.{kind}", samples[kind])}, chat_id=drill.to, caption="c")
    assert kind in read(handled)
    (media,) = handled.effects[0].message.media
    assert media.kind == kind and media.file.sha256 in drill.state.blobs
    assert (media.caption is None) == (kind in ("sticker", "video_note"))


@pytest.mark.parametrize(("method", "arguments", "error"), ERRORS)
def test_their_arguments_are_checked(drill, method, arguments, error):
    assert drill.error(method, chat_id=drill.to, **arguments) == f"400 Bad Request: {error}"


def test_places_and_people_in_neutral_words(drill):
    venue = drill.handle("sendVenue", {"chat_id": drill.to, **PLAIN[2][1]}).effects[0].message.parts[0]
    assert isinstance(venue, Location) and (venue.name, venue.address) == ("Shop", "1 Main St")
    contact = drill.handle("sendContact", {"chat_id": drill.to, **PLAIN[3][1]}).effects[0].message.parts[0]
    assert isinstance(contact, Contact) and contact.phone == "+48123"


def test_spoilers_and_captions_above_are_echoed(drill, read, samples):
    flags = {"has_spoiler": True, "show_caption_above_media": True, "caption": "c"}
    message = read(drill.upload("sendPhoto", {"photo": ("x.jpg", samples["photo"])}, chat_id=drill.to, **flags))
    assert message["show_caption_above_media"] is True and message["has_media_spoiler"] is True
