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
  - hears: "%d"
  - says: {text: Bye, after: 0s}
  - hears: "You said: Bye"
"""


@pytest.mark.parametrize(
    ("what", "status", "finding"),
    [
        ("wrong token", 401, "POST /conversations/{conversation_id}/messages"),
        ("unknown ticket", 404, "POST /conversations/{conversation_id}/messages"),
        ("oversized text", 422, "POST /conversations/{conversation_id}/messages"),
        ("not JSON of theirs", 422, "toggle_status"),
    ],
)
def test_a_wrong_call_is_refused_as_the_vendor_does_and_is_a_finding(
    tmp_path, monkeypatch, capsys, what, status, finding
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.drill.yaml").write_text(DRILL % (what, status), "utf-8")
    flags = ["--desk", "chatwoot", "--clock", "virtual", "--platforms", "whatsapp", "--port", "0", "--json"]
    code = main(["run", "wrong.drill.yaml", "--app", "run.bad_desk_bot:app", "--report", "none", *flags])
    summary = json.loads(capsys.readouterr().out)
    messages = [found["message"] for found in summary["findings"]]
    assert code == 1
    assert [message for message in messages if finding in message and "refused" in message], messages
    records = [
        json.loads(line) for line in (tmp_path / "chatdrill-out" / "trace.jsonl").read_text("utf-8").splitlines()
    ]
    stood = [
        record["event"]["entry"]["text"] for record in records if record.get("event", {}).get("event") == "entry_added"
    ]
    assert stood == ["Hi", what, "Bye"]
