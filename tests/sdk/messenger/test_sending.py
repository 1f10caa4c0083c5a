"""Every kind of message that fbmessenger can send arrives as it was meant."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fbmessenger import attachments, elements, quick_replies, sender_actions, templates, thread_settings

from chatdrill.model import Button, Carousel, Keyboard, Order, Text, Write

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
FILES = {
    "/map.png": ("image/png", PNG),
    "/note.mp3": ("audio/mpeg", b"ID3\x04\x00\x00\x00\x00\x00\x00"),
    "/clip.mp4": ("video/mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"),
    "/offer.pdf": ("application/pdf", b"%PDF-1.4\n%%EOF\n"),
}


class Files(BaseHTTPRequestHandler):
    """The bot's own files, which the platform fetches."""

    def do_GET(self) -> None:
        mime, content = FILES.get(self.path, ("text/plain", b""))
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
async def spoken(rehearsal: Any, bot: Any) -> Any:
    """A bot that the customer has written to."""
    rehearsal.act(Write(parts=(Text(text="hi"),)))
    await rehearsal.hears(bot, "message")
    return bot


def buttons() -> list[Any]:
    return [
        elements.Button("postback", title="Track", payload="TRACK"),
        elements.Button("web_url", title="Shop", url="https://shop.example", webview_height_ratio="tall"),
        elements.Button("phone_number", title="Call", payload="+4312345678"),
    ]


SHOWN = (
    Button(title="Track", kind="postback", payload="TRACK"),
    Button(title="Shop", kind="url", url="https://shop.example"),
    Button(title="Call", kind="call", payload="+4312345678"),
)
INLINE = Keyboard(style="inline", rows=tuple((one,) for one in SHOWN))


async def test_quick_replies(rehearsal: Any, spoken: Any) -> None:
    choices = [quick_replies.QuickReply(title="Yes", payload="YES")]
    message = elements.Text("Today?", quick_replies=quick_replies.QuickReplies(choices))
    await rehearsal.does(spoken.send, message.to_dict())
    keyboard = Keyboard(style="quick_replies", rows=((Button(title="Yes", kind="reply", payload="YES"),),))
    assert rehearsal.sent == [(Text(text="Today?"), keyboard)]


@pytest.mark.parametrize(
    ("kind", "path", "neutral"),
    [
        (attachments.Image, "/map.png", "photo"),
        (attachments.Audio, "/note.mp3", "audio"),
        (attachments.Video, "/clip.mp4", "video"),
        (attachments.File, "/offer.pdf", "document"),
    ],
)
async def test_attachments(rehearsal: Any, spoken: Any, files: str, kind: Any, path: str, neutral: str) -> None:
    answer = await rehearsal.does(spoken.send, kind(url=files + path, is_reusable=True).to_dict())
    ((media,),) = rehearsal.sent
    assert media.kind == neutral and answer["attachment_id"].isdigit()
    assert rehearsal.channel.state.blobs.get(media.file.sha256) == FILES[path][1]


async def test_an_upload_is_sent_again_by_its_id(rehearsal: Any, spoken: Any, files: str) -> None:
    uploaded = await rehearsal.does(spoken.upload_attachment, attachments.Image(url=f"{files}/map.png"))
    image = attachments.Image(attachment_id=uploaded["attachment_id"])
    await rehearsal.does(spoken.send, image.to_dict())
    await rehearsal.does(spoken.send, templates.MediaTemplate(image, buttons=buttons()).to_dict())
    (photo,), (shown, keyboard) = rehearsal.sent
    assert photo.file == shown.file and keyboard == INLINE


async def test_a_missing_file_is_the_vendors_error(rehearsal: Any, spoken: Any, files: str) -> None:
    answer = await rehearsal.does(spoken.send, attachments.Image(url=f"{files}/none.png").to_dict())
    assert answer["error"]["error_subcode"] == 2018008


async def test_button_and_generic_templates(rehearsal: Any, spoken: Any) -> None:
    card = elements.Element("Blue mug", subtitle="€18", image_url="https://cdn.example/mug.jpg", buttons=buttons())
    await rehearsal.does(spoken.send, templates.ButtonTemplate("How may I help?", buttons()).to_dict())
    await rehearsal.does(spoken.send, templates.GenericTemplate([card]).to_dict())
    menu, (carousel,) = rehearsal.sent
    assert menu == (Text(text="How may I help?"), INLINE)
    assert isinstance(carousel, Carousel) and carousel.cards[0].buttons == SHOWN


async def test_a_receipt(rehearsal: Any, spoken: Any) -> None:
    receipt = templates.ReceiptTemplate(
        recipient_name="Anna Huber",
        order_number="A-77",
        currency="EUR",
        payment_method="Visa 1881",
        elements=[elements.Element("Blue mug", quantity=2, price=18.0)],
        summary=elements.Summary(total_cost=40.9),
        address=elements.Address("Ring 1", "Wien", "1010", "W", "AT"),
        adjustments=[elements.Adjustment("Voucher", 5)],
    )
    await rehearsal.does(spoken.send, receipt.to_dict())
    ((order,),) = rehearsal.sent
    assert isinstance(order, Order) and (order.number, order.total, order.items[0].quantity) == ("A-77", 40.9, 2)


async def test_a_removed_template_is_refused(rehearsal: Any, spoken: Any) -> None:
    cards = [elements.Element(title, subtitle="x") for title in ("a", "b")]
    answer = await rehearsal.does(spoken.send, templates.ListTemplate(cards).to_dict())
    assert answer["error"]["message"] == "(#100) Invalid template type" and rehearsal.sent == []


async def test_sender_actions(rehearsal: Any, spoken: Any) -> None:
    for action in sender_actions.SenderAction.SENDER_ACTIONS:
        answer = await rehearsal.does(spoken.send_action, sender_actions.SenderAction(action).to_dict())
        assert answer == {"recipient_id": rehearsal.to}
    assert rehearsal.activities == sender_actions.SenderAction.SENDER_ACTIONS


async def test_a_tag_reaches_beyond_the_window(rehearsal: Any, spoken: Any) -> None:
    rehearsal.stage.skip("messenger", rehearsal.to, 3 * 86_400)
    late = await rehearsal.does(spoken.send, {"text": "hi"})
    tagged = await rehearsal.does(spoken.send, {"text": "hi"}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    assert late["error"]["error_subcode"] == 2018278 and "message_id" in tagged


async def test_the_messenger_profile(rehearsal: Any, bot: Any) -> None:
    item = thread_settings.PersistentMenuItem("postback", "Help", payload="HELP")
    profile = thread_settings.MessengerProfile(
        greetings=[thread_settings.GreetingText("Hi!")],
        get_started=thread_settings.GetStartedButton("GO"),
        persistent_menus=[thread_settings.PersistentMenu([item])],
    )
    assert await rehearsal.does(bot.set_messenger_profile, profile.to_dict()) == {"result": "success"}
    assert await rehearsal.does(bot.add_whitelisted_domains, ["https://shop.example"]) == {"result": "success"}
    assert await rehearsal.does(bot.remove_whitelisted_domains) == {"result": "success"}
    kept = await rehearsal.does(bot.delete_get_started)
    assert kept["error"]["error_subcode"] == 2018145
    assert await rehearsal.does(bot.client.delete_persistent_menu) == {"result": "success"}
    assert await rehearsal.does(bot.delete_get_started) == {"result": "success"}


async def test_the_customers_profile_and_accounts(rehearsal: Any, spoken: Any) -> None:
    user = await rehearsal.does(spoken.get_user)
    unlinked = await rehearsal.does(spoken.unlink_account, rehearsal.to)
    assert (user["first_name"], user["last_name"], user["id"]) == ("Anna", "Huber", rehearsal.to)
    assert unlinked == {"result": "unlink account success"}


async def test_a_subscription_needs_fields_in_todays_versions(rehearsal: Any, bot: Any) -> None:
    answer = await rehearsal.does(bot.subscribe_app_to_page)
    assert answer["error"]["message"] == "(#100) The parameter subscribed_fields is required"


async def test_a_wrong_app_secret_gives_a_wrong_proof(rehearsal: Any, spoken: Any) -> None:
    impostor = rehearsal.bot(app_secret="another")
    answer = await rehearsal.does(impostor.client.send, {"text": "hi"}, rehearsal.to)
    assert answer["error"]["message"] == "Invalid appsecret_proof provided in the API argument"
    assert json.dumps(answer).count("another") == 0 and rehearsal.sent == []
