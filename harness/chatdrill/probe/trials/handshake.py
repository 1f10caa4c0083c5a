"""The request by which a vendor asks whether an address is the bot's."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from chatdrill.probe.bench import Bench
from chatdrill.probe.register import probe
from chatdrill.probe.results import Outcome
from chatdrill.probe.trials.common import inapplicable
from chatdrill.wire import HttpRequest, Rule

_RULE = Rule("the address answers the vendor's question only where it knows the token", "common practice of webhooks")
_PROOFS = ("verify_token", "signature")
"""What the names of arguments end in that prove who asks."""
_NONE = "this vendor asks nothing before it uses an address"


@probe("handshake", "The handshake", _RULE, matter="handshake", needs=())
async def right_token(bench: Bench) -> Outcome:
    request = bench.service.handshake(bench.state)
    if request is None:
        return inapplicable(_NONE)
    tried = f"{request.method}, as the vendor asks"
    answer = await bench.send(request)
    problem = bench.service.read_handshake(bench.state, answer.content)
    if problem is None:
        return Outcome("passed", tried, answer.words)
    word = next((each.name for each in bench.service.settings if each.name in ("verify_token", "token")), "token")
    flag = f"--set {bench.service.name}.{word}=..."
    hint = f". If the bot has another token, name it ({flag})" if answer.status and _asks_for_token(request) else ""
    reason = f"The vendor's console refuses such an address: {problem}{hint}"
    return Outcome("critical", tried, answer.words, reason)


@probe("handshake-forged", "The handshake with a wrong token, and with none", _RULE, matter="handshake", needs=())
async def wrong_token(bench: Bench) -> Outcome:
    request = bench.service.handshake(bench.other)
    if request is None:
        return inapplicable(_NONE)
    if not _asks_for_token(request):
        return inapplicable("the vendor's question has no token in it: anybody may ask")
    proof = next(name for name, _ in request.query if name.endswith(_PROOFS))
    tried = f"GET with a challenge and a wrong {proof}, then without one"
    answers = [await bench.send(each) for each in (request, _without_token(request))]
    for answer in answers:
        if bench.service.read_handshake(bench.other, answer.content) is None:
            reason = (
                f"The address gives the challenge back to anybody: look first whether {proof} is right for the bot's own token, and"
                " answer 403 where it is not, else a stranger's app can subscribe to it"
            )
            return Outcome("serious", tried, answer.words, reason)
    came = "; ".join(answer.words for answer in answers)
    if any(answer.is_error for answer in answers):
        return Outcome("minor", tried, came, "A stranger's handshake makes the bot fail; answer 403")
    if any(answer.is_ok for answer in answers):
        return Outcome("note", tried, came, "The challenge is kept, but the status is a success; 403 is plainer")
    return Outcome("passed", tried, came)


def _asks_for_token(request: HttpRequest) -> bool:
    return any(name.endswith(_PROOFS) for name, _ in request.query)


def _without_token(request: HttpRequest) -> HttpRequest:
    parts = urlsplit(request.url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if not name.endswith(_PROOFS)]
    return HttpRequest("GET", urlunsplit(parts._replace(query=urlencode(kept))), request.headers)
