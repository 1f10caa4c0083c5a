"""One account whose chats several workers hold: whose a call is."""

from __future__ import annotations

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR
from chatdrill_fakes.families.sms import e164
from chatdrill_fakes.platforms.twilio.routes import shape_of
from chatdrill_fakes.platforms.twilio.voice.answering import PATH
from chatdrill_fakes.platforms.twilio.webhooks import TWIML_PATH


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    if request.path in (TWIML_PATH, PATH):
        return dict(request.query).get("sid")
    _, shape, sids = shape_of(request.path)
    if shape == "Messages" and request.method.upper() == "POST":
        return e164(str(read_arguments(request).values.get("To", "")))
    if shape == "IncomingPhoneNumbers/*" and request.method.upper() == "POST":
        return EVERY_DOOR
    if sids and shape.startswith(("Messages/", "Calls/", "Queues/", "Recordings/")):
        return sids[0].partition(".")[0]  # the sound of a recording has an ending
    return None
