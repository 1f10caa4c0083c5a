"""``chatdrill import`` as a user meets it."""

from __future__ import annotations

import re

import pytest

from chatdrill.cli import main
from chatdrill.engine.steps import Sends
from importing.kit import JPEG, export, imported, story, zipped

CHAT = """\
13/03/2024, 14:05 - Anna Kowalska: Hi, my order 55301 has not come
13/03/2024, 14:06 - Shoe Shop: Hello Anna! Let me look.
13/03/2024, 14:07 - Anna Kowalska: call me at +48 501 234 567 or anna.kowalska@post.example
13/03/2024, 14:07 - Shoe Shop: We will, Anna Kowalska
15/03/2024, 09:00 - Anna Kowalska: <Media omitted>
15/03/2024, 09:01 - Anna Kowalska: and order 55301?
"""


def test_a_chat_becomes_a_scenario_that_loads_and_tells_nothing(tmp_path, capsys):
    (scenario,) = imported(
        export(tmp_path, "WhatsApp Chat with Anna Kowalska.txt", CHAT), "--expect", "wording", "--zone", "Europe/Warsaw"
    )
    text = next((tmp_path / "out").glob("*.drill.yaml")).read_text("utf-8")
    for personal in ("Anna", "Kowalska", "55301", "501 234", "anna."):
        assert personal not in text and personal not in scenario.name
    assert scenario.tags == ("imported", "whatsapp") and scenario.zone == "Europe/Warsaw"
    order = text.split("my order ")[1][:5]
    assert order.isdigit() and f"and order {order}?" in text
    name = dict(scenario.customers[0].given)
    assert f"Hello {name['first_name']}!" in text and f"{name['first_name']} {name['last_name']}" in text
    said = capsys.readouterr()
    assert (
        "1 scenario of 6 messages in 1 dialog" in said.err
        and "2 × order" in said.err
        and said.out.strip().endswith(".drill.yaml")
    )


def test_nothing_is_replaced_where_that_is_asked_for(tmp_path, capsys):
    (scenario,) = imported(export(tmp_path, "chat.txt", CHAT), "--keep-personal-data")
    assert "says Hi, my order 55301 has not come" in story(scenario)
    assert "do not give these files away" in capsys.readouterr().err


def test_a_long_dialog_is_split_at_its_pauses_and_cut_by_days(tmp_path):
    path = export(tmp_path, "chat.txt", CHAT)
    assert len(imported(path, "--split", "6h")) == 2
    (later,) = imported(export(tmp_path / "b", "chat.txt", CHAT), "--since", "2024-03-14", "--customer", "Anna")
    assert [line.split()[0] for line in story(later)] == ["sends", "waits", "says"]


def test_files_are_samples_unless_they_are_kept(tmp_path):
    chat = "13/03/2024, 14:05 - Anna: PIC-1.jpg (file attached)\n13/03/2024, 14:06 - Anna: trick.jpg (file attached)\n13/03/2024, 14:07 - Bot: ok\n"
    path = zipped(tmp_path / "a.zip", {"_chat.txt": chat, "PIC-1.jpg": JPEG, "trick.jpg": b"%PDF-1.4 not a photo"})
    (plain,) = imported(path)
    assert [one.contents[0].file for one in plain.steps if isinstance(one, Sends)] == [
        "shoe-torn.jpg",
        "shoe-front.jpg",
    ]
    (tmp_path / "kept").mkdir()
    (kept,) = imported(path.rename(tmp_path / "kept" / "a.zip"), "--keep-media")
    first, second = (one.contents[0] for one in kept.steps if isinstance(one, Sends))
    assert (
        first.file.startswith("media/photo-")
        and first.kind == "photo"
        and (tmp_path / "kept" / "out" / first.file).read_bytes()
    )
    assert second.kind == "document" and second.file.startswith("media/document-")


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        ([], r"who is 'Anna', 'Boris', 'Ola'\? Say so with --customer"),
        (["--customer", "Ana"], r"nobody is called 'Ana'; did you mean 'Anna'"),
        (["--customer", "o"], r"'o' could be 'Boris' or 'Ola'"),
        (["--chat", "nobody"], r"no chat 'nobody' in it"),
        (["--split", "soon"], "not a duration"),
        (["--platforms", "whatsap"], "did you mean 'whatsapp'"),
        (["--keep", "nam"], "did you mean 'name'"),
        (["--zone", "Warsaw"], "--zone"),
        (["--since", "yesterday"], "takes a day"),
        (["--locale", "xx_XX", "--customer", "Anna", "--bot", "Boris", "--ignore", "Ola"], "no locale 'xx_XX'"),
    ],
)
def test_what_cannot_be_is_answered(flags, problem, tmp_path, capsys):
    chat = "".join(f"13/03/2024, 14:0{at} - {who}: hi\n" for at, who in enumerate(("Anna", "Boris", "Ola")))
    code = main(["import", str(export(tmp_path, "chat.txt", chat)), "--out", str(tmp_path / "out"), *flags])
    said = capsys.readouterr().err
    assert code == 2 and re.search(problem, said), said
    assert not (tmp_path / "out").exists()


def test_who_is_who_is_guessed_by_names_then_by_who_begins(tmp_path):
    shop_first = "13/03/2024, 14:05 - Shoe Shop: Your parcel is here\n13/03/2024, 14:06 - Anna: thanks\n"
    assert story(imported(export(tmp_path, "a.txt", shop_first))[0]) == [
        "starts",
        "hears none",
        "waits 60",
        "says thanks",
    ]
    plain = "13/03/2024, 14:05 - Ola: Hi\n13/03/2024, 14:05 - Jan: Yes?\n"
    assert story(imported(export(tmp_path / "b", "b.txt", plain))[0]) == ["says Hi", "hears none"]


def test_a_second_import_overwrites_nothing(tmp_path):
    path = export(tmp_path, "chat.txt", CHAT)
    assert len(imported(path)) == 1 and len(imported(path)) == 2


def test_markup_in_a_name_and_a_message_stays_text(tmp_path):
    chat = "13/03/2024, 14:05 - <img src=x onerror=alert(1)>: <script>alert(2)</script> {customer.phone}\n13/03/2024, 14:06 - Bot: ok\n"
    (scenario,) = imported(export(tmp_path, "chat.txt", chat), "--bot", "Bot")
    assert story(scenario)[0] == "says <script>alert(2)</script> {{customer.phone}}"


def test_the_mapping_is_written_only_where_it_is_asked_for(tmp_path):
    path = export(tmp_path, "chat.txt", CHAT)
    imported(path)
    assert sorted(one.suffix for one in (tmp_path / "out").iterdir()) == [".yaml"]
    imported(path, "--mapping", str(tmp_path / "map.json"))
    assert "kowalsk" in (tmp_path / "map.json").read_text("utf-8")


def test_a_helpdesks_conversation_becomes_work_at_a_desk_under_other_names(tmp_path):
    def message(at, kind, content, name, type):
        return {
            "id": at,
            "content": content,
            "message_type": kind,
            "content_type": "text",
            "created_at": 1710252300 + at,
            "conversation_id": 5,
            "sender": {"name": name, "type": type},
        }

    payload = [
        message(0, 0, "Hi, Anna Kowalska here, a person please", "Anna Kowalska", "contact"),
        message(5, 1, "I call somebody", "Bot", "agent_bot"),
        message(60, 1, "Hello Anna, this is Robert Archer", "Robert Archer", "user"),
        message(90, 0, "thanks Robert", "Anna Kowalska", "contact"),
    ]
    (scenario,) = imported(export(tmp_path, "c.json", {"meta": {}, "payload": payload}))
    assert [line.split()[0] for line in story(scenario)] == [
        "says",
        "hears",
        "handoff",
        "says",
        "hears",
        "waits",
        "says",
        "agent_sees",
    ]
    (plan,) = scenario.agents
    text = next((tmp_path / "out").glob("*.yaml")).read_text("utf-8")
    assert plan.name in text and not {"Robert", "Archer", "Anna", "Kowalska"} & set(text.replace(",", " ").split())


def test_readers_of_others_are_found_and_asked_first(tmp_path, monkeypatch):
    from importlib.metadata import EntryPoint

    from chatdrill.importing import reader

    point = EntryPoint("mine", "importing.own_reader:MINE", reader.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: [point] if group == reader.GROUP else [])
    reader.readers.cache_clear()
    try:
        (scenario,) = imported(export(tmp_path, "chat.txt", "MINE\nHello"))
    finally:
        reader.readers.cache_clear()
    assert story(scenario) == ["says Hello"]
