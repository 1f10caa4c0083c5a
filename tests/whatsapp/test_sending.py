"""Sending: what a customer gets, and what is refused, at n and at n + 1."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from chatdrill.model import (
    Activity,
    Button,
    Carousel,
    Contact,
    Customer,
    File,
    Form,
    Keyboard,
    Location,
    MarkedRead,
    Media,
    Products,
    Reacted,
    Sent,
    Text,
    Write,
)
from chatdrill.wire import Fetch, Fetched, Handled
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.bodies import BODIES, bent, card, products, section
from whatsapp.kit import NUMBER, PNG, TOKEN, Account, answer, details, error, message_id

IMAGE = "https://bot.example/p.png"
HELLO = {"name": "hello_world", "language": {"code": "en_US"}}


class Trusting(dict[str, Fetched]):
    """Every address lies outside the loopback: the platform takes the file on trust."""

    def get(self, key: str, default: Any = None) -> Fetched:
        return Fetched(error="unreachable")


def send(account: Account, body: dict[str, Any]) -> Handled:
    return account.send(body, fetched=Trusting())


def parts(handled: Handled) -> tuple[Any, ...]:
    (effect,) = handled.effects
    assert isinstance(effect, Sent)
    return effect.message.parts


@pytest.mark.parametrize("name", BODIES)
def test_every_type_of_message_is_sent_and_named(open_account: Account, name: str) -> None:
    handled = send(open_account, BODIES[name])
    assert handled.call is not None and handled.call.method == f"POST /{{phone-number-id}}/messages {name}"
    assert handled.call.ok and handled.call.to == open_account.to
    (effect,) = handled.effects
    assert isinstance(effect, Sent) and effect.message.ids == (message_id(handled),)
    assert open_account.chat.messages[message_id(handled)] is effect.message


def test_the_answer_has_contacts_and_a_business_message_id(open_account: Account) -> None:
    body = answer(open_account.send({**BODIES["text"], "to": "+49 (151) 555-01234"}))
    assert body["contacts"] == [{"input": "+49 (151) 555-01234", "wa_id": open_account.to}]
    assert body["messaging_product"] == "whatsapp" and list(body["messages"][0]) == ["id"]


def test_answers_carry_the_headers_of_the_graph_api(open_account: Account) -> None:
    response = open_account.send(BODIES["text"]).response
    assert response is not None and response.header("facebook-api-version") == "v25.0"
    assert '"type":"whatsapp"' in (response.header("x-business-use-case-usage") or "")
    assert len(response.header("x-fb-trace-id") or "") == 11


def test_errors_and_other_calls_carry_them_too(open_account: Account) -> None:
    for handled in (open_account.send({"type": "text"}), open_account.call("GET", f"/v25.0/{NUMBER}")):
        assert handled.response is not None and handled.response.header("x-business-use-case-usage")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", (Text(text="Hallo"),)),
        ("location", (Location(latitude=48.20817, longitude=16.37382, name="Atelier"),)),
        ("contacts", (Contact(name="Eva Lang", phone="+43 660 1"),)),
        ("interactive.product", (Text(text="Bitte"), Products(ids=("MUG-01",), catalog="354"))),
        ("interactive.address_message", (Text(text="Bitte"), Form(name="address_message", values={"country": "IN"}))),
    ],
)
def test_a_message_arrives_in_neutral_words(open_account: Account, name: str, expected: tuple[Any, ...]) -> None:
    assert parts(send(open_account, BODIES[name])) == expected


def test_reply_buttons_follow_header_body_and_footer(open_account: Account) -> None:
    *words, keyboard = parts(send(open_account, BODIES["interactive.button"]))
    assert [part.text for part in words] == ["Kurse", "Bitte", "Atelier"]
    assert isinstance(keyboard, Keyboard) and keyboard.style == "inline"
    assert keyboard.buttons[0] == Button(title="Knopf 1", kind="postback", payload="id-1")


def test_a_list_keeps_label_sections_and_descriptions(open_account: Account) -> None:
    keyboard = parts(send(open_account, BODIES["interactive.list"]))[-1]
    first = Button(title="0:00", kind="postback", payload="slot-0", description="frei", section="Sonntag")
    assert (keyboard.style, keyboard.label, keyboard.buttons[0]) == ("list", "Termine", first)


def test_a_carousel_shows_cards_with_links(open_account: Account) -> None:
    carousel = parts(send(open_account, BODIES["interactive.carousel"]))[-1]
    assert isinstance(carousel, Carousel) and len(carousel.cards) == 2
    assert carousel.cards[0].buttons[0].url == "https://atelier.example/a"


def test_formatting_is_marked_and_the_text_stays_as_it_was_sent(open_account: Account) -> None:
    body = {"type": "text", "text": {"body": "*wichtig* 2*3*4 und _kursiv_"}}
    (text,) = parts(open_account.send(body))
    assert text.text == body["text"]["body"]  # type: ignore[index]
    assert [(span.start, span.length, span.style) for span in text.spans] == [(1, 7, "bold"), (21, 6, "italic")]


def test_a_quote_is_kept(open_account: Account) -> None:
    quoted = next(iter(open_account.chat.messages))
    (effect,) = open_account.send({**BODIES["text"], "context": {"message_id": quoted}}).effects
    assert isinstance(effect, Sent) and effect.message.reply_to == quoted


def test_reactions_reach_the_message_and_an_empty_one_takes_it_back(open_account: Account) -> None:
    target = next(iter(open_account.chat.messages))
    for emoji, seen in (("👍", "👍"), ("", None)):
        handled = open_account.send({"type": "reaction", "reaction": {"message_id": target, "emoji": emoji}})
        assert handled.effects == (Reacted(to=open_account.to, message_id=target, emoji=seen),)


# --------------------------------------------------------------------------------------- limits, n and n + 1

CHOICE = "interactive.action.buttons.0.reply"
ROW = "interactive.action.sections.0.rows.0"
LIMITS = [
    ("interactive.list", "interactive.action.sections", [section(5), section(5, "Montag", 5)],
     [section(5), section(6, "Montag", 5)], 131009),
    ("interactive.carousel", "interactive.action.cards", [card(0), card(1)], [card(0)], 131009),
    ("interactive.carousel", "interactive.action.cards.0.body.text", "a\nb\nc", "a\nb\nc\nd", 131009),
    ("interactive.product_list", "interactive.action.sections", [products(30)], [products(31)], 131009),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "fits", "exceeds", "code"), LIMITS)
def test_a_limit_holds_at_n_and_refuses_at_n_plus_one(
    open_account: Account, name: str, path: str, fits: Any, exceeds: Any, code: int
) -> None:
    assert send(open_account, bent(name, path, fits)).effects
    assert error(send(open_account, bent(name, path, exceeds))) == (400, code)


REFUSED = [
    ("text", "text.body", None, 131008, "Param text['body'] is required."),
    ("text", "text.body", {"a": 1}, 100, "Param text['body'] must be a string."),
    ("text", "text", "Hallo", 100, "Param text must be a JSON object."),
    ("text", "text", None, 131008, "Param text is required"),
    ("text", "type", "hologram", 131051, "got 'hologram'"),
    ("image", "image.link", None, 131008, "exactly one of id or link"),
    ("image", "image.id", "1", 131009, "exactly one of id or link"),
    ("image", "image", {"id": "999"}, 100, "not a valid whatsapp business account media attachment ID"),
    ("audio", "audio.caption", "x", 100, 'Unexpected key "caption"'),
    ("image", "image.link", "http://[", 131009, "is not a valid URI"),
    ("location", "location.latitude", 91, 100, "between -90 and 90"),
    ("location", "location.longitude", "east", 100, "must be a number"),
    ("contacts", "contacts.0.name.formatted_name", None, 131008, "formatted_name"),
    ("contacts", "contacts.0.name.first_name", None, 131008, "formatted_name and one of"),
    ("interactive.button", "interactive.type", "wheel", 100, "must be one of"),
    (
        "interactive.button",
        f"{CHOICE}.title",
        "x" * 21,
        131009,
        "Button title length invalid. Min length: 1, Max length: 20",
    ),
    ("interactive.button", f"{CHOICE}.title", "", 131009, "Button title length invalid. Min length: 1"),
    ("interactive.carousel", "interactive.footer", {"text": "x"}, 131009, "footer'] is not allowed"),
    ("interactive.flow", "interactive.action.parameters.flow_cta", "Buchen 🎉", 131009, "may not have emoji"),
    ("interactive.button", f"{CHOICE}.title", "Knopf 2", 131009, "Duplicated button title"),
    ("interactive.list", f"{ROW}.id", "slot-1", 131009, "Duplicated row id"),
    ("interactive.list", "interactive.header", {"type": "image", "image": {"id": "1"}}, 100, "must be one of {TEXT}"),
    ("interactive.product", "interactive.header", {"type": "text", "text": "x"}, 131009, "is not allowed"),
    ("interactive.product_list", "interactive.header", None, 131008, "header"),
    ("interactive.cta_url", "interactive.action.parameters.url", "atelier", 131009, "is not a valid URI"),
    (
        "interactive.flow",
        "interactive.action.parameters.flow_name",
        "book",
        131009,
        "exactly one of flow_id or flow_name",
    ),
]


@pytest.mark.parametrize(("name", "path", "value", "code", "words"), REFUSED)
def test_a_wrong_body_is_refused_with_the_path_of_the_fault(
    open_account: Account, name: str, path: str, value: Any, code: int, words: str
) -> None:
    handled = send(open_account, bent(name, path, value))
    assert error(handled) == (400, code) and words in details(handled)
    assert handled.effects == () and handled.later == ()
    assert handled.call is not None and not handled.call.ok and words in (handled.call.error or "")


def test_the_product_must_be_named(open_account: Account) -> None:
    handled = open_account.send({**BODIES["text"], "messaging_product": "telegram"})
    assert answer(handled)["error"]["message"] == "(#100) The parameter messaging_product is required."


@pytest.mark.parametrize(
    ("settings", "to", "status", "code"),
    [
        ({}, None, 400, 100),
        ({}, "anna", 400, 131009),
        ({}, "15550107788", 400, 131021),
        ({"allowed_recipients": "+49 170 1, 4917000000000"}, "4915155501234", 400, 131030),
    ],
)
def test_a_wrong_recipient_is_refused(settings: dict[str, str], to: str | None, status: int, code: int) -> None:
    assert error(Account(**settings).send({**BODIES["text"], "to": to})) == (status, code)


def test_a_mexican_number_is_rewritten(account: Account) -> None:
    handled = account.send({**BODIES["text"], "to": "+52 55 1234 5678"})
    assert answer(handled)["contacts"] == [{"input": "+52 55 1234 5678", "wa_id": "5215512345678"}]


SPELLINGS = [
    ("+52 55 1234 5678", "+5215512345678"),
    ("+54 9 11 2345 6789", "+541123456789"),
    ("+55 11 91234 5678", "+551112345678"),
    ("+55 31 1234 5678", "+5531912345678"),
    ("+1 555 010 7799", "5550107799"),
    ("+49 151 1", "49 (151) 1"),
]


@pytest.mark.parametrize(("phone", "to"), SPELLINGS)
def test_a_customer_is_found_under_every_spelling_of_their_number(account: Account, phone: str, to: str) -> None:
    wa_id = platform.join(account.state, Customer(key="x", first_name="X", phone=phone), 0.0)
    body = answer(account.send({"type": "template", "template": HELLO, "to": to}))
    assert body["contacts"] == [{"input": to, "wa_id": wa_id}]


def test_a_complete_number_gets_no_second_country_code(account: Account) -> None:
    platform.join(account.state, Customer(key="x", first_name="X", phone="+1 555 010 7799"), 0.0)
    assert answer(account.send({**BODIES["text"], "to": "+5550107799"}))["contacts"][0]["wa_id"] == "5550107799"


def test_a_template_does_not_show_what_it_answers(open_account: Account) -> None:
    quoted = next(iter(open_account.chat.messages))
    body = {"type": "template", "template": HELLO, "context": {"message_id": quoted}}
    (effect,) = open_account.send(body).effects
    assert isinstance(effect, Sent) and effect.message.reply_to is None


@pytest.mark.parametrize("wrong", [{"recipient_type": "channel"}, {"context": "wamid.1"}, {"context": [1]}])
def test_a_wrong_frame_is_refused_before_anything_happens(open_account: Account, wrong: dict[str, Any]) -> None:
    assert error(open_account.send({**BODIES["text"], **wrong})) == (400, 100)
    assert open_account.state.outgoing == {}


def test_more_than_a_burst_to_one_customer_is_refused(open_account: Account) -> None:
    for _ in range(45):
        open_account.send_text()
    assert error(open_account.send(BODIES["text"])) == (400, 131056)
    open_account.now += 6
    open_account.send_text()
    assert error(open_account.send(BODIES["text"])) == (400, 131056)


@pytest.mark.parametrize(("coexistence", "per_s"), [("no", 80), ("yes", 20)])
def test_more_than_the_throughput_is_refused(coexistence: str, per_s: int) -> None:
    account = Account(coexistence=coexistence)
    codes = [answer(account.send({**BODIES["text"], "to": f"49170{n:07}"})) for n in range(per_s + 1)]
    assert ["error" in body for body in codes] == [False] * per_s + [True]
    assert codes[-1]["error"]["code"] == 130429


def test_rates_can_be_switched_off() -> None:
    account = Account(rate_limits="no")
    account.updates(Write(parts=(Text(text="Hallo"),)))
    assert all(account.send_text() for _ in range(100))


# ---------------------------------------------------------------------------------------------- links to media


def test_a_link_is_fetched_before_anything_changes(open_account: Account) -> None:
    before = dict(open_account.chat.messages)
    handled = open_account.send(BODIES["image"])
    assert isinstance(handled.wait, Fetch) and handled.wait.urls == (IMAGE,)
    assert handled.response is None and open_account.chat.messages == before


def test_a_fetched_file_is_seen_with_its_size_and_kept_for_ten_minutes(open_account: Account) -> None:
    (photo,) = parts(open_account.send(BODIES["image"], fetched={IMAGE: Fetched(PNG, "image/png")}))
    assert isinstance(photo, Media) and photo.caption == Text(text="Plan")
    assert (photo.file.mime, photo.file.width, photo.file.size_bytes, photo.file.url) == (
        "image/png",
        1,
        len(PNG),
        IMAGE,
    )
    assert open_account.send(BODIES["image"]).wait is None
    open_account.now += 601
    assert open_account.send(BODIES["image"]).wait is not None


@pytest.mark.parametrize(
    "got", [Fetched(error="status 404"), Fetched(b"%PDF-1.4", "application/pdf"), Fetched(PNG + b"x" * 5_300_000)]
)
def test_a_link_that_gives_no_fitting_file_fails_later(open_account: Account, got: Fetched) -> None:
    handled = open_account.send(BODIES["image"], fetched={IMAGE: got})
    assert open_account.play(handled)[0]["errors"][0]["code"] == 131053 and handled.effects == ()


def test_a_link_outside_the_loopback_is_taken_on_trust(open_account: Account) -> None:
    (photo,) = parts(send(open_account, BODIES["image"]))
    assert photo.file == File(url=IMAGE, mime="image/png")


def test_a_voice_note_is_told_from_an_audio_file(open_account: Account) -> None:
    (voice,) = parts(send(open_account, BODIES["audio"]))
    (audio,) = parts(send(open_account, bent("audio", "audio.voice", None)))
    assert (voice.kind, audio.kind) == ("voice", "audio")


# --------------------------------------------------------------------------------------- reading, typing, forms


def test_reading_and_typing_are_seen_by_the_customer(open_account: Account) -> None:
    seen = next(iter(open_account.chat.messages))
    body = {"to": None, "status": "read", "message_id": seen, "typing_indicator": {"type": "text"}}
    handled = open_account.send(body)
    assert answer(handled) == {"success": True}
    assert handled.effects == (
        MarkedRead(to=open_account.to, message_id=seen),
        Activity(to=open_account.to, action="typing"),
    )


def test_only_messages_of_a_customer_can_be_marked_as_read(open_account: Account) -> None:
    for strange in ("wamid.no", open_account.send_text()):
        assert error(open_account.send({"status": "read", "message_id": strange})) == (400, 131009)


def test_a_form_carries_objects_as_json(open_account: Account) -> None:
    fields = {"messaging_product": "whatsapp", "to": open_account.to, "text": msgspec.json.encode({"body": "Hallo"})}
    handled = open_account.call(
        "POST",
        f"/{NUMBER}/messages?access_token={TOKEN}",
        urlencode(fields).encode(),
        token=None,
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
    )
    assert parts(handled) == (Text(text="Hallo"),)
    assert handled.call is not None and TOKEN not in str(handled.call.arguments)


def test_a_form_may_write_objects_in_brackets(open_account: Account) -> None:
    pairs = {"messaging_product": "whatsapp", "to": open_account.to, "type": "text", "text[body]": "Grüße"}
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    handled = open_account.call("POST", f"/v25.0/{NUMBER}/messages", urlencode(pairs).encode(), headers=form)
    assert message_id(handled) and handled.effects[0].message.text == "Grüße"
