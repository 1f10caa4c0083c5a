"""The other calls: credentials, previews, what can be taken or looked up, bulks, files. Source: infobip.com/docs/api (3.210.0, 2026)."""

from __future__ import annotations

from datetime import datetime

from chatdrill.wire import HttpResponse
from chatdrill_fakes.families.sms import segmented
from chatdrill_fakes.families.sms.segments import ALONE, PART
from chatdrill_fakes.platforms.infobip import limits
from chatdrill_fakes.platforms.infobip.calls import Answered, Asked, Node
from chatdrill_fakes.platforms.infobip.errors import ApiError, violated
from chatdrill_fakes.platforms.infobip.objects import FILES, log, stamp
from chatdrill_fakes.platforms.infobip.sending import due
from chatdrill_fakes.platforms.infobip.state import Bulk, InfobipState, Json

_STATUSES = ("PENDING", "PAUSED", "PROCESSING", "CANCELED", "FINISHED", "FAILED")
_SETTABLE = ("PENDING", "PAUSED", "CANCELED")


def session(asked: Asked) -> Answered:
    """``/auth/1/session``: a token for name and password."""
    settings, body = asked.state.settings, Node(asked.body)
    if (body.text("username"), body.text("password")) != (settings["username"], settings["password"]):
        raise ApiError(401)
    return Answered({"token": _token(asked)})


def oauth(asked: Asked) -> Answered:
    """``/auth/1/oauth2/token``: a token for a client."""
    settings, given = asked.state.settings, asked.query
    if (given.get("client_id"), given.get("client_secret")) != (settings["client_id"], settings["client_secret"]):
        raise ApiError(401)
    if given.get("grant_type") != "client_credentials":
        raise violated("grant_type", "must be client_credentials")
    life_s = int(limits.TOKEN_LIFE_S)
    return Answered({"access_token": _token(asked), "token_type": "Bearer", "expires_in": life_s})


def _token(asked: Asked) -> str:
    token = asked.state.chance.hex(40)
    asked.state.tokens[token] = asked.now + limits.TOKEN_LIFE_S
    return token


def preview(asked: Asked) -> Answered:
    """How many segments a text will be."""
    body = Node(asked.body)
    text = body.text("text")
    if not text:
        raise violated("text", "must not be empty")
    cut = segmented(text)
    room = ALONE[cut.alphabet] if cut.count == 1 else PART[cut.alphabet] * cut.count
    shown: Json = {
        "textPreview": text,
        "messageCount": cut.count,
        "charactersRemaining": max(0, room - cut.units),
        "configuration": {},
    }
    return Answered({"originalText": text, "previews": [shown]})


def _page(asked: Asked) -> int:
    given = asked.query.get("limit", "")
    size = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else limits.PAGE
    return max(1, min(size, limits.PAGE_MAX))


def reports(asked: Asked) -> Answered:
    """Delivery reports that nobody has got, each once."""
    state, query = asked.state, asked.query
    is_new = asked.exchange.request.path.startswith("/sms/3/")
    found = [
        one
        for one in state.reports
        if query.get("messageId") in (None, "", one[0]) and query.get("bulkId") in (None, "", one[1]["bulkId"])
    ][: _page(asked)]
    for one in found:
        state.reports.remove(one)
    return Answered({"results": [one[1] if is_new else one[2] for one in found]})


def inbox(asked: Asked) -> Answered:
    """Customers' messages that nobody has got, each once. What waits for a webhook is not sent any more."""
    state = asked.state
    ids = list(state.inbox)[: _page(asked)]
    results = [state.inbox.pop(id) for id in ids]
    taken = set(ids)
    for update in state.outbox:
        if update.id in taken:
            state.outbox.remove(update)
    return Answered({"results": results, "messageCount": len(results), "pendingMessageCount": len(state.inbox)})


def logs(asked: Asked) -> Answered:
    """What was sent in the last 48 hours, the newest first."""
    state, query = asked.state, asked.query
    wanted = {
        "messageId": query.get("messageId"),
        "bulkId": query.get("bulkId"),
        "to": query.get("destination") or query.get("to"),
    }
    since = asked.now - limits.LOGS_KEPT_S
    found = [
        log(sms)
        for sms in reversed(state.sms.values())
        if sms.made_at >= since
        and all(
            not value or value == own for value, own in zip(wanted.values(), (sms.id, sms.bulk, sms.to), strict=True)
        )
    ]
    size = _page(asked)
    body: Json = {"results": found[:size]}
    if asked.exchange.request.path.startswith("/sms/3/"):
        body["cursor"] = {"limit": size, "nextCursor": None}
    return Answered(body)


def conversion(asked: Asked) -> Answered:
    """The customer did what the message was for."""
    if asked.tail not in asked.state.sms:
        raise ApiError(404, asked.exchange.request.path)
    return Answered({"processKey": asked.state.chance.hex(32)})


def file(asked: Asked) -> Answered:
    """A file of a customer's MMS."""
    found = asked.state.files.get(asked.exchange.request.path.removeprefix(FILES))
    if found is None or found[0].sha256 not in asked.state.blobs:
        raise ApiError(404, asked.exchange.request.path)
    kept, to = found
    return Answered(raw=HttpResponse(200, (("Content-Type", kept.mime),), asked.state.blobs.get(kept.sha256)), to=to)


# -------------------------------------------------------------------------------------------------------------- bulks


def _bulk(asked: Asked) -> tuple[str, Bulk]:
    id = asked.query.get("bulkId", "")
    bulk = asked.state.bulks.get(id)
    if bulk is None:
        raise ApiError(404, asked.exchange.request.path)
    return id, bulk


def read_bulk(asked: Asked) -> Answered:
    """When a bulk is due."""
    id, bulk = _bulk(asked)
    return Answered({"bulkId": id, "sendAt": stamp(bulk.due_at)})


def move_bulk(asked: Asked) -> Answered:
    """A bulk at another time."""
    id, bulk = _bulk(asked)
    if bulk.status not in ("PENDING", "PAUSED"):
        raise violated("bulkId", f"the bulk is {bulk.status}")
    try:
        bulk.due_at = datetime.fromisoformat(Node(asked.body).text("sendAt")).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise violated("sendAt", "must be a date such as 2026-09-21T16:00:00.000+0000") from error
    return Answered({"bulkId": id, "sendAt": stamp(bulk.due_at)}, later=_planned(asked.state, bulk, asked.now))


def read_status(asked: Asked) -> Answered:
    """How a bulk stands."""
    id, bulk = _bulk(asked)
    return Answered({"bulkId": id, "status": bulk.status})


def change_status(asked: Asked) -> Answered:
    """A bulk paused, resumed or canceled."""
    id, bulk = _bulk(asked)
    status = Node(asked.body).text("status")
    if status not in _SETTABLE or bulk.status not in ("PENDING", "PAUSED"):
        raise violated("status", f"must be one of {', '.join(_SETTABLE)}, of a bulk that waits")
    bulk.status = status
    later = _planned(asked.state, bulk, asked.now) if status == "PENDING" else ()
    return Answered({"bulkId": id, "status": status}, later=later)


def _planned(state: InfobipState, bulk: Bulk, now: float) -> tuple:  # type: ignore[type-arg]
    waiting = [sms for id in bulk.ids if (sms := state.sms.get(id)) is not None and sms.chat in state.chats]
    return tuple(due(sms, bulk.due_at - state.chats[sms.chat or ""].at(now)) for sms in waiting)
