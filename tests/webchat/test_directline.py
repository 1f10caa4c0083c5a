"""Clients of Direct Line: what they say is the bot's, and what is said comes to them."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
import pytest

from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.webchat import limits, platform
from webchat.kit import PNG, Channel, Client, answer, code

_SOCKET = (("Upgrade", "websocket"), ("Connection", "Upgrade"))


def opened(client: Client, url: str = "") -> HttpRequest:
    """The handshake of a stream."""
    parts = urlsplit(url or client.stream)
    return HttpRequest("GET", f"{parts.path.removeprefix('/webchat')}?{parts.query}", _SOCKET)


def test_what_a_client_says_is_the_bots_and_comes_back(channel: Channel) -> None:
    client = Client(channel, id="dl_eva", name="Eva")
    assert [update.kind for update in channel.state.outbox] == ["conversationUpdate"]
    said = answer(client.say("Hi", channelData={"clientActivityID": "k3x9"}))
    (update,) = channel.told_by_clients
    told = msgspec.json.decode(update.body)
    assert (told["id"], told["text"], told["from"]["id"]) == (said["id"], "Hi", "dl_eva")
    channel.call("POST", f"/v3/conversations/{client.id}/activities", {"type": "message", "text": "Hello"})
    read = client.read()
    assert [(each["text"], each["from"]["role"]) for each in read["activities"]] == [("Hi", "user"), ("Hello", "bot")]
    assert client.read(read["watermark"])["activities"] == []


@pytest.mark.parametrize(
    ("ack", "is_late", "status", "word"),
    [
        (HttpResponse(500), False, 502, "BotRejectedActivity"),
        (HttpResponse(302), False, 502, "BotRejectedActivity"),
        (HttpFailure("timeout"), False, 504, "GatewayTimeout"),
        (None, True, 504, "GatewayTimeout"),
        (HttpFailure("refused"), False, 502, "BotError"),
        (None, False, 502, "BotError"),
    ],
)
def test_what_the_bot_does_with_it_is_the_answer(
    channel: Channel, ack: HttpResponse | HttpFailure | None, is_late: bool, status: int, word: str
) -> None:
    client = Client(channel)
    channel.ack, channel.is_late = ack, is_late
    assert code(client.say("Hi")) == (status, word)
    assert [each["text"] for each in client.read()["activities"]] == ["Hi"]


def test_without_a_bot_nobody_is_waited_for(channel: Channel) -> None:
    client = Client(channel)
    channel.state.webhook_url = None
    assert code(client.say("Hi")) == (502, "BotError") and not channel.told_by_clients


def test_a_token_is_for_one_conversation_and_an_hour(channel: Channel) -> None:
    client, other = Client(channel), Client(channel)
    assert code(client.call("GET", f"/{other.id}/activities")) == (403, "Forbidden")
    client.word = answer(channel.call("POST", "/v3/directline/tokens/refresh", token=client.word))["token"]
    channel.now += limits.DIRECTLINE_TOKEN_S
    assert code(client.call("GET", f"/{client.id}")) == (403, "TokenExpired")
    made = answer(
        channel.call("POST", "/v3/directline/tokens/generate", {}, token=channel.state.settings["directline_secret"])
    )
    client.word = made["token"]
    first, again = (client.call("POST", "", {}) for _ in range(2))
    assert [each.response.status for each in (first, again) if each.response] == [201, 200]


def test_a_user_that_the_token_names_speaks_whoever_is_said(channel: Channel) -> None:
    client = Client(channel, id="dl_anna")
    client.say("Hi")
    assert client.read()["activities"][0]["from"] == {"id": "dl_anna", "role": "user"}


def test_a_stream_has_what_was_missed_and_whatever_comes(channel: Channel) -> None:
    client = Client(channel)
    client.say("Hi")
    accept = channel.handle(opened(client)).accept
    assert accept is not None and "Hi" in accept.says[0]
    path = f"/v3/conversations/{client.id}/activities"
    (push,) = channel.call("POST", path, {"type": "message", "text": "Hello"}).pushes
    assert push.socket == accept.socket and '"Hello"' in push.data and '"Hi"' not in push.data
    (typing,) = channel.call("POST", path, {"type": "typing"}).pushes
    assert '"typing"' in typing.data and len(client.read()["activities"]) == 2
    (ended,) = (each for each in channel.call("POST", path, {"type": "endOfConversation"}).pushes if each.close)
    assert ended.close == 1000


def test_a_second_stream_closes_the_first_and_an_old_address_opens_none(channel: Channel) -> None:
    client = Client(channel)
    first = channel.handle(opened(client)).accept
    again = channel.handle(opened(client, answer(client.call("GET", f"/{client.id}?watermark=0"))["streamUrl"]))
    assert first is not None and [(each.socket, each.close) for each in again.pushes] == [(first.socket, 1000)]
    platform.hung_up(channel.state, again.accept.socket, 1006, channel.now)  # type: ignore[attr-defined, union-attr]
    channel.now += limits.STREAM_OPENS_S + 1
    assert code(channel.handle(opened(client))) == (403, "TokenExpired")


def test_files_come_alone_or_with_words(channel: Channel) -> None:
    client = Client(channel)
    client.call("POST", f"/{client.id}/upload?userId=dl_eva", PNG, kind="image/png")
    parts = (
        b'--B\r\nContent-Disposition: form-data; name="activity"\r\nContent-Type: application/vnd.microsoft.activity\r\n\r\n'
        b'{"type":"message","text":"See"}\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n--B--\r\n"
    )
    client.call("POST", f"/{client.id}/upload?userId=dl_eva", parts, kind="multipart/form-data; boundary=B")
    alone, both = client.read()["activities"]
    assert (alone["text"], both["text"], both["attachments"][0]["name"]) == ("", "See", "a.png")
    assert channel.call("GET", both["attachments"][0]["contentUrl"]).response.body == PNG  # type: ignore[union-attr]
    large = client.call(
        "POST", f"/{client.id}/upload?userId=dl_eva", bytes(limits.UPLOAD_MAX_BYTES + 1), kind="image/png"
    )
    assert code(large) == (413, "MessageSizeTooBig")


@pytest.mark.parametrize("word", ["", "x", "zz.1", "7e.0", "é"])
def test_odd_tokens_are_refused(channel: Channel, word: str) -> None:
    handled = channel.call("GET", f"/v3/directline/conversations/{channel.to}/activities", token=word)
    assert handled.response is not None and handled.response.status in (401, 403)
