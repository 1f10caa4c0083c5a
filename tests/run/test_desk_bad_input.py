"""A bot that calls the helpdesk wrongly gets the vendor's answer and a finding, and nothing is lost."""

from __future__ import annotations

import json

import pytest

from chatdrill.cli import main

DRILL = """\
name: Wrong
steps:
  - says: {text: Hi, after: 0s}
  - hears: "You said: Hi"
  - says: {text: "%s", after: 0s}
  - hears: "%s"
  - says: {text: Bye, after: 0s}
  - hears: "You said: Bye"
"""


NOTE, UPDATE = "POST /conversations/{conversation_id}/messages", "PUT /api/v2/tickets/{id}"


@pytest.mark.parametrize(
    ("desk", "what", "answer", "finding"),
    [
        ("chatwoot", "wrong token", "401", NOTE),
        ("chatwoot", "unknown ticket", "404", NOTE),
        ("chatwoot", "oversized text", "422", NOTE),
        ("chatwoot", "not JSON of theirs", "422", "toggle_status"),
        ("zendesk", "closed ticket", "422", f"{UPDATE}: Status: closed prevents ticket update"),
        ("zendesk", "flood", "30 taken, then 429: wait 600 s", f"{UPDATE}: rate limit"),
    ],
)
def test_a_wrong_call_is_refused_as_the_vendor_does_and_is_a_finding(
    tmp_path, monkeypatch, capsys, desk, what, answer, finding
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.drill.yaml").write_text(DRILL % (what, answer), "utf-8")
    flags = ["--desk", desk, "--clock", "virtual", "--platforms", "whatsapp", "--port", "0", "--json"]
    code = main(["run", "wrong.drill.yaml", "--app", "run.bad_desk_bot:app", "--report", "none", *flags])
    summary = json.loads(capsys.readouterr().out)
    messages = [found["message"] for found in summary["findings"]]
    assert code == 1
    assert [message for message in messages if finding in message and "refused" in message], messages
    assert not [message for message in messages if "did not say" in message], messages
    records = [
        json.loads(line) for line in (tmp_path / "chatdrill-out" / "trace.jsonl").read_text("utf-8").splitlines()
    ]
    entries = [record["event"]["entry"] for record in records if record.get("event", {}).get("event") == "entry_added"]
    assert [entry["text"] for entry in entries if entry["author"] == "customer"] == ["Hi", what, "Bye"]
