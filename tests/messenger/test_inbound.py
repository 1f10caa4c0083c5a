"""What the bot is told of each act of a customer, key by key."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Button,
    Contact,
    Delete,
    Echo,
    Edit,
    Form,
    Keyboard,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Press,
    Products,
    React,
    Read,
    Receipt,
    Referral,
    Start,
    Text,
    Typing,
    Write,
)

NOW_MS = 1795212345001
PAGE = "104837562910475"


def test_text_arrives_key_by_key(page: Any, fresh: str) -> None:
    (entry,) = page.entries(fresh, Write(parts=(Text(text="Do you ship to Graz?"),)))
    mid = entry["messaging"][0]["message"]["mid"]
    assert entry == {
        "id": PAGE,
        "time": NOW_MS,
        "messaging": [
            {
                "sender": {"id": fresh},
                "recipient": {"id": PAGE},
                "timestamp": NOW_MS,
                "message": {"mid": mid, "text": "Do you ship to Graz?"},
            }
        ],
    }
    assert mid.startswith("m_") and len(mid) == 90
    assert len(fresh) == 16 and fresh.isdigit()


def test_an_update_is_named_after_its_message_and_keeps_the_order_of_its_customer(page: Any, fresh: str) -> None:
    (update,) = page.updates(fresh, Write(parts=(Text(text="hi"),)))
    assert update.id == next(iter(page.state.chats[fresh].messages))
    assert (update.kind, update.to, update.lane) == ("messages", fresh, fresh)


def test_a_configured_command_is_marked_and_another_is_not(page: Any, fresh: str) -> None:
    commands = [{"locale": "default", "commands": [{"name": "track", "description": "Where is my parcel"}]}]
    page.call("POST", "/v25.0/me/messenger_profile", {"commands": commands})
    known = page.event(fresh, Write(parts=(Text(text="/track 77"),)))["message"]
    unknown = page.event(fresh, Write(parts=(Text(text="/tracks"),)))["message"]
    assert known["commands"] == [{"name": "track"}]
    assert "commands" not in unknown


def test_a_quick_reply_is_said_in_the_customers_name(page: Any, anna: str) -> None:
    button = Button(title="Yes", kind="reply", payload="CONFIRM_YES")
    message = page.event(anna, Press(button=button))["message"]
    assert {key: message[key] for key in ("text", "quick_reply")} == {
        "text": "Yes",
        "quick_reply": {"payload": "CONFIRM_YES"},
    }


@pytest.mark.parametrize(("kind", "own"), [("request_contact", "+436601234567"), ("request_email", "anna@example.org")])
def test_own_phone_and_email_are_both_text_and_payload(page: Any, anna: str, kind: Any, own: str) -> None:
    message = page.event(anna, Press(button=Button(title="x", kind=kind)))["message"]
    assert (message["text"], message["quick_reply"]) == (own, {"payload": own})


def test_a_postback_carries_title_and_payload(page: Any, anna: str) -> None:
    event = page.event(anna, Press(button=Button(title="Talk to a human", kind="postback", payload="MENU_HUMAN")))
    mid = event["postback"]["mid"]
    assert event["postback"] == {"mid": mid, "title": "Talk to a human", "payload": "MENU_HUMAN"}
    assert page.state.chats[anna].messages[mid].text == "Talk to a human"


def test_an_entry_of_the_menu_needs_only_its_title(page: Any, anna: str) -> None:
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Help", "payload": "HELP"}]}]
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": {"payload": "GO"}, "persistent_menu": menu})
    event = page.event(anna, Press(button=Button(title="Help", kind="postback")))
    assert event["postback"]["payload"] == "HELP"
    with pytest.raises(Unsupported, match="has no payload"):
        page.events(anna, Press(button=Button(title="Nope", kind="postback")))


@pytest.mark.parametrize("kind", ["url", "call"])
def test_a_button_that_opens_something_tells_the_bot_nothing(page: Any, anna: str, kind: Any) -> None:
    assert page.events(anna, Press(button=Button(title="Shop", kind=kind, url="https://shop.example"))) == []


def test_get_started_carries_the_profiles_payload_and_the_links_ref(page: Any, fresh: str) -> None:
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": {"payload": "GET_STARTED"}})
    postback = page.event(fresh, Start(payload="flyer-17"))["postback"]
    assert postback == {
        "mid": postback["mid"],
        "title": "Get Started",
        "payload": "GET_STARTED",
        "referral": {"ref": "flyer-17", "source": "SHORTLINK", "type": "OPEN_THREAD"},
    }


def test_get_started_is_in_the_customers_language(page: Any) -> None:
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": {"payload": "GET_STARTED"}})
    assert page.event(page.join("jan", locale="pl_PL"), Start())["postback"]["title"] == "Rozpocznij"


def test_without_get_started_the_ref_rides_on_the_first_message(page: Any, fresh: str) -> None:
    assert page.events(fresh, Start(payload="flyer-17")) == []
    first = page.event(fresh, Write(parts=(Text(text="hi"),)))["message"]
    second = page.event(fresh, Write(parts=(Text(text="hi again"),)))["message"]
    assert first["referral"] == {"ref": "flyer-17", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    assert "referral" not in second


def test_a_link_into_an_existing_thread_is_a_referral(page: Any, anna: str) -> None:
    event = page.event(anna, Start(payload="flyer-17"))
    assert event["referral"] == {"ref": "flyer-17", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    assert event["sender"] == {"id": anna}


def test_a_plugin_names_its_page(page: Any, anna: str) -> None:
    referral = Referral(ref="shop-page", source="plugin", url="https://shop.example/")
    assert page.event(anna, Start(referral=referral))["referral"] == {
        "ref": "shop-page",
        "source": "CUSTOMER_CHAT_PLUGIN",
        "type": "OPEN_THREAD",
        "referer_uri": "https://shop.example/",
    }


def test_an_ad_is_told_with_the_message_only_to_who_subscribed_to_referrals(page: Any, fresh: str) -> None:
    ad = Referral(ref="AUTUMN", source="ad", ad_id="23851122334455", headline="Autumn sale")
    act = Write(parts=(Text(text="Still on offer?"),), referral=ad)
    told = page.event(fresh, act)["message"]["referral"]
    page.subscribe("messages")
    silent = page.event(fresh, act)["message"]
    assert told == {
        "ref": "AUTUMN",
        "ad_id": "23851122334455",
        "source": "ADS",
        "type": "OPEN_THREAD",
        "ads_context_data": {"ad_title": "Autumn sale"},
    }
    assert "referral" not in silent


def test_a_product_page_is_named_with_the_message(page: Any, fresh: str) -> None:
    act = Write(parts=(Text(text="In blue?"),), referral=Referral(source="product", product="5218907442"))
    assert page.event(fresh, act)["message"]["referral"] == {"product": {"id": "5218907442"}}


def test_photos_chosen_together_are_one_message(page: Any, anna: str) -> None:
    message = page.event(anna, Write(parts=(page.photo(), page.photo())))["message"]
    assert [one["type"] for one in message["attachments"]] == ["image", "image"]
    assert "text" not in message


def test_words_and_pictures_are_separate_messages(page: Any, anna: str) -> None:
    photo = Media(kind="photo", file=page.file(), caption=Text(text="broken"))
    first, second, third = page.events(anna, Write(parts=(Text(text="look"), photo)))
    assert first["message"]["text"] == "look"
    assert list(second["message"]) == ["mid", "attachments"]
    assert third["message"]["text"] == "broken"
    assert first["timestamp"] < second["timestamp"] < third["timestamp"]


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("photo", "image"),
        ("animation", "image"),
        ("video", "video"),
        ("video_note", "video"),
        ("voice", "audio"),
        ("audio", "audio"),
        ("document", "file"),
    ],
)
def test_every_kind_of_media_has_its_type_and_can_be_downloaded(page: Any, anna: str, kind: Any, type_: str) -> None:
    media = Media(kind=kind, file=page.file(b"content of " + kind.encode(), "application/pdf", "offer ö.pdf"))
    (attachment,) = page.event(anna, Write(parts=(media,)))["message"]["attachments"]
    assert (attachment["type"], list(attachment["payload"])) == (type_, ["url"])
    assert page.download(attachment["payload"]["url"]) == (200, b"content of " + kind.encode())


def test_a_sticker_has_its_number(page: Any, anna: str) -> None:
    thumb = Media(kind="sticker", file=page.file(), emoji="👍")
    other = Media(kind="sticker", file=page.file())
    first, second = page.events(anna, Write(parts=(thumb, other)))
    assert first["message"]["attachments"][0]["payload"]["sticker_id"] == 369239263222822
    payload = second["message"]["attachments"][0]["payload"]
    assert list(payload) == ["url", "sticker_id"] and len(str(payload["sticker_id"])) == 15


def test_a_location_comes_as_old_clients_send_it(page: Any, anna: str) -> None:
    (attachment,) = page.event(anna, Write(parts=(Location(latitude=48.2, longitude=16.3),)))["message"]["attachments"]
    assert attachment["payload"] == {"coordinates": {"lat": 48.2, "long": 16.3}}
    assert (attachment["type"], attachment["title"]) == ("location", "Anna's Location")


def test_a_shared_product_is_a_template(page: Any, anna: str) -> None:
    (attachment,) = page.event(anna, Write(parts=(Products(ids=("MUG-01",)),)))["message"]["attachments"]
    assert attachment["type"] == "template"
    assert attachment["payload"]["product"]["elements"][0]["id"] == "MUG-01"


@pytest.mark.parametrize("kind", ["reel", "ig_reel", "post", "ig_post", "appointment_booking"])
def test_what_only_messenger_has_comes_with_a_standard_payload(page: Any, anna: str, kind: str) -> None:
    (attachment,) = page.event(anna, Write(parts=(Other(kind=kind),)))["message"]["attachments"]
    assert attachment["type"] == kind and attachment["payload"]


def test_a_link_preview_is_the_one_attachment_with_text(page: Any, anna: str) -> None:
    data = {"text": "https://example.org/a", "url": "https://l.facebook.com/l.php?u=x", "title": "Example A"}
    message = page.event(anna, Write(parts=(Other(kind="fallback", data=data),)))["message"]
    bare = page.event(anna, Write(parts=(Other(kind="fallback"),)))["message"]
    payload = {"url": "https://l.facebook.com/l.php?u=x", "title": "Example A"}
    assert message["text"] == "https://example.org/a"
    assert message["attachments"] == [{"type": "fallback", "payload": payload}]
    assert bare["attachments"] == [{"type": "fallback"}]


def test_a_reply_quotes_by_id_and_marks_the_own_message(page: Any, anna: str) -> None:
    own = page.says(anna, "first")
    bots = page.send(anna, {"text": "hello"}).json["message_id"]
    to_bot = page.event(anna, Write(parts=(Text(text="this one"),), reply_to=bots))["message"]
    to_self = page.event(anna, Write(parts=(Text(text="me again"),), reply_to=own))["message"]
    assert to_bot["reply_to"] == {"mid": bots}
    assert to_self["reply_to"] == {"mid": own, "is_self_reply": True}


@pytest.mark.parametrize(
    ("emoji", "word"),
    [("❤️", "love"), ("👍", "like"), ("👎", "dislike"), ("😮", "wow"), ("😡", "angry"), ("🦄", "other")],
)
def test_a_reaction_has_a_word_and_an_emoji(page: Any, anna: str, emoji: str, word: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    reaction = page.event(anna, React(message_id=mid, emoji=emoji))["reaction"]
    assert reaction == {"reaction": word, "emoji": emoji, "action": "react", "mid": mid}


def test_taking_a_reaction_back_names_what_it_was(page: Any, anna: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    page.event(anna, React(message_id=mid, emoji="❤️"))
    reaction = page.event(anna, React(message_id=mid))["reaction"]
    assert (reaction["action"], reaction["emoji"]) == ("unreact", "❤️")
    assert page.events(anna, React(message_id=mid)) == []


def test_edits_count_up_and_the_sixth_is_not_possible(page: Any, anna: str) -> None:
    mid = page.says(anna, "Graz?")
    for number in range(1, 6):
        event = page.event(anna, Edit(message_id=mid, parts=(Text(text=f"Linz {number}?"),)))
        assert event["message_edit"] == {"mid": mid, "text": f"Linz {number}?", "num_edit": number}
    with pytest.raises(Unsupported, match="5 times"):
        page.events(anna, Edit(message_id=mid, parts=(Text(text="no"),)))
    assert page.state.chats[anna].messages[mid].text == "Linz 5?"


def test_a_customer_cannot_edit_what_the_bot_wrote(page: Any, anna: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    with pytest.raises(Unsupported, match="own messages"):
        page.events(anna, Edit(message_id=mid, parts=(Text(text="x"),)))


def test_the_bot_is_not_told_of_deleting_typing_and_blocking(page: Any, anna: str) -> None:
    mid = page.says(anna)
    for act in (Delete(message_id=mid), Typing(), Block()):
        assert page.events(anna, act) == []


def test_reading_moves_a_watermark(page: Any, anna: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    (update,) = page.updates(anna, Read(message_id=mid))
    event = page.event(anna, Read(message_id=mid))
    assert event["read"] == {"watermark": NOW_MS}
    assert update.id == f"read:{anna}:{NOW_MS}"


def test_a_delivery_names_the_message_and_a_watermark(page: Any, anna: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    event = page.event(anna, Receipt(message_id=mid, status="delivered"))
    assert event["delivery"] == {"mids": [mid], "watermark": NOW_MS}
    assert page.events(anna, Receipt(message_id=mid, status="sent")) == []


def test_an_echo_swaps_the_sides_and_names_the_app(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes")
    answer = page.send(anna, {"text": "on its way", "metadata": "order-77"})
    event = page.event(anna, answer.handled.later[0].act)
    mid = answer.json["message_id"]
    assert event == {
        "sender": {"id": PAGE},
        "recipient": {"id": anna},
        "timestamp": NOW_MS,
        "message": {
            "mid": mid,
            "is_echo": True,
            "app_id": 728451930662814,
            "text": "on its way",
            "metadata": "order-77",
        },
    }


def test_the_echo_of_a_template_shows_its_payload(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes")
    payload = {
        "template_type": "button",
        "text": "Choose",
        "buttons": [{"type": "postback", "title": "A", "payload": "PICK_A"}],
    }
    event = page.event(anna, page.template(anna, payload).handled.later[0].act)
    del payload["text"]  # it is the title
    assert event["message"]["attachments"] == [{"title": "Choose", "url": "", "type": "template", "payload": payload}]


def test_a_person_in_the_page_inbox_is_known_by_the_app_id(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes")
    eva = Message(ids=(), author="agent", parts=(Text(text="Hi, Eva from support here"),), at=0.0)
    event = page.event(anna, Echo(message=eva))
    assert event["message"]["app_id"] == 26390203743090
    assert event["message"]["mid"] in page.state.chats[anna].messages
    photo = Message(ids=(), author="agent", parts=(page.photo(),), at=0.0)
    assert page.event(anna, Echo(message=photo))["message"]["attachments"][0]["type"] == "image"


def test_a_basket_is_an_order(page: Any, anna: str) -> None:
    item = OrderItem(id="MUG-01", quantity=2, price=18.0, name="Blue mug")
    order = page.event(anna, Write(parts=(Order(items=(item,), note="gift wrap"),)))["order"]
    assert order["note"] == "gift wrap"
    assert order["products"] == [
        {
            "id": "MUG-01",
            "retailer_id": "MUG-01",
            "name": "Blue mug",
            "unit_price": 18.0,
            "currency": "EUR",
            "quantity": 2,
        }
    ]


def test_forms_come_back_as_feedback_or_lead(page: Any, anna: str) -> None:
    feedback = page.event(anna, Write(parts=(Form(name="customer_feedback", values={"q-csat": 4}),)))
    lead = page.event(anna, Write(parts=(Form(name="99001122"),)))
    screen = {"screen_id": 0, "questions": {"q-csat": {"type": "csat", "payload": "4"}}}
    assert feedback["messaging_feedback"] == {"feedback_screens": [screen]}
    assert lead["form"] == {"id": "99001122"}


def test_the_own_number_goes_only_where_the_bot_asked_for_it(page: Any, anna: str) -> None:
    act = Write(parts=(Contact(name="Anna", phone="+436601234567", own=True),))
    with pytest.raises(Unsupported, match="no contact cards"):
        page.events(anna, act)
    page.send(anna, {"text": "Your number?", "quick_replies": [{"content_type": "user_phone_number"}]})
    assert page.event(anna, act)["message"]["quick_reply"] == {"payload": "+436601234567"}


@pytest.mark.parametrize("part", [Keyboard(style="inline", rows=()), Other(kind="pol")])
def test_what_nobody_can_send_is_refused_with_advice(page: Any, anna: str, part: Any) -> None:
    with pytest.raises(Unsupported, match=r"send text|has no attachment"):
        page.events(anna, Write(parts=(part,)))


@pytest.mark.parametrize("field", ["messages", "messaging_postbacks"])
def test_what_the_page_is_not_subscribed_to_is_left_out(page: Any, anna: str, field: str) -> None:
    page.subscribe("messages" if field == "messaging_postbacks" else "message_reads")
    acts = {
        "messages": Write(parts=(Text(text="hi"),)),
        "messaging_postbacks": Press(button=Button(title="A", kind="postback", payload="A")),
    }
    assert page.events(anna, acts[field]) == []
