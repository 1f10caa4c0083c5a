"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from typing import Literal

from chatdrill.wire import Coverage


def _proof(file: str, test: str) -> str:
    return f"tests/webchat/test_{file}.py::test_{test}"


_KIT = "tests/conformance/test_platforms.py::test_the_law_holds"
_STREAM = _proof("directline", "a_stream_has_what_was_missed_and_whatever_comes")
_ONE, _LINE = "/v3/conversations/{conversation}", "/v3/directline/conversations"
Status = Literal["supported", "partial", "refused"]


def _posted(kind: str, proof: str = _KIT, status: Status = "supported", note: str = "") -> Coverage:
    return Coverage(f"POST {_ONE}/activities {kind}", status, proof, note)


COVERAGE: tuple[Coverage, ...] = (
    _posted("message", _proof("cards", "cards_are_shown_as_what_they_are")),
    _posted("typing"),
    _posted("messageReaction"),
    *(_posted(kind) for kind in ("event", "endOfConversation", "trace", "handoff", "command", "commandResult")),
    Coverage(f"POST {_ONE}/activities/{{activity}} message", "supported", _KIT),
    Coverage(f"PUT {_ONE}/activities/{{activity}}", "supported", _proof("sending", "what_was_said_changes_where_the_channel_lets_it")),
    Coverage(f"DELETE {_ONE}/activities/{{activity}}", "supported", _proof("sending", "what_was_said_changes_where_the_channel_lets_it")),
    Coverage(f"POST {_ONE}/activities/history", "refused", _KIT, "a page shows its history by Direct Line"),
    Coverage(f"GET {_ONE}/activities/{{activity}}/members", "supported", _KIT),
    Coverage("POST /v3/conversations", "supported", _proof("sending", "a_bot_begins_where_the_channel_lets_it")),
    Coverage("GET /v3/conversations", "partial", _KIT, "one page has them all"),
    Coverage(f"GET {_ONE}/members", "supported", _KIT),
    Coverage(f"GET {_ONE}/members/{{member}}", "supported", _KIT),
    Coverage(f"DELETE {_ONE}/members/{{member}}", "refused", _KIT, "a customer of a drill stays"),
    Coverage(f"GET {_ONE}/pagedmembers", "supported", _KIT),
    Coverage(f"POST {_ONE}/attachments", "supported", _proof("sending", "an_uploaded_file_is_shown")),
    Coverage("GET /v3/attachments/{id}", "supported", _KIT),
    Coverage("GET /v3/attachments/{id}/views/{view}", "supported", _KIT),
    Coverage("POST /{tenant}/oauth2/v2.0/token", "partial", _proof("tokens", "a_token_is_good_for_as_long_as_it_says"), "by client_secret; certificates are not emulated"),
    Coverage("GET /{tenant}/v2.0/.well-known/openid-configuration", "supported", _KIT),
    Coverage("GET /common/discovery/instance", "supported", _KIT),
    Coverage("GET /v1/.well-known/openidconfiguration", "supported", _KIT),
    Coverage("GET /v1/.well-known/keys", "supported", _KIT),
    Coverage("POST /v3/directline/tokens/generate", "supported", _proof("directline", "a_token_is_for_one_conversation_and_an_hour")),
    Coverage("POST /v3/directline/tokens/refresh", "supported", _proof("directline", "a_token_is_for_one_conversation_and_an_hour")),
    Coverage(f"POST {_LINE}", "supported", _proof("directline", "what_a_client_says_is_the_bots_and_comes_back")),
    Coverage(f"GET {_LINE}/{{conversation}}", "partial", _STREAM, "over the WebSocket what a simulated customer says is seen with the bot's next words"),
    Coverage(f"POST {_LINE}/{{conversation}}/activities", "supported", _proof("directline", "what_the_bot_does_with_it_is_the_answer")),
    Coverage(f"GET {_LINE}/{{conversation}}/activities", "supported", _proof("directline", "what_a_client_says_is_the_bots_and_comes_back")),
    Coverage(f"POST {_LINE}/{{conversation}}/upload", "supported", _proof("directline", "files_come_alone_or_with_words")),
    Coverage("GET /v3/directline/session/getsessionid", "refused", _KIT, "enhanced authentication by cookies"),
    Coverage("message", "supported", _proof("inbound", "a_message_has_the_fields_of_the_reference")),
    Coverage("messageUpdate", "supported", _KIT),
    Coverage("messageDelete", "supported", _KIT),
    Coverage("messageReaction", "supported", _proof("inbound", "a_reaction_takes_the_place_of_another")),
    Coverage("typing", "supported", _KIT),
    Coverage("conversationUpdate", "supported", _proof("inbound", "the_bot_is_told_once_who_is_here")),
    *(Coverage(kind, "supported", _KIT) for kind in
      ("event", "endOfConversation", "installationUpdate", "contactRelationUpdate", "deleteUserData", "command", "commandResult", "suggestion", "handoff")),
    Coverage("invoke", "partial", _KIT, "what the bot answers is in the trace, and nobody looks at it"),
    Coverage("event api_error", "supported", _proof("sending", "every_error_can_be_met")),
    Coverage("event token_revoked", "supported", _proof("tokens", "a_revoked_token_is_not_good_any_more")),
)  # fmt: skip
