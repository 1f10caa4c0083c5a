"""Chromium without a window, driven over its debugging pipe: a page that is asked, pressed and photographed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# The browser reads from descriptor 3 and writes to 4; these two may be taken here, so a short program moves them.
_LAUNCH = """\
import fcntl, os, sys
ends = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 20) for number in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
_PATIENCE_S = 15.0


class Browser:
    """One browser; ``requests`` are the addresses that its page has asked for, ``said`` what stands in its console."""

    def __init__(self, folder: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        words = [sys.executable, "-c", _LAUNCH, str(theirs_in), str(theirs_out), BROWSER or "", *FLAGS]
        self._process = subprocess.Popen(
            [*words, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._number = 0
        self.requests: list[str] = []
        self.said: list[str] = []
        target = next(
            info for info in self._ask("Target.getTargets", session=None)["targetInfos"] if info["type"] == "page"
        )
        attached = self._ask("Target.attachToTarget", session=None, targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "DOM", "Log"):
            self._ask(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def _ask(self, method: str, *, session: str | None = "", **params: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        asked: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session is not None:
            asked["sessionId"] = session or self._session
        os.write(self._out, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                result: dict[str, Any] = told["result"]
                return result
            self._note(told)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            data = os.read(self._in, 1 << 20)
            if not data:
                raise AssertionError("the browser has gone")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(line)
        return told

    def _note(self, told: dict[str, Any]) -> None:
        method, params = told.get("method"), told.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.said.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.said.append(" ".join(str(arg.get("value", arg.get("description"))) for arg in params["args"]))
        elif method == "Log.entryAdded":
            self.said.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    # ---------------------------------------------------------------------------------------------- the page

    def go(self, address: str) -> None:
        """Open a page."""
        self._ask("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of an expression; a promise is awaited."""
        done = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in done:
            raise AssertionError(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def until(self, script: str, *, why: Callable[[], object] = lambda: "") -> Any:
        """Wait until an expression is true, and give its value."""
        ends = time.monotonic() + _PATIENCE_S
        while time.monotonic() < ends:
            if found := self.run(script):
                return found
            time.sleep(0.02)
        raise AssertionError(f"never true: {script}; {why()} {self.said}")

    def click(self, selector: str, *, text: str | None = None, times: int = 1) -> None:
        """Click what a selector finds, the last with this text, once it is there."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        if text is not None:
            found += f".filter(one => one.textContent.trim().includes({json.dumps(text)}))"
        self.until(f"!!{found}.at(-1)", why=lambda: self.run("document.body.innerText"))
        self.run(f"for (let n = 0; n < {times}; n++) {found}.at(-1).click()")

    def write(self, selector: str, text: str, *, key: str | None = None) -> None:
        """Put text into a field, and press a key in it."""
        field = f"document.querySelector({json.dumps(selector)})"
        self.until(f"!!{field}")
        self.run(f"{field}.focus(); {field}.select()")
        self._ask("Input.insertText", text=text)
        if key is not None:
            self.press(key)

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        typed = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **typed)
        self._ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files in an input, once it is there."""
        self.until(f"!!document.querySelector({json.dumps(selector)})")
        root = self._ask("DOM.getDocument")["root"]["nodeId"]
        node = self._ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._ask("DOM.setFileInputFiles", nodeId=node, files=[str(file) for file in files])

    def pick(self, selector: str, value: str) -> None:
        """Pick a value of a list, once it is there."""
        self.until(
            f"[...(document.querySelector({json.dumps(selector)})?.options || [])].some(one => one.value === {json.dumps(value)})"
        )
        self.run(
            f"(list => {{ list.value = {json.dumps(value)}; list.dispatchEvent(new Event('change', {{bubbles: true}})); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def drop(self, selector: str, *files: Path) -> None:
        """Drag files of the machine over what a selector finds, and let go."""
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        x, y = self._middle(selector)
        for step in ("dragEnter", "dragOver", "drop"):
            self._ask("Input.dispatchDragEvent", type=step, x=x, y=y, data=data)

    def paste(self, selector: str, file: Path, mime: str) -> None:
        """Paste a file's content into a field, as from a program that has copied a picture."""
        coded = base64.b64encode(file.read_bytes()).decode()
        self.until(f"!!document.querySelector({json.dumps(selector)})")
        self.run(
            f"""(() => {{
              const bytes = Uint8Array.from(atob("{coded}"), (one) => one.charCodeAt(0));
              const clipboardData = new DataTransfer();
              clipboardData.items.add(new File([bytes], {json.dumps(file.name)}, {{ type: "{mime}" }}));
              const pasted = new ClipboardEvent("paste", {{ clipboardData, bubbles: true, cancelable: true }});
              document.querySelector({json.dumps(selector)}).dispatchEvent(pasted);
            }})()"""
        )

    def wheel(self, selector: str, right: int) -> None:
        """Turn the wheel sideways over what a selector finds."""
        x, y = self._middle(selector)
        self._ask("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=right, deltaY=0)

    def tap(self, selector: str) -> None:
        """Press the mouse on what a selector finds: whatever lies above it there is pressed instead."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _middle(self, selector: str) -> tuple[float, float]:
        """Where on the screen the middle of the first that a selector finds is, once it is there and in sight."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"!!{found}", why=lambda: self.run("document.body.innerText"))
        x, y = self.run(
            f"""(() => {{
              {found}.scrollIntoView({{ behavior: "instant", block: "nearest", inline: "nearest" }});
              const {{ left, top, width, height }} = {found}.getBoundingClientRect();
              return [left + width / 2, top + height / 2];
            }})()"""
        )
        return x, y

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """The size of the window and the colours that the system asks for."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])

    def dom(self, address: str) -> str:
        """The document at an address, loaded anew, as it is after its scripts ran."""
        for place in ("about:blank", address):
            self.go(place)
            self.until(f"location.href === {json.dumps(place)} && document.readyState === 'complete'")
        return str(self.run("document.documentElement.outerHTML"))

    def reload(self) -> None:
        """Load the page anew."""
        self.run("window.isOld = true; location.reload()")
        self.until("!window.isOld && !!document.querySelector('.app')")

    def photograph(self, path: Path) -> None:
        """Write a picture of the window."""
        time.sleep(0.15)  # pictures of the page itself may still be painted
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))
