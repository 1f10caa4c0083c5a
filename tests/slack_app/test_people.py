"""Conversations, people, installation."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import msgspec

from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.slack import platform
from slack_app.kit import BASE, Account, answer, error, good


def read(account: Account, query: str, token: str = "") -> dict[str, object]:
    headers = (("Authorization", f"Bearer {token or account.state.token}"),)
    return answer(account.handle(HttpRequest("GET", f"/api/{query}", headers)))


def test_history_is_the_newest_first_and_comes_in_pages(account):
    for number in range(5):
        account.says(str(number))
        account.now += 1
    seen, cursor = [], ""
    while True:
        page = read(account, f"conversations.history?channel={account.dm}&limit=2&cursor={cursor}")
        seen += [raw["text"] for raw in page["messages"]]  # type: ignore[attr-defined]
        cursor = page["response_metadata"]["next_cursor"]  # type: ignore[index]
        if not page["has_more"]:
            break
    assert seen == ["4", "3", "2", "1", "0"]


def test_history_has_bounds_with_and_without_their_ends(account):
    stamps = [account.says(str(number)) for number in range(3)]
    bounds = f"conversations.history?channel={account.dm}&oldest={stamps[0]}&latest={stamps[2]}"
    assert [len(read(account, f"{bounds}{more}")["messages"]) for more in ("", "&inclusive=1")] == [1, 3]  # type: ignore[arg-type]


def test_replies_stand_in_their_thread_alone(account):
    root = account.says()
    account.post("reply", thread_ts=root)
    assert len(read(account, f"conversations.history?channel={account.dm}")["messages"]) == 1  # type: ignore[arg-type]
    assert [
        raw["text"] for raw in read(account, f"conversations.replies?channel={account.dm}&ts={root}")["messages"]
    ] == ["Hi", "reply"]  # type: ignore[attr-defined]


def test_an_address_is_told_to_who_may_know_it():
    scopes = "users:read"
    account = Account(scopes=scopes)
    user = read(account, f"users.info?user={account.to}")["user"]
    assert "email" not in user["profile"]  # type: ignore[index]


def test_several_people_have_a_conversation_of_their_own(account):
    other = account.join(msgspec.structs.replace(account.chat.customer, key="eva", first_name="Eva"))
    first, again = (
        good(account.call("conversations.open", users=f"{account.to},{other}"))["channel"]["id"] for _ in range(2)
    )
    assert first == again and account.state.rooms[first].kind == "mpim"


def test_a_channel_is_made_filled_and_closed(account):
    channel = good(account.call("conversations.create", name="returns"))["channel"]["id"]
    good(account.call("conversations.invite", channel=channel, users=[account.to]))
    assert error(account.call("conversations.invite", channel=channel, users=account.to)) == "already_in_channel"
    good(account.call("conversations.archive", channel=channel))
    assert error(account.call("chat.postMessage", channel=channel, text="x")) == "is_archived"


def test_a_bot_installs_itself(account):
    get = account.state.settings.__getitem__
    page = account.handle(
        HttpRequest("GET", f"/oauth/v2/authorize?client_id={get('client_id')}&redirect_uri=https://b.example/x&state=s")
    )
    query = parse_qs(urlsplit(page.response.header("location")).query)
    arguments = f"client_id={get('client_id')}&client_secret={get('client_secret')}&code={query['code'][0]}"
    done, again = (answer(account.handle(HttpRequest("GET", f"/api/oauth.v2.access?{arguments}"))) for _ in range(2))
    assert (done["access_token"], query["state"], again["error"]) == (account.state.token, ["s"], "invalid_code")
    assert account.handle(HttpRequest("GET", f"/avatars/{account.to}_48.png")).response.status == 200


def test_a_token_that_is_revoked_is_worth_nothing(account):
    good(account.form("auth.revoke"))
    assert error(account.call("auth.test")) == "token_revoked"


def test_the_environment_points_at_the_api(account):
    assert platform.environment(account.state, BASE)["SLACK_API_ROOT"] == f"{BASE}/api/"
    assert platform.claims(HttpRequest("POST", "/api/CHAT.POSTMESSAGE"), account.state)
    assert not platform.claims(HttpRequest("POST", "/api/nothing"), account.state)
