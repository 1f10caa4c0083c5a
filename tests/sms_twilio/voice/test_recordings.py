"""What callers say is recorded."""

from __future__ import annotations

import io
import wave

import msgspec
import pytest

from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.twilio import platform
from sms_twilio.kit import ROOT, fields
from sms_twilio.voice.phone import Phone

WORDS = "My shoes are torn, and I would like to have my money back."
RECORDS = '<Record action="/recorded" finishOnKey="#"/><Say>We heard nothing</Say>'


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.mark.parametrize(
    ("ends", "digits"), [("keys", "#"), ("hangs up", "hangup"), ("silence", None)], ids=["key", "hang up", "silence"]
)
def test_what_a_caller_says_is_recorded_and_told(phone: Phone, ends: str, digits: str | None) -> None:
    phone.calls(RECORDS)
    phone.does("speaks", words=WORDS)
    assert phone.does("keys", digits="5") == []
    if ends == "silence":
        phone.passes(5)
    else:
        phone.does(ends, **({"digits": "#"} if ends == "keys" else {}))
    kind, path, told = phone.newest
    assert (kind, path, told.get("Digits"), told["RecordingDuration"]) == ("call.recorded", "/recorded", digits, "4")
    assert told["RecordingUrl"].endswith(f"/Recordings/{told['RecordingSid']}")
    if ends != "hangs up":
        phone.plays("<Say>Thank you</Say>")
        assert phone.heard == ["Thank you"]


@pytest.mark.parametrize("key", [True, False])
def test_an_empty_recording_is_none_and_the_document_goes_on(phone: Phone, key: bool) -> None:
    phone.calls(RECORDS)
    if key:
        phone.does("keys", digits="#")
    else:
        phone.passes(5)
    assert phone.heard == ["We heard nothing"] and phone.newest[0] == "call"
    assert not phone.state.line.recordings


def test_without_an_action_the_document_is_asked_for_again(phone: Phone) -> None:
    phone.calls('<Record maxLength="2"/>')
    phone.does("speaks", words=WORDS)
    phone.does("keys", digits="1")
    assert (phone.newest[1], phone.newest[2]["RecordingDuration"]) == ("/voice", "2")


@pytest.mark.parametrize(
    ("wanted", "says", "events"),
    [
        ("", True, ["completed"]),
        ("in-progress completed absent", True, ["in-progress", "completed"]),
        ("in-progress completed absent", False, ["in-progress", "absent"]),
        ("completed", False, []),
    ],
)
def test_a_recordings_fate_is_told_where_somebody_wants_it(
    phone: Phone, wanted: str, says: bool, events: list[str]
) -> None:
    more = f' recordingStatusCallbackEvent="{wanted}"' if wanted else ""
    phone.calls(f'<Record recordingStatusCallback="/fate"{more}/>')
    phone.asked += [update for update in phone.state.outbox if update.kind == "call.recording"]
    if says:
        phone.does("speaks", words=WORDS)
    phone.passes(5)
    told = [update for update in phone.asked if update.kind == "call.recording"]
    assert [fields(update)["RecordingStatus"] for update in told] == events
    for update in told:
        assert update.hook is not None and update.hook.url == "http://127.0.0.1:9/fate"
        ack = platform.read_ack(phone.state, (update,), HttpResponse(204), phone.now)
        assert ack.ok and not ack.calls
    if "completed" in events:
        assert fields(told[-1])["RecordingSource"] == "RecordVerb"


def recorded(phone: Phone) -> str:
    phone.calls(RECORDS)
    phone.does("speaks", words=WORDS)
    phone.does("keys", digits="#")
    return phone.newest[2]["RecordingSid"]


def test_a_recording_is_read_heard_and_deleted(phone: Phone) -> None:
    sid = recorded(phone)
    [call] = phone.state.line.calls
    for path in ("Recordings.json", f"Calls/{call}/Recordings.json"):
        answer = phone.call("GET", f"{ROOT}/{path}").response
        assert answer is not None and [one["sid"] for one in msgspec.json.decode(answer.body)["recordings"]] == [sid]
    known = phone.call("GET", f"{ROOT}/Recordings/{sid}.json").response
    assert known is not None and msgspec.json.decode(known.body)["duration"] == "4"
    for ending in ("", ".wav"):
        sound = phone.call("GET", f"{ROOT}/Recordings/{sid}{ending}").response
        assert sound is not None and sound.header("content-type") == "audio/x-wav"
        with wave.open(io.BytesIO(sound.body)) as file:
            assert file.getnframes() / file.getframerate() == 4
    mp3 = phone.call("GET", f"{ROOT}/Recordings/{sid}.mp3").response
    assert mp3 is not None and mp3.header("content-type") == "audio/mpeg" and mp3.body.startswith(b"\xff\xfb")
    gone = [phone.call("DELETE", f"{ROOT}/Recordings/{sid}.json").response for _ in range(2)]
    assert [answer.status for answer in gone if answer is not None] == [204, 404]


def test_two_who_talk_are_recorded_where_the_dial_says_so(phone: Phone) -> None:
    phone.calls(
        '<Dial action="/dialed" record="record-from-answer" recordingStatusCallback="/fate">+12025550111</Dial>'
    )
    phone.passes(0)
    phone.does("agent answers")
    phone.passes(42)
    phone.does("agent hangs up")
    fate, action = phone.asked[-2:]
    assert (fields(fate)["RecordingSource"], fields(fate)["RecordingDuration"]) == ("DialVerb", "42")
    assert fields(action)["RecordingUrl"] == fields(fate)["RecordingUrl"]


def test_words_are_not_written_down_for_the_bot(phone: Phone) -> None:
    call = phone.calls('<Record transcribe="true"/>').call
    assert call is not None and call.support == "refused" and "Record transcribe" in (call.error or "")
