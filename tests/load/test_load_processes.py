"""Workers on one machine find their own master."""

from __future__ import annotations

import pytest

from chatdrill_load.command import _processes


def test_two_loads_at_once_have_masters_at_different_ports() -> None:
    first, second = _processes(3, []), _processes(3, [])
    assert first[:2] == ["--processes", "3"] and first[-1] != second[-1]


@pytest.mark.parametrize("words", [["--worker", "--master-host", "10.0.0.1"], ["--master-bind-port=5600"]])
def test_who_says_where_the_master_is_has_said_it(words: list[str]) -> None:
    assert _processes(2, words) == ["--processes", "2"]


def test_one_process_needs_no_master() -> None:
    assert _processes(1, []) == []
