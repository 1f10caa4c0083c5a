"""Refused calls."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.twilio.errors import REFUSED
from sms_twilio.kit import OURS, ROOT, Account, basic, code


@pytest.mark.parametrize("wanted", sorted(REFUSED))
def test_every_code_can_be_met(account: Account, wanted: int) -> None:
    assert account.updates(Event(name="api_error", data={"code": wanted, "times": 1})) == []
    handled = account.send(Body="x")
    assert code(handled) == wanted and not handled.effects
    assert account.send(Body="x").effects


def test_what_is_not_emulated_is_loud(account: Account) -> None:
    for given in (
        {"ContentSid": "HX" + "0" * 32},
        {"To": f"whatsapp:{account.to}", "From": f"whatsapp:{OURS}", "Body": "x"},
    ):
        call = account.send(**given).call
        assert call is not None and call.support == "refused" and not call.ok and "chatdrill" in (call.note or "")


def test_json_is_not_read_and_the_trace_says_so(account: Account) -> None:
    from chatdrill.wire import HttpRequest

    body = msgspec.json.encode({"To": account.to, "From": OURS, "Body": "x"})
    request = HttpRequest("POST", f"{ROOT}/Messages.json", (basic(), ("Content-Type", "application/json")), body)
    handled = account.handle(request)
    assert code(handled) == 21604 and handled.call is not None and "Twilio reads forms" in (handled.call.note or "")


@pytest.mark.parametrize("auth", [basic(password="wrong"), basic(user="AC0"), ("Authorization", "Bearer x"), ("Authorization", "Basic !"), ("X", "y")])  # fmt: skip
def test_wrong_credentials_are_refused(account: Account, auth: tuple[str, str]) -> None:
    handled = account.call("GET", f"{ROOT}/Messages.json", auth=auth)
    assert code(handled) == 20003 and handled.response is not None
    assert handled.response.header("WWW-Authenticate") == 'Basic realm="Twilio API"'


def test_an_unknown_path_names_those_that_are_known(account: Account) -> None:
    call = account.call("GET", f"{ROOT}/Conferences.json").call
    assert call is not None and call.support == "unknown" and "Messages" in (call.error or "")


def test_odd_settings_and_events_are_refused(account: Account) -> None:
    with pytest.raises(SettingsError, match="opt_out"):
        Account(opt_out="maybe")
    with pytest.raises(Unsupported, match="21610"):
        account.updates(Event(name="api_error", data={"code": 1}))
