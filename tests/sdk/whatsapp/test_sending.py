"""pywa sends every kind of message that a support bot sends, and manages the account; the customer sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pywa import errors, types
from pywa.types import templates as t

from chatdrill.model import (
    Activity,
    Carousel,
    Contact,
    Form,
    Keyboard,
    Location,
    MarkedRead,
    Media,
    Products,
    Reacted,
    Template,
    Text,
    Write,
)
from chatdrill.trace import Took
from chatdrill_scenarios import media

FILES = Path(media.__file__).parent
HEADED = {"header": "Sklep", "footer": "Buty"}


@pytest.fixture
async def wa(rehearsal: Any, bot: Any) -> Any:
    """The client of a bot that a customer has just written to."""
    rehearsal.act(Write(parts=(Text(text="Dzień dobry"),)))
    await rehearsal.hears(bot, types.Message)
    return bot.wa


async def shown(rehearsal: Any, call: Any, *arguments: Any, **options: Any) -> tuple[Any, ...]:
    """What the customer sees of one call."""
    sent = await rehearsal.does(call, rehearsal.to, *arguments, **options)
    assert sent.id.startswith("wamid.")
    parts: tuple[Any, ...] = rehearsal.sent[-1]
    return parts


def effects(rehearsal: Any, kind: type) -> list[Any]:
    took = [each.effect for each in rehearsal.recorder.records if isinstance(each, Took)]
    return [effect for effect in took if isinstance(effect, kind)]


async def test_words_and_their_formatting(rehearsal: Any, wa: Any) -> None:
    (text,) = await shown(rehearsal, wa.send_message, "*Witaj* https://sklep.example", preview_url=True)
    assert text.text == "*Witaj* https://sklep.example" and text.spans[0].style == "bold"


MEDIA = [
    ("send_image", "shoe-torn.jpg", "photo", {"caption": "podeszwa"}),
    ("send_video", "clip.mp4", "video", {"caption": "film"}),
    ("send_document", "invoice-553.pdf", "document", {"filename": "faktura.pdf", "caption": "nr 553"}),
    ("send_audio", "song.mp3", "audio", {}),
    ("send_voice", "voice-pl.ogg", "voice", {}),
    ("send_sticker", "thumbs-up.webp", "sticker", {}),
]


@pytest.mark.parametrize(("method", "name", "kind", "options"), MEDIA)
async def test_files_are_uploaded_and_sent(
    rehearsal: Any, wa: Any, method: str, name: str, kind: str, options: dict[str, str]
) -> None:
    (part,) = await shown(rehearsal, getattr(wa, method), FILES / name, **options)
    assert isinstance(part, Media) and part.kind == kind
    assert rehearsal.channel.state.blobs.get(part.file.sha256) == (FILES / name).read_bytes()
    assert (part.caption.text if part.caption else None) == options.get("caption")


async def test_a_file_is_uploaded_looked_up_and_deleted(rehearsal: Any, wa: Any) -> None:
    uploaded = await rehearsal.does(wa.upload_media, FILES / "receipt.jpg", "image/jpeg")
    url = await rehearsal.does(wa.get_media_url, uploaded.id)
    assert await rehearsal.does(wa.get_media_bytes, url.url) == (FILES / "receipt.jpg").read_bytes()
    assert (await rehearsal.does(wa.delete_media, uploaded.id)).success
    with pytest.raises(errors.WhatsAppError, match="does not exist"):
        await rehearsal.does(wa.get_media_url, uploaded.id)


async def test_buttons_lists_links_and_forms(rehearsal: Any, wa: Any) -> None:
    buttons = [types.Button(title=word, callback_data=word) for word in ("Tak", "Nie")]
    *words, keyboard = await shown(rehearsal, wa.send_message, "Dalej?", buttons=buttons, **HEADED)
    assert [part.text for part in words] == ["Sklep", "Dalej?", "Buty"]
    assert isinstance(keyboard, Keyboard) and [each.payload for each in keyboard.buttons] == ["Tak", "Nie"]
    rows = [types.SectionRow(title=f"{hour}:00", callback_data=str(hour)) for hour in (9, 10)]
    choice = types.SectionList("Terminy", [types.Section("Sobota", rows)])
    keyboard = (await shown(rehearsal, wa.send_message, "Kiedy?", buttons=choice))[-1]
    assert (keyboard.style, keyboard.label, len(keyboard.buttons)) == ("list", "Terminy", 2)
    link = types.URLButton(title="Sklep", url="https://sklep.example")
    keyboard = (await shown(rehearsal, wa.send_message, "Zobacz", buttons=link))[-1]
    assert keyboard.buttons[0].url == "https://sklep.example"
    flow = types.FlowButton(
        title="Zwrot", flow_id="998", flow_token="t1", flow_action_type="navigate", flow_action_screen="START"
    )
    form = (await shown(rehearsal, wa.send_message, "Formularz", buttons=flow))[-1]
    assert isinstance(form, Form) and form.name == "998" and form.values["flow_cta"] == "Zwrot"


async def test_requests_for_place_contact_and_call(rehearsal: Any, wa: Any) -> None:
    for call, kind in ((wa.request_location, "request_location"), (wa.request_contact_info, "request_contact")):
        keyboard = (await shown(rehearsal, call, "Proszę"))[-1]
        assert keyboard.buttons[0].kind == kind
    asked = (await shown(rehearsal, wa.send_message, "Dzwonić?", buttons=types.CallPermissionRequestButton()))[-1]
    assert asked.buttons[0].payload == "call_permission_request"


async def test_places_contacts_and_products(rehearsal: Any, wa: Any) -> None:
    (place,) = await shown(rehearsal, wa.send_location, 52.2, 21.0, "Sklep", "Rynek 1")
    assert place == Location(latitude=52.2, longitude=21.0, name="Sklep", address="Rynek 1")
    name = types.Contact.Name(formatted_name="Ewa Lis", first_name="Ewa")
    contact = types.Contact(name=name, phones=[types.Contact.Phone(phone="+48601000111")])
    assert await shown(rehearsal, wa.send_contact, contact) == (Contact(name="Ewa Lis", phone="+48601000111"),)
    assert (await shown(rehearsal, wa.send_product, "354", "MUG-1"))[-1] == Products(ids=("MUG-1",), catalog="354")
    sections = [types.ProductsSection(title="Kubki", skus=["MUG-1", "MUG-2"])]
    products = (await shown(rehearsal, wa.send_products, "354", sections, "Sklep", "Nowe"))[-1]
    assert products == Products(ids=("MUG-1", "MUG-2"), catalog="354")
    assert (await shown(rehearsal, wa.send_catalog, "Katalog"))[-1] == Products(ids=())


async def test_a_carousel_of_pictures(rehearsal: Any, wa: Any) -> None:
    link = types.URLButton(title="Kup", url="https://sklep.example/a")
    cards = [types.ImageCarouselCard(body="But", image="https://sklep.example/a.jpg", buttons=link) for _ in range(2)]
    carousel = (await shown(rehearsal, wa.send_carousel, body="Nowe", cards=cards))[-1]
    assert isinstance(carousel, Carousel) and carousel.cards[0].buttons[0].title == "Kup"
    replies = [types.Button(title="Więcej", callback_data="more")]
    cards = [
        types.ImageCarouselCard(body="But", image="https://sklep.example/a.jpg", buttons=replies) for _ in range(2)
    ]
    carousel = (await shown(rehearsal, wa.send_carousel, body="Nowe", cards=cards))[-1]
    assert carousel.cards[1].buttons[0].payload == "more"


async def test_reactions_reading_and_typing(rehearsal: Any, wa: Any) -> None:
    first = next(iter(rehearsal.channel.state.chats[rehearsal.to].messages))
    await rehearsal.does(wa.send_reaction, rehearsal.to, "👍", first)
    await rehearsal.does(wa.remove_reaction, rehearsal.to, first)
    assert [effect.emoji for effect in effects(rehearsal, Reacted)] == ["👍", None]
    assert (await rehearsal.does(wa.mark_message_as_read, first)).success
    assert (await rehearsal.does(wa.indicate_typing, first)).success
    assert len(effects(rehearsal, MarkedRead)) == 2 and len(effects(rehearsal, Activity)) == 1


async def test_a_template_is_created_listed_sent_and_deleted(rehearsal: Any, wa: Any) -> None:
    body = t.BodyText("Witaj {{1}}, paczka {{2}} jest w drodze.", "Anna", "77")
    made = t.Template(
        name="paczka",
        category=t.TemplateCategory.UTILITY,
        language=t.TemplateLanguage.POLISH,
        components=[body, t.FooterText(text="Sklep"), t.Buttons(buttons=[t.QuickReplyButton(text="Stop")])],
    )
    created = await rehearsal.does(wa.create_template, made)
    assert created.status == t.TemplateStatus.PENDING
    listed = await rehearsal.does(lambda: [each.name for each in wa.get_templates(name="paczka")])
    assert listed == ["paczka"]
    options = {"name": "paczka", "language": t.TemplateLanguage.POLISH, "params": [body.params("Anna", "77")]}
    (part,) = await shown(rehearsal, wa.send_template, **options)
    assert isinstance(part, Template) and part.text == "Witaj Anna, paczka 77 jest w drodze.\nSklep"
    assert (await rehearsal.does(wa.delete_template, "paczka")).success
    with pytest.raises(errors.TemplateNotExists):
        await rehearsal.does(wa.send_template, rehearsal.to, **options)


async def test_the_account_is_read_and_changed(rehearsal: Any, wa: Any) -> None:
    number = await rehearsal.does(wa.get_business_phone_number)
    assert number.id == wa.phone_id and number.display_phone_number == "+1 555-010-7788"
    await rehearsal.does(wa.update_business_profile, about="Sklep z butami")
    assert (await rehearsal.does(wa.get_business_profile)).about == "Sklep z butami"
    await rehearsal.does(wa.update_commerce_settings, is_catalog_visible=True, is_cart_enabled=False)
    commerce = await rehearsal.does(wa.get_commerce_settings)
    assert (commerce.is_catalog_visible, commerce.is_cart_enabled) == (True, False)
    code = await rehearsal.does(wa.create_qr_code, "Zwrot")
    assert (await rehearsal.does(wa.get_qr_code, code.code)).prefilled_message == "Zwrot"
    assert (await rehearsal.does(wa.delete_qr_code, code.code)).success


async def test_a_customer_is_blocked_and_let_in_again(rehearsal: Any, wa: Any) -> None:
    assert (await rehearsal.does(wa.block_users, [rehearsal.to])).added_users[0].wa_id == rehearsal.to
    assert (await rehearsal.does(wa.unblock_users, [rehearsal.to])).removed_users[0].wa_id == rehearsal.to


REFUSED = [
    (lambda wa, to: wa.send_message(to, "x" * 4097), errors.WhatsAppError),
    (lambda wa, to: wa.send_message("15550107788", "x"), errors.RecipientCannotBeSender),
    (lambda wa, to: wa.send_template(to, "promo", t.TemplateLanguage.POLISH, []), errors.TemplateNotExists),
    (lambda wa, to: wa.send_message(to, "?", buttons=[types.Button("x" * 21, "a")]), errors.WhatsAppError),
]


@pytest.mark.parametrize(("call", "expected"), REFUSED)
async def test_refusals_are_the_errors_that_pywa_knows(rehearsal: Any, wa: Any, call: Any, expected: type) -> None:
    with pytest.raises(expected) as refused:
        await rehearsal.does(call, wa, rehearsal.to)
    assert refused.value.details or refused.value.message
    assert rehearsal.sent == []


async def test_a_wrong_token_is_refused(rehearsal: Any, wa: Any) -> None:
    wa.token = "EAAwrong"
    with pytest.raises(errors.WhatsAppError, match="Cannot parse access token"):
        await rehearsal.does(wa.send_message, rehearsal.to, "x")
