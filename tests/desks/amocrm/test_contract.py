"""What the desk declares is true; nothing that a bot sends brings it down; and a correct bot lives with it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.errors import SettingsError
from chatdrill.model import Accept, Close, Note
from chatdrill.wire import HttpRequest, HttpResponse, Told, Upload
from chatdrill_fakes.desks.amocrm import desk
from chatdrill_fakes.desks.amocrm.rehearsal import AmoRehearsal
from chatdrill_fakes.desks.amocrm.routes import ROUTES
from deep import tries
from desks.amocrm.kit import ANNA, BASE, CHATS, CRM_HOOK, DEFAULTS, HOOK, NOW, Account, error

PATHS = sorted({route.path for route in ROUTES})
WORDS = """
event_type payload sender receiver message type text media id ref_id msgid conversation_id timestamp silent msec_timestamp
name profile phone location contact custom_fields_values field_code field_id values value _embedded contacts leads tags
status_id responsible_user_id user_id link entity_id entity_type params note_type destination settings metadata source_uid
source_name user source external_id account_id status_code error_code force_close
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS.split()), inner, max_size=4),
    max_leaves=12,
)


# ---------------------------------------------------------------------------------------------------- declared


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[3] / file).read_text(), each.name


def test_every_call_has_a_line_in_the_coverage_and_the_same_status() -> None:
    declared = {each.name: each.status for each in desk.coverage}
    assert len(declared) == len(desk.coverage)
    assert {route.name: route.support for route in ROUTES}.items() <= declared.items()
    assert all(each.note for each in desk.coverage if each.status != "supported")


def test_every_limit_has_a_source_with_a_date() -> None:
    assert all(re.search(r"\(20\d\d-\d\d\)$", limit.source) and limit.unit for limit in desk.limits)
    assert len({limit.name for limit in desk.limits}) == len(desk.limits)


@pytest.mark.parametrize(
    "change", [{"lag_s": "soon"}, {"user_id": "bot"}, {"hook_version": "v1"}, {"nps_wait_s": "-1"}]
)
def test_a_wrong_setting_is_named(change: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(change)) if "hook_version" not in change else "v2"):
        Account(**change)


def test_the_desk_claims_its_own_paths(account: Account) -> None:
    for path, mine in ((CHATS, True), ("/api/v4/leads", True), ("/oauth2/access_token", True), ("/api/v1/x", False)):
        assert desk.claims(HttpRequest("POST", path), account.state) is mine
    assert desk.handshake(account.state) is None and desk.read_handshake(account.state, HttpResponse(500)) is None


def test_what_is_not_emulated_answers_loudly(account: Account) -> None:
    for method, path in (("GET", "/companies"), ("POST", "/salesbot/1/continue/2"), ("POST", "/leads/1/link")):
        handled = account.crm(method, path)
        assert error(handled)[0] == 501 and handled.call is not None and handled.call.support == "refused"


def test_an_unknown_path_is_not_found_in_the_words_of_its_api(account: Account) -> None:
    assert error(account.crm("GET", "/nothing")) == (404, "Page not found")
    handled = account.chat("POST", "/v2/origin/custom/a/b/c/d", {})
    assert error(handled) == (404, "there is no such method")
    assert handled.call is not None and handled.call.support == "unknown"


def test_a_refusal_is_a_problem_with_the_status_that_was_asked_for(account: Account) -> None:
    refused = desk.refusal(account.state, 503, 7)
    assert (refused.status, refused.header("retry-after")) == (503, "7")
    assert msgspec.json.decode(refused.body)["title"] == "Service Unavailable"


def test_the_trace_shows_the_elements_of_a_list(account: Account) -> None:
    handled = account.crm("POST", "/contacts", [{"name": "Ann"}])
    assert handled.call is not None and handled.call.arguments == {"items": [{"name": "Ann"}]}


def test_no_secret_is_shown_after_a_conversation(account: Account) -> None:
    account.accepted().reply()
    secrets = [DEFAULTS[name] for name in ("token", "client_secret", "code", "refresh_token", "channel_secret")]
    shown = repr(account.state)
    assert not any(secret in shown for secret in (*secrets, HOOK, CRM_HOOK))


# --------------------------------------------------------------------------------------------------- anything


@settings(max_examples=tries(40, 150), deadline=None)
@given(method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]), path=st.sampled_from(PATHS), body=st.data())
def test_nothing_that_is_sent_brings_the_desk_down(method: str, path: str, body: st.DataObject) -> None:
    account = Account().accepted()
    names = {
        "scope": account.state.scope_id,
        "channel": DEFAULTS["channel_id"],
        "uid": account.ticket.incoming or "x",
        "id": str(account.ticket.lead),
        "conversation": "my-42",
        "msgid": "m-1",
    }
    url = re.sub(r"\{(\w+)\*?\}", lambda match: names.get(match[1], "x"), path)
    content = body.draw(st.one_of(st.binary(max_size=40), JSON.map(msgspec.json.encode)))
    query = body.draw(
        st.sampled_from(["", "?limit=x&page=-1", "?filter[id][]=1&with=,", "?filter=x&query=%ff", "?offset=9"])
    )
    for handled in (
        account.chat(method, url + query, content),
        account.crm(method, url.removeprefix("/api/v4"), content),
    ):
        assert handled.wait is not None or handled.response is not None
        if handled.response is not None and handled.response.status >= 400:
            assert handled.call is not None and not handled.call.ok and handled.response.body


@settings(max_examples=tries(25, 100), deadline=None)
@given(path=st.text(max_size=30), body=st.binary(max_size=60), header=st.text(max_size=10))
def test_any_bytes_to_any_path_are_answered(path: str, body: bytes, header: str) -> None:
    account = Account()
    for prefix in ("/", "/api/v4/", "/v2/origin/custom/", "/oauth2/access_token", "/attachments/"):
        handled = account.handle(HttpRequest("POST", prefix + path, (("Authorization", header),), body))
        assert handled.response is not None and handled.response.status >= 400


# -------------------------------------------------------------------------------------------------- a correct bot


def rehearsal(account: Account) -> AmoRehearsal:
    return AmoRehearsal(desk.environment(account.state, BASE))


def caller(account: Account):  # type: ignore[no-untyped-def]
    def call(request: HttpRequest) -> HttpResponse:
        response = account.handle(request).response
        assert response is not None
        return response

    return call


def test_a_correct_bot_hands_over_with_the_whole_history(account: Account) -> None:
    history = [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!"), ("bot", "One moment")]
    ticket = rehearsal(account).hand_over(caller(account), ANNA, history)
    known = account.state.tickets[ticket]
    assert [(entry.author, entry.text) for entry in known.entries][-1] == ("customer", "A person!")
    assert sorted(entry.text for entry in known.entries) == sorted(text for _, text in history)
    assert desk.owner(account.state, ticket) == "queue" and len(account.state.incoming) == 1


def test_a_correct_bot_relays_once_and_reads_what_agents_say(account: Account) -> None:
    bot, call = rehearsal(account), caller(account)
    ticket = bot.hand_over(call, ANNA, [("customer", "Help")])
    account.act(Accept(agent="bob"))
    for _ in range(2):
        assert bot.relay(call, ticket, ANNA, "Are you there?", "tg-7").status == 200
    assert [entry.origin_id for entry in account.ticket.entries].count("tg-7") == 1
    account.clear().reply("Yes")
    account.act(Note(agent="bob", text="private"))
    account.act(Close(agent="bob"))
    told = [
        each for update in account.state.outbox for each in bot.read_hook(desk.request(account.state, (update,), NOW))
    ]
    said = [each for each in told if each.kind == "reply"]
    assert said == [Told(kind="reply", ticket=ticket, entry_id=account.ticket.entries[-2].id, text="Yes")]
    assert {"note", "closed"} <= {each.kind for each in told}


def test_a_correct_bot_relays_a_file_by_its_link(account: Account) -> None:
    bot, call = rehearsal(account), caller(account)
    ticket = bot.hand_over(call, ANNA, [("customer", "Help")])
    file = Upload("f", "photo.png", "image/png", b"png")
    request = []
    with pytest.raises(AssertionError):  # the desk asks for the file before it answers
        bot.relay_file(lambda given: request.append(given) or call(given), ticket, ANNA, file, "tg-8")  # type: ignore[func-returns-value]
    wanted = account.handle(request[0]).wait
    assert "https://bot.example/f/photo.png" in repr(wanted)


def test_a_correct_bot_believes_no_forged_hook(account: Account) -> None:
    account.accepted().clear().reply()
    (update,) = account.updates("message")
    request = desk.request(account.state, (update,), NOW)
    assert rehearsal(account).read_hook(request)
    for how in ("unsigned", "wrong"):
        with pytest.raises(ValueError, match="signature"):
            rehearsal(account).read_hook(desk.forge(account.state, request, how, NOW))  # type: ignore[arg-type]
