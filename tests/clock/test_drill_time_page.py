"""The helpers on the page about drill time, as they stand there: bots in processes of their own that ask for the time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatdrill.trace import Called, read_trace

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "drill-time.md"
REMINDED_AFTER_S = 20 * 3_600  # WhatsApp's window closes after 24 hours

SCENARIO = """\
name: A reminder
platforms: [whatsapp]
steps:
  - says: remind me
  - hears: noted
  - reminded: {contains: you asked for it, after: 20h ± 5s}
---
name: Slow work
platforms: [whatsapp]
steps:
  - says: think hard
  - hears: {contains: thought about it, within: 10s}
  - waits: 2 days
  - says: remind me
  - hears: noted
  - reminded: {contains: you asked for it, after: 20h ± 5s}
"""

PYTHON_BOT = """\
import asyncio, json, os
import aiohttp
from aiohttp import web
from drill_time import now, sleep, working

async def say(to, text):
    url = f"{os.environ['WHATSAPP_API_ROOT']}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
    body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": text}}
    headers = {"Authorization": f"Bearer {os.environ['WHATSAPP_TOKEN']}"}
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
        await answer.read()

async def answer(message):
    if "think" in message["text"]["body"]:
        async with working():
            await asyncio.sleep(1)
            await say(message["from"], "thought about it")
    else:
        await say(message["from"], "noted")
        await sleep(20 * 3600)
        await say(message["from"], "you asked for it")

tasks = set()

async def hook(request):
    if request.method == "GET":
        return web.Response(text=request.query["hub.challenge"])
    assert abs(float(request.headers["X-Chatdrill-Time"]) - await now()) < 5
    for entry in json.loads(await request.read())["entry"]:
        for change in entry["changes"]:
            for message in change["value"].get("messages", []):
                tasks.add(asyncio.create_task(answer(message)))
    return web.Response()

app = web.Application()
app.router.add_route("*", "/hook", hook)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
"""

NODE_BOT = """\
import http from "node:http";
import { sleep, working } from "./drill_time.mjs";

const env = process.env;
const say = (to, text) =>
  fetch(`${env.WHATSAPP_API_ROOT}/v25.0/${env.WHATSAPP_PHONE_NUMBER_ID}/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${env.WHATSAPP_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to, type: "text", text: { body: text } }),
  }).then((answer) => answer.text());

async function answer(message) {
  if (message.text.body.includes("think"))
    return working(async () => {
      await new Promise((done) => setTimeout(done, 1000));
      await say(message.from, "thought about it");
    });
  await say(message.from, "noted");
  await sleep(20 * 3600);
  await say(message.from, "you asked for it");
}

http.createServer((request, response) => {
  const asked = new URL(request.url, "http://bot");
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    response.end(asked.searchParams.get("hub.challenge") ?? "");
    if (!body) return;
    for (const entry of JSON.parse(body).entry)
      for (const change of entry.changes) for (const message of change.value.messages ?? []) answer(message);
  });
}).listen(Number(env.PORT), "127.0.0.1");
"""


def helper(name: str) -> str:
    """A block of the page, by the file it is for."""
    found = re.search(
        rf"^<!-- {re.escape(name)} -->\n```\w+\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("program", "bot", "helper_name"),
    [(sys.executable, "bot.py", "drill_time.py"), ("node", "bot.mjs", "drill_time.mjs")],
    ids=["Python", "Node"],
)
def test_a_bot_with_the_helper_keeps_the_drills_time(program, bot, helper_name, tmp_path):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (tmp_path / helper_name).write_text(helper(helper_name), "utf-8")
    (tmp_path / bot).write_text(PYTHON_BOT if bot.endswith(".py") else NODE_BOT, "utf-8")
    (tmp_path / "reminder.drill.yaml").write_text(SCENARIO, "utf-8")
    flags = ["--webhook", "http://127.0.0.1:{port}/hook", "--clock", "virtual", "--bot-clock", "cooperative"]
    flags += ["--port", "0", "--report", "none", "--platforms", "whatsapp"]
    ended = subprocess.run(
        [sys.executable, "-m", "chatdrill", "run", ".", "--command", f"{program} {bot}", *flags],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert reminders_after(tmp_path / "chatdrill-out" / "trace.jsonl") == pytest.approx([REMINDED_AFTER_S] * 2, abs=2)


def reminders_after(trace: Path) -> list[float]:
    """How long after 'noted' each reminder came, in drill seconds."""
    said = [record for record in read_trace(trace) if isinstance(record, Called) and "noted" in str(record)]
    reminders = [r for r in read_trace(trace) if isinstance(r, Called) and "you asked for it" in str(r)]
    return [later.at - earlier.at for earlier, later in zip(said, reminders, strict=True)]


def run_helper(source: str, environ: dict[str, str]) -> object:
    """What a helper's module says in a process without chatdrill."""
    code = source + "\n\nasync def main():\n    async with working():\n        before = await now()\n"
    code += "        await sleep(0.01)\n    print(json.dumps([before, await now()]))\n\nasyncio.run(main())\n"
    ended = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)


def test_without_chatdrill_the_helper_takes_the_machines_time():
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CHATDRILL_")}
    before = time.time()
    first, last = run_helper(helper("drill_time.py"), environ)
    assert before <= first <= last - 0.01 <= time.time()


def test_the_helpers_are_short():
    for name in ("drill_time.py", "drill_time.mjs"):
        assert len([line for line in helper(name).splitlines() if line]) <= 40
        assert max(map(len, helper(name).splitlines())) <= 120
