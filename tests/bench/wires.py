"""The benchmark group ``wires``: what a message costs on each platform, and what holds of all of them.

python -m tests.bench.wires        (or: make bench-wires)
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.bench import finish, median_us, note, report

from chatdrill.conformance import Broken, Scene, check_platform
from chatdrill.conformance.platforms.hostile import BODIES, ODD, TYPES, meets
from chatdrill.conformance.platforms.talk import answered
from chatdrill.conformance.scene import leaves, put, written
from chatdrill.model import Customer, Text, Write
from chatdrill.run.registry import load_platform, load_sheet, platform_names
from chatdrill.seeds import Seed, Stream
from chatdrill.wire import Exchange, HttpRequest
from chatdrill.wire.sheets import Ask
from chatdrill.wire.smtp import DATA, Envelope, asked

TEXT = "Hello, I ordered size 42 last week and the left shoe is torn. What can I do?"
NOW = 1795212345.0
OWN = "support@bench.example"
SEND = {
    "telegram": ("/bot{token}/sendMessage", b'{"chat_id":%b,"text":"Your order 553 is on its way"}'),
    "whatsapp": (
        "/v25.0/{phone_number_id}/messages",
        b'{"messaging_product":"whatsapp","to":"%b","type":"text","text":{"body":"Your order 553 is on its way"}}',
    ),
    "messenger": (
        "/v25.0/me/messages",
        b'{"recipient":{"id":"%b"},"messaging_type":"RESPONSE","message":{"text":"Your order 553 is on its way"}}',
    ),
    "instagram": (
        "/v25.0/me/messages",
        b'{"recipient":{"id":"%b"},"messaging_type":"RESPONSE","message":{"text":"Your order 553 is on its way"}}',
    ),
    "twilio": (
        "/2010-04-01/Accounts/{account_sid}/Messages.json",
        b"To=%b&From=%%2B12025550199&Body=Your+order+553+is+on+its+way",
    ),
    "infobip": (
        "/sms/3/messages",
        b'{"messages":[{"sender":"447860099299","destinations":[{"to":"%b"}],"content":{"text":"Your order 553 is on its way"}}]}',
    ),
    "viber": (
        "/pa/send_message",
        b'{"receiver":"%b","sender":{"name":"Acme"},"type":"text","text":"Your order 553 is on its way"}',
    ),
    "wechat": (
        "/cgi-bin/message/custom/send?access_token={access_token}",
        b'{"touser":"%b","msgtype":"text","text":{"content":"Your order 553 is on its way"}}',
    ),
    "line": (
        "/v2/bot/message/push",
        b'{"to":"%b","messages":[{"type":"text","text":"Your order 553 is on its way"}]}',
    ),
    "declared": ("/v1/messages", b'{"chat":"%b","text":"Your order 553 is on its way"}'),
    "slack": ("/api/chat.postMessage", b'{"channel":"%b","text":"Your order 553 is on its way"}'),
    "webchat": (
        "/v3/conversations/{to}/activities",
        b'{"type":"message","conversation":{"id":"%b"},"text":"Your order 553 is on its way"}',
    ),
    "rasa": ("/callback/{callback_token}", b'{"recipient_id":"%b","text":"Your order 553 is on its way"}'),
}
UNBOUNDED = {"rate_limits": "no", "reply_quota": "9999999"}
"""Settings, where a platform has them: so many calls in so short a time are nobody's."""

HOSTILE = 100_000
ROUND = 250
"""Requests to one account; then it is made anew, so that what grows after that is ours."""
HUGE = max(BODIES.values(), key=len)


def credentials(name: str, settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The headers of a call."""
    if name == "twilio":
        coded = b64encode(f"{settings['account_sid']}:{settings['auth_token']}".encode()).decode()
        return (("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", f"Basic {coded}"))
    if name == "infobip":
        return (("Content-Type", "application/json"), ("Authorization", f"App {settings['api_key']}"))
    return (
        ("Content-Type", "application/json"),
        ("Authorization", f"Bearer {settings.get('token') or settings.get('page_token')}"),
        ("X-Viber-Auth-Token", settings.get("token", "")),
    )


def mail() -> None:
    """The same by SMTP: write one mail, take one."""
    platform = load_platform("email")
    settings = {item.name: item.default for item in platform.settings}
    state = platform.open(settings, Seed(1).stream("bench"))
    state.webhook_url = "smtp://127.0.0.1:2525"
    to = platform.join(state, Customer(key="anna", first_name="Anna", last_name="Huber"), 0.0)
    write = Write(parts=(Text(text=TEXT),))

    def encode() -> object:
        return platform.request(state, platform.encode(state, to, write, NOW), NOW)

    heads = f"From: {OWN}\r\nTo: {to}\r\nSubject: Re: Hello\r\nAuto-Submitted: auto-replied\r\nDate: Mon, 21 Sep 2026 14:13:30 +0000"
    body = f"{heads}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYour order 553 is on its way\r\n".encode()
    envelope = Envelope(sender=OWN, recipients=(to,), user=settings["user"], password=settings["password"])

    request = asked(DATA, envelope, body)

    def decode() -> object:
        fresh = HttpRequest(request.method, request.url, request.headers, request.body)
        return platform.handle(state, Exchange(fresh, NOW, "smtp://127.0.0.1:7725"))

    encode()
    handled = decode()
    assert handled.response.status == 200, handled.response.body
    report("wires.encode_email", median_us(encode), "us", "<= 40")
    report("wires.decode_email", median_us(decode), "us", "<= 50")


def wires() -> None:
    """Encode and sign one update, decode and answer one call, for each platform."""
    for name, (path, body) in SEND.items():
        platform = load_platform(name)
        known = {item.name: item.default for item in platform.settings}
        settings = {name: UNBOUNDED.get(name, value) for name, value in known.items()}
        state = platform.open(settings, Seed(1).stream("bench"))
        state.webhook_url = "http://127.0.0.1:8080/hook"
        to = platform.join(
            state, Customer(key="anna", first_name="Anna", last_name="Huber", phone="+4915155501234"), 0.0
        )
        write = Write(parts=(Text(text=TEXT),))

        def encode(platform=platform, state=state, to=to, write=write) -> object:
            return platform.request(state, platform.encode(state, to, write, NOW), NOW)

        target = path.format(**settings, to=to)
        request = HttpRequest("POST", target, credentials(name, settings), body % to.replace("+", "%2B").encode())

        def decode(platform=platform, state=state, request=request) -> object:
            fresh = HttpRequest(request.method, request.url, request.headers, request.body)
            return platform.handle(state, Exchange(fresh, NOW, "http://127.0.0.1:7700"))

        encode()
        handled = decode()
        assert handled.response.status in (200, 201), handled.response.body
        report(f"wires.encode_{name}", median_us(encode), "us", "<= 40")
        report(f"wires.decode_{name}", median_us(decode), "us", "<= 50")


IMPORTED = """
import resource, sys, time
began = time.process_time()
import chatdrill.wire
shared = time.process_time()
from chatdrill.run.registry import load_platform
load_platform({name!r})
took = time.process_time() - shared
others = {{part for part in (module.split(".")[2] for module in sys.modules if module.startswith("chatdrill_fakes.platforms.")) if part != {name!r}}}
print(took * 1000, len(others))
"""


def imports() -> None:
    """Each platform alone, in a process of its own."""
    took, strangers = {}, 0
    for name in platform_names():
        printed = subprocess.run(
            [sys.executable, "-c", IMPORTED.format(name=name)], capture_output=True, text=True, check=True
        )
        cpu_ms, others = printed.stdout.split()
        took[name] = float(cpu_ms)
        strangers += int(others)
    slowest = max(took, key=took.__getitem__)
    report("wires.import_slowest", took[slowest], "ms", "<= 150")
    note(f"{slowest}; all {len(took)}: {sum(took.values()):.0f} ms")
    report("wires.import_loads_others", strangers, "", "<= 0")


def laws() -> None:
    """Every law of the conformance kit on every platform, one after the other."""
    began, broken = time.perf_counter(), 0
    for name in platform_names():
        broken += len(check_platform(load_platform(name), load_sheet(name)).broken)
    report("wires.conformance", time.perf_counter() - began, "s", "<= 90")
    report("wires.broken_laws", broken, "", "<= 0")


def hostile(count: int) -> None:
    """Calls with something wrong about them, spread over all routes of all wires: each is answered, soon, and not by a
    failure of ours; and no memory is left behind."""
    began, asked_for, failed, slowest_s, grown = time.perf_counter(), 0, 0, 0.0, 0
    names = platform_names()
    for name in names:
        chance = Seed(11).stream("hostile", name)
        before = 0
        for number, (scene, request) in enumerate(requests(name, chance, -(-count // len(names)))):
            if number == count // len(names) // 4:
                before = resident_kib()
            sent = time.perf_counter()
            try:
                meets(scene, request, "what is hostile")
            except Broken as problem:
                failed += 1
                note(f"{name}: {problem}".encode("ascii", "backslashreplace").decode()[:300])
            slowest_s = max(slowest_s, time.perf_counter() - sent)
            asked_for += 1
        grown = max(grown, resident_kib() - before)
    report("wires.hostile_requests", asked_for, "", f">= {count}")
    report("wires.hostile_failures", failed, "", "<= 0")
    report("wires.hostile_slowest", slowest_s, "s", "<= 1")
    report("wires.hostile_growth", grown / 1024, "MiB", "<= 20")
    note(
        f"over {len(names)} wires in {time.perf_counter() - began:.0f} s; growth is the worst wire's, from a quarter of its requests to the last"
    )


def requests(name: str, chance: Stream, count: int) -> Iterator[tuple[Scene, HttpRequest]]:
    """``count`` requests to a platform, no two alike but by chance; the account has talked before."""
    first = Scene(load_platform(name), load_sheet(name))
    asks = [ask for ask in (first.sheet.says, *first.sheet.examples, *first.sheet.refused) if not ask.answers]
    for start in range(0, count, ROUND):
        ask = asks[start // ROUND % len(asks)]
        scene = first.anew(ask.settings)
        answered(scene)
        scene.take(ask.after)
        for _ in range(min(ROUND, count - start)):
            other = chance.choice(asks)
            yield scene, spoiled(scene, ask if chance.random() < 0.5 else other, chance)


def spoiled(scene: Scene, ask: Ask, chance: Stream) -> HttpRequest:
    """A call with one to three things wrong."""
    request, body = scene.request(ask), scene.filled(ask.body)
    for _ in range(chance.randint(1, 3)):
        request, body = chance.choice(WRONGS)(scene, request, body, chance)
    return request


def _value(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    places = [place for place, _ in leaves(body)] if isinstance(body, dict) else []
    if not places:
        return request, body
    steps = chance.choice(places).split(".")
    body = put(body, ".".join(steps[: chance.randint(1, len(steps))]), chance.choice(ODD))
    return written(request, body), body


def _bytes(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    content = bytearray(request.body)
    for _ in range(chance.randint(1, 8)):
        if content:
            content[chance.randint(0, len(content) - 1)] = chance.randint(0, 255)
    return changed(
        request, body=bytes(content[: chance.randint(0, len(content))] if chance.random() < 0.3 else content)
    ), body


def _body(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    content = chance.choice([one for one in BODIES.values() if one is not HUGE or chance.random() < 0.01])
    return changed(request, body=content), body


def _header(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    kept = [one for one in request.headers if chance.random() < 0.7]
    return changed(request, headers=(*kept, ("Content-Type", chance.choice(TYPES)))), body


def _address(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    parts = request.url.split("/")
    parts[chance.randint(0, len(parts) - 1)] = chance.choice(
        [str(one) for one in ODD if not isinstance(one, dict | list)]
    )
    address = "/".join(parts).encode("latin-1", "replace").decode("latin-1")  # nothing else comes out of a socket
    return changed(request, url=address + chance.choice(("", "", "?a=1&a[]=2", "?%ff=%00", "/..", "/" * 50))), body


def _method(scene: Scene, request: HttpRequest, body: Any, chance: Stream) -> tuple[HttpRequest, Any]:
    return changed(request, method=chance.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "XYZZY"))), body


WRONGS = (_value, _value, _value, _bytes, _body, _header, _address, _method)


def changed(request: HttpRequest, **values: Any) -> HttpRequest:
    """A fresh request with other values: what one read of the old one is not kept."""
    given = {"method": request.method, "url": request.url, "headers": request.headers, "body": request.body, **values}
    return HttpRequest(**given)


def resident_kib() -> int:
    """Memory of this process."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", help="wires, mail, imports, laws or hostile")
    options.add_argument("--hostile", type=int, default=HOSTILE, help="how many hostile requests")
    arguments = options.parse_args()
    groups = {
        "wires": wires,
        "mail": mail,
        "imports": imports,
        "laws": laws,
        "hostile": lambda: hostile(arguments.hostile),
    }
    for name, group in groups.items():
        if arguments.only in (None, name):
            group()
    finish()


if __name__ == "__main__":
    main()
