"""The README is done as a newcomer would, in this process: its scenario is played, its failure comes out, its figures are the declared ones.

``make demo`` and ``make test`` are run by CI itself.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from chatdrill.engine.bot import free_port
from chatdrill.run.registry import load_platform
from inside import Ended, chatdrill

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip() for _, text in BLOCKS for line in text.splitlines() if line.startswith("chatdrill ")
]

TINY_BOT = """\
import asyncio, http.server, json, os, urllib.request
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
        call("sendMessage", chat_id=update["message"]["chat"]["id"], text="Hello!")
    def log_message(self, *_): pass
def call(method, **arguments):
    url = f"{os.environ['TELEGRAM_API_ROOT']}/bot{os.environ['TELEGRAM_BOT_TOKEN']}/{method}"
    data = json.dumps(arguments).encode()
    urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"})).read()
server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
call("setWebhook", url=f"http://127.0.0.1:{server.server_port}/hook")
server.serve_forever()
"""


def run(command: str, folder: Path, **variables: str) -> Ended:
    usual = {"CHATDRILL_PORT": "0", "CHATDRILL_SPEED": "20", "CHATDRILL_REPLY_TIMEOUT": "3s"}
    program, *words = shlex.split(command)
    assert program == "chatdrill"
    return chatdrill(folder, *words, **{**usual, **variables})


def with_scenarios(folder: Path) -> Path:
    """The folder with the README's scenarios in it, under the names that their first lines give."""
    (folder / "drills").mkdir()
    for text in (text for language, text in BLOCKS if language == "yaml"):
        (folder / text.splitlines()[0].removeprefix("# ")).write_text(text, "utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_scenarios(tmp_path)


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """The README's first run: where it was, and how it ended."""
    folder = with_scenarios(tmp_path_factory.mktemp("first"))
    return folder, run(next(line for line in COMMANDS if "--app" in line), folder)


def test_the_scenario_fails_as_the_readme_says(failed):
    done = failed[1]
    printed = " ".join(done.out.split())
    assert done.code == 1, done.err
    for line in ("✗ A torn shoe · Telegram", "but no button 'Track it' (has: none)", "Seed 7. Play it again with:"):
        assert line in printed
        assert line in " ".join(README.split())


def test_a_trace_is_judged_and_reported_again(failed):
    folder, _ = failed
    judged = run("chatdrill judge chatdrill-out/trace.jsonl --sla first_response=0.001s", folder)
    assert "first response took" in judged.out
    (folder / "chatdrill-out" / "report.html").unlink(missing_ok=True)
    assert run("chatdrill report chatdrill-out/trace.jsonl", folder).code == 0
    assert (folder / "chatdrill-out" / "report.html").is_file()


def test_the_scenario_about_time_passes_in_a_moment(folder):
    done = run(next(line for line in COMMANDS if "easter" in line), folder, CHATDRILL_SPEED="1")
    assert done.code == 0, done.out + done.err
    assert "time virtual, in-process" in done.out and "✓ A person at Easter" in done.out


def test_the_scenario_of_the_handover_passes(folder):
    done = run(next(line for line in COMMANDS if "person.drill" in line), folder, CHATDRILL_SPEED="1")
    assert done.code == 0, done.out + done.err
    assert "✓ A person takes over" in done.out


def test_the_demo_plays_the_handover_on_a_desk(tmp_path):
    command = next(line for line in COMMANDS if "demo" in line and "--desk" in line)
    done = run(f"{command} -k 'in Polish [telegram]'", tmp_path, CHATDRILL_SPEED="1")
    assert done.code == 0, done.out + done.err


def test_the_demo_plays_in_virtual_time(tmp_path):
    """All of it is played by the tests of the packs."""
    command = next(line for line in COMMANDS if line.startswith("chatdrill demo") and "--desk" not in line)
    done = run(f"{command} -k easter", tmp_path, CHATDRILL_SPEED="1")
    assert done.code == 0, done.out + done.err
    assert re.search(r"All \d conversations passed", done.out)


def test_doctor_looks_at_the_command_of_a_bot(tmp_path):
    command = next(line for line in COMMANDS if "doctor" in line).replace("python bot.py", f"{sys.executable} bot.py")
    done = run(command, tmp_path)
    assert "this bot" in done.out and "in-process time" in done.out, done.err


def test_a_newcomer_gets_from_init_to_a_passing_run(tmp_path):
    assert run("chatdrill init", tmp_path).code == 0
    (tmp_path / "bot.py").write_text(TINY_BOT, "utf-8")
    command = next(line for line in COMMANDS if "--command" in line and " run " in line).replace(
        "python bot.py", f"{sys.executable} bot.py"
    )
    done = run(command, tmp_path)
    assert done.code == 0, done.out + done.err


def test_env_names_what_a_bot_needs(tmp_path):
    done = run("chatdrill env", tmp_path, CHATDRILL_PORT="7700")
    assert {"TELEGRAM_API_ROOT", "WHATSAPP_APP_SECRET", "MESSENGER_PAGE_TOKEN"} <= set(
        re.findall(r"export (\w+)=", done.out)
    )


@pytest.mark.parametrize("command", ["platforms telegram", "desks chatwoot", "checks", "schema"])
def test_every_command_that_only_tells_works(command, tmp_path):
    assert f"chatdrill {command}" in README
    assert run(f"chatdrill {command}", tmp_path).out.strip()


FIGURES = {
    **dict.fromkeys(("telegram", "whatsapp", "messenger", "viber", "line", "instagram", "slack", "wechat"), ""),
    "twilio": "Twilio: ",
    "infobip": "Infobip: ",
    "webchat": "Bot Connector: ",
}
"""What stands before a platform's figures, where its row has others as well."""


@pytest.mark.parametrize("name", FIGURES)
def test_the_table_of_fakes_has_the_declared_figures(name):
    platform = load_platform(name)
    counts = Counter(item.status for item in platform.coverage)
    begins = FIGURES[name] or f"| {platform.title.replace('Facebook ', '').split()[0]} | "
    row = next(line for line in README.splitlines() if begins in line)
    shown = re.match(r"(\d+) (?:methods and updates )?in full, (\d+) in part", row.partition(begins)[2])
    assert shown is not None and [int(number) for number in shown.groups()] == [counts["supported"], counts["partial"]]


def test_the_readme_is_short_and_its_links_lead_somewhere():
    assert len(README.splitlines()) <= 150
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


RUNNING_BOT = """\
import http.server, json, os, urllib.parse, urllib.request
class Hook(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        right = query.get("hub.verify_token") == os.environ["WHATSAPP_VERIFY_TOKEN"]
        self.answer(200 if right else 403, query["hub.challenge"].encode())
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(200, b"")
        for message in body["entry"][0]["changes"][0]["value"].get("messages", []):
            url = f"{os.environ['WHATSAPP_API_ROOT']}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
            text = {"messaging_product": "whatsapp", "to": message["from"], "type": "text", "text": {"body": "Hello!"}}
            headers = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["WHATSAPP_TOKEN"]}
            urllib.request.urlopen(urllib.request.Request(url, json.dumps(text).encode(), headers)).read()
    def answer(self, status, body):
        self.send_response(status); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
print(server.server_port, flush=True)
server.serve_forever()
"""


def test_a_bot_that_runs_already_is_drilled_where_it_listens(tmp_path):
    fakes = str(free_port())
    said = run("chatdrill env --platforms whatsapp --json", tmp_path, CHATDRILL_PORT=fakes).out
    (tmp_path / "drills").mkdir()
    (tmp_path / "drills" / "hi.drill.yaml").write_text("name: Hi\nsteps: [{says: Hi}, {hears: Hello!}]", "utf-8")
    command = next(line for line in COMMANDS if "--webhook" in line)
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING_BOT], env={**os.environ, **json.loads(said)}, stdout=subprocess.PIPE, text=True
    ) as bot:
        try:
            command = command.replace("8080", bot.stdout.readline().strip()) + " --platforms whatsapp"
            done = run(command, tmp_path, CHATDRILL_PORT=fakes)
        finally:
            bot.kill()
    assert done.code == 0, done.out + done.err
