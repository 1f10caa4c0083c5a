"""One server for all tests of the console: it starts for seconds, and is none the worse for many customers."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from console.served import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``--open`` opens a browser that only writes down what it was to show."""
    folder = tmp_path_factory.mktemp("served")
    browser = folder / "browser.py"
    browser.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(folder / 'opened')!r}, 'w').write(sys.argv[1])\n", "utf-8"
    )
    browser.chmod(0o755)
    with serving(folder, "--desk", "chatwoot", "--open", BROWSER=str(browser)) as served:
        yield served
