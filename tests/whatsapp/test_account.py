"""The business's own side: number, profile, registration, blocks, documents."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Text, Write
from whatsapp.kit import ACCOUNT, NUMBER, Account, answer, error

SUCCESS = {"success": True}
PIN = {"messaging_product": "whatsapp", "pin": "212834"}


def get(account: Account, path: str) -> dict[str, Any]:
    return answer(account.call("GET", f"/v25.0/{path}"))


def post(account: Account, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return answer(account.call("POST", f"/v25.0/{NUMBER}/{path}".rstrip("/"), body))


def test_the_number_shows_the_fields_that_are_asked_for(account: Account) -> None:
    fields = "id,display_phone_number,verified_name,quality_rating,throughput"
    assert get(account, f"{NUMBER}?fields={fields}") == {
        "verified_name": "Atelier",
        "display_phone_number": "+1 555-010-7788",
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "id": NUMBER,
    }
    assert set(get(account, NUMBER)) == {"verified_name", "display_phone_number", "quality_rating", "id"}


def test_the_account_lists_its_number(account: Account) -> None:
    (row,) = get(account, f"{ACCOUNT}/phone_numbers")["data"]
    assert row["id"] == NUMBER
    assert set(get(account, f"{ACCOUNT}?fields=id,name,message_template_namespace")) == {
        "id",
        "name",
        "message_template_namespace",
    }


def test_the_profile_is_read_and_changed(account: Account) -> None:
    change = {"messaging_product": "whatsapp", "about": "Töpferei", "websites": ["https://ton.example/"]}
    assert post(account, "whatsapp_business_profile", change) == SUCCESS
    (profile,) = get(account, f"{NUMBER}/whatsapp_business_profile?fields=about,websites,vertical")["data"]
    expected = {"about": "Töpferei", "websites": ["https://ton.example/"], "vertical": "RETAIL"}
    assert profile == {**expected, "messaging_product": "whatsapp"}
    assert post(account, "whatsapp_business_profile", {**change, "about": "x" * 140})["error"]["code"] == 100


def test_a_number_that_is_not_registered_cannot_send(open_account: Account) -> None:
    assert post(open_account, "deregister", {}) == SUCCESS
    assert error(open_account.send({"type": "text", "text": {"body": "Hallo"}})) == (400, 133010)
    assert post(open_account, "register", PIN) == SUCCESS
    assert open_account.send_text()


def test_registering_needs_the_pin_and_is_counted(account: Account) -> None:
    assert post(account, "register", PIN) == SUCCESS
    assert post(account, "register", {**PIN, "pin": "000000"})["error"]["code"] == 133005
    assert post(account, "register", {**PIN, "pin": "12"})["error"]["code"] == 100
    assert [post(account, "register", PIN).get("success") for _ in range(8)] == [True] * 8
    assert post(account, "register", PIN)["error"]["code"] == 133016
    account.now += 3 * 86_400
    assert post(account, "register", PIN) == SUCCESS


def test_the_pin_is_changed_at_the_number_and_not_recorded(account: Account) -> None:
    handled = account.call("POST", f"/v25.0/{NUMBER}", {"pin": "123456"})
    assert answer(handled) == SUCCESS and handled.call is not None and handled.call.arguments == {}
    assert post(account, "register", PIN)["error"]["code"] == 133005


def test_a_code_is_asked_for_and_verified(account: Account) -> None:
    assert post(account, "request_code", {"code_method": "SMS", "language": "de"}) == SUCCESS
    assert post(account, "request_code", {"code_method": "PIGEON", "language": "de"})["error"]["code"] == 100
    assert post(account, "verify_code", {"code": "000000"}) == SUCCESS
    assert post(account, "verify_code", {"code": "0"})["error"]["code"] == 136025


def test_a_blocked_customer_is_not_heard_and_gets_nothing(open_account: Account) -> None:
    body = {"messaging_product": "whatsapp", "block_users": [{"user": f"+{open_account.to}"}]}
    row = {"input": f"+{open_account.to}", "wa_id": open_account.to}
    done = {"messaging_product": "whatsapp", "block_users": {"added_users": [row]}}
    assert post(open_account, "block_users", body) == done
    assert get(open_account, f"{NUMBER}/block_users")["data"] == [{"block_users": [row]}]
    assert open_account.updates(Write(parts=(Text(text="hallo?"),))) == []
    failed = open_account.play(open_account.send({"type": "text", "text": {"body": "x"}}))
    assert failed[0]["errors"][0]["code"] == 131026
    removed = answer(open_account.call("DELETE", f"/v25.0/{NUMBER}/block_users", body))
    assert removed["block_users"] == {"removed_users": [row]}
    assert open_account.updates(Write(parts=(Text(text="hallo?"),)))


def test_only_customers_of_the_last_day_can_be_blocked(account: Account) -> None:
    body = {"messaging_product": "whatsapp", "block_users": [{"user": account.to}]}
    handled = account.call("POST", f"/v25.0/{NUMBER}/block_users", body)
    assert error(handled) == (400, 139100)
    assert answer(handled)["block_users"]["failed_users"][0]["errors"][0]["code"] == 131047


def test_conversational_automation_is_kept_and_checked(account: Account) -> None:
    commands = [{"command_name": "kurse", "command_description": "Alle Kurse"}]
    given = {"enable_welcome_message": False, "commands": commands, "prompts": ["Preise?"]}
    assert post(account, "conversational_automation", given) == SUCCESS
    assert get(account, f"{NUMBER}/conversational_automation") == given
    for wrong in ({"prompts": ["?"] * 5}, {"prompts": ["x" * 81]}, {"commands": [{"command_name": "x" * 33}]}):
        assert post(account, "conversational_automation", wrong)["error"]["code"] == 100


@pytest.mark.parametrize("edge", ["whatsapp_commerce_settings", "settings"])
def test_other_settings_are_remembered(account: Account, edge: str) -> None:
    assert post(account, edge, {"is_cart_enabled": True}) == SUCCESS
    assert "is_cart_enabled" in str(get(account, f"{NUMBER}/{edge}"))


def test_more_than_5000_management_calls_in_an_hour_are_refused(account: Account) -> None:
    assert account.state.account.management.take(account.now, 4999) == 0
    assert "id" in get(account, NUMBER)
    assert get(account, NUMBER)["error"]["code"] == 80007
    account.now += 1
    assert "id" in get(account, NUMBER)


def test_short_links_are_made_listed_and_deleted(account: Account) -> None:
    made = post(account, "message_qrdls", {"prefilled_message": "Termin bitte", "generate_qr_image": "SVG"})
    assert made["deep_link_url"] == f"https://wa.me/message/{made['code']}" and made["qr_image_url"].endswith(".svg")
    assert get(account, f"{NUMBER}/message_qrdls")["data"] == [made]
    path = f"/v25.0/{NUMBER}/message_qrdls/{made['code']}"
    assert answer(account.call("DELETE", path)) == SUCCESS
    assert error(account.call("DELETE", path)) == (400, 100)


@pytest.mark.parametrize(
    "wrong",
    [{"prompts": ["Preise 💶?"]}, {"commands": [{"command_name": "kurse", "command_description": "Alle 🎨"}]}],
)
def test_conversational_automation_has_no_emoji(account: Account, wrong: dict[str, Any]) -> None:
    assert post(account, "conversational_automation", wrong)["error"]["code"] == 100
