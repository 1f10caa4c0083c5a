"""What the inbox declares: settings, capabilities, limits, coverage."""

from __future__ import annotations

from dataclasses import replace

from chatdrill.wire import Coverage, DeskCapabilities, Setting

from .. import limits
from ..ids import PAGE_INBOX_APP

TITLE = "Messenger: Page Inbox"
DEFAULT_APPS = ("bot", "inbox", "none")

SETTINGS = (
    Setting(
        "app_id",
        PAGE_INBOX_APP,
        "app id of the helpdesk: the Page Inbox, or the app of another one that must ask for threads",
        "MESSENGER_INBOX_APP_ID",
    ),
    Setting("app_name", "Page Inbox", "its name among the secondary receivers", "MESSENGER_INBOX_APP_NAME"),
    Setting(
        "default_app",
        "bot",
        "who gets new conversations (conversation routing): bot, inbox or none; messenger's own default_app comes first",
        "MESSENGER_INBOX_DEFAULT_APP",
    ),
)

LACKS = {
    "decline": "nobody is assigned a thread that they could decline: it waits in the inbox until somebody takes it",
    "edit_reply": "what was sent from the inbox cannot be changed; write again",
    "delete_reply": "what was sent from the inbox cannot be taken back; write again",
    "rate": "the inbox asks nobody for a rating; the bot may, by a customer feedback template",
    "transfer.team": "the inbox has people and no teams: name an agent",
    "set_state.new": "a thread in the inbox is open or done; say open or closed",
    "set_state.pending": "a thread in the inbox is open or done; say open or closed",
    "set_state.snoozed": "a thread in the inbox is open or done; say open or closed",
    "forge": "the bot hears of the inbox by messenger's own webhooks",
}

CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {
            "accept",
            "take_over",
            "reply",
            "note",
            "agent_typing",
            "transfer",
            "set_state",
            "close",
            "release",
            "reopen",
            "set_presence",
            "elapse",
        }
    ),
    lacks=LACKS,
    mirrors=True,
    survey="bot",
    reopens="same",
)

_SHARED = ("text", "metadata", "human_agent_window", "thread_idle", "thread_extension")
LIMITS = tuple(limit for limit in limits.LIMITS if limit.name in _SHARED)
DELIVERY = replace(limits.DELIVERY, registered_by="bot")
"""That of the platform; nobody names an address for the inbox itself."""


def _proof(test: str, file: str = "inbox") -> str:
    return f"tests/messenger/test_{file}.py::test_{test}"


COVERAGE = (
    Coverage("POST /me/pass_thread_control", "supported", _proof("a_thread_that_the_bot_passes_waits_in_the_queue")),
    Coverage("POST /me/messages thread_control", "supported", _proof("a_message_can_hand_over_with_it")),
    Coverage("POST /me/take_thread_control", "supported", _proof("the_default_app_takes_a_thread_back")),
    Coverage("POST /me/request_thread_control", "supported", _proof("agents_see_that_the_bot_asks_for_a_thread")),
    Coverage("POST /me/release_thread_control", "supported", _proof("a_released_thread_goes_to_the_default_app")),
    Coverage("POST /me/extend_thread_control", "supported", _proof("only_the_owner_extends_releases_and_passes")),
    Coverage("GET /me/thread_owner", "supported", _proof("a_thread_that_the_bot_passes_waits_in_the_queue")),
    Coverage(
        "GET /me/secondary_receivers", "supported", _proof("another_helpdesk_is_a_secondary_receiver", "inbox_contract")
    ),
    Coverage("pass_thread_control", "supported", _proof("closing_passes_the_thread_back_to_the_bot")),
    Coverage("take_thread_control", "supported", _proof("who_writes_uncalled_takes_the_thread")),
    Coverage(
        "request_thread_control", "supported", _proof("another_helpdesk_has_to_ask_for_a_thread", "inbox_contract")
    ),
    Coverage(
        "app_roles",
        "partial",
        _proof("app_roles_and_policies_have_no_sender", "events"),
        "only where a scenario lets it happen: roles do not change during a run",
    ),
    Coverage("standby", "supported", _proof("an_agents_words_reach_the_bot_as_an_echo_on_standby")),
)
