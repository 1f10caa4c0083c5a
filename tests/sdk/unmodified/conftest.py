"""Towns that close themselves, and Node with the packages that somebody allowed to be fetched."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from sdk.unmodified.kit import Town

pytest.importorskip("trustme", reason="trustme is not installed")
FROM_NPM = "CHATDRILL_TEST_NPM"
PACKAGES = (
    "telegraf@4",
    "grammy@1",
    "node-telegram-bot-api@0.66",
    "viber-bot@1",
    "whatsapp-api-js@6",
    "axios@1",
    "undici@7",
    "twilio@5",
    "botbuilder@4",
    "botframework-directlinejs@0.15",
    "xhr2@0.2",
    "ws@8",
)
_INSTALLS_WITHIN_S = 300.0


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Town]]]:
    opened: list[Town] = []

    async def open(*services: str, allow: tuple[str, ...] = ()) -> Town:
        made = Town(tmp_path / "authority", *services, allow=allow)
        await made.stage.open()
        opened.append(made)
        return made

    yield open
    for made in opened:
        await made.stage.close()
    await asyncio.sleep(0)


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed")
    return found


@pytest.fixture(scope="session")
def packages(node: str) -> Path:
    """A folder with the packages, fetched once: tests call nobody unless somebody says so."""
    folder = os.environ.get(FROM_NPM)
    if not folder:
        pytest.skip(f"{FROM_NPM}=FOLDER lets packages be fetched from npm into it")
    place = Path(folder) / f"packages-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:8]}"
    if not place.is_dir():
        fresh = Path(tempfile.mkdtemp(dir=folder))
        (fresh / "package.json").write_text('{"private": true}', "utf-8")
        words = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES)
        subprocess.run(words, cwd=fresh, check=True, timeout=_INSTALLS_WITHIN_S, capture_output=True)
        try:
            fresh.rename(place)
        except OSError:  # another worker was quicker
            shutil.rmtree(fresh)
    return place / "node_modules"
