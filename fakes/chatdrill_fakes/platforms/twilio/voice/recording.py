"""Recordings of calls: as they are told, as the REST API has them, and their sound, which is silence of the right length.

Source: twilio.com/docs, TwiML for Programmable Voice: Record, Dial; Voice API: Recordings resource (2026).
"""

from __future__ import annotations

import io
import math
import wave
from urllib.parse import urljoin

from msgspec import structs

from chatdrill.wire import HttpResponse, Update
from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.ids import rfc2822
from chatdrill_fakes.platforms.twilio.objects import API_VERSION, list_page, signed_form
from chatdrill_fakes.platforms.twilio.state import Json, TwilioState
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall, Recording, Taping, Wish

_RATE, _SAMPLE_BYTES = 8000, 2
_MP3_FRAME, _MP3_FRAME_S = bytes.fromhex("fffb10c0") + bytes(100), 1152 / 44_100
"""A frame of an MP3 (32 kbit/s, 44.1 kHz, mono) with nothing in it."""


def absolute(wish: Wish | None, base: str) -> Wish | None:
    """The same, with a whole address."""
    return None if wish is None else structs.replace(wish, url=urljoin(base, wish.url))


def length_s(tape: Taping) -> int:
    """How long what was said takes to say, in whole seconds."""
    spoken = sum(map(len, tape.words)) / limits.SPOKEN_PER_S
    return min(tape.longest_s, max(1, math.ceil(spoken)))


def keep(state: TwilioState, call: PhoneCall, seconds: int, at: float, source: str) -> Recording:
    """Something was recorded, and ends now."""
    made = Recording(sid=state.new_sid("RE"), call=call.sid, made_at=at, seconds=seconds, source=source)
    state.line.recordings[made.sid] = made
    return made


def address(state: TwilioState, made: Recording) -> str:
    """Where its sound is: as WAV, or with ``.mp3`` behind it as that."""
    return f"{state.known_url}{state.root}/Recordings/{made.sid}"


def told(
    state: TwilioState, call: PhoneCall, wish: Wish | None, event: str, made: Recording | None, at: float
) -> list[Update]:
    """The status callback of a recording, where somebody wants it."""
    if wish is None or event not in wish.events:
        return []
    call.asked += 1
    fields = [
        ("AccountSid", state.account),
        ("ApiVersion", API_VERSION),
        ("CallSid", call.sid),
        ("RecordingStatus", event),
    ]
    if made is not None:
        fields += [
            ("RecordingSid", made.sid),
            ("RecordingUrl", address(state, made)),
            ("RecordingDuration", str(made.seconds)),
        ]
        fields += [
            ("RecordingChannels", "1"),
            ("RecordingStartTime", rfc2822(made.made_at - made.seconds) or ""),
            ("RecordingSource", made.source),
        ]
    hook = state.hook(wish.url, f"voice {wish.method}")
    return [Update(id=f"{call.sid}:{call.asked}", kind="call.recording", to=call.chat, lane=f"{call.chat} call", body=signed_form(state, fields),
                   made_at=at, hook=hook)]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- REST API


def _recording(asked: Asked) -> Recording:
    found = asked.state.line.recordings.get(asked.sid.partition(".")[0])
    if found is None:
        raise ApiError(20404, asked.exchange.request.path)
    return found


def read(asked: Asked) -> Answered:
    """What is known of a recording with ``.json`` behind its address, else its sound."""
    found = _recording(asked)
    to = asked.state.line.calls[found.call].chat
    path = asked.exchange.request.path
    if path.endswith((".json", ".xml")):
        return Answered(_object(asked.state, found), root="Recording", to=to)
    if path.endswith(".mp3"):
        kind, sound = "audio/mpeg", _MP3_FRAME * math.ceil(found.seconds / _MP3_FRAME_S)
    else:
        kind, sound = "audio/x-wav", _silence(found.seconds)
    return Answered(raw=HttpResponse(200, (("Content-Type", kind),), sound), to=to)


def _silence(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(_SAMPLE_BYTES)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(seconds * _RATE * _SAMPLE_BYTES))
    return file.getvalue()


def remove(asked: Asked) -> Answered:
    """A recording is gone."""
    del asked.state.line.recordings[_recording(asked).sid]
    return Answered(raw=HttpResponse(204))


def listed(asked: Asked) -> Answered:
    """Recordings, the newest first: all, or those of one call."""
    if asked.sid and asked.sid not in asked.state.line.calls:
        raise ApiError(20404, asked.exchange.request.path)
    of = asked.sid or asked.values.get("CallSid", "")
    found = [one for one in reversed(asked.state.line.recordings.values()) if of in ("", one.call)]
    path = f"Calls/{asked.sid}/Recordings.json" if asked.sid else "Recordings.json"
    items = [_object(asked.state, one) for one in found[: limits.PAGE_SIZE]]
    page = (0, limits.PAGE_SIZE, False)
    return Answered(list_page(asked.state, "recordings", path, items, page, ""), root="Recordings")


def _object(state: TwilioState, made: Recording) -> Json:
    uri, date = f"{state.root}/Recordings/{made.sid}", rfc2822(made.made_at)
    return {
        "sid": made.sid, "account_sid": state.account, "call_sid": made.call, "conference_sid": None, "api_version": API_VERSION,
        "date_created": date, "date_updated": date, "start_time": rfc2822(made.made_at - made.seconds), "duration": str(made.seconds),
        "status": "completed", "channels": 1, "source": made.source, "price": None, "price_unit": "USD", "error_code": None, "track": "both",
        "encryption_details": None, "uri": f"{uri}.json", "media_url": address(state, made),
        "subresource_uris": {"add_on_results": f"{uri}/AddOnResults.json", "transcriptions": f"{uri}/Transcriptions.json"},
    }  # fmt: skip
