"""The account's own side: inbox, bots, teams, the profile."""

from __future__ import annotations

import pytest

from desks.chatwoot.kit import ACCOUNT, BOT, CONTACTS, USER, Office, body, good, status


def test_the_inbox_says_its_secrets_to_administrators(office: Office) -> None:
    (listed,) = office.ask("GET", f"{ACCOUNT}/inboxes", token=USER)["payload"]
    assert listed == office.ask("GET", f"{ACCOUNT}/inboxes/3", token=USER)
    assert (listed["hmac_token"], listed["inbox_identifier"]) == ("cw-hmac-chatdrill", "cwInboxChatdrill")
    assert listed["channel_type"] == "Channel::Api" and len(listed["working_hours"]) == 7


def test_the_inboxs_own_webhook_is_set_by_a_call(office: Office) -> None:
    asked = {"channel": {"webhook_url": "http://127.0.0.1:9/inbox"}, "enable_auto_assignment": True}
    office.ask(
        "PATCH", f"{ACCOUNT}/inboxes/3", {**asked, "auto_assignment_config": {"max_assignment_limit": 2}}, token=USER
    )
    office.talk()
    office.told()
    office.say("Hi")
    assert [update.hook.url for update in office.told() if update.hook] == ["http://127.0.0.1:9/inbox"]
    assert office.state.inbox.max_assignment_limit == 2


def test_another_bot_has_a_token_of_its_own_and_hears_once_the_inbox_has_it(office: Office) -> None:
    asked = {"name": "Second", "outgoing_url": "http://127.0.0.1:9/two"}
    made = office.ask("POST", f"{ACCOUNT}/agent_bots", asked, token=USER)
    office.talk()
    assert all(update.hook is None for update in office.told())
    office.ask("POST", f"{ACCOUNT}/inboxes/3/set_agent_bot", {"agent_bot": made["id"]}, token=USER)
    assert office.ask("GET", f"{ACCOUNT}/inboxes/3/agent_bot", token=USER)["agent_bot"]["name"] == "Second"
    good(office.call("POST", f"{ACCOUNT}/conversations/1/messages", {"content": "x"}, token=made["access_token"]))
    assert [update.hook.url for update in office.told() if update.hook][:1] == ["http://127.0.0.1:9/two"]


def test_without_a_bot_new_conversations_are_open(office: Office) -> None:
    office.ask("POST", f"{ACCOUNT}/inboxes/3/set_agent_bot", {"agent_bot": None}, token=USER)
    office.contact()
    assert office.ask("POST", f"{CONTACTS}/tg-42/conversations", {})["status"] == "open"


def test_bots_are_listed_shown_and_deleted(office: Office) -> None:
    office.ask("POST", f"{ACCOUNT}/agent_bots", {"name": "Second"}, token=USER)
    assert [each["id"] for each in office.ask("GET", f"{ACCOUNT}/agent_bots", token=USER)] == [1, 2]
    assert office.ask("GET", f"{ACCOUNT}/agent_bots/1", token=USER)["access_token"] == BOT
    assert status(office.call("DELETE", f"{ACCOUNT}/agent_bots/2", token=USER)) == 200
    assert status(office.call("GET", f"{ACCOUNT}/agent_bots/2", token=USER)) == 404
    assert status(office.call("DELETE", f"{ACCOUNT}/agent_bots/1", token=USER)) == 422


def test_teams_are_made_once_in_small_letters(office: Office) -> None:
    made = office.ask("POST", f"{ACCOUNT}/teams", {"name": "Night"}, token=USER)
    again = office.call("POST", f"{ACCOUNT}/teams", {"name": "NIGHT"}, token=USER)
    assert (made["name"], status(again), body(again)["attributes"]) == ("night", 422, ["name"])
    assert office.ask("GET", f"{ACCOUNT}/teams/{made['id']}", token=USER) == made
    assert len(office.ask("GET", f"{ACCOUNT}/teams", token=USER)) == 2
    assert status(office.call("POST", f"{ACCOUNT}/teams", {}, token=USER)) == 422


def test_the_profile_is_that_of_the_token(office: Office) -> None:
    shown = office.ask("GET", "/api/v1/profile", token=USER)
    assert (shown["role"], shown["accounts"][0]["id"]) == ("administrator", 1)


@pytest.mark.parametrize("url", ["inboxes/4", "inboxes/4/agent_bot", "teams/9", "contacts/9", "agent_bots/x"])
def test_what_the_account_does_not_have_is_not_found(office: Office, url: str) -> None:
    assert status(office.call("GET", f"{ACCOUNT}/{url}", token=USER)) == 404
