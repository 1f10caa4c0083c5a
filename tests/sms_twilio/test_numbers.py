"""The number and where its webhooks go."""

from __future__ import annotations

from chatdrill.model import Customer
from chatdrill_fakes.platforms.twilio import platform
from sms_twilio.kit import HOOK, OURS, ROOT, Account, answer, code


def test_a_number_tells_and_changes_its_webhooks(account: Account) -> None:
    (number,) = answer(account.call("GET", f"{ROOT}/IncomingPhoneNumbers.json?PhoneNumber=%2B1202"))[
        "incoming_phone_numbers"
    ]
    assert number["sms_url"] == HOOK and number["capabilities"]["mms"]
    path = f"{ROOT}/IncomingPhoneNumbers/{number['sid']}.json"
    other = {"SmsUrl": "http://127.0.0.1:9/other", "SmsMethod": "GET", "SmsFallbackUrl": "http://127.0.0.1:9/f"}
    assert answer(account.call("POST", path, other))["sms_method"] == "GET"
    assert (account.state.webhook_url, account.state.fallback_url) == (
        "http://127.0.0.1:9/other",
        "http://127.0.0.1:9/f",
    )
    assert code(account.call("POST", path, {"SmsUrl": "nowhere"})) == 20001
    assert code(account.call("GET", f"{ROOT}/IncomingPhoneNumbers/PN0.json")) == 20404


def test_a_call_belongs_to_the_worker_whose_mark_its_number_has(account: Account) -> None:
    from chatdrill.wire import HttpRequest

    owner = platform.owner_of  # type: ignore[attr-defined]
    send = HttpRequest(
        "POST", f"{ROOT}/Messages.json", (("Content-Type", "application/x-www-form-urlencoded"),), b"To=%2B12025550107"
    )
    assert owner(account.state, send) == "+12025550107"
    assert owner(account.state, HttpRequest("GET", f"{ROOT}/Messages/SM{'0' * 30}07.json")).endswith("07")
    assert owner(account.state, HttpRequest("POST", f"{ROOT}/IncomingPhoneNumbers/PN1.json")) == "*"
    assert owner(account.state, HttpRequest("POST", f"{ROOT}/Calls/CA{'0' * 30}07.json")).endswith("07")
    assert owner(account.state, HttpRequest("POST", f"/twiml/voice?sid=CA{'0' * 30}07&asked=1")).endswith("07")
    assert owner(account.state, HttpRequest("GET", f"{ROOT}/Messages.json")) is None


def test_no_customer_has_the_number_of_the_account(account: Account) -> None:
    twin = Customer(key="twin", first_name="A", last_name="B", phone=OURS, locale="en_US")
    address = platform.join(account.state, twin, 0.0)
    assert address != OURS and address.startswith("+1202555")
