"""How faithfully each call and activity is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.botframework.routes import ROUTES


def _proof(file: str, test: str) -> str:
    return f"tests/desks/botframework/test_{file}.py::test_{test}"


_ONE = "/v3/conversations/{conversation}"
_MEMBERS = _proof("connector", "members_are_the_customer_the_bot_and_the_agent")
_FILES = _proof("connector", "an_upload_gets_an_id_and_comes_back")
_PROOFS = {
    "POST /v3/conversations": _proof("connector", "a_conversation_is_made_each_time"),
    "GET /v3/conversations": _proof("connector", "a_conversation_is_made_each_time"),
    f"POST {_ONE}/activities": _proof("handoff", "a_request_opens_the_conversation_with_its_transcript"),
    f"POST {_ONE}/activities/history": _proof("connector", "history_is_imported_without_asking_for_anybody"),
    f"POST {_ONE}/activities/{{activity}}": _proof("connector", "a_reply_names_what_it_answers"),
    f"PUT {_ONE}/activities/{{activity}}": _proof("connector", "a_message_is_changed_and_deleted"),
    f"DELETE {_ONE}/activities/{{activity}}": _proof("connector", "a_message_is_changed_and_deleted"),
    f"POST {_ONE}/attachments": _FILES,
    "GET /v3/attachments/{id}": _FILES,
    "GET /v3/attachments/{id}/views/{view}": _FILES,
    "POST /{tenant}/oauth2/v2.0/token": _proof("connector", "the_token_is_given_for_id_and_password"),
    "GET /{tenant}/v2.0/.well-known/openid-configuration": _proof("tokens", "the_login_says_where_tokens_are_given"),
    "GET /common/discovery/instance": _proof("tokens", "the_login_says_where_tokens_are_given"),
    "GET /v1/.well-known/openidconfiguration": _proof("tokens", "the_hubs_token_is_signed_by_the_key_it_publishes"),
    "GET /v1/.well-known/keys": _proof("tokens", "the_hubs_token_is_signed_by_the_key_it_publishes"),
}
_NOTES = {
    "POST /{tenant}/oauth2/v2.0/token": "gives the shared token of the settings, no JSON Web Token; it does not run out",
}
_DROPPED = _proof("connector", "other_activities_are_dropped_with_a_note")
_FROM_BOT = {
    "event handoff.initiate": _PROOFS[f"POST {_ONE}/activities"],
    "message": _proof("handoff", "from_says_whose_words_they_are"),
    "messageUpdate": _proof("connector", "a_message_is_changed_and_deleted"),
    "messageDelete": _proof("connector", "a_message_is_changed_and_deleted"),
    "endOfConversation": _proof("handoff", "the_end_of_the_conversation_gives_it_back"),
}
_OTHER = ("typing", "handoff", "trace", "conversationUpdate", "messageReaction", "event (any other)", "command")
_TO_BOT = {
    "handoff.status accepted": _proof("agents", "an_act_on_a_waiting_conversation"),
    "handoff.status failed": _proof("handoff", "without_the_skill_the_request_fails"),
    "handoff.status completed": _proof("agents", "an_act_on_a_waiting_conversation"),
    "handoff.status (extra_state)": _proof("handoff", "a_state_of_the_hubs_own_comes_first"),
    "agent message": _proof("agents", "an_agents_message_has_its_golden_shape"),
    "agent typing": _proof("agents", "an_act_on_a_waiting_conversation"),
    "agent messageUpdate": _proof("agents", "an_agent_changes_and_deletes_a_message"),
    "agent messageDelete": _proof("agents", "an_agent_changes_and_deletes_a_message"),
}


def _all() -> Iterable[Coverage]:
    for each in ROUTES:
        note = _NOTES.get(each.name, "")
        yield Coverage(each.name, "partial" if note else "supported", _PROOFS.get(each.name, _MEMBERS), note)
    for name, proof in (*_FROM_BOT.items(), *_TO_BOT.items()):
        yield Coverage(name, "supported", proof)
    for name in _OTHER:
        yield Coverage(name, "partial", _DROPPED, "taken and dropped, as channels do; a note says so")
    yield Coverage("invoke", "refused", _DROPPED, "a bot cannot send it")


COVERAGE: tuple[Coverage, ...] = tuple(_all())
