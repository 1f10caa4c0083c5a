"""Webhooks that are unlike those of yesterday: new kinds, new fields, none, many, the same again."""

from __future__ import annotations

from chatdrill.probe.bench import Bench, Parcel, with_body, with_header
from chatdrill.probe.register import probe
from chatdrill.probe.results import Outcome
from chatdrill.probe.shapes import as_json, compact, emptied, padded, with_novelties
from chatdrill.probe.trials.common import COMES_AGAIN, inapplicable, must_be_taken, survived
from chatdrill.wire import Rule

_GROWS = Rule("vendors add kinds of events and fields without asking", "common practice of APIs")
_ROBUST = Rule("a bad request is answered with 4xx and stops nothing", "RFC 9110, section 15.5")
_AGAIN = Rule("what was not acknowledged in time is sent again", "common practice of webhooks")
_SIZED = Rule("a body that is too large is answered 413, at once", "RFC 9110, section 15.5.14")
_UNSIGNABLE = "nobody has said how a body of one's own is signed here"
_BATCH = 5
_BEYOND_BYTES = 10 * 1024 * 1024
_UNDOCUMENTED_BYTES = 1024 * 1024


@probe("redelivery", "The same message twice", _AGAIN, matter="redelivery")
async def twice(bench: Bench) -> Outcome:
    parcel = bench.genuine(keep="twice")
    answers = [await bench.send(parcel.request) for _ in range(2)]
    came = ", then ".join(answer.words for answer in answers)
    if all(map(bench.accepts, answers)):
        return Outcome("passed", "a message, and the same bytes again", came)
    reason = f"Acknowledge a redelivered message too, and do nothing else with it: {COMES_AGAIN}"
    return Outcome("serious", "a message, and the same bytes again", came, reason)


@probe("unknown-event", "An event of an unknown kind", _GROWS, matter="unknown")
async def unknown_event(bench: Bench) -> Outcome:
    request = bench.unknown_event()
    if request is None:
        return inapplicable(_UNSIGNABLE)
    reason = f"Acknowledge what the bot does not know, and leave it alone: {COMES_AGAIN}"
    return await must_be_taken(bench, request, "a signed event of a kind that does not exist yet", reason)


@probe("unknown-fields", "A message with unknown fields", _GROWS, matter="unknown")
async def unknown_fields(bench: Bench) -> Outcome:
    parcel = bench.genuine()
    try:
        body = compact(with_novelties(as_json(parcel.request.body)))
    except ValueError:
        return inapplicable("the body is no JSON")
    request = bench.signed(body, parcel)
    if request is None:
        return inapplicable(_UNSIGNABLE)
    reason = (
        "Ignore the fields that the bot does not know; a strict parser turns the vendor's next version into an outage"
    )
    return await must_be_taken(bench, request, "a signed message with a new field in every object", reason)


@probe("batch", "Several messages in one webhook", _GROWS, matter="batch")
async def batch(bench: Bench) -> Outcome:
    if bench.service.delivery.batch_max < _BATCH:
        return inapplicable("this vendor sends one update at a time")
    parcels = [bench.genuine(keep="batch") for _ in range(_BATCH)]
    reason = f"Go through all elements of a webhook; under load the vendor sends many in one: {COMES_AGAIN}"
    tried = f"messages of {_BATCH} customers in one signed webhook"
    return await must_be_taken(bench, bench.together(parcels), tried, reason)


@probe("batch-empty", "A webhook with no update", _GROWS, matter="batch")
async def empty_batch(bench: Bench) -> Outcome:
    if bench.service.delivery.batch_max == 1:
        return inapplicable("this vendor sends one update at a time")
    parcel = bench.genuine()
    body = emptied(parcel.request.body)
    request = None if body is None else bench.signed(body, parcel)
    if request is None:
        return inapplicable(_UNSIGNABLE)
    tried = "a signed webhook without elements"
    return survived(await bench.send(request), tried, "Take an empty list for what it is: nothing to do")


async def _odd(bench: Bench, body: bytes, tried: str) -> Outcome:
    request = bench.signed(body, bench.genuine())
    if request is None:
        return inapplicable(_UNSIGNABLE)
    reason = (
        "Whatever the body holds, answer it (400 or 200) and go on; a body that makes the bot fail makes alarms useless"
    )
    return survived(await bench.send(request), tried, reason)


@probe("empty-object", "An empty object", _ROBUST)
async def empty_object(bench: Bench) -> Outcome:
    return await _odd(bench, b"{}", "the signed body {}")


@probe("empty-body", "An empty body", _ROBUST)
async def empty_body(bench: Bench) -> Outcome:
    return await _odd(bench, b"", "a signed body of no bytes")


@probe("malformed-json", "A body that is cut off", _ROBUST)
async def malformed(bench: Bench) -> Outcome:
    return await _odd(bench, b'{"object": "cut o', "a signed body that ends in the middle")


@probe("other-json", "JSON that is no object", _ROBUST)
async def other_json(bench: Bench) -> Outcome:
    outcomes = [await _odd(bench, body, f"the signed body {body.decode()}") for body in (b"[]", b"null", b'"text"')]
    return next((each for each in outcomes if each.verdict != "passed"), outcomes[0])


@probe("nested-json", "JSON nested very deeply", _ROBUST)
async def nested(bench: Bench) -> Outcome:
    depth = 20_000
    body = b'{"a":' * depth + b"1" + b"}" * depth
    return await _odd(bench, body, f"a signed body of {depth} objects in each other")


@probe("content-type", "A wrong content type", _ROBUST)
async def content_type(bench: Bench) -> Outcome:
    request = with_header(bench.genuine().request, "Content-Type", "text/plain; charset=utf-16")
    reason = "A content type that the vendor does not send makes the bot fail; answer 415, or do not look at it"
    return survived(await bench.send(request), "a signed message as text/plain", reason)


def _large(bench: Bench, size: int) -> tuple[Parcel, bytes] | None:
    parcel = bench.genuine()
    try:
        return parcel, padded(parcel.request.body, size)
    except ValueError:
        return None


@probe("size-allowed", "As large a body as the vendor sends", _SIZED, matter="size")
async def allowed_size(bench: Bench) -> Outcome:
    declared = getattr(bench.service, "body_max_bytes", None)
    size = declared or _UNDOCUMENTED_BYTES
    large = _large(bench, size)
    request = None if large is None else bench.signed(large[1], large[0])
    if request is None:
        return inapplicable(_UNSIGNABLE)
    tried = f"a signed message of {size / 1024 / 1024:g} MiB"
    answer = await bench.send(request)
    if bench.accepts(answer):
        return Outcome("passed", tried, answer.words)
    if answer.is_silence:
        return Outcome(
            "serious", tried, answer.words, "A large body keeps the bot from answering at all; bound and read it"
        )
    if declared is None and answer.status == 413:
        return Outcome("note", tried, answer.words, "The vendor names no size for webhooks; a few hundred kB should do")
    reason = f"Let the server (and the proxy before it) take bodies of {size} bytes: what it refuses is lost to the bot"
    return Outcome("minor", tried, answer.words, reason)


@probe("size-beyond", "A much larger body", _SIZED)
async def beyond_size(bench: Bench) -> Outcome:
    large = _large(bench, _BEYOND_BYTES)
    request = None if large is None else with_body(large[0].request, large[1])
    if request is None:
        return inapplicable("the body is no JSON")
    answer = await bench.send(request)
    tried = f"an unsigned body of {_BEYOND_BYTES // 1024 // 1024} MiB"
    if answer.is_silence:
        reason = "Anybody can tie the bot down with one large request: set a limit for bodies (413)"
        return Outcome("serious", tried, answer.words, reason)
    if answer.status >= 500:
        return Outcome("minor", tried, answer.words, "Set a limit for bodies, so that a large one is answered 413")
    return Outcome("passed", tried, answer.words)
