"""Exports that are broken, or meant to break something: an error with file and line, never more."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.cli import main
from chatdrill.errors import ExportError
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, read_export
from importing.kit import dialogs, export, turns, zipped

CHAT = '{"name": "Anna", "type": "personal_chat", "id": 1, "messages": [\n {"id": 1, "type": "message", "date_unixtime": "1", "from": "Anna", "text": "Hi"},\n'


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.json", CHAT, r"a\.json:3: the file ends in the middle"),
        ("a.json", CHAT + " {x}]}", r"a\.json:3: not JSON"),
        ("a.json", CHAT + ' {"id": "x", "type": "message", "from_id": "u"}]}', r"a\.json: message 2 is not as this format is known"),
        ("a.json", '{"date_unixtime": 1, "messages": ' + "[" * 100_000, r"a\.json.*(deep|truncated|middle)"),
        ("a.json", CHAT.replace('"1"', '"soon"') + "]}", r"a\.json"),
        ("a.json", "", r"a\.json: the file is empty"),
        ("a.txt", "nothing of the kind", r"a\.txt: not an export that is known.*--format"),
        ("a.txt", "13/03/2024, 14:05 - Anna: Hi\n13/03/2024, 25:05 - Anna: Hi\n", r"a\.txt:2: 25:05 is no time"),
        ("a.txt", ("13/03/2024, 14:05 - Анна: Привет\n" * 2000).encode() + b"13/03/2024, 14:05 - A: \xff\xfe\n", r"a\.txt:2001: this is not UTF-8.*--encoding"),
        ("a.csv", "13/03/2024,14:05:33,Anna,,Hi\nbroken\n", r"a\.csv:2: not a message of Viber's"),
        ("a.eml", "From: a@b.example\nSubject: x\n\nHi", r"a\.eml: the mail has no date"),
        ("a.har", '{"log": {"creator": {}, "entries": [{"request": 5}]}}', r"a\.har: entry 1 is not"),
        ("a.har", '{"log": {"creator": {}, "entries": []}}', r"a\.har: no webhook in it"),
        ("a.jsonl", '{"update_id": 1, "message": {}}\n', r"a\.jsonl:1: not as this platform's webhooks"),
        ("a.jsonl", '{"update_id": 1}\n{', r"a\.jsonl:2: not JSON"),
    ],
)  # fmt: skip
def test_a_broken_export_names_file_and_line(name, content, problem, tmp_path):
    with pytest.raises(ExportError, match=problem):
        [list(dialog.turns()) for dialog in dialogs(export(tmp_path, name, content))]


def test_a_trace_that_was_torn_is_read_up_to_there(tmp_path):
    began = '{"kind":"run_began","n":0,"t":0,"at":0,"version":"1","seed":1,"clock":"virtual","speed":1,"bot":"b","platforms":[]}'
    acted = '{"kind":"acted","n":1,"t":0,"at":5,"case":"c","conv":"c/anna","act":{"act":"write","parts":[{"part":"text","text":"Hi"}]},"ids":["1"]}'
    assert [turn.text for turn in turns(export(tmp_path, "trace.jsonl", f"{began}\n{acted}\n{acted[:80]}"))] == ["Hi"]


def test_a_name_that_leads_out_of_a_zip_is_refused(tmp_path):
    for name in ("../evil.txt", "/etc/passwd", "a/../../b.txt", "C:/x.txt"):
        with pytest.raises(ExportError, match="leads out of it"):
            Export(zipped(tmp_path / "a.zip", {name: "x"}))


def test_a_zip_bomb_is_given_up_early(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("_chat.txt", b"13/03/2024, 14:05 - A: Hi\n" + b" " * 60_000_000)
    with pytest.raises(ExportError, match=r"_chat\.txt.*zip bomb|a line of more than"):
        [list(dialog.turns()) for dialog in dialogs(tmp_path / "a.zip")]


def test_a_header_that_lies_about_its_size_deceives_nobody(tmp_path):
    path = zipped(tmp_path / "a.zip", {"_chat.txt": "13/03/2024, 14:05 - Anna: Hi\n"})
    packed = bytearray(path.read_bytes())
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", 5)
    packed[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(b"13/03"))
    path.write_bytes(packed)
    try:
        read = [turn.text for dialog in dialogs(path) for turn in dialog.turns()]
    except ExportError:
        read = []
    assert read in ([], ["Hi"])


def test_a_truncated_zip_is_named(tmp_path):
    path = zipped(tmp_path / "a.zip", {"_chat.txt": "13/03/2024, 14:05 - Anna: Hi\n" * 500})
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(ExportError, match=r"a\.zip: a damaged or truncated zip"):
        Export(path)


def test_media_cannot_be_taken_from_elsewhere(tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"x")
    path = export(tmp_path / "in", "chat.txt", "x")
    made = Export(path)
    for name in ("../secret.jpg", str(tmp_path / "secret.jpg"), "..\\secret.jpg", "a/../../secret.jpg", "\0", ""):
        assert made.find(name, "chat.txt") is None
    (tmp_path / "in" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert made.find("link.jpg", "chat.txt") is None


def test_a_large_export_is_read_in_little_memory(tmp_path):
    import tracemalloc

    line = "13/03/2024, 14:05 - Anna: Hi, where is my order 553? I wait and wait\n"
    path = export(tmp_path, "chat.txt", line * 60_000)
    (dialog,) = dialogs(path)
    tracemalloc.start()
    assert sum(1 for _ in dialog.turns()) == 60_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000 < path.stat().st_size


def test_a_scenario_of_thousands_of_messages_is_refused_with_the_way_out(tmp_path, capsys):
    path = export(tmp_path, "chat.txt", "13/03/2024, 14:05 - Anna: Hi\n13/03/2024, 14:05 - Bot: ok\n" * 1100)
    assert main(["import", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "more than 2,000 messages for one scenario; split it at its pauses: --split 6h" in capsys.readouterr().err


GARBAGE = st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
SEEDS = st.sampled_from(
    [
        b"13/03/2024, 14:05 - Anna: Hi\n",
        CHAT.encode(),
        b'[{"type":"message","user":"U1","ts":"1.0","text":"x"}]',
        b'{"update_id":1,"message":{"chat":{"id":1},"date":1,"message_id":1,"text":"x"}}\n',
        b"From x\nFrom: a\nDate: x\nSubject: =?utf-8?b?w?=\nTo: <\n\nHi",
        json.dumps(
            {"log": {"creator": {}, "entries": [{"request": {"url": "http://[", "postData": {"text": "{}"}}}]}}
        ).encode(),
        b"13/03/2024,14:05,A,,x\n",
        b'{"kind":"run_began"}\n{"kind":"acted"}\n',
    ]
)
NAMES = st.sampled_from(["a.txt", "a.json", "a.jsonl", "a.csv", "a.eml", "a.mbox", "a.har", "a.zip"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEEDS, GARBAGE, st.integers(0, 100), NAMES)
def test_no_bytes_bring_anything_but_an_error_of_ours(tmp_path, seed, garbage, at, name):
    path = tmp_path / name
    path.write_bytes(seed[:at] + garbage + seed[at:])
    try:
        for dialog in read_export(Export(path), None, Options()):
            list(dialog.turns())
    except ExportError as error:
        assert str(path) in str(error)
