"""What Twilio's reference says of calls, as examples: the part of the sheet that is about Programmable Voice."""

from __future__ import annotations

from chatdrill.model import Event
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Step
from chatdrill_fakes.platforms.twilio.voice.document import DIAL_NOT_EMULATED, NOT_DIALED, NOT_EMULATED
from chatdrill_fakes.platforms.twilio.voice.playing import GOES_ON

_ROOT = "/2010-04-01/Accounts/{account_sid}"
_XML = (("Content-Type", "text/xml"),)
_DOCS = "twilio.com/docs, TwiML for Programmable Voice"
_REQUEST, _QUEUED = f"{_DOCS}: Twilio's request", f"{_DOCS}: Enqueue"


def plays(words: str, *after: Step) -> Ask:
    """A document in the answer to the webhook of a call."""
    return Ask("", answers=f"<Response>{words}</Response>", headers=_XML, after=after or (CALLS,))


CALLS = Event(name="calls")
_MENU = '<Gather numDigits="3" action="/choice"><Say>Your order number, please</Say></Gather>'
_SPEECH = '<Gather input="dtmf speech" action="/choice"><Say>What is it about?</Say></Gather>'
_WAIT = '<Enqueue waitUrl="/wait" action="/left">support</Enqueue>'
_ENTERS = Event(name=GOES_ON, data={"call": "{call}", "turn": 2, "deed": 0})
_CALLED = Happens(CALLS, keeps={"call": "CallSid"})
_WAITS = (_CALLED, plays(_WAIT, _CALLED), Happens(_ENTERS, keeps={"queue": "QueueSid"}))

_DIALS = '<Dial action="/dialed" hangupOnStar="true" record="record-from-answer"><Number>+12025550111</Number></Dial>'
_RINGS = (_CALLED, plays(_DIALS, _CALLED), Happens(_ENTERS))
_TALKS = (*_RINGS, Event(name="agent answers"))
_RECORDS = '<Record action="/recorded" recordingStatusCallback="/fate" finishOnKey="#"/>'
_SAID = (_CALLED, plays(_RECORDS, _CALLED), Event(name="speaks", data={"words": "My shoes are torn"}))
_RECORDED = Happens(Event(name="keys", data={"digits": "#"}), after=_SAID, keeps={"recording": "RecordingSid"})

_MADE = Ask(f"{_ROOT}/Queues.json", {"FriendlyName": "returns"}, keeps={"made": "sid"})

_HEAD = {"AccountSid": "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475", "ApiVersion": "2010-04-01", "CallSid": "<0>"}
_THEM = {"City": "WASHINGTON", "Country": "US", "State": "DC", "Zip": "20005"}


def _about(name: str, number: str) -> dict[str, str]:
    return {name: number, **{f"{name}{what}": value for what, value in _THEM.items()}}


def _fields(status: str = "in-progress", caller: str = "+12025550147", **more: str) -> dict[str, str]:
    ours = "+12025550199"
    return {
        **_HEAD, "CallStatus": status, **_about("Called", ours), **_about("Caller", caller), "Direction": "inbound",
        **_about("From", caller), **_about("To", ours), **more,
    }  # fmt: skip


GOLDEN = (
    Golden("a call", CALLS, _fields("ringing"), _REQUEST, "2026"),
    Golden("a call without a number", Event(name="calls", data={"caller": "anonymous"}), _fields("ringing", "+266696687"), _REQUEST, "2026"),
    Golden("keys", Happens(Event(name="keys", data={"digits": "553"}), after=(CALLS, plays(_MENU))), _fields(Digits="553"), f"{_DOCS}: Gather", "2026"),
    Golden("words", Happens(Event(name="speaks", data={"words": "my order"}), after=(CALLS, plays(_SPEECH))),
           _fields(SpeechResult="my order", Confidence="0.9"), f"{_DOCS}: Gather", "2026"),
    Golden("into the queue", Happens(_ENTERS, after=(_CALLED, plays(_WAIT, _CALLED))),
           _fields(QueuePosition="1", QueueSid="<0>", QueueTime="0", AvgQueueTime="0", CurrentQueueSize="1"), _QUEUED, "2026"),
    Golden("hung up in the queue", Happens(Event(name="hangs up"), after=_WAITS),
           _fields("completed", QueueResult="hangup", QueueSid="<0>", QueueTime="0"), _QUEUED, "2026"),
    Golden("a dial that ends", Happens(Event(name="agent is busy"), after=_RINGS),
           _fields(DialCallStatus="busy", DialCallSid="<0>", DialBridged="false"), f"{_DOCS}: Dial", "2026"),
    Golden("the end of a call", Happens(Event(name="hangs up"), after=(CALLS, plays(_MENU))),
           _fields("completed", CallDuration="0", Duration="0", Timestamp="Sat, 21 Nov 2026 06:05:45 +0000", SequenceNumber="0",
                   CallbackSource="call-progress-events"), _REQUEST, "2026", shape=True, settings={"voice_status_callback": "http://127.0.0.1:9090/calls"}),
)  # fmt: skip
DRAWN = (r"\b(CA|QU|RE)[0-9a-f]{32}$|^<0>$",)
EXAMPLES = (
    plays("<Say>Welcome. Press 1 for a chat.</Say>"),
    plays('<Gather numDigits="1"><Say>Press 1 for a chat.</Say></Gather>'),
    plays('<Play>/hold.mp3</Play><Pause length="2"/><Hangup/>'),
    plays('<Reject reason="busy"/>'),
    plays("<Leave/>"),
    plays(_DIALS),
    plays("<Dial><Queue>support</Queue></Dial>"),
    plays("<Dial><Sip>sip:bob@desk.example.test</Sip><Client>bob</Client></Dial>"),
    plays(_RECORDS),
    Ask(f"{_ROOT}/Recordings.json", method="GET", after=(_RECORDED,)),
    Ask(f"{_ROOT}/Calls/{{call}}/Recordings.json", method="GET", after=(_RECORDED,)),
    Ask(f"{_ROOT}/Recordings/{{recording}}.json", method="GET", after=(_RECORDED,)),
    Ask(f"{_ROOT}/Recordings/{{recording}}", method="GET", after=(_RECORDED,)),
    Ask(f"{_ROOT}/Recordings/{{recording}}.json", method="DELETE", after=(_RECORDED,)),
    Ask(f"{_ROOT}/Calls.json", method="GET", after=(_CALLED,)),
    Ask(f"{_ROOT}/Calls/{{call}}.json", method="GET", after=(_CALLED,)),
    Ask(f"{_ROOT}/Calls/{{call}}.json", {"Url": "http://127.0.0.1:9090/other"}, after=_WAITS),
    Ask(f"{_ROOT}/Calls/{{call}}.json", {"Twiml": "<Response><Say>Goodbye</Say></Response>"}, after=_WAITS),
    Ask(f"{_ROOT}/Calls/{{call}}.json", {"Status": "completed"}, after=_WAITS),
    Ask(f"{_ROOT}/Queues.json", method="GET", after=_WAITS),
    _MADE,
    Ask(f"{_ROOT}/Queues/{{made}}.json", {"MaxSize": "5"}, after=(_MADE,)),
    Ask(f"{_ROOT}/Queues/{{made}}.json", method="DELETE", after=(_MADE,)),
    Ask(f"{_ROOT}/Queues/{{queue}}.json", method="GET", after=_WAITS),
    Ask(f"{_ROOT}/Queues/{{queue}}/Members.json", method="GET", after=_WAITS),
    Ask(f"{_ROOT}/Queues/{{queue}}/Members/{{call}}.json", method="GET", after=_WAITS),
    Ask(f"{_ROOT}/Queues/{{queue}}/Members/Front.json", {"Url": "http://127.0.0.1:9090/agent"}, after=_WAITS),
)
TOLD: tuple[Step, ...] = (
    Happens(Event(name="keys", data={"digits": "1"}), after=(CALLS, plays(_MENU))),
    Happens(Event(name="speaks", data={"words": "my order"}), after=(CALLS, plays(_SPEECH))),
    Happens(Event(name="hangs up"), after=_WAITS),
    Happens(Event(name="agent answers"), after=_WAITS),
    Happens(Event(name="agent is busy"), after=_RINGS),
    Happens(Event(name="agent hangs up"), after=_TALKS),
    Happens(Event(name="keys", data={"digits": "#"}), after=_SAID),
    Happens(Event(name="agent hangs up"), after=(*_WAITS, Event(name="agent answers"))),
    Happens(_ENTERS, after=(_CALLED, plays("<Redirect>/other</Redirect>", _CALLED))),
)
SILENT = {"queue": "strangers come and go", "agent answers": "the queue is left when the two hang up"}
REFUSED = (
    Ask(f"{_ROOT}/Calls.json", {"To": "{to}", "From": "{phone_number}", "Url": "http://127.0.0.1:9090/call"}),
    *(plays(f"<{verb}/>") for verb in sorted(NOT_EMULATED)),
    plays(f'<Enqueue workflowSid="WW{"0" * 32}"><Task>{{}}</Task></Enqueue>'),
    *(plays(f"<Dial><{noun}>x</{noun}></Dial>") for noun in sorted(NOT_DIALED)),
    *(plays(f'<Dial><Number {name}="/x">+12025550111</Number></Dial>') for name in DIAL_NOT_EMULATED),
    plays('<Record transcribe="true"/>'),
)
UNTRIED = {
    "call.twiml": "is about a whole document: tests/sms_twilio/voice/test_rest.py",
}


def _not(status: int, code: int) -> Refused:
    return Refused(status, {"code": code, "status": status})


BOUNDS = (
    Bound("queue.name", Ask(f"{_ROOT}/Queues.json", {}), _not(400, 20001), "FriendlyName"),
    Bound("queue.size", Ask(f"{_ROOT}/Queues.json", {"FriendlyName": "returns"}), _not(400, 20001), "MaxSize", 1),
)
ERRORS = (
    Mistake("nobody's call", Ask(f"{_ROOT}/Calls/CA{'0' * 32}.json", method="GET"), _not(404, 20404)),
    Mistake("nobody's queue", Ask(f"{_ROOT}/Queues/QU{'0' * 32}.json", method="GET"), _not(404, 20404)),
    Mistake("nobody in the queue", Ask(f"{_ROOT}/Queues/{{queue}}/Members/CA{'0' * 32}.json", method="GET", after=_WAITS), _not(404, 20404)),
    Mistake("a call that is over", Ask(f"{_ROOT}/Calls/{{call}}.json", {"Status": "completed"}, after=(*_WAITS, Event(name="hangs up"))), _not(400, 21220)),
    Mistake("nobody's recording", Ask(f"{_ROOT}/Recordings/RE{'0' * 32}.json", method="GET"), _not(404, 20404)),
    Mistake("an odd address", Ask(f"{_ROOT}/Calls/{{call}}.json", {"Url": "nowhere"}, after=_WAITS), _not(400, 21205)),
)  # fmt: skip
