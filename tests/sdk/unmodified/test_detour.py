"""Python programs that ask for no proxy, and what else is theirs: their own start-up code, their own services."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType

import pytest

from chatdrill.preload.detour import PYTHON, try_node, try_python
from sdk.unmodified.kit import Town

Open = Callable[..., Awaitable[Town]]
HEAD = "import os\nURL = 'https://api.telegram.org/bot' + os.environ['TELEGRAM_BOT_TOKEN'] + '/getMe'\n"
CLIENTS = {
    "Python's own": """
import asyncio, http.client, subprocess, sys, urllib.request
PATH = URL.removeprefix("https://api.telegram.org")
caller = http.client.HTTPSConnection("api.telegram.org")
caller.request("GET", PATH)
print(caller.getresponse().status)
print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(URL).status)

async def main():
    reader, writer = await asyncio.open_connection("api.telegram.org", 443, ssl=True)
    writer.write(("GET " + PATH + " HTTP/1.1\\r\\nHost: api.telegram.org\\r\\nConnection: close\\r\\n\\r\\n").encode())
    print((await reader.read()).split()[1].decode())
    writer.close()

asyncio.run(main())
code = "import urllib.request, sys; print(urllib.request.urlopen(sys.argv[1]).status)"
print(subprocess.run([sys.executable, "-c", code, URL], capture_output=True, text=True).stdout.strip())
""",
    "urllib3, requests and httpx": """
import certifi, httpx, requests, urllib3
print(urllib3.PoolManager(ca_certs=certifi.where()).request("GET", URL).status)
with requests.Session() as session:
    session.trust_env = False
    print(session.get(URL).status_code)
print(httpx.get(URL, trust_env=False).status_code)
""",
    "aiohttp": """
import aiohttp, asyncio
async def main():
    connector = aiohttp.TCPConnector(resolver=aiohttp.AsyncResolver())
    async with aiohttp.ClientSession(connector=connector) as client, client.get(URL) as answer:
        print(answer.status)
asyncio.run(main())
""",
    "uvloop": """
import asyncio, httpx, uvloop
PATH = URL.removeprefix("https://api.telegram.org")
async def main():
    reader, writer = await asyncio.open_connection("api.telegram.org", 443, ssl=True)
    writer.write(("GET " + PATH + " HTTP/1.1\\r\\nHost: api.telegram.org\\r\\nConnection: close\\r\\n\\r\\n").encode())
    print((await reader.read()).split()[1].decode())
    writer.close()
    async with httpx.AsyncClient(trust_env=False) as client:
        print((await client.get(URL)).status_code)
uvloop.run(main())
""",
    "gevent": """
from gevent import monkey
monkey.patch_all()
import requests
with requests.Session() as session:
    session.trust_env = False
    print(session.get(URL).status_code)
""",
}


@pytest.mark.parametrize("name", CLIENTS)
async def test_who_asks_for_no_proxy_is_led_to_the_fake(town: Open, name: str) -> None:
    pytest.importorskip(name if name in ("aiohttp", "gevent", "uvloop") else "httpx")
    made = await town("telegram")
    ended = await made.python(HEAD + CLIENTS[name])
    count = CLIENTS[name].count("print(") - CLIENTS[name].count('"import urllib')
    assert (ended.out, ended.code, made.barred) == ("200\n" * count, 0, []), ended.err
    assert made.calls == [("telegram", "getMe")] * count


REFUSED = """\
import asyncio, socket, uvloop
calls = [
    lambda: socket.create_connection(("a.example", 443)),
    lambda: socket.create_connection(("192.0.2.1", 443)),
    lambda: socket.getaddrinfo(b"B.Example.", 443),
    lambda: asyncio.run(asyncio.open_connection("c.example", 443)),
    lambda: uvloop.run(asyncio.open_connection("d.example", 443)),
]
for call in calls:
    try:
        call()
    except OSError as error:
        print(error)
"""


async def test_all_others_are_refused_in_words_and_named(town: Open) -> None:
    made = await town("telegram")
    ended = await made.python(REFUSED)
    hosts = ["a.example", "192.0.2.1", "b.example", "c.example", "d.example"]
    said = ended.out.splitlines()
    assert all(f"there is no fake of {host} here" in line for host, line in zip(hosts, said, strict=True)), ended.err
    assert made.barred == [(host, 443) for host in hosts]


async def test_a_program_finds_this_machine_and_asks_what_its_own_address_is(town: Open) -> None:
    made = await town("telegram")
    code = (
        "import os, socket, urllib.request\nprint(urllib.request.urlopen(os.environ['CHATDRILL_URL']).status)\n"
        "socket.gethostbyname('localhost')\nsocket.getaddrinfo(None, 80)\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).getsockname()\n"
    )
    ended = await made.python(code)
    assert (ended.code, ended.out, made.barred) == (0, "200\n", []), ended.err


async def test_the_start_up_code_of_the_bot_runs_as_without_us(town: Open, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('my own')\nMINE = 1\n", "utf-8")
    made = await town("telegram")
    ended = await made.python("import sitecustomize\nprint(sitecustomize.MINE)\n", PYTHONPATH=str(tmp_path))
    assert ended.out == "my own\n1\n", ended.err


async def test_a_bot_in_another_folder_or_without_site_is_none_of_our_business(town: Open, tmp_path: Path) -> None:
    made = await town("telegram")
    ended = await made.runs(sys.executable, "-I", "-c", "print('alone')", folder=tmp_path)
    assert (ended.code, ended.out) == (0, "alone\n")


def test_the_detour_works_in_the_python_that_runs_this() -> None:
    assert try_python()


def test_the_detour_works_in_node(node: str) -> None:
    assert try_node(node)


# ---------------------------------------------------------------------------------------------------- what is decided


@pytest.fixture(scope="module")
def shim() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shim", PYTHON / "sitecustomize.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("host", "way"),
    [
        ("api.vendor.example", "fake"),
        ("API.Vendor.example.", "fake"),
        (b"api.vendor.example", "fake"),
        ("acme.desk.example", "fake"),
        ("desk.example", "barred"),
        ("a.acme.desk.example", "barred"),
        ("db", "free"),
        ("127.0.0.1", "free"),
        ("127.8.9.10", "free"),
        ("::1", "free"),
        ("localhost", "free"),
        ("bot.localhost", "free"),
        ("", "free"),
        (None, "free"),
        ("notlocalhost", "barred"),
        ("127.evil.example", "barred"),
        ("10.0.0.1", "barred"),
        ("2001:db8::1", "barred"),
    ],
)
def test_who_may_be_called(shim: ModuleType, host: object, way: str) -> None:
    fakes, opened = ["api.vendor.example", "*.desk.example"], ["db"]
    plan = {"host": "127.0.0.1", "proxy": 1, "entrance": 2, "authority": "", "fakes": fakes, "opened": opened}
    lead = shim.Lead(plan)
    lead.real["getaddrinfo"] = _knows_nobody
    assert lead.way(host) == way


def _knows_nobody(*_: object) -> object:
    raise OSError


def test_a_made_up_address_stands_for_its_name_and_no_other(shim: ModuleType) -> None:
    plan = {"host": "127.0.0.1", "proxy": 1, "entrance": 2, "authority": "", "fakes": ["a.x", "b.x"], "opened": []}
    lead = shim.Lead(plan)
    assert lead.address("a.x") == lead.address("A.X.") != lead.address("b.x")
    assert (lead.plain(lead.address("b.x")), lead.place(lead.address("b.x"), 443)) == ("b.x", ("127.0.0.1", 2))
    assert lead.place("a.x", 80) == ("127.0.0.1", 1)
