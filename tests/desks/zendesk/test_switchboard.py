"""The switchboard: who has control, what a transfer makes of a conversation, who is told."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Accept, Close, EntryAdded, HandoffFailed, Reply, Text, TicketOpened
from desks.zendesk.kit import Account, answer, status, tags

WORKSPACE = "zd:agentWorkspace"


def active(account: Account, talk: str) -> tuple[str | None, str | None]:
    told = answer(account.sunco("GET", f"conversations/{talk}"))["conversation"]
    names = [told.get(f"{key}SwitchboardIntegration", {}).get("name") for key in ("active", "pending")]
    return names[0], names[1]


def board(account: Account) -> str:
    return str(answer(account.sunco("GET", "switchboards"))["switchboards"][0]["id"])


def stations(account: Account) -> dict[str, Any]:
    listed = answer(account.sunco("GET", f"switchboards/{board(account)}/switchboardIntegrations"))
    return {each["name"]: each for each in listed["switchboardIntegrations"]}


def test_passing_control_to_the_workspace_makes_the_ticket(account: Account) -> None:
    talk = account.conversation()
    account.say(talk, "Where is my parcel?", origin="tg:1")
    account.say(talk, "One moment", bot=True)
    assert tags(account.events) == ["contact_filed"]
    passed = account.hand_over(
        talk,
        **{
            "dataCapture.systemField.requester.name": "Ann Lee",
            "dataCapture.systemField.tags": "bot, vip",
            "dataCapture.systemField.priority": "high",
            "dataCapture.ticketField.360001": "telegram",
        },
    )
    assert (status(passed), answer(passed)) == (200, {}) and passed.call is not None and passed.call.to == talk
    assert tags(passed.events) == ["contact_filed", "ticket_opened", "handoff_asked", "entry_added", "entry_added"]
    entries = [event.entry for event in passed.events if isinstance(event, EntryAdded)]
    assert [(each.author, each.origin_id) for each in entries] == [("customer", "tg:1"), ("bot", None)]
    opened = next(event for event in passed.events if isinstance(event, TicketOpened))
    assert {"tg-42", "ann@example.com", "telegram"} <= set(opened.keys) and opened.ticket == talk
    (told,) = answer(account.api("GET", "tickets"))["tickets"]
    assert (told["tags"], told["priority"], told["from_messaging_channel"]) == (["bot", "vip"], "high", True)
    assert told["custom_fields"] == [{"id": 360001, "value": "telegram"}]
    assert answer(account.api("GET", f"users/{told['requester_id']}"))["user"]["name"] == "Ann Lee"


def test_both_ids_mean_the_same_ticket(account: Account) -> None:
    talk = account.handed_over()
    (told,) = answer(account.api("GET", "tickets"))["tickets"]
    account.now += 1
    noted = account.update(told["id"], comment={"body": "note", "public": False})
    account.now += 1
    said = account.say(talk, "hello?")
    assert noted.call is not None and said.call is not None
    assert noted.call.to == said.call.to == talk
    assert {event.ticket for event in (*noted.events, *said.events)} == {talk}
    log = answer(account.api("GET", f"tickets/{told['id']}/conversation_log"))["events"]
    assert [each["type"] for each in log] == ["Messaging", "Comment", "Messaging"]


@pytest.mark.parametrize("target", ["next", "zd-agentWorkspace", WORKSPACE, "id"])
def test_a_target_is_found_by_id_name_type_or_place(account: Account, target: str) -> None:
    talk = account.conversation()
    wanted = stations(account)["zd-agentWorkspace"]["id"] if target == "id" else target
    account.control(talk, "passControl", wanted)
    assert account.owner(talk) == "queue" and active(account, talk) == ("zd-agentWorkspace", None)


def test_a_wrong_target_is_answered_200_and_reported_by_an_event(account: Account) -> None:
    talk = account.conversation()
    account.updates()
    passed = account.control(talk, "passControl", "nobody")
    assert (status(passed), answer(passed)) == (200, {}) and active(account, talk) == ("bot", None)
    (told,) = account.sunco_events()
    assert told["type"] == "switchboard:passControl:failure"
    assert told["payload"]["error"] == {"code": "switchboard_invalid_target", "message": "Switchboard invalid target"}
    assert isinstance(passed.events[-1], HandoffFailed)
    assert status(account.control("0" * 24, "passControl", "bot")) == 404
    assert status(account.control(talk, "passControl")) == 400


def test_control_is_not_offered_to_whom_has_it(account: Account) -> None:
    talk = account.conversation()
    account.updates()
    account.control(talk, "offerControl", "bot")
    (told,) = account.sunco_events()
    assert told["type"] == "switchboard:offerControl:failure"
    assert told["payload"]["error"]["message"] == "Cannot offer control to the active switchboard integration."


def test_an_offer_is_accepted_once(account: Account) -> None:
    talk = account.handed_over()
    account.control(talk, "offerControl", "bot", {"why": "listen"})
    assert active(account, talk) == ("zd-agentWorkspace", "bot") and account.owner(talk) == "queue"
    assert status(account.control(talk, "acceptControl", auth=account.integration_auth())) == 200
    assert active(account, talk) == ("bot", None) and account.owner(talk) == "bot"
    account.updates()
    assert status(account.control(talk, "acceptControl")) == 200
    (told,) = account.sunco_events()
    error = {"code": "switchboard_invalid_action", "message": "There is no pendingSwitchboardIntegration"}
    assert (told["type"], told["payload"]["error"]) == ("switchboard:acceptControl:failure", error)


def test_an_integration_acts_only_in_its_own_right(account: Account) -> None:
    talk, own = account.handed_over(), account.integration_auth()
    for action in ("releaseControl", "acceptControl"):
        refused = account.control(talk, action, auth=own)
        assert (status(refused), answer(refused)["errors"][0]["code"]) == (403, "forbidden")
    assert status(account.control(talk, "releaseControl")) == 200


def test_released_control_goes_to_the_default_with_the_next_message(account: Account) -> None:
    talk = account.handed_over()
    released = account.control(talk, "releaseControl", metadata={"why": "done"})
    assert tags(released.events) == ["ticket_closed"] and active(account, talk) == (None, None)
    account.say(talk, "hello again")
    assert active(account, talk) == ("bot", None) and account.owner(talk) == "bot"


def test_passing_control_back_ends_the_human_part(account: Account) -> None:
    talk = account.handed_over()
    account.act(talk, Accept(agent="bob"))
    assert account.owner(talk) == "agent"
    assert tags(account.control(talk, "passControl", "bot").events) == ["ticket_closed"]
    assert account.owner(talk) == "bot"


def test_a_second_transfer_into_an_open_ticket_makes_none(account: Account) -> None:
    talk = account.handed_over()
    account.control(talk, "passControl", "bot")
    again = account.hand_over(talk, **{"dataCapture.systemField.priority": "urgent"})
    assert tags(again.events) == ["handoff_asked"]
    (told,) = answer(account.api("GET", "tickets"))["tickets"]
    assert told["priority"] is None


def test_after_the_end_a_transfer_makes_another_ticket_of_the_same_conversation(account: Account) -> None:
    talk = account.handed_over()
    account.act(talk, Close(agent="bob"))
    account.say(talk, "One more thing", origin="tg:2")
    again = account.hand_over(talk)
    assert [each for each in tags(again.events) if each != "contact_filed"] == [
        "ticket_reopened", "handoff_asked", "entry_added",
    ]  # fmt: skip
    first, second = answer(account.api("GET", "tickets"))["tickets"]
    assert (first["status"], second["status"]) == ("closed", "new") and account.owner(talk) == "queue"
    assert status(account.update(first["id"], comment={"body": "x"})) == 422


def test_the_transfer_may_name_which_messages_are_the_transcript(account: Account) -> None:
    talk = account.conversation()
    ids = [answer(account.say(talk, text))["messages"][0]["id"] for text in ("a", "b", "c")]
    passed = account.hand_over(talk, first_message_id=ids[1], last_message_id=ids[1])
    assert [event.entry.text for event in passed.events if isinstance(event, EntryAdded)] == ["b"]


def test_nobody_has_a_conversation_whose_default_is_the_workspace(account: Account) -> None:
    agents = stations(account)["zd-agentWorkspace"]["id"]
    account.sunco("PATCH", f"switchboards/{board(account)}", {"defaultSwitchboardIntegrationId": agents})
    talk = account.conversation()
    account.hand_over(talk)
    account.control(talk, "releaseControl")
    assert account.owner(talk) == "none"


def test_routing_assigns_to_the_agent_with_room() -> None:
    account = Account(routing="auto")
    talk = account.handed_over()
    assigned = next(event for event in account.events if "assigned" in tags([event]))
    assert assigned.automatic and assigned.agent == "bob" and account.owner(talk) == "agent"  # type: ignore[attr-defined,union-attr]
    assert "accepted" not in tags(account.events)


def test_nobody_is_given_more_than_they_can_hold() -> None:
    account = Account(routing="auto")
    for _ in range(6):
        account.ticket(group_id=account.state.person_of("bob").group_ids[0])
    owners = [account.owner(ticket) for ticket in account.state.tickets]
    assert owners == ["agent"] * 5 + ["queue"]


# ------------------------------------------------------------------------------------------------- administration


def test_a_switchboard_integration_is_made_changed_and_removed(account: Account) -> None:
    path = f"switchboards/{board(account)}/switchboardIntegrations"
    own = answer(account.sunco("POST", "integrations", {"type": "custom", "displayName": "Second"}))["integration"][
        "id"
    ]
    made = account.sunco("POST", path, {"name": "second", "integrationId": own, "messageHistoryCount": 2})
    told = answer(made)["switchboardIntegration"]
    assert status(made) == 201 and told["deliverStandbyEvents"] is True and told["messageHistoryCount"] == 2
    changed = account.sunco("PATCH", f"{path}/{told['id']}", {"deliverStandbyEvents": False})
    assert answer(changed)["switchboardIntegration"]["deliverStandbyEvents"] is False
    assert status(account.sunco("DELETE", f"{path}/{told['id']}")) == 200
    default = stations(account)["bot"]["id"]
    assert status(account.sunco("DELETE", f"{path}/{default}")) == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x" * 128}, 201), ({"name": "x" * 129}, 400), ({"name": "a b"}, 400), ({"name": "bot"}, 400),
        ({"name": "x", "messageHistoryCount": 10}, 201), ({"name": "x", "messageHistoryCount": 11}, 400),
        ({"name": "x", "nextSwitchboardIntegrationId": "0"}, 404),
    ],
)  # fmt: skip
def test_names_and_history_have_their_bounds(account: Account, body: Any, code: int) -> None:
    own = answer(account.sunco("POST", "integrations", {"type": "custom"}))["integration"]["id"]
    path = f"switchboards/{board(account)}/switchboardIntegrations"
    assert status(account.sunco("POST", path, {**body, "integrationId": own})) == code


def test_a_switchboard_has_at_most_ten_integrations_and_an_app_one_switchboard(account: Account) -> None:
    path, codes = f"switchboards/{board(account)}/switchboardIntegrations", []
    for n in range(9):
        own = answer(account.sunco("POST", "integrations", {"type": "custom"}))["integration"]["id"]
        codes.append(status(account.sunco("POST", path, {"name": f"n{n}", "integrationId": own})))
    assert codes == [201] * 8 + [400]
    assert status(account.sunco("POST", "switchboards", {})) == 400
    assert status(account.sunco("DELETE", f"switchboards/{board(account)}")) == 200
    made = account.sunco("POST", "switchboards", {})
    assert answer(made)["switchboard"]["enabled"] is False


def test_without_a_switchboard_nobody_has_control(account: Account) -> None:
    account.sunco("DELETE", f"switchboards/{board(account)}")
    talk = account.conversation()
    assert active(account, talk) == (None, None)
    account.updates()
    account.say(talk, "x")
    assert [event["type"] for event in account.sunco_events()] == ["conversation:message"]


def test_the_next_owner_is_shown_what_was_said_last(account: Account) -> None:
    path = f"switchboards/{board(account)}/switchboardIntegrations/{stations(account)['bot']['id']}"
    account.sunco("PATCH", path, {"messageHistoryCount": 1})
    talk = account.handed_over()
    account.act(talk, Reply(agent="bob", parts=(Text(text="Hello"),)))
    account.updates()
    account.control(talk, "passControl", "bot")
    (told,) = account.sunco_events()
    assert [each["content"]["text"] for each in told["payload"]["messageHistory"]] == ["Hello"]


def test_integrations_are_listed_and_only_custom_ones_made(account: Account) -> None:
    own = account.state.settings["integration_id"]
    assert answer(account.sunco("GET", f"integrations/{own}"))["integration"]["type"] == "custom"
    assert len(answer(account.sunco("GET", "integrations"))["integrations"]) == 2
    assert (
        answer(account.sunco("POST", "integrations", {"type": "line"}))["errors"][0]["title"]
        == "Invalid integration type"
    )
