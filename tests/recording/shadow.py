"""A platform's traffic, read by an account that knows nothing but what passes."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from chatdrill.model import Act, Customer
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Observed, Readable, Said

ANNA = Customer(key="customer", first_name="Customer")
JSON = (("Content-Type", "application/json"),)
NOW = 1_795_212_345.0


class Shadow:
    """``told`` what webhooks told, ``saw`` what calls did."""

    def __init__(self, name: str, **settings: str) -> None:
        self.platform = cast("Readable[Any]", load_platform(name))
        known = {each.name: each.default for each in self.platform.settings}
        self.state = self.platform.open({**known, **settings}, Seed(3).stream("shadow"))

    def told(self, body: Any, headers: Any = JSON) -> list[Said]:
        """A webhook with these bytes, or this JSON."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.took(HttpRequest("POST", "/hook", headers, content))

    def took(self, request: HttpRequest) -> list[Said]:
        said = list(self.platform.decode(self.state, request))
        for one in said:
            self.platform.meet(self.state, one, ANNA, NOW)
        return said

    def act(self, body: Any, headers: Any = JSON) -> Act:
        """What a webhook tells that tells of one thing."""
        (said,) = self.told(body, headers)
        return said.act

    def saw(self, url: str, body: Any, answer: Any, *, method: str = "POST", status: int = 200) -> Observed:
        """A call in JSON, and what the vendor answered."""
        content = b"" if body is None else msgspec.json.encode(body)
        return self.observed(
            HttpRequest(method, url, JSON, content), HttpResponse(status, JSON, msgspec.json.encode(answer))
        )

    def observed(self, request: HttpRequest, response: HttpResponse, source: Any = "http") -> Observed:
        return self.platform.observe(self.state, Exchange(request, NOW, "", source), response)
