"""An `Api` whose calls go straight into a fake desk; it can lose answers, as networks do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.wire import Fetched, Handled
from chatdrill_scenarios.shoebot.api import Api, ApiError

Ask = Callable[[str, str, bytes, tuple[tuple[str, str], ...], dict[str, Fetched]], Handled]


class ShortWire(Api):
    """`ask` puts one request to the fake. `lost` is how many answers, from the next one, never arrive."""

    def __init__(self, root: str, ask: Ask, files: Callable[[str], Fetched] | None = None) -> None:
        self._root, self._ask, self._files = root, ask, files
        self.lost = 0
        self.calls: list[str] = []

    async def post(self, url: str, what: str, **options: Any) -> dict[str, Any]:
        raw = options.get("raw")
        body = json.dumps(options.get("body")).encode() if raw is None else raw
        found: dict[str, Any] = self._talk(options.get("method", "POST"), url, what, body, options.get("headers"))
        return found

    async def get(self, url: str, what: str, **options: Any) -> Any:
        return self._talk("GET", url, what, b"", options.get("headers"))

    def _talk(self, method: str, url: str, what: str, body: bytes, headers: Mapping[str, str] | None) -> Any:
        path = url.removeprefix(self._root)
        self.calls.append(f"{method} {path}")
        heads = (("Content-Type", "application/json"), *(headers or {}).items())
        handled, fetched = self._ask(method, path, body, heads, {}), {}
        while self._files and handled.wait is not None:
            fetched |= {link: self._files(link) for link in handled.wait.urls}  # type: ignore[union-attr]
            handled = self._ask(method, path, body, heads, fetched)
        assert handled.response is not None
        if self.lost:
            self.lost -= 1
            raise ApiError(what, 0, "TimeoutError")
        if not 200 <= handled.response.status < 300:
            raise ApiError(what, handled.response.status, handled.response.body[:200].decode())
        return json.loads(handled.response.body or b"{}")
