"""How faithfully each method and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.bitrix24 import hooks
from chatdrill_fakes.desks.bitrix24.methods import METHODS
from chatdrill_fakes.desks.bitrix24.refused import REFUSED


def _proof(file: str, test: str) -> str:
    return f"tests/desks/bitrix24/test_{file}.py::test_{test}"


_SET_UP = _proof("connector", "a_connector_is_registered_switched_on_and_taken_away")
_CHANGED = _proof("connector", "a_customers_edit_and_deletion_reach_the_agents")
_ROUND = _proof("agents", "the_whole_round_is_in_the_agents_hands_by_api_too")
_OLD = _proof("bots", "an_old_bot_writes_changes_deletes_and_leaves")
_PORTAL = _proof("reading", "the_portal_says_who_calls_and_what_may_be_called")
_OFFLINE = _proof("events", "reserved_records_are_cleared_or_marked")
_BOUND = _proof("events", "a_binding_is_made_listed_and_taken_away")
_MADE_LEAD = _proof("crm", "a_line_makes_a_lead_if_it_shall")
_BOT_READS = _proof("bots", "a_bot_reads_types_and_leaves")
_BOT_WRITES = _proof("bots", "a_bots_words_go_to_the_customer")
_BOT_FILES = _proof("bots", "a_bots_file_is_filed_and_sent")
_LINES = _proof("lines", "lines_are_made_read_changed_and_deleted")
_THERE = _proof("reading", "who_is_there_can_be_read")

_PROOFS: dict[str, str] = {
    "imconnector.send.messages": _proof("connector", "a_message_opens_a_dialog_and_is_answered_as_documented"),
    "imconnector.update.messages": _CHANGED,
    "imconnector.delete.messages": _CHANGED,
    "imconnector.send.status.delivery": _proof("connector", "a_receipt_is_kept_and_needed_for_edits"),
    "imconnector.send.status.reading": _proof("connector", "a_receipt_needs_its_arguments"),
    "imconnector.chat.name.set": _proof("connector", "a_chat_gets_another_name"),
    "imopenlines.bot.session.operator": _proof("bots", "a_bot_hands_over_once"),
    "imopenlines.bot.session.transfer": _proof("bots", "a_bot_that_stays_hears_until_somebody_answers"),
    "imopenlines.bot.session.finish": _proof("bots", "a_bot_that_finishes_ends_no_persons_work"),
    "imopenlines.bot.session.message.send": _proof("bots", "a_bot_has_the_line_say_something"),
    "imopenlines.dialog.get": _proof("reading", "the_owner_of_a_dialog_can_be_read"),
    "imopenlines.session.history.get": _proof("reading", "the_history_has_messages_people_and_chat"),
    "imopenlines.session.open": _proof("reading", "a_dialog_is_found_by_any_of_its_names"),
    "imopenlines.session.head.vote": _proof("reading", "a_heads_vote_is_no_customers_rating"),
    "imopenlines.crm.lead.create": _proof("crm", "only_the_operator_makes_a_lead_of_a_dialog"),
    "imbot.v2.Event.get": _proof("bots", "fetching_confirms_what_lies_below_the_offset"),
    "imbot.v2.Chat.get": _BOT_READS,
    "imbot.v2.Chat.leave": _BOT_READS,
    "imbot.v2.Chat.InputAction.notify": _BOT_READS,
    "imbot.v2.Chat.Message.read": _BOT_READS,
    "imbot.register": _proof("bots", "an_old_bot_hears_in_the_old_way"),
    "crm.duplicate.findbycomm": _proof("crm", "duplicates_are_found_by_digits"),
    "user.get": _THERE,
    "timeman.status": _THERE,
    "server.time": _proof("calling", "a_method_is_called_by_any_spelling_of_its_path"),
}
_BY_BEGINNING: tuple[tuple[str, str], ...] = (
    ("imconnector.", _SET_UP),
    ("imopenlines.operator.", _ROUND),
    ("imopenlines.session.", _ROUND),
    ("imopenlines.message.", _ROUND),
    ("imopenlines.crm.", _MADE_LEAD),
    ("imopenlines.", _LINES),
    ("imbot.v2.Bot.", _proof("bots", "bots_are_shown_changed_and_removed")),
    ("imbot.v2.Chat.Message.", _BOT_WRITES),
    ("imbot.v2.File.", _BOT_FILES),
    ("imbot.", _OLD),
    ("event.offline.", _OFFLINE),
    ("event", _BOUND),
    ("crm.item.", _proof("crm", "items_are_the_same_objects_in_camel_case")),
    ("crm.timeline.", _proof("crm", "a_comment_stands_beside_the_chat_it_belongs_to")),
    ("crm.", _proof("crm", "an_object_lives_and_its_events_say_its_id_only")),
    ("", _PORTAL),
)

PARTIAL: dict[str, str] = {
    "imconnector.register": "the icon and the flags DEL_EXTERNAL_MESSAGES and NEWSLETTER are kept without effect",
    "imopenlines.config.add": "keys about hours, queue, capacity, bot, texts and rating have an effect, others are kept",
    "imopenlines.config.update": "keys about hours, queue, capacity, bot, texts and rating have an effect, others are kept",
    "imopenlines.bot.session.message.send": "of the line's own texts only WELCOME is said",
    "imopenlines.message.session.start": "the message it begins at is not looked at",
    "imbot.v2.Bot.register": "keyboards, commands and reactions of a bot reach nobody",
    "imbot.v2.Chat.Message.send": "attach, keyboard and forwardIds are not shown to the customer",
    "imbot.message.add": "ATTACH, KEYBOARD and MENU are not shown to the customer; private chats do not exist",
    "imbot.v2.Chat.InputAction.notify": "nobody sees it",
    "imbot.chat.sendTyping": "nobody sees it",
    "event.bind": "known are the events of chats, open lines, bots and CRM objects",
    "timeman.status": "the work day follows the agent's presence",
    "app.info": "the application is always installed",
    **{
        f"crm.{kind}.{verb}": "the fields that were set, and the commonest of the standard ones"
        for kind in ("lead", "contact", "deal", "company")
        for verb in ("get", "list")
    },
}
_PARTIAL_EVENTS = {
    "ONIMCONNECTORMESSAGEADD": "the fields of message.files are documented nowhere",
    "ONIMBOTMESSAGEADD": "the fields of PARAMS[FILES] are documented nowhere",
}
_EVENT_PROOFS = {
    "ONIMCONNECTORMESSAGEADD": _proof("connector", "an_agents_reply_goes_out_as_a_form_of_strings"),
    "ONIMCONNECTORMESSAGEUPDATE": _PROOFS["imconnector.send.status.delivery"],
    "ONIMCONNECTORMESSAGEDELETE": _PROOFS["imconnector.send.status.delivery"],
    "ONIMCONNECTORSTATUSDELETE": _SET_UP,
    "ONIMCONNECTORLINEDELETE": _LINES,
    "ONCRMDEALMOVETOCATEGORY": _proof("crm", "a_deal_tells_when_it_moves"),
    "ONIMBOTMESSAGEADD": _PROOFS["imbot.register"],
    "ONIMBOTJOINCHAT": _PROOFS["imbot.register"],
    "ONIMBOTDELETE": _OLD,
    "ONIMBOTV2DELETE": _proof("bots", "bots_are_shown_changed_and_removed"),
    "ONIMBOTMESSAGEUPDATE": _proof("bots", "bots_hear_of_a_customers_edit_and_deletion"),
    "ONIMBOTMESSAGEDELETE": _proof("bots", "bots_hear_of_a_customers_edit_and_deletion"),
    "ONIMBOTV2MESSAGEUPDATE": _proof("bots", "bots_hear_of_a_customers_edit_and_deletion"),
    "ONIMBOTV2MESSAGEDELETE": _proof("bots", "bots_hear_of_a_customers_edit_and_deletion"),
}
_EVENTS_BY_BEGINNING = (
    ("ONOPENLINE", _proof("events", "all_that_is_said_in_a_line_can_be_watched")),
    ("ONCRM", _proof("crm", "an_object_lives_and_its_events_say_its_id_only")),
    ("ONIMBOTV2", _proof("bots", "a_new_dialog_is_the_bots")),
    ("", _proof("agents", "start_and_finish_have_the_documented_shape")),
)
UNTOLD = (*hooks.SILENT, "ONIMBOTV2CONTEXTGET", "ONIMBOTV2COMMANDADD", "ONIMBOTV2REACTIONCHANGE", "ONIMCOMMANDADD")


def _by_beginning(name: str, table: Iterable[tuple[str, str]]) -> str:
    return next(proof for beginning, proof in table if name.startswith(beginning))


def _methods() -> Iterable[Coverage]:
    for name in METHODS:
        proof, note = _PROOFS.get(name) or _by_beginning(name, _BY_BEGINNING), PARTIAL.get(name, "")
        yield Coverage(name, "partial" if note else "supported", proof, note)
    yield Coverage("batch", "supported", _proof("calling", "a_batch_keeps_failures_apart_and_uses_results"))
    yield Coverage("disk.api.file.download", "supported", _proof("connector", "an_agents_file_can_be_downloaded"))
    note = "refresh tokens; there is no installation that would give a code"
    proof = _proof("calling", "a_refresh_token_works_once_and_its_access_token_an_hour")
    yield Coverage("oauth.token", "partial", proof, note)
    for name in REFUSED.values():
        proof = _proof("calling", "what_is_not_emulated_answers_loudly")
        yield Coverage(name, "refused", proof, "answered 501, in the trace as refused")


def _events() -> Iterable[Coverage]:
    for name in (*hooks.EMULATED, *(each for pair in hooks.BOT_EVENTS.values() for each in pair)):
        proof = _EVENT_PROOFS.get(name) or _by_beginning(name, _EVENTS_BY_BEGINNING)
        note = _PARTIAL_EVENTS.get(name, "")
        yield Coverage(f"event {name}", "partial" if note else "supported", proof, note)
    for name in UNTOLD:
        proof = _proof("contract", "what_is_never_told_is_declared")
        yield Coverage(f"event {name}", "refused", proof, "it may be bound, and never comes")


COVERAGE: tuple[Coverage, ...] = (*_methods(), *_events())
