"""Laws of what a platform sends: golden payloads, signatures, redelivery, order, batches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_plus

from chatdrill.conformance.report import DoesNotApply, expect
from chatdrill.conformance.scene import LAWS, Scene, at, body_of, short
from chatdrill.model import Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Examinable, Fetched, HttpFailure, HttpRequest, HttpResponse, Resending, Sealing, Update
from chatdrill.wire.sheets import Golden, Happens

_ATTEMPTS_MAX = 10_000
_MONTH_S = 31 * 86_400.0
_FAILURES: tuple[HttpFailure | HttpResponse, ...] = (
    HttpFailure("timeout"),
    HttpFailure("refused"),
    HttpFailure("reset"),
    HttpFailure("garbage"),
    *(HttpResponse(status) for status in (301, 400, 401, 403, 404, 410, 413, 429, 500, 502, 503, 504)),
)


def spoken(scene: Scene, *texts: str) -> list[Update]:
    """What the bot is told when the customer says something."""
    found = [update for text in texts or ("hello",) for update in scene.happens(Write(parts=(Text(text=text),)))]
    expect(len(found) >= len(texts), f"{len(texts)} messages make {len(found)} updates")
    return found


@LAWS("Every golden payload has a source and a date, and an act makes it.")
def golden_payloads(scene: Scene) -> None:
    expect(scene.sheet.golden, "there is none")
    for golden in scene.sheet.golden:
        expect(golden.source.strip() and golden.date.strip(), f"{golden.name} has no source or no date")
        problem = _difference(scene.anew(golden.settings), golden)
        expect(problem is None, f"{golden.name}: {problem}")


def _difference(scene: Scene, golden: Golden) -> str | None:
    scene.arranged(golden)
    updates = scene.happens(golden.act)
    if not updates:
        return "the bot is told nothing"
    if isinstance(golden.payload, bytes):
        body = updates[0].body
        return None if body == golden.payload else f"{short(body)}, not {short(golden.payload)}"
    found = at(body_of(updates[0]), golden.at)
    make = _shape if golden.shape else lambda value: _masked(scene.sheet.drawn, value)
    return _first_difference(make(found), make(golden.payload))


def _masked(drawn: Sequence[str], value: Any) -> Any:
    """A payload without what chance makes."""
    if isinstance(value, dict):
        return {key: _masked(drawn, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked(drawn, each) for each in value]
    if isinstance(value, str):
        for number, pattern in enumerate(drawn):
            value = re.sub(pattern, f"<{number}>", value)
    return value


def _shape(value: Any) -> Any:
    """The keys of a payload, in their order, and the types under them."""
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def _first_difference(found: Any, wanted: Any, place: str = "") -> str | None:
    if isinstance(found, dict) and isinstance(wanted, dict):
        if list(found) != list(wanted):
            return f"the keys at {place or 'the top'} are {list(found)}, not {list(wanted)}"
        inner = (_first_difference(found[key], wanted[key], f"{place}.{key}".strip(".")) for key in found)
        return next((each for each in inner if each), None)
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        inner = (_first_difference(*pair, f"{place}.{n}") for n, pair in enumerate(zip(found, wanted, strict=True)))
        return next((each for each in inner if each), None)
    return None if found == wanted else f"{place} is {short(found)!r}, not {short(wanted)!r}"


# ------------------------------------------------------------------------------------------------------ signatures


@LAWS("A correct bot, which knows nothing but its environment, believes every webhook.")
def honest_is_believed(scene: Scene) -> None:
    for update in spoken(scene, "hello", "Zażółć 😀 </script> \u2028"):
        request = scene.webhook(update)
        expect(scene.believes(request), f"{update.kind} is not believed")
        length = request.header("content-length")
        expect(
            length is None or int(length) == len(request.body), f"Content-Length is {length} for {len(request.body)}"
        )


def _needs_proof(scene: Scene) -> None:
    if scene.sheet.unproven:
        raise DoesNotApply(scene.sheet.unproven)


def _marks(scene: Scene, honest: HttpRequest) -> frozenset[str]:
    """The headers that prove whose a webhook is: in which the same account with other secrets differs."""
    forger = scene.forger()
    other = forger.webhook(*spoken(forger))
    return frozenset(name.lower() for name, value in honest.headers if other.header(name) != value)


def _told_by_another(scene: Scene, honest: HttpRequest) -> HttpRequest:
    forger = scene.forger()
    forged = forger.webhook(*spoken(forger))
    lower = {name.lower() for name, _ in honest.headers}
    headers = tuple((name, value) for name, value in forged.headers if name.lower() in lower)
    return HttpRequest(honest.method, forged.url, headers, forged.body)


@LAWS("A webhook that was made with other secrets is not believed.")
def wrong_secret_is_refused(scene: Scene) -> None:
    _needs_proof(scene)
    honest = scene.webhook(*spoken(scene))
    forged = _told_by_another(scene, honest)
    expect(forged != honest, "other secrets make the same webhook")
    expect(not scene.believes(forged), "it is believed")


@LAWS("A webhook without its proof is not believed.")
def missing_proof_is_refused(scene: Scene) -> None:
    _needs_proof(scene)
    honest = scene.webhook(*spoken(scene))
    marks = _marks(scene, honest)
    if not marks and _told_by_another(scene, honest).url != honest.url:
        raise DoesNotApply("the proof stands in the address")
    expect(marks, "nothing proves whose it is")
    bare = tuple((name, value) for name, value in honest.headers if name.lower() not in marks)
    expect(not scene.believes(HttpRequest(honest.method, honest.url, bare, honest.body)), "it is believed")


@LAWS("A signed webhook of which one byte was changed is not believed.")
def tampering_is_seen(scene: Scene) -> None:
    _needs_proof(scene)
    first, second = (scene.webhook(update) for update in spoken(scene, "hello", "and one more thing"))
    marks = _marks(scene, first)
    if all(first.header(name) == second.header(name) for name in marks) and first.url == second.url:
        raise DoesNotApply("its webhooks carry a secret, and no signature of the body")
    if _signs_any_alike(scene):
        raise DoesNotApply("its webhooks are signed without their bodies")
    for place in (0, len(first.body) // 2, len(first.body) - 1):
        body = first.body[:place] + bytes([first.body[place] ^ 1]) + first.body[place + 1 :]
        expect(
            not scene.believes(HttpRequest(first.method, first.url, first.headers, body)),
            f"a change of byte {place} is believed",
        )


def _signs_any_alike(scene: Scene) -> bool:
    """True if the same proof goes with any body at all."""
    platform = scene.platform
    if not isinstance(platform, Examinable):
        return False
    one, two = (platform.sign(scene.state, body, scene.now) for body in (b"<a>1</a>", b"<b>2</b>"))
    return (one.url, one.headers) == (two.url, two.headers) and one.body != two.body


@LAWS("Where webhooks are dated, an old one is not believed.")
def stale_is_refused(scene: Scene) -> None:
    honest = scene.webhook(*spoken(scene))
    later = scene.now + (_MONTH_S if scene.sheet.stale_after_s is None else scene.sheet.stale_after_s)
    if scene.sheet.stale_after_s is None:
        expect(scene.believes(honest, later), "an old one is not believed, and the sheet has no stale_after_s")
        raise DoesNotApply("its webhooks are not dated")
    expect(scene.believes(honest, later - 1), "one that is a second younger is not believed")
    expect(not scene.believes(honest, later + 1), "it is believed")
    fresh = scene.webhook(*scene.told[-1:], now=later + 1)
    expect(scene.believes(fresh, later + 1), "the same update, sent now, is not believed")


@LAWS("A webhook's address is asked for as declared: the right answer is accepted, and no other.")
def handshake_is_checked(scene: Scene) -> None:
    request = scene.platform.handshake(scene.state)
    if request is None:
        raise DoesNotApply("an address is not asked before it is used")
    good = Fetched() if scene.sheet.fetched is None else scene.sheet.fetched(request.url)
    expect(good.error is None, f"the sheet has no answer to {request.url}")
    problem = scene.platform.read_handshake(scene.state, HttpResponse(200, (), good.content))
    expect(problem is None, f"the right answer is refused: {problem}")
    other = (HttpResponse(200, (), b"no"),) if good.content else ()  # with no words of its own, any answer is right
    for bad in (*other, HttpResponse(403, (), good.content), *_FAILURES):
        expect(scene.platform.read_handshake(scene.state, bad), f"{bad} is accepted")


@LAWS("For an examination any body is signed, and an event that nobody knows names its customer.")
def examinations_are_signed(scene: Scene) -> None:
    platform = scene.platform
    if not isinstance(platform, Examinable):
        raise DoesNotApply("it is not examinable")
    unknown = platform.unknown_event(scene.state, scene.to, scene.now)
    expect(
        scene.to in unquote_plus(unknown.decode()) or scene.to.encode() in unknown,
        f"the unknown event does not name {scene.to}: {short(unknown)}",
    )
    for body in (unknown, b"{}", b"", b"\xff", b"[]"):
        request = platform.sign(scene.state, body, scene.now)
        expect(_opened(scene, request) == body and scene.believes(request), f"{short(body)!r} is not believed")
    for matter, rule in platform.rules.items():
        expect(rule.text and any(sign.isdigit() for sign in rule.source), f"the rule of {matter} has no dated source")


def _opened(scene: Scene, request: HttpRequest) -> bytes:
    """The body of a webhook, of a sealed one what is inside."""
    platform = scene.platform
    return platform.opened(scene.state, request) if isinstance(platform, Sealing) else request.body


# ------------------------------------------------------------------------------------------------------ redelivery


@LAWS("A webhook that is sent again has the same bytes; only stamps of sending differ.")
def redelivery_is_identical(scene: Scene) -> None:
    update = spoken(scene)[0]
    expect(update.id, "the update has no id")
    first, again, later = scene.webhook(update), scene.webhook(update), scene.webhook(update, now=scene.now + 90)
    expect(first == again, "two tries at one moment differ")
    expect((first.method, first.body) == (later.method, later.body), "a later try differs")
    expect(
        first.path == later.path and (first.url == later.url or scene.platform.delivery.dated), "its address differs"
    )
    if scene.sheet.stale_after_s is None:
        expect(first.headers == later.headers, "the headers of a later try differ, and no date is declared")
    scene.platform.read_ack(scene.state, (update,), HttpResponse(500), scene.now)
    expect(scene.webhook(update) == first, "a try after a failure differs")
    if isinstance(scene.platform, Resending):
        for number, answer in ((2, HttpFailure("timeout")), (3, HttpResponse(500))):
            told = scene.platform.again(scene.state, (update,), first, answer, number, scene.now + 90)
            expect((told.method, told.path) == (first.method, first.path), "a redelivery goes elsewhere")
            expect(scene.believes(told, scene.now + 90), "a redelivery is not believed")


@LAWS("What fails is tried again as declared, and given up in the end.")
def retries_end(scene: Scene) -> None:
    delivery, chance = scene.platform.delivery, Seed(1).stream("retries")
    retry = delivery.retry
    expect(delivery.source.strip(), "the delivery has no source")
    expect(delivery.ack_timeout_s > 0 and delivery.batch_max >= 1 and delivery.concurrency_max >= 1, "odd numbers")
    elapsed, failures = 0.0, 1
    while (delay := retry.delay_s(failures, elapsed, chance)) is not None:
        declared = retry.delays_s[min(failures, len(retry.delays_s)) - 1]
        expect(
            declared <= delay <= declared + retry.jitter_s, f"try {failures + 1} comes after {delay} s, not {declared}"
        )
        elapsed, failures = elapsed + delay, failures + 1
        expect(failures <= _ATTEMPTS_MAX, "it is never given up")
    expect(retry.attempts_max is None or failures <= retry.attempts_max, f"{failures} tries, not {retry.attempts_max}")
    expect(retry.give_up_after_s is None or elapsed <= retry.give_up_after_s, f"tried for {elapsed} s")


@LAWS("An answer counts as success or failure as the delivery declares.")
def success_is_as_declared(scene: Scene) -> None:
    update = spoken(scene)[0]
    good = {200: True, 201: scene.platform.delivery.success == "2xx", 204: scene.platform.delivery.success == "2xx"}
    for status, ok in good.items():
        ack = scene.platform.read_ack(scene.state, (update,), HttpResponse(status), scene.now)
        expect(ack.ok == ok, f"{status} is {'success' if ack.ok else 'failure'}")
    for answer in _FAILURES:
        ack = scene.platform.read_ack(scene.state, (update,), answer, scene.now)
        expect(not ack.ok and ack.error, f"{answer} is success, or has no words")
        expect(ack.retry_after_s is None or ack.retry_after_s >= 0, f"{answer}: again after {ack.retry_after_s} s")


@LAWS("A customer's updates have ids of their own and one lane, in the order of the acts.")
def order_is_kept(scene: Scene) -> None:
    first = scene.happens(Write(parts=(Text(text="one"),)))
    scene.now += 5
    anna = [*first, *spoken(scene, "two", "three")]
    eva = scene.happens(Happens(Write(parts=(Text(text="four"),)), who="eva"))
    ids = [update.id for update in (*anna, *eva)]
    expect(len(set(ids)) == len(ids), f"ids: {ids}")
    expect(len({update.lane for update in anna}) == 1, "one customer has several lanes")
    expect({update.lane for update in eva}.isdisjoint(update.lane for update in anna), "two customers share a lane")
    expect([update.made_at for update in anna] == sorted(update.made_at for update in anna), "time goes backwards")
    expect({update.to for update in anna} == {scene.to}, "an update is about somebody else")


@LAWS("A webhook carries each of its updates once, in order, up to the vendor's maximum.")
def batches_fit(scene: Scene) -> None:
    most = min(scene.platform.delivery.batch_max, 50)
    updates = spoken(scene, *(f"message number {number} of many" for number in range(most)))
    for size in {1, most}:
        some = updates[:size]
        body = _opened(scene, scene.webhook(*some))
        places = [body.find(update.body) for update in some]
        expect(-1 not in places, f"an update is missing in a webhook of {size}")
        expect(places == sorted(places), f"the updates stand in another order: {places}")
        texts = [body.count(b"message number %d of" % number) for number in range(size)]
        expect(set(texts) == {texts[0]}, f"they stand in it {texts} times")
        expect(scene.believes(scene.webhook(*some)), f"a webhook of {size} is not believed")
