"""Every shipped helpdesk keeps every law, and each law can be broken."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from chatdrill.conformance import LAWS, Law, find_problem
from chatdrill.run.registry import desk_names, load_desk

# Messenger's inbox has no API of its own: it lives on the platform and is tried there (tests/messenger/test_inbox_contract.py).
DESKS = [name for name in desk_names() if name != "messenger_inbox"]


def rehearsal(name: str) -> Any:
    return import_module(f"chatdrill_fakes.desks.{name}.rehearsal").Rehearsal


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("name", DESKS)
def test_every_desk_keeps_every_law(name: str, law: Law) -> None:
    assert find_problem(law, load_desk(name), rehearsal(name), {}) is None
