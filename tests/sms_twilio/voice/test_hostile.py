"""No document breaks a call."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.twilio import platform
from deep import tries
from sms_twilio.voice.phone import Phone

VERBS = ["<Say>1 &amp; 2</Say>", "<Say loop='0'/>", "<Gather numDigits='-1' timeout='99999999'>", "</Gather>", "<Gather/>", "<Play/>", "<Pause length='9'/>",
         "<Enqueue>x</Enqueue>", "<Enqueue waitUrl='//['/>", "<Redirect>http://[</Redirect>", "<Redirect/>", "<Leave/>", "<Hangup/>", "<Reject/>", "<Dial/>",
         "<Dial action='/a' hangupOnStar='true' record='true'>+12025550111</Dial>", "<Dial timeout='1'><Queue>x</Queue></Dial>", "<Dial><Sip>x</Sip>",
         "<Record/>", "<Record timeout='1' finishOnKey='' maxLength='x' recordingStatusCallback='/r' recordingStatusCallbackEvent='absent'/>", "x"]  # fmt: skip
documents = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(VERBS), max_size=6).map(lambda verbs: f"<Response>{''.join(verbs)}</Response>"))  # fmt: skip
KINDS = st.sampled_from(["text/xml", "text/plain", "audio/wav", "application/json", ""])


@settings(max_examples=tries(30, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.tuples(documents, KINDS), min_size=1, max_size=4), keys=st.sampled_from(["1", "99#", "*"]))
def test_no_document_breaks_a_call(words: list[tuple[str, str]], keys: str) -> None:
    phone = Phone(voice_fallback_url="http://127.0.0.1:9/instead", voice_status_callback="http://127.0.0.1:9/end")
    phone.does("calls")
    for document, kind in words:
        answer = HttpResponse(200, (("Content-Type", kind),), document.encode("utf-8", "replace"))
        for call in platform.read_ack(phone.state, (phone.asked[-1],), answer, phone.now).calls:
            phone._take(phone.handle(call, "webhook_answer"))
        phone.passes(5)
        if phone.state.line.of(phone.to) is not None:
            phone.does("speaks", words=keys)
            phone.does("keys", digits=keys)
        assert platform.request(phone.state, (phone.asked[-1],), phone.now).url
