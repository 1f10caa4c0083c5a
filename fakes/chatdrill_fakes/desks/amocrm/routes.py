"""Which call is answered by what."""

from __future__ import annotations

from chatdrill_fakes.desks.amocrm import files, oauth
from chatdrill_fakes.desks.amocrm.chats import channel, messages, statuses
from chatdrill_fakes.desks.amocrm.crm import account, contacts, leads, notes, talks, tasks, unsorted, webhooks
from chatdrill_fakes.families.desks import Route, route

_CRM, _CHATS = "/api/v4", "/v2/origin/custom"
_REFUSED = (
    "companies",
    "customers",
    "catalogs",
    "events",
    "sources",
    "products",
    "salesbot",
    "widgets",
    "roles",
    "chats",
    "short_links",
)


def _refused() -> tuple[Route, ...]:
    """What the vendor has and nobody needs to hand a conversation over."""
    bare = [route(method, f"{_CRM}/{name}", None) for name in _REFUSED for method in ("GET", "POST", "PATCH")]
    deep = [
        route(method, f"{_CRM}/{name}/{{rest*}}", None)
        for name in _REFUSED
        for method in ("GET", "POST", "PATCH", "DELETE")
    ]
    linked = [
        route(method, f"{_CRM}/{thing}/{{id}}/{edge}", None)
        for thing in ("leads", "contacts")
        for method, edge in (("POST", "link"), ("POST", "unlink"), ("GET", "links"), ("GET", "files"))
    ]
    fields = [
        route(method, f"{_CRM}/{thing}/{edge}", None)
        for thing in ("leads", "contacts")
        for method in ("GET", "POST", "PATCH")
        for edge in ("custom_fields", "tags")
    ]
    changed = [
        route("PATCH", f"{_CRM}/{{entity}}/notes", None),
        route("PATCH", f"{_CRM}/{{entity}}/{{id}}/notes", None),
        route("PATCH", f"{_CRM}/tasks", None),
        route("POST", "/api/v2/salesbot/run", None),
    ]
    return (*bare, *deep, *linked, *fields, *changed)


_NOTES = tuple(
    made
    for entity in ("leads", "contacts")
    for made in (
        route("POST", f"{_CRM}/{entity}/notes", notes.for_entity(entity, notes.add)),
        route("POST", f"{_CRM}/{entity}/{{id}}/notes", notes.for_entity(entity, notes.add)),
        route("GET", f"{_CRM}/{entity}/{{id}}/notes", notes.for_entity(entity, notes.listed)),
        route("GET", f"{_CRM}/{entity}/{{id}}/notes/{{note}}", notes.for_entity(entity, notes.get)),
    )
)
_UNSORTED = (
    route("GET", f"{_CRM}/leads/unsorted", unsorted.listed),
    route("GET", f"{_CRM}/leads/unsorted/summary", unsorted.summary, support="partial"),
    route("POST", f"{_CRM}/leads/unsorted/forms", unsorted.add_forms),
    route("POST", f"{_CRM}/leads/unsorted/sip", unsorted.add_sip),
    route("GET", f"{_CRM}/leads/unsorted/{{uid}}", unsorted.get),
    route("POST", f"{_CRM}/leads/unsorted/{{uid}}/accept", unsorted.accept),
    route("DELETE", f"{_CRM}/leads/unsorted/{{uid}}/decline", unsorted.decline),
    route("POST", f"{_CRM}/leads/unsorted/{{uid}}/link", unsorted.link_to, support="partial"),
)
_CRM_ROUTES = (
    route("GET", f"{_CRM}/account", account.account, support="partial"),
    route("GET", f"{_CRM}/users", account.users),
    route("GET", f"{_CRM}/users/{{id}}", account.user),
    route("GET", f"{_CRM}/leads/pipelines", account.pipelines),
    route("GET", f"{_CRM}/leads/pipelines/{{id}}", account.pipeline),
    *_UNSORTED,
    *_NOTES,
    route("GET", f"{_CRM}/contacts/chats", contacts.chats),
    route("POST", f"{_CRM}/contacts/chats", contacts.link_chats),
    route("GET", f"{_CRM}/contacts", contacts.search, support="partial"),
    route("POST", f"{_CRM}/contacts", contacts.add),
    route("PATCH", f"{_CRM}/contacts", contacts.change),
    route("POST", f"{_CRM}/leads/complex", leads.add_complex, support="partial"),
    route("GET", f"{_CRM}/leads", leads.search, support="partial"),
    route("POST", f"{_CRM}/leads", leads.add),
    route("PATCH", f"{_CRM}/leads", leads.change),
    route("GET", f"{_CRM}/tasks", tasks.listed, support="partial"),
    route("POST", f"{_CRM}/tasks", tasks.add),
    route("GET", f"{_CRM}/tasks/{{id}}", tasks.get),
    route("PATCH", f"{_CRM}/tasks/{{id}}", tasks.change),
    route("GET", f"{_CRM}/talks/{{id}}", talks.get),
    route("POST", f"{_CRM}/talks/{{id}}/close", talks.close),
    route("GET", f"{_CRM}/webhooks", webhooks.listed),
    route("POST", f"{_CRM}/webhooks", webhooks.subscribe),
    route("DELETE", f"{_CRM}/webhooks", webhooks.unsubscribe),
)
_THINGS = (
    route("GET", f"{_CRM}/contacts/{{id}}", contacts.get),
    route("PATCH", f"{_CRM}/contacts/{{id}}", contacts.change_one),
    route("GET", f"{_CRM}/leads/{{id}}", leads.get),
    route("PATCH", f"{_CRM}/leads/{{id}}", leads.change_one),
)
_CHAT_ROUTES = (
    route("POST", f"{_CHATS}/{{channel}}/connect", channel.connect, support="partial"),
    route("DELETE", f"{_CHATS}/{{channel}}/disconnect", channel.disconnect),
    route("POST", f"{_CHATS}/{{scope}}/chats", channel.create_chat),
    route("POST", f"{_CHATS}/{{scope}}/typing", statuses.typing),
    route("POST", f"{_CHATS}/{{scope}}/react", statuses.react),
    route("POST", f"{_CHATS}/{{scope}}", messages.receive, support="partial"),
    route("POST", f"{_CHATS}/{{scope}}/{{msgid}}/delivery_status", statuses.delivery_status),
    route("GET", f"{_CHATS}/{{scope}}/chats/{{conversation}}/history", statuses.history),
)

ROUTES: tuple[Route, ...] = (
    route("POST", "/oauth2/access_token", oauth.exchange),
    route("GET", "/attachments/{path*}", files.download),
    *_CHAT_ROUTES,
    *_CRM_ROUTES,
    *_refused(),
    *_THINGS,
)
