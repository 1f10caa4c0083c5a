"""pytest in an empty folder, in this process."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from chatdrill.engine.identity import make_customer
from chatdrill.engine.schema import problems
from chatdrill.run.registry import load_platform, load_reporter, platform_names, reporter_names
from chatdrill.seeds import Stream

TESTS = Path(__file__).parents[1]
INI = """\
[pytest]
addopts = --strict-markers -p no:cacheprovider -p no:hypothesispytest -p no:cov -W error
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture(scope="session")
def everything_imported():
    """What is imported here is imported once; the runs inside the tests forget what they import themselves."""
    for name in (
        "chatdrill.clock.exact",
        "chatdrill.clock.frozen",
        "chatdrill.run.background",
        "chatdrill.run.reports",
        "chatdrill.run.selection",
        "cli.echo_app",
        "run.bad_desk_bot",
    ):
        importlib.import_module(name)
    make_customer("anna", {}, "en_US", Stream(1))
    problems({})
    assert [load_platform(name) for name in platform_names()]
    assert [load_reporter(name) for name in reporter_names()]


@pytest.fixture
def inner(everything_imported, pytester, monkeypatch):
    """``inner.runpytest()`` is pytest in a folder of its own, which has no tests yet."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))  # for what is started as a program
    pytester.makeini(INI)
    return pytester
