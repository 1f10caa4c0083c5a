"""The benchmark group ``reports``: a page with 2,000 conversations, in headless Chromium.

python -m tests.bench.reports [--keep FOLDER]        (or: make bench-reports)
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench import finish, note, report

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does for what tests share

from chatdrill_reports import html
from console.browser import BROWSER, Browser
from reports.past import a_past
from reports.stories import STORIES, make_run

CONVERSATIONS = 2_000
ROUNDS = 7
_OPEN = "document.readyState === 'complete' && performance.getEntriesByType('navigation')[0].loadEventEnd > 0"
_PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
_FILTER = """(async () => {
  const field = document.querySelector("#filter-words");
  const began = performance.now();
  field.value = %r;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;  // laid out
  const done = performance.now();
  await new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
  return done - began;
})()"""
_UNFOLD = """(async () => {
  const began = performance.now();
  location.hash = %r;
  while (!document.querySelector(%r + "[open]")) await new Promise(soon => setTimeout(soon, 1));
  document.body.offsetHeight;
  return performance.now() - began;
})()"""


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description="The report of a large suite.")
    options.add_argument("--keep", metavar="FOLDER", type=Path, help="keep the page there")
    given = options.parse_args()
    if BROWSER is None:
        sys.exit("no chromium on this machine")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / "report.html"
        write(page)
        browse(page, Path(scratch))
    finish()


def write(page: Path) -> None:
    """Make the page: every third conversation has findings, every ninth is in three earlier runs, too."""
    run = make_run([STORIES[n % len(STORIES)] for n in range(CONVERSATIONS)])
    began = time.perf_counter()
    content = html.render(**run, past=a_past(run["judgement"], run["records"], runs=3))
    report("reports.render", time.perf_counter() - began, "s", "<= 30")
    page.write_bytes(content)
    report("reports.size", len(content) / 1e6, "MB", "<= 15")


def browse(page: Path, scratch: Path) -> None:
    """Open it several times, type into its filter, and go to conversations that travel packed."""
    opened, filtered, unfolded = [], [], []
    browser = Browser(scratch)
    try:
        browser.look(1280, 900)
        for round_ in range(ROUNDS):
            browser.go(page.as_uri())
            browser.until(_OPEN)
            opened.append(float(browser.run(_PAINTED)))
            filtered += [
                float(browser.run(_FILTER % word)) for word in ("s", "three-day", "three-day whatsapp", "nobody", "")
            ]
            number = f"c{CONVERSATIONS - 100 * round_}"
            unfolded.append(float(browser.run(_UNFOLD % (f"#{number}", f"#{number}"))))
    finally:
        browser.close()
    note(f"opened {ROUNDS} times: {min(opened) / 1000:.2f} to {max(opened) / 1000:.2f} s until it is painted")
    report("reports.open", statistics.median(opened) / 1000, "s", "<= 2")
    report("reports.filter", statistics.median(filtered), "ms", "<= 100")
    note(f"filtered {len(filtered)} times: at most {max(filtered):.0f} ms")
    report("reports.unfold", statistics.median(unfolded), "ms", "<= 300")


if __name__ == "__main__":
    main()
