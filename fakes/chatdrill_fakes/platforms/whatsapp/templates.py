"""Managing templates: create, list, read, change, delete. Meta, "Template management" (2025/26).

Nobody at the fake reviews: the answer to a creation says PENDING, and the approval follows right away, as a webhook.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from chatdrill.model import Event
from chatdrill_fakes.families.meta import unknown_object
from chatdrill_fakes.platforms.whatsapp.calls import SUCCESS, Reply, Request, pick
from chatdrill_fakes.platforms.whatsapp.errors import parameter_required, problem
from chatdrill_fakes.platforms.whatsapp.events import encode_event
from chatdrill_fakes.platforms.whatsapp.management import status_update
from chatdrill_fakes.platforms.whatsapp.reading import Node
from chatdrill_fakes.platforms.whatsapp.state import TemplateEntry
from chatdrill_fakes.platforms.whatsapp.template_rules import TOO_MANY, check_components, check_name, refuse

TEMPLATES_MAX = 250
PAGE_DEFAULT, PAGE_MAX = 25, 1000
CATEGORIES = ("utility", "marketing", "authentication")
_LISTED = ("name", "parameter_format", "components", "language", "status", "category")


def create(request: Request) -> Reply:
    """``POST /{business-account-id}/message_templates``"""
    state, given = request.state, Node(request.arguments.values, "template")
    name, language = request.required("name"), request.required("language")
    category = given.choice("category", CATEGORIES).upper()
    check_name(name)
    components = given.nodes("components", 1, 10, "Components")
    check_components(components, category)
    same = [each for each in state.templates.values() if (each.name, each.language) == (name, language)]
    if any(not each.sample for each in same):
        raise refuse(2388024, "Content in this language already exists", f"There is already {language} for {name}.")
    _count_creation(request)
    entry = TemplateEntry(
        state.chance.digits(16),
        name,
        language,
        category,
        _stored(components, category),
        parameter_format=given.choice("parameter_format", ("positional", "named"), "positional").upper(),
    )
    for sample in same:
        del state.templates[sample.id]
    state.templates[entry.id] = entry
    for update in encode_event(state, None, _approval(entry), request.now):
        state.outbox.put(update)
    return Reply(body={"id": entry.id, "status": "PENDING", "category": category})


def _stored(components: list[Node], category: str) -> list[dict[str, Any]]:
    """The components as Meta keeps them: the fixed words of authentication templates are spelled out."""
    if category != "AUTHENTICATION":
        return [dict(component.value) for component in components]
    return [_FIXED[component.choice("type", _FIXED)](component) for component in components]


def _code_body(body: Node) -> dict[str, Any]:
    advice = " For your security, do not share this code." if body.value.get("add_security_recommendation") else ""
    return {**body.value, "type": "BODY", "text": f"{{{{1}}}} is your verification code.{advice}"}


def _code_footer(footer: Node) -> dict[str, Any]:
    minutes = footer.value.get("code_expiration_minutes")
    return {
        **footer.value,
        "type": "FOOTER",
        **({"text": f"This code expires in {minutes} minutes."} if minutes else {}),
    }


def _code_buttons(component: Node) -> dict[str, Any]:
    """One-time-password buttons are kept as links whose parameter is the code."""
    kinds = [
        button.choice("otp_type", _OTP_TYPES, "copy_code") for button in component.nodes("buttons", 1, 1, "Buttons")
    ]
    url = f"https://www.whatsapp.com/otp/code/?otp_type={kinds[0].upper()}&code=otp{{{{1}}}}"
    return {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code", "url": url}]}


_OTP_TYPES = ("copy_code", "one_tap", "zero_tap")
_FIXED: dict[str, Callable[[Node], dict[str, Any]]] = {
    "body": _code_body,
    "footer": _code_footer,
    "buttons": _code_buttons,
}


def _count_creation(request: Request) -> None:
    state = request.state
    if len(state.templates) >= TEMPLATES_MAX:
        raise refuse(TOO_MANY, "Too many templates", f"An account may have {TEMPLATES_MAX} templates.")
    if state.on("rate_limits") and state.account.template_creations.take(request.now) > 0:
        raise problem(80007, "100 templates may be created in an hour.")


def _approval(entry: TemplateEntry) -> Event:
    return Event(name="message_template_status_update", data=status_update(entry, "APPROVED"))


def list_templates(request: Request) -> Reply:
    """``GET /{business-account-id}/message_templates``, with filters and pages."""
    wanted = {key: request.text(key) for key in ("name", "language", "status", "category")}
    rows = [
        document
        for entry in request.state.templates.values()
        if _matches(document := _document(entry, request.now), wanted)
    ]
    start, size = _page(request)
    shown = [pick(row, request.text("fields"), _LISTED) for row in rows[start : start + size]]
    cursors = {"before": _cursor(start), "after": _cursor(start + len(shown))}
    more = {"next": _next_link(request, cursors["after"])} if start + size < len(rows) else {}
    return Reply(body={"data": shown, "paging": {"cursors": cursors, **more}, **_summary(request)})


def _summary(request: Request) -> dict[str, Any]:
    """What a list says about the whole, if it is asked to."""
    if request.text("summary") is None:
        return {}
    count = len(request.state.templates)
    counts = {"total_count": count, "message_template_count": count, "message_template_limit": TEMPLATES_MAX}
    return {"summary": {**counts, "are_translations_complete": True}}


def _matches(document: dict[str, Any], wanted: dict[str, str | None]) -> bool:
    return all(value is None or str(document[key]).lower() == value.lower() for key, value in wanted.items())


def _page(request: Request) -> tuple[int, int]:
    limit, after = request.text("limit") or "", request.text("after")
    size = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 6 else PAGE_DEFAULT
    try:
        start = int(b64decode(after, validate=True)) if after else 0
    except ValueError:
        raise problem(100, f"Param after: {after!r} is not a cursor of this list.") from None
    return max(0, start), max(1, min(size, PAGE_MAX))


def _cursor(position: int) -> str:
    return b64encode(str(position).encode()).decode()


def _next_link(request: Request, after: str) -> str:
    """The address of the next page; the caller's token travels in its header, as it does in the call."""
    values = request.arguments.values
    kept = {name: value for name, value in values.items() if name not in ("after", "access_token", "appsecret_proof")}
    path = "/".join(filter(None, (request.path.version, *request.path.segments)))
    return f"{request.base_url()}/{path}?{urlencode({**kept, 'after': after})}"


def _document(entry: TemplateEntry, now: float) -> dict[str, Any]:
    return {
        "name": entry.name,
        "parameter_format": entry.parameter_format,
        "components": entry.components,
        "language": entry.language,
        "status": entry.status,
        "category": entry.category,
        "rejected_reason": entry.reason,
        "quality_score": {"score": "UNKNOWN", "date": int(now)},
        "id": entry.id,
    }


def read(request: Request) -> Reply:
    """``GET /{template-id}``"""
    return Reply(body=pick(_document(_entry(request), request.now), request.text("fields"), _LISTED))


def change(request: Request) -> Reply:
    """``POST /{template-id}``: another category or other components."""
    entry, given = _entry(request), Node(request.arguments.values, "template")
    if not given.has("category") and not given.has("components"):
        raise parameter_required("components")
    category = given.choice("category", CATEGORIES, entry.category.lower()).upper()
    if given.has("components"):
        components = given.nodes("components", 1, 10, "Components")
        check_components(components, category)
        entry.components = _stored(components, category)
    entry.category = category
    return Reply(body=SUCCESS)


def delete_by_name(request: Request) -> Reply:
    """``DELETE /{business-account-id}/message_templates``: all languages of a name, or one by its id."""
    name, one = request.required("name"), request.text("hsm_id")
    templates = request.state.templates
    doomed = [key for key, entry in templates.items() if entry.name == name and one in (None, key)]
    if not doomed:
        raise problem(100, f"Message template {name[:100]!r} not found.", subcode=2593002)
    for key in doomed:
        del templates[key]
    return Reply(body=SUCCESS)


def _entry(request: Request) -> TemplateEntry:
    entry = request.state.templates.get(request.node)
    if entry is None:
        raise unknown_object(request.node, request.exchange.request.method)
    return entry
