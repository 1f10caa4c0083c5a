"""SDKs that are imported by the first test that uses them: some take longer to import than all the tests of this folder to collect."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

import pytest


class _Late:
    """A module that is imported when somebody asks for something public in it; pytest asks everything that it collects for marks."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self._name), name)


def late(name: str, distribution: str) -> Any:
    """The module, not yet imported. Where its distribution is not installed, the tests of the caller's module are skipped."""
    if find_spec(name.partition(".")[0]) is None:
        pytest.skip(f"{distribution} is not installed", allow_module_level=True)
    return _Late(name)
