"""How much of the Bot API is emulated: every method and every update, each with the test that proves it."""

from __future__ import annotations

from importlib import resources

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.telegram.methods import HANDLERS
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES


def _read_names() -> tuple[str, ...]:
    lines = resources.files(__package__).joinpath("data/methods.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


METHOD_NAMES = _read_names()
BY_LOWER_NAME = {name.lower(): name for name in METHOD_NAMES}

_PARTIAL = {
    "close": "the instance is back with the next call; the ten minutes after a start are not enforced",
    "sendPoll": "shown, not counted: votes come as the events poll and poll_answer",
    "stopPoll": "closes the poll; nobody voted in it",
    "sendMessageDraft": "noted as typing; the draft itself is not kept",
    "getUserProfilePhotos": "simulated customers have no photos",
    "getChat": "the profile that chatdrill knows: names, username, pinned message, permissions",
    "getChatAdministrators": "the customer who brought the bot counts as the owner",
    "getChatMemberCount": "members are the customers who have appeared in the group",
    "setMyCommands": "lists are kept by scope and language; clients that would show them do not exist",
    "setChatMenuButton": "kept; no client shows it",
    "pinChatMessage": "the pin and its service message; notifications do not exist",
    "readBusinessMessage": "noted as an effect",
}
_NOTES = {
    "getUpdates": "the one short poll with which SDKs say good-bye after long ones is answered at once, not after 3 s",
    "setWebhook": "names are not looked up; calls come one after the other, so none is terminated by another",
    "logOut": "after ten minutes any call logs the bot in again",
}
_METHOD_PROOFS = {
    "getUpdates": "tests/telegram/test_polling.py",
    "setWebhook": "tests/telegram/test_webhooks.py",
    "deleteWebhook": "tests/telegram/test_webhooks.py",
    "getWebhookInfo": "tests/telegram/test_webhooks.py",
    "sendMessage": "tests/telegram/test_sending.py",
    "sendPhoto": "tests/telegram/test_files.py",
    "sendMediaGroup": "tests/telegram/test_albums.py",
    "getFile": "tests/telegram/test_files.py",
    "sendChatAction": "tests/telegram/test_chatting.py",
    "sendMessageDraft": "tests/telegram/test_chatting.py",
    "deleteMyCommands": "tests/telegram/test_profile.py",
    "getBusinessConnection": "tests/telegram/test_business.py",
    "readBusinessMessage": "tests/telegram/test_business.py",
    "deleteBusinessMessages": "tests/telegram/test_business.py",
}
_GROUP_PROOFS = (
    (("edit", "stop", "delete"), "tests/telegram/test_editing.py"),
    (("forward", "copy"), "tests/telegram/test_forwarding.py"),
    (("send",), "tests/telegram/test_every_send_method.py"),
    (
        ("getMy", "setMy", "deleteMy", "getMe", "logOut", "close", "setChatMenu", "getChatMenu"),
        "tests/telegram/test_profile.py",
    ),
)
_DEFAULT_PROOF = "tests/telegram/test_chatting.py"
_PARTIAL_UPDATES = frozenset(
    (
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "chat_boost",
        "removed_chat_boost",
        "purchased_paid_media",
        "guest_message",
        "managed_bot",
        "chat_join_request",
        "message_reaction_count",
    )
)


def _proof(name: str) -> str:
    if name in _METHOD_PROOFS:
        return _METHOD_PROOFS[name]
    return next((proof for starts, proof in _GROUP_PROOFS if name.startswith(starts)), _DEFAULT_PROOF)


def _method(name: str) -> Coverage:
    if name not in HANDLERS:
        return Coverage(name, "refused", note="answers 501 Not Implemented")
    if name in _PARTIAL:
        return Coverage(name, "partial", _proof(name), _PARTIAL[name])
    return Coverage(name, "supported", _proof(name), _NOTES.get(name, ""))


def _update(name: str) -> Coverage:
    proof = "tests/telegram/test_every_event.py"
    if name in _PARTIAL_UPDATES:
        return Coverage(
            f"update:{name}", "partial", proof, "the standard payload of an event; nothing leads to it by itself"
        )
    return Coverage(f"update:{name}", "supported", proof)


COVERAGE = (*(_method(name) for name in METHOD_NAMES), *(_update(name) for name in UPDATE_NAMES))
SUPPORT = {entry.name: entry.status for entry in COVERAGE}
