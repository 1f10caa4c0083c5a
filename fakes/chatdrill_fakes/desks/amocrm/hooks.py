"""Webhooks, out and back: those of the channel (signed JSON, sent once) and those of the CRM (PHP forms, repeated)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.wire import Ack, Forgery, Hook, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.desks.amocrm.declared import CRM_ATTEMPTS_MAX, CRM_RETRY, CRM_TIMEOUT_S
from chatdrill_fakes.desks.amocrm.state import AmoState, Document, WebHook
from chatdrill_fakes.families.desks.brackets import encode_brackets

BAD_ANSWERS_MAX, BAD_ANSWERS_S = 100, 7200.0
_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, body: bytes) -> str:
    """The ``X-Signature`` of a hook of the channel: over the body alone."""
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def new_webhook(state: AmoState, url: str, settings: Sequence[str], sort: int, now: float) -> WebHook:
    """Subscribe an address to events of the CRM; one that is subscribed already is changed."""
    known = state.webhooks.get(url)
    if known is None:
        id = state.next_id()
        hook = Hook(id=str(id), url=url, kind="crm", retry=CRM_RETRY, ack_timeout_s=CRM_TIMEOUT_S)
        known = state.webhooks[url] = WebHook(hook, id, now, now, sort, [])
    known.settings, known.updated_at, known.sort, known.disabled = list(settings), now, sort, False
    known.hook.wants = frozenset(settings)
    return known


def tell_crm(state: AmoState, event: str, body: Mapping[str, Any], *, to: str | None, now: float) -> None:
    """Put a webhook of the CRM into the outbox, for each address that wants it."""
    wanting = [each for each in state.webhooks.values() if event in each.settings and not each.disabled]
    if not wanting:
        return
    content = encode_brackets({**body, "account": _account(state)})
    id = _message_id(body) or f"{event}:{state.next_id()}"
    for each in wanting:
        lane = f"crm:{each.id}:{to or ''}"
        state.outbox.put(
            Update(id=id, kind=event, to=to, lane=lane, body=content, made_at=now, hook=each.hook),
        )


def tell_channel(state: AmoState, kind: str, id: str, about: Document, *, to: str, now: float) -> None:
    """Put a hook of the channel into the outbox, if the channel is connected and has an address."""
    if state.scope_id not in state.scopes:
        return
    body = {"account_id": state.settings["amojo_id"], "time": int(now), **about}
    state.outbox.put(
        Update(id=id, kind=kind, to=to, lane=f"channel:{to}", body=msgspec.json.encode(body), made_at=now),
    )


def request(state: AmoState, updates: Sequence[Update]) -> HttpRequest:
    """The webhook that carries an update."""
    update = updates[0]
    if update.hook is not None:
        form = (("Content-Type", _FORM), ("User-Agent", "amoCRM-Webhooks/3.0"))
        return HttpRequest("POST", update.hook.url, form, update.body)
    signed = signature(state.settings["channel_secret"], update.body)
    headers = (("Content-Type", "application/json"), ("User-Agent", "amoCRM-Chats/2.0"), ("X-Signature", signed))
    url = (state.webhook_url or "").replace(":scope_id", state.scope_id)
    return HttpRequest("POST", url, headers, update.body)


def read_ack(state: AmoState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float) -> Ack:
    """Status 200 for the channel, 100 to 299 for the CRM; what a bad answer means for a subscription is noted."""
    status = answer.status if isinstance(answer, HttpResponse) else 0
    hook = updates[0].hook
    if status == 200 if hook is None else 100 <= status <= 299:
        return Ack(True)
    if hook is not None:
        _count(state, hook, now)
    attempts_max = None if hook is None or status == 499 or 500 <= status <= 599 else CRM_ATTEMPTS_MAX
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip(), attempts_max=attempts_max)
    expected = "200" if hook is None else "100 to 299"
    return Ack(False, f"status {status}, not {expected}", attempts_max=attempts_max)


def forge(request: HttpRequest, how: Forgery) -> HttpRequest:
    """The same hook from somebody who does not know the channel's secret; raises ``Unsupported``."""
    if request.header("X-Signature") is None:
        raise Unsupported("amocrm: webhooks of the CRM have no signature; only a secret address protects them")
    if how == "stale":
        raise Unsupported("amocrm: a hook's signature covers its body alone, and no age is prescribed for it")
    others = tuple(each for each in request.headers if each[0] != "X-Signature")
    if how == "unsigned":
        return HttpRequest(request.method, request.url, others, request.body)
    wrong = signature("not the secret of the channel", request.body)
    return HttpRequest(request.method, request.url, (*others, ("X-Signature", wrong)), request.body)


def _count(state: AmoState, hook: Hook, now: float) -> None:
    known = state.webhooks.get(hook.url)
    if known is None:
        return
    known.bad_at = [at for at in known.bad_at if at > now - BAD_ANSWERS_S]
    known.bad_at.append(now)
    known.disabled = known.disabled or len(known.bad_at) > BAD_ANSWERS_MAX


def _account(state: AmoState) -> Document:
    subdomain = state.settings["subdomain"]
    return {
        "subdomain": subdomain,
        "id": state.account_id,
        "_links": {"self": f"https://{subdomain}.amocrm.ru"},
    }


def _message_id(body: Mapping[str, Any]) -> str | None:
    message = body.get("message")
    return message["add"][0]["id"] if message else None
