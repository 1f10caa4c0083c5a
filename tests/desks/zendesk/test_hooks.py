"""Webhooks of both kinds: shapes, signatures, subscriptions, and what the bot's answer means."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Accept, Close, Note, Reply, SetPresence, SetState, Text
from chatdrill.seeds import Seed
from chatdrill.wire import HttpFailure, HttpResponse, Update
from chatdrill_fakes.desks.zendesk import desk, hooks
from desks.zendesk.kit import HOOK, NOW, Account, answer, status

TARGET = "http://127.0.0.1:9/second"
HELLO = Reply(agent="bob", parts=(Text(text="Hello"),))


def subscribe(account: Account, *types: str, endpoint: str = TARGET) -> str:
    """A webhook of Support; returns its id."""
    wants = [f"zen:event-type:{each}" for each in types]
    fixed = {"name": "bot", "status": "active", "http_method": "POST", "request_format": "json"}
    made = account.api("POST", "webhooks", {"webhook": {**fixed, "endpoint": endpoint, "subscriptions": wants}})
    assert status(made) == 201
    return str(answer(made)["webhook"]["id"])


def hook_path(account: Account) -> str:
    return f"integrations/{account.state.settings['integration_id']}/webhooks"


def first(account: Account) -> Update:
    return account.updates()[0]


# -------------------------------------------------------------------------------------------------------- Support


def test_the_signature_is_the_vendors() -> None:
    body = b'{"type":"zen:event-type:ticket.created","id":"01A"}'
    wanted = "O94Wf3bFJAwqmUfnUWPDKz3dUyk4ghAFch+wDBDkF2k="
    assert hooks.signature("zd_secret", "2026-01-15T10:00:00Z", body) == wanted


def test_an_event_of_support_has_the_vendors_shape(account: Account) -> None:
    number = account.ticket(external_id="dialog-42", tags=["bot_handoff"], priority="normal")
    account.updates()
    account.act(number, HELLO)
    told, changed = account.payloads()
    bob, group = account.state.seats["bob"].id, account.state.find(number)[1].group_id  # type: ignore[index]
    assert told["type"] == "zen:event-type:ticket.comment_added" and told["account_id"] == 22129848
    assert (told["subject"], told["zendesk_event_version"]) == (f"zen:ticket:{number}", "2022-11-06")
    assert len(told["id"]) == 26 and told["time"].startswith("2026-11-20T22:05:45")
    detail = told["detail"]
    wanted = {"id": str(number), "actor_id": bob, "external_id": "dialog-42", "status": "OPEN", "priority": "NORMAL"}
    assert {name: detail[name] for name in wanted} == wanted and detail["tags"] == ["bot_handoff"]
    assert detail["via"] == {"channel": "web_service"} and detail["group_id"] == (str(group) if group else None)
    comment = told["event"]["comment"]
    assert comment["author"] == {"id": bob, "is_staff": True, "name": "Bob Berg"}
    assert (comment["body"], comment["is_public"]) == ("Hello", True)
    assert changed["event"]["current"] == "OPEN" and changed["event"]["previous"] == "NEW"
    sequences = [each["event"]["meta"]["sequence"] for each in (told, changed)]
    assert sequences[0]["id"] == sequences[1]["id"]
    assert [(each["position"], each["total"]) for each in sequences] == [(1, 2), (2, 2)]


def test_a_note_and_the_bots_own_comment_are_told_too(account: Account) -> None:
    number = account.ticket()
    account.act(number, Note(agent="bob", text="private"))
    told = [each["event"]["comment"] for each in account.payloads() if "comment" in each["event"]]
    assert [(each["is_public"], each["author"]["name"]) for each in told] == [(True, "Bot"), (False, "Bob Berg")]


def test_a_webhook_of_support_is_signed_over_time_and_body(account: Account) -> None:
    account.ticket()
    update = first(account)
    request = desk.request(account.state, (update,), NOW)
    assert (request.method, request.url, request.body) == ("POST", HOOK, update.body)
    stamp = request.header("x-zendesk-webhook-signature-timestamp") or ""
    assert stamp == "2026-11-20T22:05:45Z" and request.header("x-zendesk-account-id") == "22129848"
    assert request.header("x-zendesk-webhook-signature") == hooks.signature(
        account.state.settings["webhook_secret"], stamp, update.body
    )
    id = request.header("x-zendesk-webhook-id") or ""
    assert len(id) == 26 and id.startswith("01")
    again = desk.request(account.state, (update,), NOW)
    assert again == request


def test_several_subscriptions_get_the_same_event_each_with_its_own_secret(account: Account) -> None:
    one = subscribe(account, "ticket.comment_added")
    two = subscribe(account, "ticket.created", "ticket.comment_added", endpoint="http://127.0.0.1:9/third")
    account.ticket()
    updates = [update for update in account.updates() if update.kind.endswith("comment_added")]
    requests = {update.hook.url: desk.request(account.state, (update,), NOW) for update in updates if update.hook}
    assert set(requests) == {HOOK, TARGET, "http://127.0.0.1:9/third"}
    assert len({update.id for update in updates}) == 1 and len({update.lane for update in updates}) == 3
    for id, url in ((one, TARGET), (two, "http://127.0.0.1:9/third")):
        secret = answer(account.api("GET", f"webhooks/{id}/signing_secret"))["signing_secret"]["secret"]
        request = requests[url]
        stamp = request.header("x-zendesk-webhook-signature-timestamp") or ""
        assert request.header("x-zendesk-webhook-signature") == hooks.signature(secret, stamp, request.body)


def test_a_subscription_is_shown_changed_and_removed(account: Account) -> None:
    id = subscribe(account, "ticket.created")
    shown = answer(account.api("GET", f"webhooks/{id}"))["webhook"]
    assert shown["subscriptions"] == ["zen:event-type:ticket.created"] and shown["status"] == "active"
    assert status(account.api("PATCH", f"webhooks/{id}", {"webhook": {"status": "inactive"}})) == 204
    account.ticket()
    assert all(update.hook is account.state.named for update in account.updates())
    account.api("PUT", f"webhooks/{id}", {"webhook": {"status": "active"}})
    account.ticket()
    assert status(account.api("DELETE", f"webhooks/{id}")) == 204
    assert all(update.hook is account.state.named for update in account.updates())
    assert answer(account.api("GET", "webhooks"))["webhooks"] == []
    assert status(account.api("GET", f"webhooks/{id}")) == 404


def test_a_new_signing_secret_replaces_the_old(account: Account) -> None:
    id = subscribe(account, "ticket.created")
    before = account.state.support_hooks[id].hook.secret
    assert status(account.api("POST", f"webhooks/{id}/signing_secret")) == 201
    assert account.state.support_hooks[id].hook.secret != before


@pytest.mark.parametrize(
    "wrong", [{"endpoint": "x"}, {"http_method": "GET"}, {"status": "on"}, {"name": ""}, {"subscriptions": 5}]
)
def test_a_wrong_subscription_is_refused(account: Account, wrong: Any) -> None:
    good = {"name": "b", "status": "active", "http_method": "POST", "request_format": "json", "endpoint": TARGET}
    body = {"webhook": {**good, "subscriptions": ["zen:event-type:ticket.created"], **wrong}}
    assert status(account.api("POST", "webhooks", body)) == 400


def test_messages_of_a_conversation_are_an_event_of_support_too(account: Account) -> None:
    subscribe(account, "messaging_ticket.message_added", "ticket.created")
    talk = account.handed_over()
    account.act(talk, HELLO)
    account.say(talk, "thanks")
    told = [each for each in account.payloads() if "zendesk_event_version" in each]
    assert [each["type"].rpartition(":")[2] for each in told] == [
        "ticket.created", "messaging_ticket.message_added", "messaging_ticket.message_added",
    ]  # fmt: skip
    assert [each["event"]["actor"]["type"] for each in told[1:]] == ["agent", "end_user"]
    assert told[1]["event"]["conversation_id"] == talk and told[1]["event"]["message"]["body"] == "Hello"
    assert told[1]["detail"] == {"id": told[0]["detail"]["id"]}


STORIES: dict[str, Any] = {
    "ticket.status_changed": {"status": "pending"},
    "ticket.priority_changed": {"priority": "high"},
    "ticket.subject_changed": {"subject": "Other"},
    "ticket.type_changed": {"type": "task"},
    "ticket.external_id_changed": {"external_id": "x"},
    "ticket.tags_changed": {"tags": ["a"]},
    "ticket.custom_field_changed": {"custom_fields": [{"id": 5, "value": "x"}]},
    "ticket.comment_added": {"comment": {"body": "x"}},
}


@pytest.mark.parametrize("type", STORIES)
def test_every_change_has_its_event(account: Account, type: str) -> None:
    number = account.ticket()
    account.updates()
    account.update(number, **STORIES[type])
    assert account.kinds() == [type]


@pytest.mark.parametrize(
    ("role", "talk_kinds", "ticket_kinds"),
    [
        ("auto", {"sunco"}, {"support"}),
        ("sunco", {"sunco"}, set()),
        ("support", {"support"}, {"support"}),
        ("both", {"sunco", "support"}, {"support"}),
    ],
)
def test_the_bots_webhook_plays_the_kind_it_is_set_to(role: str, talk_kinds: set[str], ticket_kinds: set[str]) -> None:
    account = Account(webhook_as=role)
    account.handed_over()
    talked = {"support" if kind.kind.startswith("zen:") else "sunco" for kind in account.updates()}
    account.ticket()
    filed = {"support" if kind.kind.startswith("zen:") else "sunco" for kind in account.updates()}
    assert (talked, filed) == (talk_kinds, ticket_kinds)


def test_without_a_webhook_nothing_of_support_waits(account: Account) -> None:
    account.state.webhook_url = None
    account.ticket()
    account.act("", SetPresence(agent="bob", presence="away"))
    assert not account.updates()


# ---------------------------------------------------------------------------------------------------------- SunCo


def test_an_event_of_sunshine_has_the_vendors_shape(account: Account) -> None:
    talk = account.conversation()
    account.updates()
    account.say(talk, "hello", origin="tg:1")
    update = first(account)
    payload = msgspec.json.decode(update.body)
    (event,) = payload["events"]
    assert payload["app"] == {"id": account.state.settings["app_id"]} and payload["webhook"]["version"] == "v2"
    assert (event["id"], event["type"]) == (update.id, "conversation:message")
    assert event["createdAt"] == "2026-11-20T22:05:45.000Z"
    author = event["payload"]["message"]["author"]
    assert author["user"] == {"id": author["userId"], "externalId": "tg-42", "authenticated": False}
    assert event["payload"]["conversation"]["metadata"] == {"channel": "telegram"}
    request = desk.request(account.state, (update,), NOW)
    assert request.header("x-api-key") == account.state.settings["sunco_webhook_secret"]
    assert request.header("x-zendesk-webhook-signature") is None and request.url == HOOK


def test_a_webhook_of_sunshine_has_its_own_secret_and_triggers(account: Account) -> None:
    body = {"target": TARGET, "triggers": ["switchboard:passControl"], "includeFullUser": False}
    made = account.sunco("POST", hook_path(account), body)
    told = answer(made)["webhook"]
    assert status(made) == 201 and told["version"] == "v2" and len(told["secret"]) == 32
    account.handed_over()
    mine = [update for update in account.updates() if update.hook is not None]
    assert [update.kind for update in mine] == ["switchboard:passControl"]
    request = desk.request(account.state, mine, NOW)
    assert (request.url, request.header("x-api-key")) == (TARGET, told["secret"])
    assert msgspec.json.decode(request.body)["webhook"]["id"] == told["id"]


def test_a_webhook_of_sunshine_is_shown_changed_and_removed(account: Account) -> None:
    path = hook_path(account)
    id = answer(account.sunco("POST", path, {"target": TARGET, "triggers": ["conversation:message"]}))["webhook"]["id"]
    changed = account.sunco("PATCH", f"{path}/{id}", {"triggers": ["conversation:read"], "includeFullUser": True})
    assert answer(changed)["webhook"]["triggers"] == ["conversation:read"]
    assert answer(account.sunco("GET", f"{path}/{id}"))["webhook"]["includeFullUser"] is True
    assert len(answer(account.sunco("GET", path))["webhooks"]) == 1
    assert status(account.sunco("DELETE", f"{path}/{id}")) == 200
    assert status(account.sunco("GET", f"{path}/{id}")) == 404
    refused = account.sunco("GET", "integrations/none/webhooks")
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (404, "integration_not_found")


def test_an_app_has_at_most_ten_webhooks_with_known_triggers(account: Account) -> None:
    good = {"target": TARGET, "triggers": ["conversation:message"]}
    codes = [status(account.sunco("POST", hook_path(account), good)) for _ in range(11)]
    assert codes == [201] * 10 + [400]
    for wrong in ({"triggers": ["conversation:messages"]}, {"triggers": []}, {"target": "x"}):
        assert status(account.sunco("POST", hook_path(account), {**good, **wrong})) == 400


def test_a_token_of_one_integration_sees_only_its_own_webhooks(account: Account) -> None:
    other = answer(account.sunco("POST", "integrations", {"type": "custom"}))["integration"]["id"]
    own = account.integration_auth()
    assert status(account.sunco("GET", hook_path(account), auth=own)) == 200
    assert status(account.sunco("GET", f"integrations/{other}/webhooks", auth=own)) == 403


def test_the_full_user_is_told_to_whom_asks_for_it(account: Account) -> None:
    body = {"target": TARGET, "triggers": ["conversation:message"], "includeFullUser": True}
    account.sunco("POST", hook_path(account), body)
    account.say(account.conversation(), "x")
    full = next(update for update in account.updates() if update.hook is not None)
    user = msgspec.json.decode(full.body)["events"][0]["payload"]["message"]["author"]["user"]
    assert user["profile"]["givenName"] == "Ann"


def standby(account: Account, *, deliver: bool) -> str:
    account.state.stations[next(iter(account.state.stations))].standby = deliver
    return account.handed_over()


@pytest.mark.parametrize(("deliver", "kinds"), [(True, ["conversation:message"]), (False, [])])
def test_who_stands_by_hears_only_if_it_wants_to(account: Account, deliver: bool, kinds: list[str]) -> None:
    talk = standby(account, deliver=deliver)
    account.updates()
    account.act(talk, HELLO)
    assert account.kinds() == kinds


def test_who_is_offered_control_hears_again(account: Account) -> None:
    talk = standby(account, deliver=False)
    account.updates()
    account.control(talk, "offerControl", "bot")
    account.act(talk, HELLO)
    assert account.kinds() == ["switchboard:offerControl", "conversation:message"]


def test_who_gives_and_who_gets_control_hear_of_it_even_on_standby(account: Account) -> None:
    talk = standby(account, deliver=False)
    assert account.kinds() == ["conversation:create", "conversation:message", "switchboard:passControl"]
    account.act(talk, Accept(agent="bob"))
    account.act(talk, Close(agent="bob"))
    assert account.kinds() == ["switchboard:releaseControl"]


def test_an_integration_beside_the_switchboard_hears_everything(account: Account) -> None:
    other = answer(account.sunco("POST", "integrations", {"type": "custom"}))["integration"]["id"]
    body = {"target": TARGET, "triggers": ["conversation:message"]}
    account.sunco("POST", f"integrations/{other}/webhooks", body)
    talk = standby(account, deliver=False)
    account.updates()
    account.act(talk, HELLO)
    assert [update.hook.url for update in account.updates() if update.hook] == [TARGET]


def test_group_members_and_removals_are_told(account: Account) -> None:
    account.sunco("POST", "users", {"externalId": "bea"})
    group = answer(account.sunco("POST", "conversations", {"type": "sdkGroup"}))["conversation"]["id"]
    account.sunco("POST", f"conversations/{group}/join", {"userExternalId": "bea"})
    account.sunco("POST", f"conversations/{group}/leave", {"userExternalId": "bea"})
    account.sunco("DELETE", f"conversations/{group}")
    account.sunco("DELETE", "users/bea")
    assert account.kinds() == [
        "conversation:create", "conversation:join", "conversation:leave", "conversation:remove", "user:remove",
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------------- what comes back


@pytest.mark.parametrize("code", [400, 401, 403, 404, 406])
def test_sunshine_does_not_try_again_after_what_is_not_recoverable(account: Account, code: int) -> None:
    account.conversation()
    update = first(account)
    ack = desk.read_ack(account.state, (update,), HttpResponse(code), NOW)
    assert not ack.ok and ack.attempts_max == 1


def test_sunshine_makes_five_attempts_in_fifteen_minutes(account: Account) -> None:
    account.conversation()
    update = first(account)
    for answered in (HttpResponse(500), HttpResponse(429), HttpFailure("timeout")):
        assert desk.read_ack(account.state, (update,), answered, NOW).retry_after_s is None
    retry, chance, elapsed = desk.delivery.retry, Seed(1).stream("x"), 0.0
    for failures in range(1, 5):
        delay = retry.delay_s(failures, elapsed, chance)
        assert delay is not None
        elapsed += delay
    assert elapsed <= 900 and retry.delay_s(5, elapsed, chance) is None
    assert desk.read_ack(account.state, (update,), HttpResponse(204), NOW).ok and desk.delivery.ack_timeout_s == 20


@pytest.mark.parametrize(
    ("answered", "wait", "attempts_max"),
    [
        (HttpResponse(429, (("Retry-After", "59"),)), 59.0, None),
        (HttpResponse(503, (("Retry-After", "60"),)), None, 1),
        (HttpResponse(503), None, 1),
        (HttpResponse(500), None, 1),
        (HttpFailure("timeout"), None, None),
    ],
)
def test_support_tries_again_only_after_time_outs_and_short_pauses(
    account: Account, answered: Any, wait: Any, attempts_max: Any
) -> None:
    account.ticket()
    ack = desk.read_ack(account.state, (first(account),), answered, NOW)
    assert (ack.retry_after_s, ack.attempts_max) == (wait, attempts_max)


def test_support_tries_three_times_more_after_conflicts(account: Account) -> None:
    account.ticket()
    update = first(account)
    ends = [desk.read_ack(account.state, (update,), HttpResponse(409), NOW).attempts_max for _ in range(4)]
    assert ends == [None, None, None, 1]


@pytest.mark.parametrize("begin", ["ticket", "conversation"])
@pytest.mark.parametrize("how", ["unsigned", "wrong"])
def test_a_forged_webhook_does_not_show_the_secret(account: Account, begin: str, how: Any) -> None:
    getattr(account, begin)()
    request = desk.request(account.state, (first(account),), NOW)
    shown = "x-zendesk-webhook-signature" if begin == "ticket" else "x-api-key"
    forged = desk.forge(account.state, request, how, NOW)
    assert forged.body == request.body and forged.header(shown) != request.header(shown)
    assert (forged.header(shown) is None) == (how == "unsigned")


def test_a_stale_webhook_is_signed_rightly_for_a_time_long_past(account: Account) -> None:
    account.ticket()
    request = desk.request(account.state, (first(account),), NOW)
    forged = desk.forge(account.state, request, "stale", NOW)
    stamp = forged.header("x-zendesk-webhook-signature-timestamp") or ""
    secret = account.state.settings["webhook_secret"]
    assert stamp == "2026-11-20T21:50:45Z"
    assert forged.header("x-zendesk-webhook-signature") == hooks.signature(secret, stamp, request.body)
    account.conversation()
    sunco = desk.request(account.state, (first(account),), NOW)
    with pytest.raises(Unsupported, match="X-API-Key"):
        desk.forge(account.state, sunco, "stale", NOW)


def test_a_lost_webhook_changes_nothing(account: Account) -> None:
    number = account.ticket()
    account.act(number, SetState(agent="bob", state="solved"))
    assert desk.dropped(account.state, account.updates(), NOW) == ()
    assert desk.handshake(account.state) is None
    assert desk.read_handshake(account.state, HttpResponse(200)) is None
