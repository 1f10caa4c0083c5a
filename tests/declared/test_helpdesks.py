"""Helpdesks behind shipped files: customers' words reach the agents by the inbound API, agents' words come back by the webhook."""

from __future__ import annotations

from base64 import b64encode

import msgspec
import pytest

from chatdrill.conformance.samples import FILES
from chatdrill.model import Activity, AgentTyping, Close, Deleted, DeleteReply, Media, Note, Reply, Text, Write
from chatdrill.wire import HttpRequest
from declared.kit import BASE, Helpdesk, status

SUNCO_KEY = b64encode(b"app_5f4eaef81e3dcc117c7ba48a:scChatdrillKeySecretScChatdrillKeySecret").decode()
DESKS = ("chatwoot", "chat2desk", "intercom", "sunco")


def made(name: str, **settings: str) -> Helpdesk:
    """A helpdesk whose agents get every conversation, with a drill in front of it."""
    if name == "chatwoot":
        return Helpdesk(
            name,
            name,
            "",
            {"active_bot": "no", "webhook_as": "account"},
            **{"token": "cw-webhook-chatdrill", **settings},
        )
    if name == "chat2desk":
        key = "c2d0f3b1a5e84d7c92b6e0a4f8d13c"
        return Helpdesk(name, name, "/v1", {"inbox_opens": "yes"}, **{"key": key, **settings})
    if name == "intercom":
        secrets = {"key": "dG9rOmNoYXRkcmlsbA==", "token": "chatdrill-ic-secret"}
        return Helpdesk(name, name, "", {"default_team": "yes"}, **{**secrets, **settings})
    secrets = {"key": SUNCO_KEY, "token": "8564b3e6a8b20a4bdb68b05ce9bc5936"}
    return Helpdesk(name, "zendesk", "/sc", {}, **{**secrets, **settings})


@pytest.fixture(params=DESKS)
def helpdesk(request: pytest.FixtureRequest) -> Helpdesk:
    return made(request.param)


def served(helpdesk: Helpdesk, *texts: str) -> Helpdesk:
    """The same helpdesk, where an agent has the conversation."""
    helpdesk.says("Hello")
    helpdesk.to_agents()
    helpdesk.accepts()
    for text in texts:
        helpdesk.says(text)
    return helpdesk


def test_customers_words_reach_the_agents_once_and_in_order(helpdesk: Helpdesk) -> None:
    texts = ["My parcel is late", "Zażółć gęślą jaźń 😀", "two\nlines & more"]
    served(helpdesk, *texts)
    assert [answer.status for answer in helpdesk.answers if answer.status >= 300] == []
    assert [entry.text for entry in helpdesk.entries][-3:] == texts
    assert len(helpdesk.state.tickets) == 1 and helpdesk.refused == []


def test_the_opening_requests_are_made_once(helpdesk: Helpdesk) -> None:
    spec, count = helpdesk.account.state.spec, len(helpdesk.account.state.spec.opens)
    for number in range(3):
        helpdesk.says(f"message {number}")
    assert len(helpdesk.answers) == count + 3
    assert set(helpdesk.account.chat.kept) == set(spec.kept)


def test_agents_words_reach_the_customer_once_with_their_name(helpdesk: Helpdesk) -> None:
    served(helpdesk).replies("Hello, Bob here & <you>?")
    assert [message.text for message in helpdesk.seen] == ["Hello, Bob here & <you>?"]
    assert helpdesk.seen[0].sender in ("Bob Baker", "Bob", None if helpdesk.desk.name == "chat2desk" else "")
    assert helpdesk.refused == []


def test_a_private_note_never_reaches_the_customer(helpdesk: Helpdesk) -> None:
    served(helpdesk).acts(Note(agent="bob", text="a difficult one"))
    assert helpdesk.seen == [] and helpdesk.refused == []


def test_a_customers_picture_reaches_the_agents_with_the_same_bytes(helpdesk: Helpdesk) -> None:
    picture = helpdesk.account.media("photo", name="shoe.png")
    served(helpdesk).does(Write(parts=(picture,)))
    files = [file for entry in helpdesk.entries for file in entry.files]
    assert [file.sha256 for file in files] == [picture.file.sha256]


def test_an_agents_picture_reaches_the_customer_with_the_same_bytes(helpdesk: Helpdesk) -> None:
    file = helpdesk.account.media("photo", name="label.png").file
    helpdesk.state.blobs.put(FILES["photo"])
    served(helpdesk).acts(Reply(agent="bob", parts=(Text(text="Your label"), Media(kind="photo", file=file))))
    media = [part for message in helpdesk.seen for part in message.media]
    assert [(part.kind, part.file.sha256) for part in media] == [("photo", file.sha256)]


def test_a_webhook_that_comes_again_is_shown_once(helpdesk: Helpdesk) -> None:
    served(helpdesk).replies("Only once")
    for webhook in helpdesk.webhooks:
        assert status(helpdesk.hears(webhook)) == 200
    assert [message.text for message in helpdesk.seen] == ["Only once"]


@pytest.mark.parametrize("name", ["chatwoot", "intercom", "sunco"])
def test_a_forged_webhook_is_not_believed(name: str) -> None:
    helpdesk = made(name, token="another-secret")
    served(helpdesk).replies("Trust me")
    assert helpdesk.seen == [] and {reason.partition(":")[0] for reason in helpdesk.refused} == {"unauthorized"}


@pytest.mark.parametrize("name", ["chatwoot", "intercom", "sunco"])
def test_a_wrong_key_or_inbox_opens_nothing_and_the_words_are_not_sent_to_nowhere(name: str) -> None:
    wrong = {"values": "inbox=nobody"} if name == "chatwoot" else {"key": "wrong"}
    helpdesk = made(name, **wrong)
    acks = helpdesk.says("Anybody there?")
    assert not any(ack.ok for ack in acks) and helpdesk.entries == []
    assert acks[-1].attempts_max == 1 and "no answer before has given" in (acks[-1].error or "")


def test_another_try_follows_an_opening_that_failed() -> None:
    helpdesk = made("chatwoot")
    right, helpdesk.account.state.webhook_url = helpdesk.account.state.webhook_url, "http://127.0.0.1:9/chatwoot/wrong"
    helpdesk.says("lost")
    helpdesk.account.state.outbox.clear()  # as the courier does with what it gives up
    helpdesk.account.state.webhook_url = right
    helpdesk.says("heard")
    assert [entry.text for entry in helpdesk.entries] == ["heard"]


def test_what_an_agent_deletes_at_chatwoot_goes() -> None:
    helpdesk = served(made("chatwoot"))
    helpdesk.replies("Wrong price")
    told = [msgspec.json.decode(webhook.body) for webhook in helpdesk.webhooks]
    id = next(each["id"] for each in told if each["event"] == "message_created" and each["content"] == "Wrong price")
    helpdesk.acts(DeleteReply(agent="bob", entry_id=str(id)))
    gone = [effect for effect in helpdesk.effects if isinstance(effect, Deleted)]
    assert [effect.message_ids for effect in gone] == [helpdesk.seen[0].ids] and helpdesk.refused == []


def test_a_line_of_the_desk_itself_is_no_message(helpdesk: Helpdesk) -> None:
    served(helpdesk).replies("Good-bye")
    helpdesk.acts(Close(agent="bob"))
    assert [message.text for message in helpdesk.seen] == ["Good-bye"] and helpdesk.refused == []


def test_an_agent_who_types_at_chatwoot_is_seen() -> None:
    helpdesk = served(made("chatwoot"))
    helpdesk.acts(AgentTyping(agent="bob"))
    assert [effect for effect in helpdesk.effects if isinstance(effect, Activity)] and helpdesk.refused == []


def test_intercom_looks_whether_anybody_is_there() -> None:
    helpdesk = made("intercom")
    handshake = helpdesk.desk.handshake(helpdesk.state)
    assert handshake is not None and handshake.method == "HEAD" and handshake.url == f"{BASE}/webhook"
    answer = helpdesk.account.handle(HttpRequest("HEAD", "/webhook")).response
    assert answer is not None and answer.status == 200
