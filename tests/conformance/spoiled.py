"""A platform with some of its members replaced, and what to replace them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as anew
from typing import Any

import msgspec

from chatdrill.model import Sent, Text
from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse

replace = msgspec.structs.replace


class Spoiled:
    """Each replaced member gets the true platform first."""

    def __init__(self, true: Any, **members: Any) -> None:
        self._true, self._members = true, members

    def __getattr__(self, name: str) -> Any:
        own = self._members.get(name)
        if own is None:
            return getattr(self._true, name)
        return (lambda *given, **named: own(self._true, *given, **named)) if callable(own) else own


def bodies(edit: Callable[[bytes], bytes]) -> Callable[..., Any]:
    """The bot is told something else."""
    return updates(lambda update: setattr(update, "body", edit(update.body)))


def updates(edit: Callable[[Any], None]) -> Callable[..., Any]:
    """Updates have other values."""

    def encode(true: Any, *given: Any) -> Any:
        made = true.encode(*given)
        for update in made:
            edit(update)
        return made

    return encode


def requests(edit: Callable[[HttpRequest], HttpRequest]) -> Callable[..., HttpRequest]:
    """Webhooks look otherwise."""
    return lambda true, *given: edit(true.request(*given))


def answers(edit: Callable[[HttpRequest, HttpResponse], HttpResponse]) -> Callable[..., Handled]:
    """Calls are answered otherwise."""

    def handle(true: Any, state: Any, exchange: Exchange) -> Handled:
        handled = true.handle(state, exchange)
        response = handled.response
        return handled if response is None else replace(handled, response=edit(exchange.request, response))

    return handle


def asked(edit: Callable[[HttpRequest], HttpRequest]) -> Callable[..., Handled]:
    """Calls are taken for others."""
    return lambda true, state, exchange: true.handle(state, replace(exchange, request=edit(exchange.request)))


def calls(edit: Callable[[Any, Any], Any]) -> Callable[..., Handled]:
    """Calls are recorded otherwise; ``edit`` gets the state and the call."""

    def handle(true: Any, state: Any, exchange: Exchange) -> Handled:
        handled = true.handle(state, exchange)
        return handled if handled.call is None else replace(handled, call=edit(state, handled.call))

    return handle


def shouting(true: Any, state: Any, exchange: Exchange) -> Handled:
    """What the bot says is shown in capitals."""
    handled = true.handle(state, exchange)
    return replace(handled, effects=tuple(_loud(effect) for effect in handled.effects))


def _loud(effect: Any) -> Any:
    if not isinstance(effect, Sent):
        return effect
    parts = tuple(Text(text=part.text.upper()) if isinstance(part, Text) else part for part in effect.message.parts)
    return replace(effect, message=replace(effect.message, parts=parts))


def raising(when: Callable[[HttpRequest], bool]) -> Callable[..., Handled]:
    """Some requests are too much."""

    def handle(true: Any, state: Any, exchange: Exchange) -> Handled:
        if when(exchange.request):
            raise TypeError("what is that supposed to be")
        return true.handle(state, exchange)

    return handle


def capable(true: Any, **changes: Any) -> Any:
    """Other capabilities; a function gets the old value."""
    able = true.capabilities
    return anew(able, **{name: change(getattr(able, name)) for name, change in changes.items()})
