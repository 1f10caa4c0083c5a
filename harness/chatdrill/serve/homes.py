"""Where a public address of the bot leads on this machine: what a tunnel or a reverse proxy is for in production."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from chatdrill.errors import BotError
from chatdrill.serve.heads import BadUrl, Target, is_near, target_of
from chatdrill.wire import HttpRequest


class Homes:
    """``given`` has origins (``http://127.0.0.1:8080``) by public host. For other hosts ``ask`` is called: it returns the origin of
    the bot, ``None`` if there is none to know, or raises ``BotError`` with what a user should say."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given = dict(given or {})
        self._found: dict[str, str] = {}
        self.ask: Callable[[str], str | None] = lambda _: None

    def way(self, target: Target) -> Target:
        """Where a request goes that is meant for ``target``; its ``Host`` stays. Raises ``BadUrl`` for the internet, to which
        a drill sends nothing, whatever address a bot registers."""
        if is_near(target.host) and target.host not in self._given:
            return target
        try:
            home = self._home_of(target.host)
        except BotError as error:
            raise BadUrl(str(error)) from error
        if home is None:
            raise BadUrl(
                f"{target.host} is on the internet, where chatdrill sends nothing; let the bot register a local address, "
                f"or say where it is on this machine: --public-host {target.host}=http://127.0.0.1:8080"
            )
        own = target_of(home)
        return replace(target, scheme=own.scheme, host=own.host, port=own.port)

    def _home_of(self, host: str) -> str | None:
        known = self._given.get(host) or self._found.get(host)
        if known is not None:
            return known
        home = self.ask(host)
        if home is not None:
            self._found[host] = home
        return home

    def knows(self, host: str) -> bool:
        """True for a host that is known to be the bot's; nobody is asked."""
        return host in self._given or host in self._found

    def forget(self) -> None:
        """The bot comes up again, perhaps elsewhere."""
        self._found.clear()

    def local(self, url: str) -> str | None:
        """The URL as it is on this machine, ``None`` where it has no home here. Raises ``BotError`` as ``ask`` does."""
        try:
            target = target_of(url)
        except BadUrl:
            return None
        if is_near(target.host) and target.host not in self._given:
            return url
        home = self._home_of(target.host)
        return None if home is None else f"{home}{target.path}"


def forwarded(request: HttpRequest, meant: Target) -> HttpRequest:
    """The request as a reverse proxy passes it on: with the address that it was ``meant`` for in its headers."""
    headers = (("X-Forwarded-Proto", meant.scheme), ("X-Forwarded-Host", meant.host_header))
    return HttpRequest(request.method, request.url, (*request.headers, *headers), request.body)
