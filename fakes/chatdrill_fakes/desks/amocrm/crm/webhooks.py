"""Subscriptions to the CRM's webhooks."""

from __future__ import annotations

from urllib.parse import urlsplit

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm import hooks
from chatdrill_fakes.desks.amocrm.crm.reading import choice, document, filters, kinds, link
from chatdrill_fakes.desks.amocrm.errors import Fault, hal, invalid, no_content, problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Document, WebHook
from chatdrill_fakes.families.desks import Visit

WEBHOOKS_MAX = 100
_THINGS = ("lead", "contact", "company", "customer", "task")
EVENTS: tuple[str, ...] = (
    *(f"add_{thing}" for thing in _THINGS),
    *(f"update_{thing}" for thing in _THINGS),
    *(f"delete_{thing}" for thing in _THINGS),
    *(f"responsible_{thing}" for thing in _THINGS),
    *(f"restore_{thing}" for thing in _THINGS[:3]),
    *(f"note_{thing}" for thing in _THINGS[:4]),
    "status_lead",
    "add_talk",
    "update_talk",
    "add_message",
    "add_unsorted",
    "update_unsorted",
    "delete_unsorted",
    "add_chat_template_review",
)


def listed(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /webhooks``."""
    wanted = filters(visit).get("destination")
    found = [_shown(visit, each) for url, each in visit.state.webhooks.items() if wanted in (None, url)]
    if not found:
        return no_content()
    return hal({"_total_items": len(found), "_embedded": {"webhooks": found}})


def subscribe(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /webhooks``: an address that is known gets the new settings."""
    state, given = visit.state, document(visit)
    wrong = kinds(given, (("destination", "string", True), ("settings", "array", True), ("sort", "integer", False)))
    wrong = wrong or _check(given)
    if wrong:
        raise invalid([("0", wrong)])
    if given["destination"] not in state.webhooks and len(state.webhooks) >= WEBHOOKS_MAX:
        raise problem(422, f"An account has at most {WEBHOOKS_MAX} webhooks")
    sort = given.get("sort") or len(state.webhooks) + 1
    made = hooks.new_webhook(state, given["destination"], given["settings"], sort, visit.exchange.now)
    return hal(_shown(visit, made), status=201)


def unsubscribe(visit: Visit[AmoState]) -> HttpResponse:
    """``DELETE /webhooks``."""
    given = document(visit)
    wrong = kinds(given, (("destination", "string", True),))
    if wrong:
        raise invalid([("0", wrong)])
    if visit.state.webhooks.pop(given["destination"], None) is None:
        raise problem(404, "Webhook not found")
    return no_content()


def _check(given: Document) -> list[Fault]:
    faults = [choice(f"settings.{n}") for n, each in enumerate(given["settings"]) if each not in EVENTS]
    if not given["settings"]:
        faults.append(Fault("NotBlank", "settings", "This value should not be blank."))
    if not _is_address(given["destination"]):
        faults.append(Fault("InvalidUrl", "destination", "This value is not a valid URL."))
    return faults


def _is_address(url: str) -> bool:
    """Hosts in Cyrillic letters are not served."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.hostname or "").isascii()
    except ValueError:
        return False


def _shown(visit: Visit[AmoState], webhook: WebHook) -> Document:
    state = visit.state
    return {
        "id": webhook.id,
        "destination": webhook.hook.url,
        "created_at": int(webhook.created_at),
        "updated_at": int(webhook.updated_at),
        "account_id": state.account_id,
        "created_by": state.bot_user,
        "sort": webhook.sort,
        "disabled": webhook.disabled,
        "settings": list(webhook.settings),
        "_links": link(visit, "webhooks"),
    }
