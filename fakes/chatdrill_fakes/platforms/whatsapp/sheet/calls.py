"""A good call of every kind, and one of everything that is not emulated."""

from __future__ import annotations

from typing import Any

from chatdrill.wire.sheets import Ask, Step
from chatdrill_fakes.platforms.whatsapp.routes import REFUSED_EDGES, REFUSED_NODES
from chatdrill_fakes.platforms.whatsapp.sheet.bodies import BODIES

_IDS = {
    "{phone-number-id}": "{phone_number_id}",
    "{business-account-id}": "{business_account_id}",
    "{app-id}": "{app_id}",
}
NUMBER, ACCOUNT, APP = "/v25.0/{phone_number_id}", "/v25.0/{business_account_id}", "/v25.0/{app_id}"
_HOOK = "http://127.0.0.1:9001/hook"


def MESSAGES(after: tuple[Step, ...] = (), **body: Any) -> Ask:
    """A message to the customer; its id is kept as ``message``."""
    full = {"messaging_product": "whatsapp", "to": "+{to}", **body}
    return Ask(f"{NUMBER}/messages", full, after=after, keeps={"message": "messages.0.id"})


def get(path: str, *after: Step) -> Ask:
    """A question."""
    return Ask(path, method="GET", after=after)


def post(path: str, *after: Step, **body: Any) -> Ask:
    """A change."""
    return Ask(path, body, after=after)


def delete(path: str, *after: Step, **body: Any) -> Ask:
    """A deletion."""
    return Ask(path, body or None, method="DELETE", after=after)


def edge(name: str, **body: Any) -> Ask:
    """A change of something of the number's."""
    return post(f"{NUMBER}/{name}", messaging_product="whatsapp", **body)


UPLOADED = Ask(
    f"{NUMBER}/media",
    {"messaging_product": "whatsapp", "type": "image/png"},
    files={"file": ("p.png", "photo")},
    keeps={"media": "id"},
)
_LOOKED_UP = Ask("/v25.0/{media}", method="GET", after=(UPLOADED,), keeps={"link": "url"})
TEMPLATE: dict[str, Any] = {
    "name": "parcel_today",
    "language": "de",
    "category": "UTILITY",
    "parameter_format": "POSITIONAL",
    "components": [
        {
            "type": "BODY",
            "text": "Hallo {{1}}, dein Paket {{2}} kommt heute an.",
            "example": {"body_text": [["Anna", "77"]]},
        },
        {"type": "FOOTER", "text": "Atelier"},
    ],
}
MADE = Ask(f"{ACCOUNT}/message_templates", TEMPLATE, keeps={"template": "id"})
_LINKED = Ask(f"{NUMBER}/message_qrdls", {"prefilled_message": "Termin bitte"}, keeps={"code": "code"})
_BLOCK = {"messaging_product": "whatsapp", "block_users": [{"user": "+{to}"}]}
_APP_TOKEN = "/v25.0/oauth/access_token?grant_type=client_credentials&client_id={app_id}&client_secret={app_secret}"
_SUBSCRIBE = {"object": "whatsapp_business_account", "callback_url": _HOOK, "verify_token": "s3cret"}
_CREDENTIALS = {"grant_type": "client_credentials", "client_id": "{app_id}", "client_secret": "{app_secret}"}
_AUTOMATION = {"enable_welcome_message": False, "commands": [], "prompts": ["Preise?"]}

_VOICE = Ask(
    f"{NUMBER}/media",
    {"messaging_product": "whatsapp", "type": "audio/ogg"},
    files={"file": ("a.ogg", "voice")},
    keeps={"media": "id"},
)
EXAMPLES = (
    *(MESSAGES(**body) for body in BODIES.values()),
    MESSAGES((_VOICE,), type="audio", audio={"id": "{media}", "voice": True}),
    MESSAGES(type="reaction", reaction={"message_id": "{mine}", "emoji": "👍"}),
    Ask(f"{NUMBER}/messages", {"messaging_product": "whatsapp", "status": "read", "message_id": "{mine}"}),
    UPLOADED,
    get("/v25.0/{media}", UPLOADED),
    delete("/v25.0/{media}", UPLOADED),
    get("{path}", Ask("/v25.0/{media}", method="GET", after=(UPLOADED,), keeps={"path": "url"})),
    get(NUMBER),
    post(NUMBER, pin="212834"),
    edge("register", pin="212834"),
    edge("deregister"),
    edge("request_code", code_method="SMS", language="de"),
    edge("verify_code", code="000000"),
    get(f"{NUMBER}/whatsapp_business_profile"),
    edge("whatsapp_business_profile", about="Töpferei"),
    get(f"{NUMBER}/block_users"),
    Ask(f"{NUMBER}/block_users", _BLOCK),
    delete(f"{NUMBER}/block_users", Ask(f"{NUMBER}/block_users", _BLOCK), **_BLOCK),
    get(f"{NUMBER}/conversational_automation"),
    edge("conversational_automation", **_AUTOMATION),
    get(f"{NUMBER}/whatsapp_commerce_settings"),
    edge("whatsapp_commerce_settings", is_cart_enabled=True),
    get(f"{NUMBER}/settings"),
    edge("settings", is_cart_enabled=True),
    get(f"{NUMBER}/message_qrdls"),
    _LINKED,
    delete(f"{NUMBER}/message_qrdls/{{code}}", _LINKED),
    get(ACCOUNT),
    get(f"{ACCOUNT}/phone_numbers"),
    get(f"{ACCOUNT}/subscribed_apps"),
    post(f"{ACCOUNT}/subscribed_apps"),
    delete(f"{ACCOUNT}/subscribed_apps"),
    get(f"{ACCOUNT}/message_templates"),
    MADE,
    delete(f"{ACCOUNT}/message_templates?name=parcel_today", MADE),
    get("/v25.0/{template}", MADE),
    post("/v25.0/{template}", MADE, category="MARKETING"),
    get(f"{APP}/subscriptions"),
    Ask(f"{APP}/subscriptions", _SUBSCRIBE),
    delete(f"{APP}/subscriptions"),
    Ask(_APP_TOKEN, method="GET", headers=()),
    Ask("/v25.0/oauth/access_token", _CREDENTIALS, headers=()),
)
REFUSED = (
    *(post(f"/v25.0/{_IDS[node]}/{name}") for node, edges in REFUSED_EDGES.items() for name in edges),
    *(get(f"/v25.0/{node}") for node in REFUSED_NODES),
)
