"""Webhooks as the file declares them: who is told, the signature, and a forged one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import Entry
from chatdrill.wire import Forgery, Hook, HttpRequest, Update
from chatdrill_fakes.desks.generic.naming import filled
from chatdrill_fakes.desks.generic.spec import Hooked
from chatdrill_fakes.desks.generic.state import GenericState, GenericTicket, HookUpdate
from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.signing import Signature, signed

MAIN = "main"
_STALE_S = 900.0  # more than the five minutes that receivers commonly allow
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def _receiver(state: GenericState, name: str) -> Hook | None:
    """Who has this name in the file; nobody while no address is known."""
    hook = state.hooks.get(name)
    if hook is not None and name == MAIN:
        hook.url = state.webhook_url or ""
    return hook if hook is not None and hook.url else None


def publish(
    state: GenericState,
    on: str,
    ticket: GenericTicket,
    now: float,
    *,
    entry: Entry | None = None,
    agent: str | None = None,
    **more: Any,
) -> None:
    """Tell everybody who is to hear of something."""
    for hooked in state.spec.hooks:
        if hooked.on != on or (hook := _receiver(state, hooked.url)) is None:
            continue
        id = state.delivery_id()
        known = {"entry": entry, "agent": agent, "event": hooked.name, "id": id, **more}
        body = _encoded(hooked, filled(state, hooked.body, ticket, now, **known))
        headers = tuple(
            (name, _line(filled(state, value, ticket, now, **known))) for name, value in hooked.headers.items()
        )
        state.outbox.put(
            HookUpdate(
                id,
                hooked.name,
                ticket.address,
                f"{hooked.url}:{ticket.address}",
                body,
                now,
                hook=hook,
                hooked=hooked,
                headers=headers,
            )
        )


def _line(value: Any) -> str:
    """A value as a header may have it."""
    return " ".join(fill_text("{value}!", {"value": value})[:-1].splitlines())


def _encoded(hooked: Hooked, body: Any) -> bytes:
    if hooked.encoding == "json":
        return msgspec.json.encode(body)
    return urlencode({name: _line(value) for name, value in body.items()}).encode()


# ------------------------------------------------------------------------------------------------------ signing


def request(updates: Sequence[Update], now: float) -> HttpRequest:
    """The webhook that carries one update."""
    (update,) = updates
    if not isinstance(update, HookUpdate) or update.hooked is None or update.hook is None:
        raise TypeError(f"not an update of a declared hook: {update!r}")
    hooked, hook = update.hooked, update.hook
    kind = ("Content-Type", _TYPES[hooked.encoding])
    proofs = signed(hooked.signature, hook.secret, hook.url, update.body, update.id, now)
    return HttpRequest(hooked.method, hook.url, (kind, *update.headers, *proofs), update.body)


def forge(state: GenericState, genuine: HttpRequest, how: Forgery, now: float) -> HttpRequest:
    """The same webhook without a signature, under another secret, or signed a quarter of an hour ago.

    Raises ``Unsupported`` where the file declares nothing that could be forged so.
    """
    hook = next((hook for hook in state.hooks.values() if hook.url == genuine.url), None)
    sign = _signature_of(state, genuine)
    if sign is None or hook is None:
        raise Unsupported("generic: the webhook is not signed, so nothing tells a forged one from a genuine one")
    if how == "stale" and (sign.kind == "token" or sign.timestamp_header is None):
        raise Unsupported("generic: the signature has no time in it that could be stale")
    mine = {sign.header.lower(), (sign.timestamp_header or "").lower()}
    bare = tuple(header for header in genuine.headers if header[0].lower() not in mine)
    secret = {"unsigned": "", "wrong": f"not-{hook.secret}", "stale": hook.secret}[how]
    id = next((value for name, value in genuine.headers if name == _id_header(state, sign)), "")
    proofs = signed(sign, secret, genuine.url, genuine.body, id, now - _STALE_S if how == "stale" else now)
    return HttpRequest(genuine.method, genuine.url, (*bare, *proofs), genuine.body)


def _signature_of(state: GenericState, genuine: HttpRequest) -> Signature | None:
    """The declared signature whose header the webhook has."""
    signs = [hooked.signature for hooked in state.spec.hooks if hooked.signature.kind != "none"]
    return next((sign for sign in signs if genuine.header(sign.header) is not None), None)


def _id_header(state: GenericState, sign: Signature) -> str | None:
    """The header that carries the delivery's id, for signatures that cover it."""
    for hooked in state.spec.hooks:
        if hooked.signature is sign:
            return next((name for name, value in hooked.headers.items() if value == "{id}"), None)
    return None
