"""What holds for all tests: none depends on how fast the machine is, and none pays for what all of them share."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from hypothesis import settings

from chatdrill.serve.loop import collect_less
from console.browser import Browser
from deep import tries

# A slow machine is no failure, so nothing that Hypothesis draws has a deadline. A test that names no number of examples
# gets this one.
settings.register_profile("unhurried", deadline=None, max_examples=tries(25, 500))
settings.load_profile("unhurried")

# Programs inherit whether Ctrl-C is ignored, as it is behind a shell's "&"; many tests interrupt the programs that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

gc.disable()  # until everything is collected: what is made till then stays


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: for half of its time a worker waits, for programs that start and for real time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Thousands of tests and their libraries live to the end: the collector need not walk through them again and again, and
    comes as seldom as in a run."""
    gc.freeze()
    collect_less()


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What HTTP clients trust. Every client of httpx reads the whole bundle anew, which takes longer than most tests; and
    no server in a test has a certificate of the world's."""
    bundle = tmp_path_factory.mktemp("authority") / "one.pem"
    trustme.CA().cert_pem.write_to_path(bundle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(bundle))
        patch.delenv("SSL_CERT_DIR", raising=False)
        yield bundle


@pytest.fixture(scope="session")
def dom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """``dom(address)`` is a document after its scripts ran; one browser loads all of them."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser.dom
    browser.close()
