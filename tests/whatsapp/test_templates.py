"""Template messages against what was approved, and the calls that manage templates."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest

from chatdrill.model import Button, Carousel, Event, Location, Media, Sent, Template
from chatdrill.wire import Handled
from whatsapp.kit import ACCOUNT, BASE, PNG, TOKEN, Account, answer, details, error

TEMPLATES = f"/v25.0/{ACCOUNT}/message_templates"
EXAMPLE = {"body_text": [["Anna", "77"]]}
BODY = {"type": "BODY", "text": "Hallo {{1}}, dein Paket {{2}} kommt heute an.", "example": EXAMPLE}
NEW: dict[str, Any] = {
    "name": "parcel_today",
    "language": "de",
    "category": "UTILITY",
    "parameter_format": "POSITIONAL",
    "components": [BODY, {"type": "FOOTER", "text": "Atelier"}],
}


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "text", "text": value, **more}


def button(index: int, sub_type: str, **parameter: Any) -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": str(index), "parameters": [parameter]}


def template(name: str, *components: Any, language: str = "de") -> dict[str, Any]:
    body = {"name": name, "language": {"code": language}, "components": list(components)}
    return {"type": "template", "template": body}


def create(account: Account, *components: Any, **more: Any) -> dict[str, Any]:
    handled = account.call("POST", TEMPLATES, {**NEW, "components": list(components), **more})
    assert handled.response is not None and handled.response.status == 200, handled.response
    return answer(handled)


def parts(handled: Handled) -> tuple[Any, ...]:
    (effect,) = handled.effects
    assert isinstance(effect, Sent)
    return effect.message.parts


PARCEL = (
    {"type": "body", "parameters": [text("Anna"), {"type": "date_time", "date_time": {"fallback_value": "77"}}]},
    button(0, "quick_reply", type="payload", payload="STOP_NEWS"),
    button(1, "url", type="text", text="77"),
)


# --------------------------------------------------------------------------------------------------- filling


def test_a_template_is_read_with_its_parameters_and_buttons(account: Account) -> None:
    handled = account.send(template("parcel_update", *PARCEL))
    assert answer(handled)["messages"][0]["message_status"] == "accepted"
    assert parts(handled) == (
        Template(
            name="parcel_update",
            language="de",
            parameters=("Anna", "77"),
            text="Hallo Anna, Paket 77 kommt.\nAtelier",
            buttons=(
                Button(title="Abmelden", kind="postback", payload="STOP_NEWS"),
                Button(title="Verfolgen", kind="url", url="https://atelier.example/t/77"),
            ),
        ),
    )


def test_meta_s_sample_needs_no_parameters(account: Account) -> None:
    (shown,) = parts(account.send(template("hello_world", language="en_US")))
    assert shown.text.startswith("Hello World\nWelcome and congratulations!!")


@pytest.mark.parametrize("code", ["en_US", "en-US", "en_us"])
def test_a_language_may_be_written_with_either_dash(account: Account, code: str) -> None:
    assert account.send(template("hello_world", language=code)).effects


WRONG: list[tuple[dict[str, Any], int, int, str]] = [
    (template("promo"), 404, 132001, "template name (promo) does not exist in de"),
    (template("hello_world", language="de"), 404, 132001, "does not exist in de"),
    (
        template("parcel_update", {"type": "body", "parameters": [text("Anna")]}, PARCEL[2]),
        400,
        132000,
        "body: number of localizable_params (1) does not match the expected number of params (2)",
    ),
    (template("parcel_update", {"type": "header", "parameters": [text("x")]}, *PARCEL), 400, 132000, "header"),
    (template("parcel_update", PARCEL[0]), 400, 131008, "Button at index 1 of type Url requires a parameter"),
    (template("parcel_update", *PARCEL, button(7, "url", type="text", text="x")), 400, 132000, "no button at index 7"),
    (
        template("parcel_update", {"type": "body", "parameters": [text("a"), {"type": "image", "image": {"id": "1"}}]}),
        400,
        132012,
        "expected TEXT, received IMAGE",
    ),
    (
        template("parcel_update", {"type": "body", "parameters": [text("a\nb"), text("77")]}, PARCEL[2]),
        400,
        132008,
        "new-line",
    ),
    (
        template("parcel_update", {"type": "body", "parameters": [text("a" * 1024), text("77")]}, PARCEL[2]),
        400,
        132005,
        "more than 1024",
    ),
]


@pytest.mark.parametrize(("body", "status", "code", "words"), WRONG)
def test_a_template_that_does_not_fit_is_refused(
    account: Account, body: dict[str, Any], status: int, code: int, words: str
) -> None:
    handled = account.send(body)
    assert error(handled) == (status, code) and words in details(handled)


@pytest.mark.parametrize(("event", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)])
def test_a_judged_template_cannot_be_sent_until_it_is_reinstated(account: Account, event: str, code: int) -> None:
    named = {"message_template_name": "hello_world", "message_template_language": "en_US"}
    account.updates(Event(name="message_template_status_update", data={"event": event, **named}))
    assert error(account.send(template("hello_world", language="en_US")))[1] == code
    account.updates(Event(name="message_template_status_update", data={"event": "REINSTATED", **named}))
    assert account.send(template("hello_world", language="en_US")).effects


def test_named_parameters_are_matched_by_name(account: Account) -> None:
    example = {"body_text_named_params": [{"param_name": "first_name", "example": "Anna"}]}
    body = {"type": "BODY", "text": "Hallo {{first_name}}, wir sind da.", "example": example}
    create(account, body, parameter_format="NAMED")
    named = {"type": "BODY", "parameters": [text("Anna", parameter_name="first_name")]}
    (shown,) = parts(account.send(template("parcel_today", named)))
    assert shown.text == "Hallo Anna, wir sind da."
    wrong = {"type": "body", "parameters": [text("Anna", parameter_name="name")]}
    assert "no parameter named first_name" in details(account.send(template("parcel_today", wrong)))


def test_a_media_header_wants_media_of_its_kind(account: Account) -> None:
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}}
    create(account, header, {"type": "BODY", "text": "Neu im Herbst"})
    assert error(account.send(template("parcel_today"))) == (400, 132012)
    image = {"type": "image", "image": {"link": "https://bot.example/p.png"}}
    handled = account.send(template("parcel_today", {"type": "header", "parameters": [image]}))
    assert handled.wait is not None
    wrong = {"type": "header", "parameters": [text("x")]}
    assert "expected IMAGE, received TEXT" in details(account.send(template("parcel_today", wrong)))


def test_a_location_header_becomes_a_place(account: Account) -> None:
    create(account, {"type": "HEADER", "format": "LOCATION"}, {"type": "BODY", "text": "Hier sind wir"})
    place = {"latitude": "48.20", "longitude": "16.37", "name": "Atelier", "address": "Ring 1"}
    header = {"type": "header", "parameters": [{"type": "location", "location": place}]}
    location, _ = parts(account.send(template("parcel_today", header)))
    assert location == Location(latitude=48.2, longitude=16.37, name="Atelier", address="Ring 1")


def test_a_coupon_code_is_copied(account: Account) -> None:
    code = {"type": "COPY_CODE", "example": "TON10"}
    create(account, {"type": "BODY", "text": "Zehn Prozent"}, {"type": "BUTTONS", "buttons": [code]})
    coupon = button(0, "copy_code", type="coupon_code", coupon_code="TON10")
    (shown,) = parts(account.send(template("parcel_today", coupon)))
    assert shown.buttons == (Button(title="Copy code", kind="copy", payload="TON10"),)


def test_an_authentication_template_does_not_go_to_a_user_id(open_account: Account) -> None:
    otp = {"type": "buttons", "buttons": [{"type": "otp", "otp_type": "copy_code"}]}
    create(open_account, {"type": "body", "add_security_recommendation": True}, otp, category="AUTHENTICATION")
    code = {"type": "body", "parameters": [text("482913")]}
    login = template("parcel_today", code, button(0, "url", type="text", text="482913"))
    (shown,) = parts(open_account.send(login))
    assert shown.text == "482913 is your verification code. For your security, do not share this code."
    assert shown.buttons[0].url == "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp482913"
    login |= {"to": None, "recipient": open_account.chat.user_id}
    assert error(open_account.send(login)) == (400, 131062)


def test_a_carousel_template_needs_as_many_cards_as_were_approved(account: Account) -> None:
    card = {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Kurs"}]}
    create(account, {"type": "BODY", "text": "Unsere Kurse"}, {"type": "CAROUSEL", "cards": [card, card]})
    link = "https://bot.example/p.png"
    account.state.links[link] = (account.file(PNG), account.now)
    header = {"type": "header", "parameters": [{"type": "image", "image": {"link": link}}]}
    cards = [{"card_index": n, "components": [header]} for n in range(2)]
    _, carousel = parts(account.send(template("parcel_today", {"type": "carousel", "cards": cards})))
    assert isinstance(carousel, Carousel) and [each.title for each in carousel.cards] == ["Kurs", "Kurs"]
    assert error(account.send(template("parcel_today", {"type": "carousel", "cards": cards[:1]}))) == (400, 132000)


# ------------------------------------------------------------------------------------------------- managing


def test_a_new_template_is_pending_in_the_answer_and_approved_by_webhook(account: Account) -> None:
    made = create(account, BODY)
    assert (made["status"], made["category"]) == ("PENDING", "UTILITY") and made["id"].isdecimal()
    (update,) = account.state.outbox
    entry = msgspec.json.decode(update.body)
    value = entry["changes"][0]["value"]
    assert (value["event"], value["message_template_id"], value["message_template_language"]) == (
        "APPROVED",
        int(made["id"]),
        "de",
    )
    assert isinstance(entry["time"], int) and entry["changes"][0]["field"] == "message_template_status_update"


def test_templates_are_listed_by_filter_field_and_page(account: Account) -> None:
    path = f"{TEMPLATES}?fields=name,status&name=parcel_update&limit=2"
    first = answer(account.call("GET", path))
    assert [set(row) for row in first["data"]] == [{"name", "status", "id"}] * 2
    second = answer(account.call("GET", f"{path}&after={first['paging']['cursors']['after']}"))
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}
    assert answer(account.call("GET", f"{TEMPLATES}?status=rejected"))["data"] == []


def test_a_template_is_read_changed_and_deleted(account: Account) -> None:
    made = create(account, BODY)
    path = f"/v25.0/{made['id']}"
    assert answer(account.call("GET", f"{path}?fields=status")) == {"status": "APPROVED", "id": made["id"]}
    assert answer(account.call("POST", path, {"category": "MARKETING"})) == {"success": True}
    assert answer(account.call("GET", f"{path}?fields=category"))["category"] == "MARKETING"
    assert answer(account.call("DELETE", f"{TEMPLATES}?name=parcel_today")) == {"success": True}
    assert error(account.call("GET", path)) == (400, 100)


def _body(words: str, **more: Any) -> dict[str, Any]:
    return {"components": [{"type": "BODY", "text": words, **more}]}


def _buttons(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"components": [BODY, {"type": "BUTTONS", "buttons": list(buttons)}]}


QUICK = {"type": "QUICK_REPLY", "text": "Ja"}
URL = {"type": "URL", "text": "Mehr", "url": "https://a.example"}
UNFIT: list[tuple[dict[str, Any], int | None]] = [
    ({"name": "Parcel Today"}, 2388040),
    ({"name": "x" * 513}, 2388040),
    ({"category": "NEWS"}, None),
    ({"components": [{"type": "FOOTER", "text": "Atelier"}]}, 2388072),
    (_body("x " * 513), 2388040),
    (_body("{{1}}, hallo und guten Tag", example=EXAMPLE), 2388299),
    (_body("Hallo und guten Tag {{1}}", example=EXAMPLE), 2388299),
    (_body("Hallo {{1}} {{2}}, dein Paket kommt heute", example=EXAMPLE), 2388072),
    (_body("Hallo {{1}}, {{2}} da", example=EXAMPLE), 2388293),
    (_body("Hallo {{1}}, dein Paket kommt"), 2388072),
    (_body("Hallo {{1}}, dein Paket {{2}} kommt", example={"body_text": [["Anna"]]}), 2388072),
    ({"components": [BODY, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}]}, 2388047),
    ({"components": [BODY, {"type": "HEADER", "format": "IMAGE"}]}, 2388047),
    ({"components": [BODY, {"type": "FOOTER", "text": "x" * 61}]}, 2388073),
    ({"components": [BODY, {"type": "FOOTER", "text": "Hallo {{1}} da"}]}, 2388073),
    (_buttons(*[QUICK] * 11), 2388040),
    (_buttons(URL, URL, URL), 2388040),
    (_buttons(QUICK, URL, QUICK), 2388040),
    (_buttons({**QUICK, "text": "x" * 26}), 2388040),
    (_buttons({**URL, "url": "https://a.example/{{1}}"}), 2388072),
]


@pytest.mark.parametrize(("change", "subcode"), UNFIT)
def test_a_template_against_the_rules_is_refused(account: Account, change: dict[str, Any], subcode: int | None) -> None:
    handled = account.call("POST", TEMPLATES, {**copy.deepcopy(NEW), **change})
    assert error(handled)[0] == 400
    assert answer(handled)["error"].get("error_subcode") == subcode
    assert len(account.state.outbox) == 0


def test_a_name_and_language_exist_once(account: Account) -> None:
    create(account, BODY)
    assert answer(account.call("POST", TEMPLATES, NEW))["error"]["error_subcode"] == 2388024


def test_no_more_than_250_templates_and_100_an_hour() -> None:
    account = Account()
    codes = [error(h)[1] if (h := _create(account, n)).call and not h.call.ok else 0 for n in range(101)]
    assert codes == [0] * 100 + [80007]
    free = Account(rate_limits="no")
    while len(free.state.templates) < 250:
        assert answer(_create(free, len(free.state.templates)))["status"] == "PENDING"
    assert answer(_create(free, 999))["error"]["error_subcode"] == 2388019


def _create(account: Account, number: int) -> Handled:
    return account.call("POST", TEMPLATES, {**NEW, "name": f"parcel_{number}"})


def test_media_headers_show_before_the_words(account: Account) -> None:
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}}
    create(account, header, {"type": "BODY", "text": "Neu im Herbst"})
    link = "https://bot.example/p.png"
    account.state.links[link] = (account.file(PNG), account.now)
    image = {"type": "image", "image": {"link": link}}
    shown = parts(account.send(template("parcel_today", {"type": "header", "parameters": [image]})))
    assert isinstance(shown[0], Media) and isinstance(shown[1], Template)


def test_a_sample_gives_way_to_a_template_of_its_name(account: Account) -> None:
    made = create(account, BODY, name="parcel_update")
    path = f"{TEMPLATES}?name=parcel_update&language=de"
    assert [row["id"] for row in answer(account.call("GET", path))["data"]] == [made["id"]]
    again = answer(account.call("POST", TEMPLATES, {**NEW, "name": "parcel_update"}))
    assert again["error"]["error_subcode"] == 2388024


def test_the_link_to_the_next_page_keeps_the_question_and_no_token(account: Account) -> None:
    path = f"{TEMPLATES}?fields=name,language&name=parcel_update&limit=2&access_token={TOKEN}"
    link = answer(account.call("GET", path))["paging"]["next"]
    assert link.startswith(f"{BASE}{TEMPLATES}?fields=name%2Clanguage&name=parcel_update&limit=2&after=")
    assert TOKEN not in link
    assert len(answer(account.call("GET", link.removeprefix(BASE)))["data"]) == 2


def test_a_fixed_link_takes_no_parameter(account: Account) -> None:
    create(account, BODY, {"type": "BUTTONS", "buttons": [URL]})
    body = {"type": "body", "parameters": [text("Anna"), text("77")]}
    assert account.send(template("parcel_today", body)).effects
    assert error(account.send(template("parcel_today", body, button(0, "url", type="text", text="77"))))[1] == 132000


@pytest.mark.parametrize("cards", [5, [], [{"components": 5}], [{"components": [{"type": "FOOTER", "text": "x"}]}]])
def test_a_carousel_without_proper_cards_is_refused(account: Account, cards: Any) -> None:
    components = [{"type": "BODY", "text": "Unsere Kurse"}, {"type": "CAROUSEL", "cards": cards}]
    assert error(account.call("POST", TEMPLATES, {**NEW, "components": components}))[0] == 400
