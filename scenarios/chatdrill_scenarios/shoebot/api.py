"""Calls to the platforms: one pooled client, patient with 429 and 5xx, bounded in time and size."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import aiohttp

log = logging.getLogger("shoebot")

TRIES_MAX = 8  # 0.5, 1, 2 ... 32 s: longer than the minute for which a platform may be down
BACKOFF_S = 0.5
# A platform that asks for more patience than this will not get the message while it still matters.
WAIT_MAX_S = 60.0
TIMEOUT_S = 30.0
DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download; WhatsApp pictures end at 5 MB
CONNECTIONS_MAX = 256
# Meta reports most overloads as 400 with one of these codes: application, page and number limits, pair rate,
# "temporarily unavailable", "send failed, try again".
TRANSIENT_CODES = frozenset({2, 4, 613, 1200, 80006, 80007, 130429, 131000, 131016, 131056})

Form = Callable[[], aiohttp.FormData]


class ApiError(Exception):
    """A call that failed for good; `status` is 0 if no answer came."""

    def __init__(self, what: str, status: int, detail: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"{what}: {status} {detail}")
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        parsed = self._parsed()
        return parsed if isinstance(parsed, dict) else {}

    def list(self) -> list[dict[str, Any]]:
        parsed = self._parsed()
        return parsed if isinstance(parsed, list) else []

    def _parsed(self) -> Any:
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            return {}  # a proxy's HTML page


@dataclass(frozen=True, slots=True)
class _Ask:
    """One call, as often as it is tried."""

    method: str
    url: str
    what: str
    headers: Mapping[str, str]
    body: Any = None
    form: Form | None = None
    raw: bytes | None = None
    once: bool = False


class Api:
    """`tries` is how often a call is made before it counts as failed; whoever tries again by itself takes one."""

    def __init__(self, speed: float, tries: int = TRIES_MAX) -> None:
        self._speed = speed
        self._tries = tries
        self._rests: dict[str, float] = {}  # until when calls that were given up rest, as the platform has asked for it
        self._turns: WeakValueDictionary[str, asyncio.Lock] = (
            WeakValueDictionary()
        )  # of those who look at the same place
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        )

    async def post(
        self,
        url: str,
        what: str,
        *,
        body: Any = None,
        form: Form | None = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
        raw: bytes | None = None,
        once: bool = False,
    ) -> dict[str, Any]:
        """`what` names the call in logs, as a Telegram URL carries the token. `raw` is a body that is sent as it stands, with
        the headers that go with it. `once`: not worth a second try. Raises `ApiError`."""
        ask = _Ask(method, url, what, _heads(token, headers), body, form, raw, once)
        return (await (self._in_turn(ask) if method == "GET" else self._patiently(ask))).json()

    async def get(
        self,
        url: str,
        what: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        many: bool = False,
    ) -> Any:
        """The object that lies there, or (`many`) the list."""
        answer = await self._in_turn(_Ask("GET", url, what, _heads(token, headers)))
        return answer.list() if many else answer.json()

    async def download(
        self, url: str, what: str, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> bytes:
        answer = await self._patiently(_Ask("GET", url, what, _heads(token, headers)))
        if len(answer.body) > DOWNLOAD_MAX_BYTES:
            raise ApiError(what, answer.status, f"more than {DOWNLOAD_MAX_BYTES} bytes")
        return answer.body

    async def pause(self, attempt: int) -> None:
        """The wait before the next try, for platforms that say "too many" in an answer of success."""
        await asyncio.sleep(BACKOFF_S * 2**attempt / self._speed)

    async def close(self) -> None:
        await self._http.close()

    async def _in_turn(self, ask: _Ask) -> _Answer:
        """One after the other: whoever asks beside somebody who was told to wait has not waited."""
        async with self._turns.setdefault(ask.url, asyncio.Lock()):
            await asyncio.sleep(self._rest_s(ask))
            return await self._patiently(ask)

    async def _patiently(self, ask: _Ask) -> _Answer:
        tries = 1 if ask.once else self._tries
        if ask.once:
            self._mind_rest(ask)
        for attempt in range(tries):
            try:
                answer = await self._once(ask)
            except aiohttp.ClientConnectorError as error:
                # Nothing was sent, so it is safe to try again.
                answer = _Answer(0, {}, str(error).encode())
            except (aiohttp.ClientError, TimeoutError) as error:
                # The request may have been carried out: a repeated message is worse than a missing one.
                raise ApiError(ask.what, 0, type(error).__name__) from error
            if 200 <= answer.status < 300:
                return answer
            wait_s = _wait_s(answer, attempt)
            if wait_s and attempt == tries - 1:
                self._rests[_same(ask)] = asyncio.get_running_loop().time() + wait_s / self._speed
            if wait_s is None or attempt == tries - 1:
                raise ApiError(ask.what, answer.status, answer.body[:200].decode("utf-8", "replace"), wait_s)
            log.info("%s answered %s, next try in %.1f s", ask.what, answer.status, wait_s / self._speed)
            await asyncio.sleep(wait_s / self._speed)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _mind_rest(self, ask: _Ask) -> None:
        """Raises `ApiError` for a call that was asked to wait, and must not come again with the next turn."""
        if rest_s := self._rest_s(ask):
            raise ApiError(ask.what, 429, "left out: the platform has asked for patience", rest_s)

    def _rest_s(self, ask: _Ask) -> float:
        """How long such a call has to rest."""
        now = asyncio.get_running_loop().time()
        self._rests = {same: until for same, until in self._rests.items() if until > now}
        return max(0.0, self._rests.get(_same(ask), now) - now)

    async def _once(self, ask: _Ask) -> _Answer:
        data = ask.form() if ask.form else ask.raw
        async with self._http.request(ask.method, ask.url, headers=ask.headers, json=ask.body, data=data) as response:
            return _Answer(response.status, response.headers, await _read(response))


def _same(ask: _Ask) -> str:
    return json.dumps([ask.url, ask.body], sort_keys=True)


def _heads(token: str, headers: Mapping[str, str] | None) -> dict[str, str]:
    return {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The whole body, but never more than one byte over the bound."""
    chunks, size = [], 0
    async for chunk in response.content.iter_chunked(65536):
        chunks.append(chunk)
        size += len(chunk)
        if size > DOWNLOAD_MAX_BYTES:
            break
    return b"".join(chunks)[: DOWNLOAD_MAX_BYTES + 1]


def _wait_s(answer: _Answer, attempt: int) -> float | None:
    """How long to wait before the next try, or None if it would not help."""
    problem = answer.json()
    code = (problem.get("error") or {}).get("code") if isinstance(problem.get("error"), dict) else None
    if not (answer.status in (0, 429) or answer.status >= 500 or code in TRANSIENT_CODES):
        return None
    asked = (
        answer.headers.get("Retry-After")
        or (problem.get("parameters") or {}).get("retry_after")
        or _until_reset(answer)
    )
    try:
        wait_s = float(asked) if asked is not None else BACKOFF_S * 2**attempt
    except ValueError:  # Retry-After may also be a date
        wait_s = BACKOFF_S * 2**attempt
    return wait_s if wait_s <= WAIT_MAX_S else None


def _until_reset(answer: _Answer) -> float | None:
    """How long the window lasts that was used up, where the answer names its end instead of a wait. An end that is over or far
    away is of another clock."""
    stamp = answer.headers.get("X-RateLimit-Reset", "")
    if answer.status != 429 or not stamp.isdecimal():
        return None
    left_s = int(stamp) - time.time()
    return left_s if 0 < left_s <= WAIT_MAX_S else None
