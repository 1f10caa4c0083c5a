"""The echo bot of the benchmarks does what it says, and writes down what it did."""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.load.bot import Bot, Unavailable, build, echo_bot
from bench.load.truth import latencies_s, read_rows
from bench.load.webhooks import webhook
from deep import tries

PLATFORMS = ("telegram", "whatsapp", "messenger")
PATIENCE_S = 10.0
ODD = 'He said "5 \\ 6", \u00fcber \U0001f600\nand {"text":"no"} left'

try:
    build()
except Unavailable as why:  # no C compiler, or no Linux
    pytestmark = pytest.mark.skip(reason=str(why))


class Api(ThreadingHTTPServer):
    """A vendor's API that keeps every call."""

    daemon_threads = True
    request_queue_size = 256  # the bot opens that many connections at once
    closes = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.calls: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A bot that has ended reads no more answers."""

    def reply(self) -> tuple[str, str]:
        """The next reply: customer and text."""
        path, body = self.calls.get(timeout=PATIENCE_S)
        if "setWebhook" in path:
            return self.reply()
        if path.startswith("/telegram"):
            return str(body["chat_id"]), body["text"]
        if path.startswith("/whatsapp"):
            return body["to"], body["text"]["body"]
        return body["recipient"]["id"], body["message"]["text"]


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.put((self.path, json.loads(body)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = self.close_connection or self.server.closes

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def hooked(mode: str, api: Api, truth: Path | None = None) -> Iterator[tuple[Bot, HTTPConnection]]:
    with echo_bot(mode.split(), api=api.url, truth=truth) as bot:
        line = HTTPConnection("127.0.0.1", bot.port, timeout=PATIENCE_S)
        with contextlib.closing(line):
            yield bot, line


def tell(line: HTTPConnection, platform: str, customer: str, number: int) -> int:
    """Deliver one webhook; returns the status."""
    body, headers = webhook(platform, customer, number)
    return post(line, body, headers)


def post(line: HTTPConnection, body: bytes, headers: dict[str, str] | None = None) -> int:
    line.request("POST", "/webhooks/x", body, headers or {})
    response = line.getresponse()
    response.read()
    return response.status


def texts(api: Api, count: int) -> list[str]:
    """What the next replies begin with: the number of the message they answer."""
    return [api.reply()[1].partition(":")[0] for _ in range(count)]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_text_comes_back_to_its_customer(api: Api, platform: str) -> None:
    body, _ = webhook(platform, "5000000001", 1)
    plain = json.loads(body)
    text = json.dumps(ODD).encode()
    with hooked("echo", api) as (_, line):
        said = (
            body[: body.rindex(b'"1: I ordered')]
            + text
            + body[body.index(b'"', body.rindex(b'"1: I ordered') + 1) + 1 :]
        )
        assert json.loads(said) != plain
        assert post(line, said) == 200
        assert api.reply() == ("5000000001", ODD)


def test_pipelined_webhooks_are_acknowledged_and_answered(api: Api) -> None:
    requests = []
    for number in range(20):
        body, _ = webhook("messenger", "5", number)
        requests.append(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    with hooked("echo", api) as (bot, _), socket.create_connection(("127.0.0.1", bot.port), PATIENCE_S) as line:
        line.sendall(b"".join(requests))
        assert sorted(map(int, texts(api, 20))) == list(range(20))
        received = b""
        while received.count(b"200 OK") < 20:
            received += line.recv(65536)


def test_a_batch_is_answered_one_by_one(api: Api) -> None:
    events = [json.loads(webhook("messenger", str(number), number)[0])["entry"][0] for number in range(3)]
    with hooked("echo", api) as (_, line):
        post(line, json.dumps({"object": "page", "entry": events}).encode())
        assert sorted(texts(api, 3)) == ["0", "1", "2"]


def test_echoes_and_receipts_are_acknowledged_and_left_alone(api: Api) -> None:
    echo = {"sender": {"id": "1"}, "recipient": {"id": "2"}, "message": {"mid": "m", "is_echo": True, "text": "x"}}
    read = {"sender": {"id": "1"}, "recipient": {"id": "2"}, "read": {"watermark": 1}}
    with hooked("echo", api) as (bot, line):
        assert post(line, json.dumps({"entry": [{"messaging": [echo, read]}]}).encode()) == 200
        assert (bot.counted()["webhooks"], bot.counted()["messages"]) == (1, 0)


def test_a_vendor_that_closes_its_connections_loses_no_reply(api: Api) -> None:
    api.closes = True
    with hooked("echo", api) as (bot, line):
        for number in range(20):
            tell(line, "messenger", "5", number)
            assert texts(api, 1) == [str(number)]
        assert bot.counted()["failed"] == 0


def test_the_truth_has_a_row_for_each_message(api: Api, tmp_path: Path) -> None:
    with hooked("echo", api, tmp_path / "truth") as (_, line):
        for number, platform in enumerate(PLATFORMS):
            tell(line, platform, "5", number)
            api.reply()
    rows = read_rows(tmp_path / "truth")
    assert [(row.platform, row.customer) for row in rows] == [(name, "5") for name in PLATFORMS]
    assert all(row.arrived_s <= row.read_s <= (row.replied_s or 0) <= time.monotonic() for row in rows)


def test_a_delayed_reply_leaves_after_its_delay(api: Api, tmp_path: Path) -> None:
    with hooked("delay 20", api, tmp_path / "truth") as (_, line):
        for number in range(5):
            tell(line, "messenger", "5", number)
        texts(api, 5)
    assert len(found := latencies_s(read_rows(tmp_path / "truth"))) == 5
    assert min(found) >= 0.02


def test_one_of_so_many_stalls_and_the_others_overtake_it(api: Api, tmp_path: Path) -> None:
    with hooked("stalls 2 50", api, tmp_path / "truth") as (_, line):
        for number in (1, 2, 3):
            tell(line, "messenger", "5", number)
        assert texts(api, 3)[-1] == "2"
    stalled = [latency >= 0.05 for latency in latencies_s(read_rows(tmp_path / "truth"))]
    assert stalled == [False, False, True]


def test_a_frozen_bot_knows_how_long_its_customers_waited(api: Api, tmp_path: Path) -> None:
    with hooked("freeze 0 0.2", api, tmp_path / "truth") as (_, line):
        tell(line, "messenger", "5", 1)
        began = time.monotonic()
        tell(line, "messenger", "5", 2)
        texts(api, 2)
        took_s = time.monotonic() - began
    waited = read_rows(tmp_path / "truth")[-1]
    assert waited.read_s - waited.arrived_s >= 0.1
    assert 0.1 <= latencies_s([waited])[0] <= took_s


@pytest.mark.parametrize(("mode", "count"), [("twice", 2), ("flood 7", 7)])
def test_what_is_said_more_than_once_is_one_row(api: Api, tmp_path: Path, mode: str, count: int) -> None:
    with hooked(mode, api, tmp_path / "truth") as (bot, line):
        tell(line, "messenger", "5", 1)
        assert texts(api, count) == ["1"] * count
        assert bot.counted()["calls"] == count
    assert len(read_rows(tmp_path / "truth")) == 1


def test_a_crawling_bot_is_later_each_time(api: Api, tmp_path: Path) -> None:
    with hooked("crawl 10", api, tmp_path / "truth") as (_, line):
        for number in (1, 2, 3):
            tell(line, "messenger", "5", number)
        texts(api, 3)
    found = latencies_s(read_rows(tmp_path / "truth"))
    assert [int(latency >= bound) for latency, bound in zip(found, (0.01, 0.02, 0.03), strict=True)] == [1, 1, 1]


def test_a_dying_bot_leaves_its_truth_behind(api: Api, tmp_path: Path) -> None:
    with hooked("dies 2", api, tmp_path / "truth") as (bot, line):
        for number in (1, 2):
            tell(line, "messenger", "5", number)
            api.reply()
        with pytest.raises((RemoteDisconnected, ConnectionResetError)):
            tell(line, "messenger", "5", 3)
        assert bot.process.wait(PATIENCE_S) == 1
    assert len(read_rows(tmp_path / "truth")) == 2


def test_a_refusing_bot_answers_500_and_nobody(api: Api) -> None:
    with hooked("refuses", api) as (bot, line):
        assert tell(line, "messenger", "5", 1) == 500
        assert bot.counted()["calls"] == 0


def test_who_is_not_answered_before_the_end_is_in_the_truth(api: Api, tmp_path: Path) -> None:
    with hooked("delay 60000", api, tmp_path / "truth") as (bot, line):
        tell(line, "messenger", "5", 1)
        bot.process.send_signal(signal.SIGTERM)
        assert bot.process.wait(PATIENCE_S) == 0
    assert [row.replied_s for row in read_rows(tmp_path / "truth")] == [None]


def test_telegram_is_told_of_the_webhook(api: Api) -> None:
    with hooked("echo", api) as (bot, _):
        path, body = api.calls.get(timeout=PATIENCE_S)
        assert path.startswith("/telegram/bot") and path.endswith("/setWebhook")
        assert body["url"] == bot.hook("telegram")


def test_meta_gets_its_challenge_back(api: Api) -> None:
    with hooked("echo", api) as (_, line):
        line.request("GET", "/webhooks/messenger?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=x")
        assert line.getresponse().read() == b"1158201444"


@settings(max_examples=tries(150, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_body_ends_the_bot(bot_line: HTTPConnection, data: st.DataObject) -> None:
    body, _ = webhook(data.draw(st.sampled_from(PLATFORMS)), "5", 1)
    at, cut = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 40))
    spoiled = (
        body[:at] + data.draw(st.binary(max_size=20) | st.sampled_from([b"{", b"[", b'"', b"\\"])) + body[at + cut :]
    )
    assert post(bot_line, spoiled) == 200


@pytest.fixture(scope="module")
def bot_line() -> Iterator[HTTPConnection]:
    with echo_bot() as bot, contextlib.closing(HTTPConnection("127.0.0.1", bot.port, timeout=PATIENCE_S)) as line:
        yield line


@pytest.mark.parametrize("words", [[], ["sings"], ["stalls", "0"]])
def test_an_unknown_mode_is_answered_with_the_modes(words: Sequence[str]) -> None:
    done = subprocess.run([build(), *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 2
    assert "freeze" in done.stderr


def test_an_api_that_is_no_address_in_numbers_is_refused() -> None:
    with pytest.raises(RuntimeError, match="did not start"), echo_bot(api="https://graph.example"):
        pass
