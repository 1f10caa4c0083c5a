"""What the platform declares is true."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.telegram import platform
from chatdrill_fakes.platforms.telegram.coverage import METHOD_NAMES
from chatdrill_fakes.platforms.telegram.inbound.pressing import _PRESSES
from chatdrill_fakes.platforms.telegram.methods import HANDLERS
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES

ROOT = Path(__file__).parents[2]


def test_every_method_of_the_vendor_is_declared_once():
    names = [entry.name for entry in platform.coverage]
    assert len(METHOD_NAMES) == 180 and len(names) == len(set(names))
    assert set(names) == {*METHOD_NAMES, *(f"update:{name}" for name in UPDATE_NAMES)}
    assert set(HANDLERS) <= set(METHOD_NAMES)


def test_what_is_emulated_names_a_proof_that_exists():
    for entry in platform.coverage:
        emulated = entry.name in HANDLERS or entry.name.startswith("update:")
        assert (entry.status != "refused") == emulated, entry
        assert not emulated or (ROOT / entry.proof).is_file(), entry
        assert entry.status != "partial" or entry.note, entry


def test_what_is_lacking_is_explained():
    lacks = platform.capabilities.lacks
    assert {"typing", "read", "delete", "receipt", "echo", "postback", "carousel", "template"} <= set(lacks)
    assert not set(_PRESSES) & set(lacks)


def test_the_environment_points_a_bot_at_the_fake(drill):
    found = platform.environment(drill.state, "http://127.0.0.1:7700/telegram")
    assert found == {
        "TELEGRAM_BOT_TOKEN": "7012345678:AAchatdrillDrillDrillDrillDrillDril",
        "TELEGRAM_API_ROOT": "http://127.0.0.1:7700/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "chatdrill-secret",
        "TELEGRAM_BOT_USERNAME": "acme_help_bot",
    }


def test_the_platform_needs_no_handshake(drill):
    assert platform.handshake(drill.state) is None
    assert platform.name == "telegram" and platform.hosts == ("api.telegram.org",)


def test_data_files_travel_with_the_package():
    data = resources.files("chatdrill_fakes.platforms.telegram") / "data"
    assert (data / "methods.txt").is_file() and (data / "tlds.txt").is_file()


@pytest.mark.parametrize(
    ("status", "description"), [(401, "Unauthorized"), (502, "Bad Gateway"), (429, "retry after 3")]
)
def test_a_refusal_comes_in_the_vendors_envelope(drill, status, description):
    answer = platform.refusal(drill.state, status, 3 if status == 429 else None)
    body = json.loads(answer.body)
    assert (answer.status, body["ok"], body["error_code"]) == (status, False, status)
    assert description in body["description"]
    assert body.get("parameters") == ({"retry_after": 3} if status == 429 else None)


def test_a_request_without_a_prefix_is_claimed_by_its_path(drill):
    claimed = {
        path: platform.claims(HttpRequest("GET", path), drill.state)
        for path in ("/bot1:a/getMe", "/file/bot1:a/photos/1.jpg", "/v25.0/me", "/")
    }
    assert list(claimed.values()) == [True, True, False, False]
