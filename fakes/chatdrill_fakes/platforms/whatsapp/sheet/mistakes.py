"""Calls that Meta refuses: every code of the table that has a call of its own, and every other one injected."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask, Mistake, Refused
from chatdrill_fakes.families.meta_sheets import wrong
from chatdrill_fakes.platforms.whatsapp.errors import PROBLEMS
from chatdrill_fakes.platforms.whatsapp.sheet.bodies import BODIES
from chatdrill_fakes.platforms.whatsapp.sheet.calls import MESSAGES, NUMBER, delete, edge, get

_TEXT = MESSAGES(**BODIES["text"])
_WRONG_TOKEN = (("Authorization", "Bearer EAAwrong"),)
_STALE = 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token - Cannot parse access token"'


def _bad(name: str, ask: Ask, code: int, status: int = 400, **error: Any) -> Mistake:
    return Mistake(name, ask, wrong(status, code, **error))


def _injected(code: int) -> Mistake:
    """A message that meets an error on purpose: at once if its code can come so, or later."""
    problem = PROBLEMS[code]
    failing = MESSAGES((Event(name="next_send_fails", data={"code": code}),), **BODIES["text"])
    answer = Refused(200, later=code) if "A" in problem.where else wrong(problem.status, code)
    return Mistake(f"{code} {problem.title}", failing, answer)


ERRORS = (
    _bad("no token", Ask(_TEXT.path, _TEXT.body, headers=()), 104, 401),
    Mistake("wrong token", Ask(_TEXT.path, _TEXT.body, headers=_WRONG_TOKEN),
            Refused(401, {"error": {"code": 190, "type": "OAuthException"}}, {"WWW-Authenticate": _STALE})),
    _bad("unknown object", get("/v25.0/998877"), 100, error_subcode=33, type="GraphMethodException"),
    _bad("unknown edge", get(f"{NUMBER}/horoscope"), 2500),
    _bad("wrong method", delete(NUMBER), 100),
    _bad("no recipient", MESSAGES(**BODIES["text"], to=None), 100),
    _bad("recipient of letters", MESSAGES(**BODIES["text"], to="anna"), 131009),
    _bad("to itself", MESSAGES(**BODIES["text"], to="{display_phone_number}"), 131021),
    Mistake("not allowed", MESSAGES(**BODIES["text"], to="+491709"), wrong(400, 131030), {"allowed_recipients": "4915155501234"}),
    _bad("no product", Ask(f"{NUMBER}/messages", {"to": "+{to}", **BODIES["text"]}), 100,
         message="(#100) The parameter messaging_product is required."),
    _bad("no text", MESSAGES(type="text", text={}), 131008, message="(#131008) Required parameter is missing"),
    _bad("unknown type", MESSAGES(type="hologram"), 131051),
    _bad("to a group", MESSAGES(**BODIES["text"], recipient_type="group"), 131055),
    _bad("unknown template", MESSAGES(type="template", template={"name": "promo", "language": {"code": "de"}}), 132001, 404),
    _bad("unknown file", MESSAGES(type="image", image={"id": "999"}), 100),
    _bad("not registered", MESSAGES((edge("deregister"),), **BODIES["text"]), 133010),
    _bad("wrong PIN", Ask(f"{NUMBER}/register", {"messaging_product": "whatsapp", "pin": "000000"},
                          after=(edge("register", pin="212834"),)), 133005),
    _bad("wrong code", edge("verify_code", code="0"), 136025),
    Mistake("blocked", MESSAGES((Block(),), **BODIES["text"]), Refused(200, later=131026)),
    Mistake("reaction to nothing", MESSAGES(type="reaction", reaction={"message_id": "wamid.no", "emoji": "👍"}),
            Refused(200, later=131009)),
    *(_injected(code) for code in PROBLEMS),
)  # fmt: skip
