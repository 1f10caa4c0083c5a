"""Other methods, older HTTP."""

from __future__ import annotations

from chatdrill.probe.bench import Bench, with_header
from chatdrill.probe.register import GOOD, probe
from chatdrill.probe.results import Outcome
from chatdrill.probe.trials.common import survived
from chatdrill.wire import Rule

_METHODS = Rule("a method that an address does not know is answered 405", "RFC 9110, section 15.5.6")
_OLD = Rule("a server answers a client of HTTP/1.0, and closes where it is asked to", "RFC 9112, section 9")
_FAILS = "Any scanner makes the bot fail; answer 405 (or 404)"
_CLOSES_S = 2.0


@probe("method-get", "GET without anything", _METHODS, needs=())
async def get(bench: Bench) -> Outcome:
    return survived(await bench.send(bench.bare("GET")), "GET without arguments", _FAILS)


async def _foreign(bench: Bench, method: str) -> Outcome:
    answer = await bench.send(bench.bare(method))
    outcome = survived(answer, f"{method} without a signature", _FAILS)
    if answer.is_ok and method != "HEAD":
        return Outcome(
            "note", outcome.tried, answer.words, f"{method} means nothing here, and is answered as a success"
        )
    return outcome


@probe("method-put", "PUT", _METHODS, needs=())
async def put(bench: Bench) -> Outcome:
    return await _foreign(bench, "PUT")


@probe("method-delete", "DELETE", _METHODS, needs=())
async def delete(bench: Bench) -> Outcome:
    return await _foreign(bench, "DELETE")


@probe("http-1.0", "HTTP/1.0", _OLD, needs=(GOOD,))
async def http_10(bench: Bench) -> Outcome:
    tried = "a genuine message by HTTP/1.0"
    async with await bench.line() as line:
        answer = await line.ask(bench.bytes_of(bench.genuine().request, version="1.0"), bench.patience_s)
        if not bench.accepts(answer):
            reason = "Some proxies (nginx, unless told otherwise) speak HTTP/1.0 to what lies behind them; let the server take it"
            return Outcome("minor", tried, answer.words, reason)
    return Outcome("passed", tried, answer.words)


@probe("connection-close", "Connection: close", _OLD, needs=(GOOD,))
async def close(bench: Bench) -> Outcome:
    tried = "a genuine message with Connection: close"
    request = with_header(bench.genuine().request, "Connection", "close")
    async with await bench.line() as line:
        answer = await line.ask(bench.bytes_of(request), bench.patience_s)
        if not bench.accepts(answer):
            return Outcome(
                "minor", tried, answer.words, "A client that wants no second request is a client all the same"
            )
        if not await line.closes(_CLOSES_S):
            reason = "The server was asked to close the connection and did not; clients that wait for it hang"
            return Outcome("note", tried, f"{answer.words}, and the connection stayed open", reason)
    return Outcome("passed", tried, f"{answer.words}, and it was closed")
