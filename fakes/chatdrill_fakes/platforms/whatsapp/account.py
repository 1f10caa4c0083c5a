"""The business's own side: number, profile, registration, blocked users and the documents of the phone number."""

from __future__ import annotations

import re
from typing import Any

from chatdrill_fakes.families.meta import GraphError, unknown_object
from chatdrill_fakes.platforms.whatsapp.calls import SUCCESS, Reply, Request, pick
from chatdrill_fakes.platforms.whatsapp.errors import parameter_required, problem, status_error
from chatdrill_fakes.platforms.whatsapp.reading import Node, has_emoji
from chatdrill_fakes.platforms.whatsapp.state import DAY_S, WhatsAppChat, WhatsAppState
from chatdrill_fakes.platforms.whatsapp.subscriptions import override_number, webhook_configuration

REGISTRATIONS_MAX, REGISTRATIONS_PER_S = 10, 3 * DAY_S
PROMPTS_MAX, PROMPT_MAX, COMMANDS_MAX, COMMAND_NAME_MAX, COMMAND_HINT_MAX = 4, 80, 30, 32, 256
BLOCKED_MAX = 64_000
_PIN = re.compile(r"\d{6}")
_NUMBER_FIELDS = ("verified_name", "display_phone_number", "quality_rating")
_PROFILE_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
_PROFILE_FIELDS = (*_PROFILE_LIMITS, "profile_picture_url", "websites", "vertical")


# ------------------------------------------------------------------------------------------ number and account


def shown_number(digits: str) -> str:
    """A number as the API shows it: ``+1 555-010-7788``, others as ``+`` and digits."""
    if digits.startswith("1") and len(digits) == 11:
        return f"+1 {digits[1:4]}-{digits[4:7]}-{digits[7:]}"
    return f"+{digits}"


def _number(state: WhatsAppState) -> dict[str, Any]:
    return {
        "id": state.settings["phone_number_id"],
        "verified_name": "Atelier",
        "display_phone_number": shown_number(state.settings["display_phone_number"]),
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "platform_type": "CLOUD_API",
        "status": "CONNECTED" if state.account.registered else "DISCONNECTED",
        "messaging_limit_tier": "TIER_2K",
        "is_on_biz_app": state.on("coexistence"),
        "throughput": {"level": "STANDARD"},
        "webhook_configuration": webhook_configuration(state),
        "conversational_automation": {
            **state.account.documents["conversational_automation"],
            "id": state.settings["phone_number_id"],
        },
    }


def get_number(request: Request) -> Reply:
    """``GET /{phone-number-id}``"""
    return Reply(body=pick(_number(request.state), request.text("fields"), _NUMBER_FIELDS))


def list_numbers(request: Request) -> Reply:
    """``GET /{business-account-id}/phone_numbers``"""
    row = pick(_number(request.state), request.text("fields"), _NUMBER_FIELDS)
    return Reply(body={"data": [row], "paging": {"cursors": {"before": "A", "after": "B"}}})


def get_account(request: Request) -> Reply:
    """``GET /{business-account-id}``"""
    document = {
        "id": request.node,
        "name": "Atelier",
        "currency": "EUR",
        "timezone_id": "1",
        "message_template_namespace": "c5d1ba7e_0000_4000_8000_0f1e2d3c4b5a",
    }
    return Reply(body=pick(document, request.text("fields"), ("name", "timezone_id", "message_template_namespace")))


def change_number(request: Request) -> Reply:
    """``POST /{phone-number-id}``: a webhook override, or the PIN of two-step verification."""
    configuration = request.value("webhook_configuration")
    if configuration is not None:
        return override_number(request, dict(Node.read(configuration, "webhook_configuration").value))
    request.state.account.pin = _pin(request)
    return Reply(body=SUCCESS)


# ------------------------------------------------------------------------------------------------ registration


def _pin(request: Request) -> str:
    pin = request.required("pin")
    if not _PIN.fullmatch(pin):
        raise problem(100, "Param pin must be 6 digits long.")
    return pin


def _count_registration(request: Request) -> None:
    account = request.state.account
    account.registrations = [at for at in account.registrations if request.now - at < REGISTRATIONS_PER_S]
    if len(account.registrations) >= REGISTRATIONS_MAX:
        raise problem(133016)
    account.registrations.append(request.now)


def register(request: Request) -> Reply:
    """``POST /{phone-number-id}/register``"""
    if request.text("messaging_product") != "whatsapp":
        raise parameter_required("messaging_product")
    pin, account = _pin(request), request.state.account
    _count_registration(request)
    if account.pin is not None and account.pin != pin:
        raise problem(133005)
    account.pin, account.registered = pin, True
    return Reply(body=SUCCESS)


def deregister(request: Request) -> Reply:
    """``POST /{phone-number-id}/deregister``: sends are refused until it registers again."""
    _count_registration(request)
    request.state.account.registered = False
    return Reply(body=SUCCESS)


def request_code(request: Request) -> Reply:
    """``POST /{phone-number-id}/request_code``"""
    Node(request.arguments.values, "request").choice("code_method", ("sms", "voice"))
    request.required("language")
    return Reply(body=SUCCESS)


def verify_code(request: Request) -> Reply:
    """``POST /{phone-number-id}/verify_code``: any six digits are right."""
    if not _PIN.fullmatch(request.required("code").replace("-", "")):
        raise problem(136025, message="(#136025) Verify code error", status=400)
    return Reply(body=SUCCESS)


# ---------------------------------------------------------------------------------------------- business profile


def get_profile(request: Request) -> Reply:
    """``GET /{phone-number-id}/whatsapp_business_profile``"""
    profile = pick(request.state.account.profile, request.text("fields"), ())
    return Reply(body={"data": [{**profile, "messaging_product": "whatsapp"}]})


def change_profile(request: Request) -> Reply:
    """``POST /{phone-number-id}/whatsapp_business_profile``"""
    if request.text("messaging_product") != "whatsapp":
        raise parameter_required("messaging_product")
    given = Node(request.arguments.values, "profile")
    for name, most in _PROFILE_LIMITS.items():
        given.optional_text(name, most)
    changed = {name: request.value(name) for name in _PROFILE_FIELDS if name in given.value}
    request.state.account.profile.update(changed)
    return Reply(body=SUCCESS)


# ------------------------------------------------------------------------------------- documents of the number


def get_document(request: Request) -> Reply:
    """``GET`` of what the bot stored under an edge of the number."""
    edge = request.path.segments[1]
    stored = request.state.account.documents.get(edge, {})
    return Reply(body={"data": [stored]} if edge == "whatsapp_commerce_settings" else stored)


def store_document(request: Request) -> Reply:
    """``POST``: remember every argument but the token."""
    edge = request.path.segments[1]
    values = {name: _truth(request.value(name)) for name in request.arguments.values if name != "access_token"}
    if edge == "conversational_automation":
        _check_automation(Node(values, "conversational_automation"))
    request.state.account.documents.setdefault(edge, {}).update(values)
    return Reply(body=SUCCESS)


def _truth(value: Any) -> Any:
    """A boolean that came as a word (query string, form), as what it means."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _check_automation(given: Node) -> None:
    prompts = given.value.get("prompts") or []
    if not isinstance(prompts, list) or len(prompts) > PROMPTS_MAX:
        raise problem(100, f"Param prompts must be an array of at most {PROMPTS_MAX} texts.")
    if any(not isinstance(prompt, str) or not 0 < len(prompt) <= PROMPT_MAX for prompt in prompts):
        raise problem(100, f"Param prompts: each text must have 1 to {PROMPT_MAX} characters.")
    if any(has_emoji(prompt) for prompt in prompts):
        raise problem(100, "Param prompts may not have emoji.")
    for command in given.nodes("commands", 0, COMMANDS_MAX, "Commands") if given.has("commands") else []:
        name = command.text("command_name", COMMAND_NAME_MAX)
        if has_emoji(name + command.text("command_description", COMMAND_HINT_MAX)):
            raise problem(100, f"Param {command.path} may not have emoji.")


def create_code(request: Request) -> Reply:
    """``POST /{phone-number-id}/message_qrdls``: a short link with a text for the customer's input."""
    text, state = request.required("prefilled_message"), request.state
    known = request.text("code")
    if known is not None and known not in state.account.codes:
        raise unknown_object(known, "POST")
    code = known or state.chance.base64url(14).upper().replace("-", "X").replace("_", "Y")
    entry = {"code": code, "prefilled_message": text, "deep_link_url": f"https://wa.me/message/{code}"}
    if kind := request.text("generate_qr_image"):
        entry["qr_image_url"] = f"https://scontent.xx.fbcdn.net/m1/v/t6/{code}.{kind.lower()[:4]}"
    state.account.codes[code] = entry
    return Reply(body=entry)


def list_codes(request: Request) -> Reply:
    """``GET /{phone-number-id}/message_qrdls[/{code}]``"""
    return Reply(body={"data": [_code(request)] if len(request.path.segments) > 2 else _codes(request)})


def delete_code(request: Request) -> Reply:
    """``DELETE /{phone-number-id}/message_qrdls/{code}``"""
    del request.state.account.codes[_code(request)["code"]]
    return Reply(body=SUCCESS)


def _codes(request: Request) -> list[dict[str, Any]]:
    return list(request.state.account.codes.values())


def _code(request: Request) -> dict[str, Any]:
    code = request.path.segments[2] if len(request.path.segments) > 2 else request.required("code")
    found = request.state.account.codes.get(code)
    if found is None:
        raise unknown_object(code, request.exchange.request.method)
    return found


# ------------------------------------------------------------------------------------------------ blocked users


def block_users(request: Request) -> Reply:
    """``POST /{phone-number-id}/block_users``: only customers who wrote in the last 24 hours."""
    return _change_blocks(request, muted=True)


def unblock_users(request: Request) -> Reply:
    """``DELETE /{phone-number-id}/block_users``"""
    return _change_blocks(request, muted=False)


def list_blocked(request: Request) -> Reply:
    """``GET /{phone-number-id}/block_users``"""
    muted = [chat for chat in request.state.chats.values() if chat.muted]
    rows = [{"input": f"+{chat.wa_id}", "wa_id": chat.wa_id} for chat in muted]
    data = [{"block_users": rows}] if rows else []
    return Reply(body={"data": data, "paging": {"cursors": {"after": "MTAx", "before": "NDMy"}}})


def _change_blocks(request: Request, *, muted: bool) -> Reply:
    if request.text("messaging_product") != "whatsapp":
        raise parameter_required("messaging_product")
    entries = Node({"block_users": request.value("block_users")}, "request").nodes("block_users", 1, 1000)
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for entry in entries:
        user = entry.text("user" if entry.has("user") else "user_id")
        digits = re.sub(r"\D", "", user)
        chat = request.state.chat_of(user) or request.state.chat_of(digits)
        row = {"input": user, "wa_id": chat.wa_id if chat else digits, **({"user_id": user} if "." in user else {})}
        if chat is not None and (not muted or _may_block(request, chat)):
            chat.muted = muted
            done.append(row)
        else:
            failed.append({**row, "errors": [_block_error()]})
    return _blocks_reply(done, failed, "added_users" if muted else "removed_users")


def _may_block(request: Request, chat: WhatsAppChat) -> bool:
    count = sum(each.muted for each in request.state.chats.values())
    return chat.window_open(chat.at(request.now)) and count < BLOCKED_MAX


def _block_error() -> dict[str, Any]:
    error = status_error(131047)
    error.pop("href")
    return error


def _blocks_reply(done: list[dict[str, Any]], failed: list[dict[str, Any]], verb: str) -> Reply:
    result: dict[str, Any] = {verb: done, **({"failed_users": failed} if failed else {})}
    body: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": result}
    if not failed:
        return Reply(body=body)
    error: GraphError = problem(139100)
    return Reply(body=body, failure=error)
