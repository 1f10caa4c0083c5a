"""Webhooks of somebody who does not know the secret."""

from __future__ import annotations

from urllib.parse import quote_plus

from chatdrill.probe.bench import Bench, Parcel, with_body
from chatdrill.probe.line import Answer
from chatdrill.probe.register import GOOD, probe
from chatdrill.probe.results import Outcome
from chatdrill.probe.shapes import rewritten
from chatdrill.probe.trials.common import inapplicable
from chatdrill.wire import Forgery, HttpRequest, Rule

_RULE = Rule("what proves the sender is checked before anything else", "common practice of webhooks")
_MISSING, _WRONG = "signature-missing", "signature-wrong"
_WORDS = "my order is late"
_OTHER = "my order is here"
_SOON_S = 0.5
_NO_SIGNATURE = "nothing in this vendor's webhooks covers the body: a secret word is all that protects it"


async def judged(bench: Bench, parcel: Parcel, request: HttpRequest, tried: str, reason: str) -> Outcome:
    """A forged webhook must be refused. One that is acknowledged may still be without effect: the bot's answers tell."""
    answer = await bench.send(request)
    if not answer.is_ok:
        return _refused(answer, tried)
    if await _is_ignored(bench, parcel):
        quiet = (
            "It has no effect, but 2xx says that it was believed; answer 401 or 403, so that a wrong secret is noticed"
        )
        return Outcome("minor", tried, f"{answer.words}, and no answer to the customer", quiet)
    if bench.replies(parcel.to):
        return Outcome("critical", tried, f"{answer.words}, and the bot answered the forged message", reason)
    return Outcome("serious", tried, answer.words, reason)


def _refused(answer: Answer, tried: str) -> Outcome:
    if answer.is_error:
        return Outcome(
            "minor", tried, answer.words, "It is refused by failing; answer 401 or 403 before the body is read"
        )
    return Outcome("passed", tried, answer.words)


async def _is_ignored(bench: Bench, parcel: Parcel) -> bool:
    """True if the bot, which answered a genuine message in some time, has not answered this one soon after that time."""
    if not await bench.first_replies():
        return False
    wait_s = (bench.memory.reply_s or 0.0) + _SOON_S
    return not await bench.until(lambda: bool(bench.replies(parcel.to)), wait_s)


async def _forged(bench: Bench, how: Forgery, tried: str, reason: str) -> Outcome:
    parcel = bench.genuine(_WORDS)
    request = bench.forged(parcel, how)
    if request is None:
        return _nothing_to_forge(bench)
    return await judged(bench, parcel, request, tried, reason)


def _nothing_to_forge(bench: Bench) -> Outcome:
    reason = (
        f"Nothing in the webhooks of this account proves that {bench.service.title} has sent them; set a secret, so that nobody"
        " can speak for customers who finds the address"
    )
    return Outcome("minor", "nothing", "", reason)


@probe(_MISSING, "A message without a signature", _RULE, matter="signature")
async def missing(bench: Bench) -> Outcome:
    reason = "Anybody who finds the address can speak for every customer: refuse (401, 403) what has no signature"
    return await _forged(bench, "unsigned", "a message without signature or secret", reason)


@probe(_WRONG, "A message with a wrong signature", _RULE, matter="signature")
async def wrong(bench: Bench) -> Outcome:
    reason = (
        "The bot does not look at what the signature says: compute it over the raw body and compare in constant time"
    )
    return await _forged(bench, "wrong", "a message signed with another secret", reason)


@probe("signature-stale", "An old message with its old signature", _RULE, matter="signature")
async def stale(bench: Bench) -> Outcome:
    parcel = bench.genuine(_WORDS)
    request = bench.forged(parcel, "stale")
    if request is None:
        return inapplicable("no time is signed here; that a webhook is old is known by its id alone")
    reason = "A webhook that somebody has recorded can be played again for ever: refuse signed times older than minutes"
    return await judged(bench, parcel, request, "a message that was signed two hours ago", reason)


def _in_a_form(words: str) -> bytes:
    return quote_plus(words).encode()


@probe("signature-altered", "A body altered after signing", _RULE, matter="signature", needs=(GOOD, _MISSING, _WRONG))
async def altered(bench: Bench) -> Outcome:
    if not bench.signs_bodies:
        return inapplicable(_NO_SIGNATURE)
    parcel = bench.genuine(_WORDS)
    body = parcel.request.body
    for coded in (str.encode, _in_a_form):
        body = body.replace(coded(_WORDS), coded(_OTHER))
    if body == parcel.request.body:
        return inapplicable("the words do not stand in the body as they are")
    reason = "The signature is not computed over the body that came; compute it over every byte of it"
    return await judged(bench, parcel, with_body(parcel.request, body), "other words under the old signature", reason)


@probe(
    "signature-rewritten",
    "A body written anew under the old signature",
    _RULE,
    matter="signature",
    needs=(GOOD, _MISSING, _WRONG, "signature-altered"),
)
async def written_anew(bench: Bench) -> Outcome:
    if not bench.signs_bodies:
        return inapplicable(_NO_SIGNATURE)
    parcel = bench.genuine(_WORDS)
    try:
        body = rewritten(parcel.request.body)
    except ValueError:
        return inapplicable("the body is no JSON")
    reason = (
        "The bot checks the signature over JSON that it has written itself. That fits only by chance: keep the raw bytes of the"
        " request and check those, before anything is parsed"
    )
    return await judged(bench, parcel, with_body(parcel.request, body), "the same JSON with other spaces", reason)


ESCAPED = "signature-escaped"


@probe(ESCAPED, "A genuine body with escaped characters", _RULE, matter="signature", needs=(GOOD,))
async def escaped(bench: Bench) -> Outcome:
    tried = "a genuine message with an accent and slashes"
    request = bench.genuine("Zo\u00eb asks: https://example.org/a/b ?").request
    answer = await bench.send(request)
    if bench.accepts(answer):
        return Outcome("passed", tried, answer.words)
    if answer.status in (400, 401, 403):
        reason = (
            "The signature is checked over JSON that was parsed and written again, or over decoded text: the first accent or"
            " link fails. Check the raw bytes of the request"
        )
    else:
        reason = "The bot fails on an accent or a link in a message"
    return Outcome("serious", tried, answer.words, reason)
