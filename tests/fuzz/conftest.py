"""Fuzzing a bot of ``bots`` in this process."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdrill.fuzz import Fuzzed, fuzz
from chatdrill.run.settings import Settings, load_settings


def settings_for(name: str, out: Path | str = "chatdrill-out") -> Settings:
    """A virtual clock and a bot of this folder."""
    flags = {
        "app": f"fuzz.bots:{name}",
        "clock": "virtual",
        "port": 0,
        "webhook": ["http://127.0.0.1:8080/webhooks/{platform}"],
        "out": str(out),
    }
    return load_settings(flags, environ={"CHATDRILL_TELEGRAM_RATE_LIMITS": "no"})


@functools.cache
def _fuzzed(name: str, more: tuple[tuple[str, Any], ...]) -> Fuzzed:
    return fuzz(settings_for(name), platforms=["telegram"], **dict(more))


@pytest.fixture
def fuzzing() -> Callable[..., Fuzzed]:
    """``fuzzing(bot, **more)``: each bot is fuzzed once for all tests."""
    return lambda name, **more: _fuzzed(name, tuple({"dialogs": 120, "seed": 1, **more}.items()))
