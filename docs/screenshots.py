"""Photographs the real console and a real report for the documentation: ``python docs/screenshots.py`` (needs Chromium)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from console.browser import Browser
from console.served import serving
from console.test_in_browser import add, say

SHOP = "chatdrill_scenarios.shoebot:app"
TORN = """\
name: A torn shoe
persona: impatient
steps:
  - says: My shoes are torn. Order 553.
  - hears: {contains: photo, within: 5s}
  - sends: shoe-torn.jpg
  - hears: {contains: "Return R-553-1 is registered", buttons: [Track it]}
"""


def console(folder: Path, browser: Browser) -> None:
    """Two customers, one of them with a person, and what went over the wire."""
    with serving(folder, "--desk", "chatwoot", "--open", BROWSER="true") as served:
        browser.look(1440, 900)
        browser.go(served.address)
        browser.until("!!document.querySelector('.app')")
        say(browser, add(browser, "Nora", "whatsapp"), "Where is my order 553?")
        phone = add(browser, "Hugo", "telegram")
        say(browser, phone, "My shoes are torn")
        say(browser, phone, "I want to talk to a person")
        browser.click("[data-tab=desk]")
        browser.until("!!document.querySelector('.desk .owner.queue')")
        browser.click(".acts button", text="Accept")
        browser.until("!!document.querySelector('.ticket .owner.agent')")
        browser.write(".answer textarea", "Hello, Bob here. May I see the shoes?", key="Enter")
        browser.until(
            f"[...document.querySelectorAll(`{phone} .theirs .words`)].at(-1).textContent.includes('Bob here')"
        )
        browser.photograph(IMAGES / "console.png")


def report(folder: Path, browser: Browser) -> None:
    """Some of the shipped conversations, and one that fails: the page, and the failure on it."""
    packs = ROOT / "scenarios" / "chatdrill_scenarios" / "packs"
    for name in ("orders", "returns", "common"):
        shutil.copytree(packs / name, folder / "drills" / name)
    (folder / "drills" / "torn.drill.yaml").write_text(TORN, "utf-8")
    words = ["run", "drills/", "--app", SHOP, "--clock", "virtual", "--seed", "7"]
    words += ["--platforms", "telegram,whatsapp,messenger,line"]
    done = subprocess.run(
        [sys.executable, "-m", "chatdrill", *words],
        cwd=folder, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    browser.look(1440, 900)
    browser.go((folder / "chatdrill-out" / "report.html").as_uri())
    browser.until("document.readyState === 'complete' && !!document.querySelector('details.chat')")
    browser.photograph(IMAGES / "report.png")
    browser.run("location.hash = document.querySelector('details.chat').id")
    browser.until("document.querySelector('details.chat').open")
    for _ in range(3):  # what is not in sight yet gets its true height as it comes into sight
        browser.run(
            "document.querySelector('details.chat').scrollIntoView({behavior: 'instant'}); new Promise(requestAnimationFrame)"
        )
    browser.photograph(IMAGES / "failure.png")


def main() -> None:
    """Both, into ``docs/images``."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        browser = Browser(folder)
        try:
            console(folder, browser)
            report(folder, browser)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
