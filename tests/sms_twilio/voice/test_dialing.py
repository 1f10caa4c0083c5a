"""The bot puts a caller through to somebody else."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Customer
from chatdrill_fakes.platforms.twilio import platform
from chatdrill_fakes.platforms.twilio.voice.document import DIAL_NOT_EMULATED, NOT_DIALED
from sms_twilio.kit import ROOT, fields
from sms_twilio.voice.phone import Phone

AGENT = "+12025550111"
DIALS = f'<Dial action="/dialed" timeout="20">{AGENT}</Dial><Say>never</Say>'
BARE = f"<Dial>{AGENT}</Dial><Say>Behind</Say>"


@pytest.fixture
def phone() -> Phone:
    return Phone()


def dials(phone: Phone, words: str = DIALS) -> None:
    phone.calls(words)
    phone.passes(0)


@pytest.mark.parametrize(
    ("happens", "status", "seconds"),
    [
        (("agent answers", "agent hangs up"), "completed", "65"),
        (("agent is busy",), "busy", None),
        ((), "no-answer", None),
    ],
)
def test_the_action_is_told_how_a_dial_ended(
    phone: Phone, happens: tuple[str, ...], status: str, seconds: str | None
) -> None:
    dials(phone)
    for name in happens:
        phone.does(name)
        phone.passes(65 if name == "agent answers" else 0)
    phone.passes(0 if happens else 20)
    kind, path, told = phone.newest
    assert (kind, path, told["DialCallStatus"], told["CallStatus"]) == ("call.dialed", "/dialed", status, "in-progress")
    assert (told.get("DialCallDuration"), told["DialBridged"]) == (seconds, "true" if seconds else "false")
    assert told["DialCallSid"].startswith("CA") and told["DialCallSid"] != told["CallSid"]
    phone.plays("<Say>Bye</Say>")
    assert phone.heard == ["Bye"]


@pytest.mark.parametrize("happens", [("agent answers", "agent hangs up"), ("agent is busy",), ()])
def test_without_an_action_the_document_goes_on_behind_it(phone: Phone, happens: tuple[str, ...]) -> None:
    dials(phone, BARE)
    for name in happens:
        phone.does(name)
    phone.passes(0 if happens else 29)
    assert phone.heard == (["Behind"] if happens else [])
    phone.passes(1)
    assert phone.heard == ["Behind"]


@pytest.mark.parametrize(("answered", "status"), [(True, "completed"), (False, "no-answer")])
def test_a_caller_who_hangs_up_ends_the_other_call(phone: Phone, answered: bool, status: str) -> None:
    dials(phone)
    if answered:
        phone.does("agent answers")
    phone.does("hangs up")
    kind, _, told = phone.newest
    assert (kind, told["DialCallStatus"], told["CallStatus"]) == ("call.dialed", status, "completed")


def test_the_star_ends_it_where_the_document_says_so(phone: Phone) -> None:
    dials(phone, DIALS.replace("<Dial", '<Dial hangupOnStar="true"'))
    assert phone.does("keys", digits="*") == []
    phone.does("agent answers")
    phone.does("keys", digits="*")
    assert phone.newest[2]["DialCallStatus"] == "completed"
    other = Phone()
    dials(other)
    other.does("agent answers")
    assert other.does("keys", digits="*") == []


@pytest.mark.parametrize(
    ("whom", "can"),
    [
        ("415-555-0123", True),
        ("<Number>+4915155501234</Number><Number>+12025550111</Number>", True),
        ("<Sip>sip:bob@desk.example.test</Sip>", True),
        ("<Client>bob</Client>", True),
        ("", False),
        ("911", False),
        ("nobody", False),
        ("<Sip>bob</Sip>", False),
        ("<Queue>nobody has made it</Queue>", False),
    ],
)
def test_whom_nobody_can_call_is_a_failure_at_once(phone: Phone, whom: str, can: bool) -> None:
    dials(phone, f'<Dial action="/dialed">{whom}</Dial>')
    assert (phone.newest[0], phone.newest[2].get("DialCallStatus")) == (
        ("call", None) if can else ("call.dialed", "failed")
    )


def test_a_call_that_is_led_elsewhere_lets_the_other_end_go(phone: Phone) -> None:
    dials(phone)
    phone.does("agent answers")
    [call] = phone.state.line.calls
    phone.call("POST", f"{ROOT}/Calls/{call}.json", {"Twiml": "<Response><Say>Elsewhere</Say></Response>"})
    with pytest.raises(Unsupported, match="no agent talks"):
        phone.does("agent hangs up")
    assert phone.newest[0] == "call"


@pytest.mark.parametrize("name", ["agent is busy", "agent answers"])
def test_nobody_answers_who_was_not_called(phone: Phone, name: str) -> None:
    phone.calls("<Say>Hi</Say>")
    with pytest.raises(Unsupported, match="dial"):
        phone.does(name)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        *((f"<Dial><{noun}>x</{noun}></Dial>", f"Dial {noun}") for noun in sorted(NOT_DIALED)),
        *((f'<Dial><Number {name}="/x">{AGENT}</Number></Dial>', f"Dial {name}") for name in DIAL_NOT_EMULATED),
    ],
)
def test_what_of_it_is_not_emulated_is_loud(phone: Phone, words: str, what: str) -> None:
    call = phone.calls(words).call
    assert call is not None and call.support == "refused" and what in (call.error or "")


# ------------------------------------------------------------------------------------------------------- a queue


WAITS = '<Enqueue waitUrl="/wait" action="/left">support</Enqueue>'
TAKES = '<Dial action="/dialed"><Queue>support</Queue></Dial>'


class Agent(Phone):
    """Another telephone of the same account."""

    def __init__(self, beside: Phone) -> None:
        super().__init__()
        self.state = beside.state
        self.to = platform.join(self.state, Customer(key="bob", first_name="Bob", phone=AGENT), 0.0)


@pytest.mark.parametrize("agent_first", [False, True])
@pytest.mark.parametrize("who", ["agent", "caller"])
def test_whoever_dials_a_queue_talks_with_the_first_in_line(phone: Phone, agent_first: bool, who: str) -> None:
    agent = Agent(phone)
    phone.calls(WAITS)
    if agent_first:
        phone.call("POST", f"{ROOT}/Queues.json", {"FriendlyName": "support"})
        dials(agent, TAKES)
    phone.passes(0)
    assert (phone.newest[0] == "call.wait") is not agent_first
    if not agent_first:
        dials(agent, TAKES)
    [caller, _] = phone.state.line.calls.values()
    assert caller.with_agent and phone.passes(60) == []
    (agent if who == "agent" else phone).does("hangs up")
    asked = {update.kind: update for one in (phone, agent) for update in one.asked}
    told = [fields(asked["call.left"]), fields(asked["call.dialed"])]
    assert (told[0]["QueueResult"], told[1]["DialCallStatus"], told[1]["DialCallSid"]) == (
        "bridged", "completed", caller.sid,
    )  # fmt: skip
    assert not caller.dialer and caller.is_over is (who == "caller")
