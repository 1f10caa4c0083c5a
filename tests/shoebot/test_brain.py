"""The bot's mind, in its three languages; no I/O anywhere."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.engine.phrases import phrases
from chatdrill_scenarios import shoebot
from chatdrill_scenarios.shoebot.brain import respond
from chatdrill_scenarios.shoebot.hearing import listen
from chatdrill_scenarios.shoebot.model import Picture, Pin, Say, State
from chatdrill_scenarios.shoebot.texts import LANGUAGES, TEXTS, text
from chatdrill_scenarios.shoebot.turn import MAIN_MENU
from shoebot.kit import NOW, USUAL, Dialog, edited, photo, pressed, said, sent, started

GREETINGS = {"en": "hello", "ru": "здравствуйте", "pl": "dzień dobry"}
STATUS = {"en": "where is my order", "ru": "где мой заказ", "pl": "gdzie jest moje zamówienie"}
RETURN = {"en": "I want to return my shoes", "ru": "хочу вернуть обувь", "pl": "chcę zwrócić buty"}
FITTING = {"en": "can I book a fitting", "ru": "хочу записаться на примерку", "pl": "chcę umówić przymiarkę"}
PERSON = {"en": "give me a person", "ru": "позовите человека", "pl": "poproszę konsultanta"}
TORN = {"en": "the sole is torn", "ru": "подошва порвалась", "pl": "podeszwa jest podarta"}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_every_text_exists_in_every_language_and_takes_the_same_values() -> None:
    for text_id, row in TEXTS.items():
        assert all(row[language] for language in LANGUAGES), text_id
        assert len({row[language].count("{") for language in LANGUAGES}) == 1, text_id


def test_labels_fit_the_narrowest_platform() -> None:
    labels = [row for text_id, row in TEXTS.items() if text_id.startswith(("button.", "list."))]
    assert max(len(words) for row in labels for words in row.values()) <= 20


@each_language
def test_a_greeting_is_answered_in_its_language_with_the_menu(dialog: Dialog, language: str) -> None:
    assert dialog.tell(GREETINGS[language]) == text("greeting", language)
    assert dialog.payloads == list(MAIN_MENU)


@each_language
def test_a_status_needs_one_number(dialog: Dialog, language: str) -> None:
    assert dialog.tell(STATUS[language]) == text("ask.order", language)
    assert dialog.tell("553") == text("order.on_the_way", language, order="553")


@each_language
def test_a_return_asks_for_each_missing_fact_once(dialog: Dialog, language: str) -> None:
    assert dialog.tell(RETURN[language]) == text("ask.order", language)
    assert dialog.tell("554") == text("ask.reason", language, order="554")
    assert dialog.tell(TORN[language]) == text("ask.photo", language)
    assert "R-554-1" in dialog.tell(photo())


@each_language
def test_a_fitting_is_booked_by_buttons(dialog: Dialog, language: str) -> None:
    dialog.tell(FITTING[language])
    assert dialog.payloads == ["city:warsaw", "city:krakow", "city:gdansk", "city:wroclaw"]
    dialog.tell(pressed("city:krakow"))
    dialog.tell(pressed("day:sat"))
    assert "F-1" in dialog.tell(pressed("slot:15:00"))


@each_language
def test_a_person_is_acknowledged_once_and_then_the_bot_is_silent(dialog: Dialog, language: str) -> None:
    assert dialog.tell(PERSON[language]) == text("person", language)
    assert dialog.payloads == ["bot:back"]
    assert [dialog.tell(words) for words in (GREETINGS[language], "??", "553")] == ["", "", ""]


@each_language
def test_the_customer_can_have_the_bot_back(dialog: Dialog, language: str) -> None:
    dialog.tell(PERSON[language])
    assert dialog.tell("бот" if language == "ru" else "Bot!") == text("back", language)
    dialog.tell(PERSON[language])
    assert dialog.tell(pressed("bot:back")) == text("back", language)


@each_language
@pytest.mark.parametrize("question", ["hours", "delivery", "payment", "sizes", "address", "warranty"])
def test_every_question_has_an_answer(dialog: Dialog, language: str, question: str) -> None:
    asked = {
        "hours": ("when are you open?", "до скольки вы работаете?", "w jakich godzinach jest czynne?"),
        "delivery": ("how much is delivery?", "сколько стоит доставка?", "ile kosztuje dostawa?"),
        "payment": ("can I pay by card?", "можно оплатить картой?", "czy mogę zapłacić kartą?"),
        "sizes": ("what sizes do you have?", "какие есть размеры?", "jakie macie rozmiary?"),
        "address": ("what is your address?", "какой у вас адрес?", "jaki jest adres sklepu?"),
        "warranty": ("is there a warranty?", "есть гарантия?", "czy jest gwarancja?"),
    }[question]
    answer = dialog.tell(asked[LANGUAGES.index(language)])
    assert text(f"faq.{question}", language) in answer


def test_the_address_comes_with_a_pin_and_the_sizes_with_a_chart(dialog: Dialog) -> None:
    dialog.tell("where are you located and what sizes do you have?")
    assert [type(reply) for reply in dialog.replies] == [Say, Picture, Pin]


def test_a_burst_gets_one_answer_that_covers_all_of_it(dialog: Dialog) -> None:
    answer = dialog.tell("hi", "when are you open?", "and where is my order", "553")
    assert len(dialog.replies) == 1
    assert text("faq.hours", "en") in answer
    assert text("order.on_the_way", "en", order="553") in answer


@pytest.mark.parametrize("at", range(3))
def test_the_number_may_come_in_any_fragment(dialog: Dialog, at: int) -> None:
    fragments = ["hello", "where is my order"]
    fragments.insert(at, "1003")
    assert dialog.tell(*fragments) == text("order.pickup", "en", order="1003")


def test_two_orders_get_two_answers_in_one_message(dialog: Dialog) -> None:
    assert dialog.tell("where are orders 553 and 554?").count("Order") == 2


def test_a_corrected_number_is_the_one_that_counts(dialog: Dialog) -> None:
    assert dialog.tell("order 553", "sorry, 554") == text("order.packing", "en", order="554")


def test_an_unknown_number_is_asked_for_once_more_and_then_a_person_is_offered(dialog: Dialog) -> None:
    dialog.tell("order status")
    assert dialog.tell("999") == text("order.unknown", "en", order="999")
    assert dialog.tell("998") == text("order.unknown_again", "en", order="998")
    assert "menu:person" in dialog.payloads
    assert dialog.tell("553") == text("order.on_the_way", "en", order="553")


@pytest.mark.parametrize("words", ["абракадабра", "великолепно!", "поймала", "разноцветье"])
def test_a_reason_inside_another_word_opens_no_return(dialog: Dialog, words: str) -> None:
    assert "reason" not in listen([said(words)]).facts
    assert dialog.tell(words).startswith(text("help", "ru"))


def test_a_reason_given_while_the_number_is_unknown_is_kept(dialog: Dialog) -> None:
    dialog.tell("return order 999")
    assert dialog.tell("they are too small") == text("still.order", "en")
    assert dialog.tell("553") == text("ask.photo", "en")


@pytest.mark.parametrize("number", ["+48 22 601 44 55", "12.12.2026", "15:30", "5", "1000000000", "553.99"])
def test_not_every_number_is_an_order(number: str) -> None:
    assert "553" not in listen([said(number)]).orders
    assert listen([said(f"call me {number}")]).number_like is False


def test_a_deep_link_goes_straight_to_its_order(dialog: Dialog) -> None:
    assert dialog.tell(started("ord_553")) == text("order.on_the_way", "en", order="553")
    assert dialog.tell(started()) == text("greeting", "en")


def test_a_photo_may_come_first(dialog: Dialog) -> None:
    assert text("ask.order", "en") in dialog.tell(photo())
    assert dialog.tell("553") == text("ask.reason", "en", order="553")
    assert "R-553-1" in dialog.tell(pressed("reason:size"))


def test_one_message_may_hold_the_whole_return(dialog: Dialog) -> None:
    answer = dialog.tell(photo("return order 553, the sole came off"))
    assert "R-553-1" in answer
    assert "?" not in answer


def test_a_second_return_of_an_order_gets_the_next_number(dialog: Dialog) -> None:
    for number in (1, 2):
        assert f"R-553-{number}" in dialog.tell("return order 553, torn", photo())


def test_a_late_photo_is_added_to_the_return(dialog: Dialog) -> None:
    dialog.tell("return order 553, torn", photo())
    assert dialog.tell(photo()) == text("photo.added", "en", number="R-553-1")


@pytest.mark.parametrize(("event", "remark"), [
    (sent("voice"), "media.voice"), (sent("document"), "media.document"), (sent("video"), "media.video"),
    (photo(verdict="not_image"), "photo.not_image"), (photo(verdict="lost"), "photo.lost"),
    (sent("other"), "media.other"),
])  # fmt: skip
def test_anything_but_a_photo_gets_a_helpful_answer(dialog: Dialog, event: object, remark: str) -> None:
    dialog.tell("return order 553, torn")
    answer = dialog.tell(event)  # type: ignore[arg-type]
    assert answer == text(remark, "en") + "\n\n" + text("still.photo", "en")


def test_a_return_without_a_camera_is_possible(dialog: Dialog) -> None:
    dialog.tell("return order 553, torn")
    assert "R-553-1" in dialog.tell("I can't take a photo")


def test_a_question_in_between_does_not_lose_the_return(dialog: Dialog) -> None:
    dialog.tell("return order 553")
    assert dialog.tell("when are you open?") == text("faq.hours", "en") + "\n\n" + text("still.reason", "en")
    assert dialog.tell("I just find them ugly") == text("ask.photo", "en")


def test_a_status_in_between_does_not_lose_the_return(dialog: Dialog) -> None:
    dialog.tell("return order 553, torn")
    expected = text("order.packing", "en", order="554") + "\n\n" + text("still.photo", "en")
    assert dialog.tell("and where is my order 554?") == expected
    assert "R-553-1" in dialog.tell(photo())


def test_two_wishes_in_one_burst_are_both_heard(dialog: Dialog) -> None:
    answer = dialog.tell("where is my order 554", "I want to return it")
    assert answer == text("order.packing", "en", order="554") + "\n\n" + text("ask.reason", "en", order="554")


@pytest.mark.parametrize("yes", ["yes", "да", "tak", "Sure!"])
def test_yes_accepts_the_offered_person(dialog: Dialog, yes: str) -> None:
    dialog.tell("please cancel my order 553")
    assert dialog.payloads == ["menu:person"]
    dialog.tell(yes)
    assert dialog.state.with_person


def test_yes_to_nothing_calls_nobody(dialog: Dialog) -> None:
    dialog.tell("yes")
    assert not dialog.state.with_person


def test_an_old_button_still_works(dialog: Dialog) -> None:
    assert dialog.tell(pressed("slot:15:00")) == text("ask.city", "en")
    assert dialog.tell(pressed("gone:1")) == text("help", "en") + "\n\n" + text("still.city", "en")


def test_the_same_wish_again_is_not_the_same_question_again(dialog: Dialog) -> None:
    assert dialog.tell("return") == text("ask.order", "en")
    assert dialog.tell("return") == text("still.order", "en")


def test_the_description_holds_every_text_and_every_button() -> None:
    words = (Path(shoebot.__file__).parent / "BEHAVIOUR.md").read_text(encoding="utf-8")
    for text_id, row in TEXTS.items():
        cells = [text_id.removeprefix("button."), *row.values()]
        assert f"| `{cells[0]}` | {' | '.join(cells[1:])} |" in words


def test_the_order_just_talked_about_need_not_be_named_again(dialog: Dialog) -> None:
    dialog.tell("where is order 554")
    assert dialog.tell("I want to return it") == text("ask.reason", "en", order="554")


def test_an_edit_with_a_new_number_updates_the_pending_question(dialog: Dialog) -> None:
    first = said("return order 553")
    dialog.tell(first)
    assert text("order.changed", "en", order="554") in dialog.tell(edited("return order 554", first))
    assert dialog.tell(edited("return order 554!", first)) == ""


def test_an_edit_within_a_burst_counts_as_the_last_version(dialog: Dialog) -> None:
    first = said("where is order 553")
    assert dialog.tell(first, edited("where is order 554", first)) == text("order.packing", "en", order="554")


@pytest.mark.parametrize("words", ["Kraków, 12.12 at 15:00", "krakow 12 December 3 pm", "w Krakowie 12 grudnia 15:00"])
def test_a_fitting_may_be_typed(dialog: Dialog, words: str) -> None:
    dialog.tell(pressed("menu:fitting"))
    answer = dialog.tell(words)
    assert "12.12" in answer
    assert "15:00" in answer


def test_a_date_that_does_not_exist_is_not_booked(dialog: Dialog) -> None:
    dialog.tell("fitting in Warsaw")
    assert text("fitting.no_day", "en") in dialog.tell("31.02")


@each_language
def test_what_impatient_personas_write_is_impatience(language: str) -> None:
    assert [poke for poke in phrases("poke", language, {}) if not listen([said(poke)]).nudge] == []


@pytest.mark.parametrize("nudge", ["??", "hello??", "ало", "ну что там", "halo", "are you there", "!!!"])
def test_impatience_is_answered_once(dialog: Dialog, nudge: str) -> None:
    dialog.tell("return order 553, torn")
    assert text("still.photo", dialog.state.language) in dialog.tell(nudge) or dialog.state.language != "en"
    assert [dialog.tell(nudge) for _ in range(3)] == ["", "", ""]


def test_the_bot_helps_then_offers_a_person_then_calls_one(dialog: Dialog) -> None:
    answers = [dialog.tell(words) for words in ("qwer tyui", "asdf ghjk", "zxcv bnm")]
    assert answers == [text(text_id, "en") for text_id in ("help", "help.again", "person.gave_up")]
    assert dialog.state.with_person


def test_being_understood_starts_the_count_anew(dialog: Dialog) -> None:
    dialog.tell("qwer tyui")
    dialog.tell("when are you open?")
    assert dialog.tell("qwer tyui") == text("help", "en")


@pytest.mark.parametrize("words", ["Order status", "статус заказа", "Status zamówienia", "/status"])
def test_a_typed_label_is_a_press(dialog: Dialog, words: str) -> None:
    dialog.tell(words)
    assert dialog.state.task == "status"


def test_a_location_gets_the_nearest_shop(dialog: Dialog) -> None:
    assert "Gdańsk" in dialog.tell(sent("location", latitude=54.4, longitude=18.6))
    assert isinstance(dialog.replies[1], Pin)


def test_a_phone_number_is_not_repeated_in_full(dialog: Dialog) -> None:
    answer = dialog.tell(sent("contact", phone="+48501112233"))
    assert "233" in answer
    assert "501112233" not in answer


def test_thanks_bye_and_stickers_are_answered_briefly(dialog: Dialog) -> None:
    answers = [dialog.tell("thank you"), dialog.tell(sent("sticker")), dialog.tell("👍"), dialog.tell("bye")]
    assert answers == [text(text_id, "en") for text_id in ("thanks", "sticker", "sticker", "bye")]


def test_a_cancelled_return_is_forgotten(dialog: Dialog) -> None:
    dialog.tell("return order 553")
    assert dialog.tell("cancel") == text("cancelled", "en")
    assert dialog.state.task == ""


def test_the_language_follows_the_customer_and_survives_a_number(dialog: Dialog) -> None:
    dialog.tell("где мой заказ")
    assert dialog.tell("553") == text("order.on_the_way", "ru", order="553")
    assert dialog.tell("dziękuję") == text("thanks", "pl")


def test_the_app_language_decides_only_where_words_do_not(dialog: Dialog) -> None:
    assert dialog.tell(said("553", language="pl")) == text("order.on_the_way", "pl", order="553")


def test_the_brain_leaves_the_given_state_alone() -> None:
    before = State(task="return", facts={"order": "553"})
    kept = copy.deepcopy(before)
    respond(before, [said("torn")], now=NOW, policy=USUAL)
    assert before == kept


@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_no_text_in_the_world_breaks_the_brain(fragments: list[str]) -> None:
    for state in (
        State(),
        State(task="return", facts={"order": "553"}),
        State(task="fitting", facts={"city": "krakow"}),
    ):
        _, replies = respond(state, [said(words) for words in fragments], now=NOW, policy=USUAL)
        assert len([reply for reply in replies if isinstance(reply, Say)]) <= 1


@pytest.mark.parametrize(
    "words", ["مرحبا كيف حالك", "שלום", "😀" * 2000, "a" * 50_000, "\u0000", "   ", "{order} %s <b>"]
)
def test_strange_texts_are_survived(dialog: Dialog, words: str) -> None:
    dialog.tell(words)


def test_what_was_told_is_kept_for_the_agents_when_the_form_is_forgotten(dialog: Dialog) -> None:
    dialog.tell("I want to return order 554")
    dialog.tell("let me talk to a person instead")
    assert dialog.state.with_person and not dialog.state.facts
    assert dialog.state.told == {"order": "554", "wanted": "return"}


def test_a_phone_is_kept_for_the_agents_and_a_new_start_forgets_the_rest(dialog: Dialog) -> None:
    dialog.tell(sent("contact", phone="48500000001"))
    dialog.tell("where is order 553?")
    dialog.tell(started())
    assert (dialog.state.phone, dialog.state.told) == ("+48500000001", {})
