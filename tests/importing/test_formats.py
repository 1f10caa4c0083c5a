"""Every other format: one export of each as the vendor makes it, and what is read of it."""

from __future__ import annotations

import json

import pytest

from importing.kit import dialogs, export, turns, zipped


def brief(turn):
    return (turn.who, turn.role, turn.text)


def telegram(**fields):
    return {
        "id": 1,
        "type": "message",
        "date": "2024-03-12T14:05:00",
        "date_unixtime": "1710252300",
        "from": "Anna",
        "from_id": "user1",
    } | fields


MESSAGES = [
    telegram(type="service", action="phone_call", text=""),
    telegram(text="Hi"),
    telegram(id=2, text=["see ", {"type": "link", "text": "https://a.example"}, "!"]),
    telegram(id=3, text="shoe", photo="photos/p.jpg", width=1, height=1),
    telegram(id=4, text="", file="(File not included. Change data exporting settings to download.)", media_type="voice_message", mime_type="audio/ogg"),
    telegram(id=5, text="", location_information={"latitude": 52.2, "longitude": 21.0}),
    telegram(id=6, text="", contact_information={"first_name": "Jan", "last_name": "Nowak", "phone_number": "48500"}),
    telegram(id=7, text="ok", **{"from": "Shop Bot", "from_id": "user2", "reply_to_message_id": 1, "edited": "x",
             "inline_bot_buttons": [[{"type": "callback", "text": "Track", "data": "t"}]]}),
]  # fmt: skip


def test_telegram_one_chat(tmp_path):
    path = export(tmp_path, "result.json", {"name": "Shop Bot", "type": "bot_chat", "id": 9, "messages": MESSAGES})
    (dialog,) = dialogs(path)
    read = list(dialog.turns())
    assert dialog.roles == {"Shop Bot": "bot"} and [turn.text for turn in read] == [
        "Hi",
        "see https://a.example!",
        "shoe",
        "",
        "",
        "",
        "ok",
    ]
    assert [(file.kind, file.path) for turn in read for file in turn.files] == [
        ("photo", "photos/p.jpg"),
        ("voice", None),
    ]
    assert read[4].place.latitude == 52.2 and read[5].card.name == "Jan Nowak"
    assert read[6].buttons == ("Track",) and read[6].changed and read[6].reply_to == "1" and read[0].at == 1710252300


def test_telegram_a_whole_account(tmp_path):
    chats = [
        {"name": name, "type": "personal_chat", "id": 1, "messages": [telegram(text=name)]}
        for name in ("Anna", "Boris")
    ]
    account = {
        "about": "",
        "personal_information": {"user_id": 1},
        "contacts": {},
        "chats": {"about": "", "list": chats},
    }
    assert [
        (one.title, [turn.text for turn in one.turns()]) for one in dialogs(export(tmp_path, "result.json", account))
    ] == [
        ("Anna", ["Anna"]),
        ("Boris", ["Boris"]),
    ]


def mangled(text):
    return text.encode().decode("latin-1")


def test_messenger_is_turned_around_and_its_letters_are_mended(tmp_path):
    messages = [
        {"sender_name": "Shop", "timestamp_ms": 3000, "content": mangled("Cześć, Анна 👋")},
        {"sender_name": mangled("Żaneta"), "timestamp_ms": 2000, "photos": [{"uri": "messages/inbox/z_1/photos/1.jpg"}], "reactions": [{"reaction": "x", "actor": "Shop"}]},
        {"sender_name": mangled("Żaneta"), "timestamp_ms": 1000, "content": "Hi", "is_geoblocked_for_viewer": False},
    ]  # fmt: skip
    older = [{"sender_name": "Shop", "timestamp_ms": 500, "content": "first"}]
    inside = {
        "participants": [{"name": mangled("Żaneta")}, {"name": "Shop"}],
        "title": mangled("Żaneta"),
        "thread_path": "inbox/z_1",
    }
    folder = "your_instagram_activity/messages/inbox/z_1/"
    path = zipped(
        tmp_path / "me.zip",
        {
            folder + "message_1.json": json.dumps({**inside, "messages": messages}),
            folder + "message_2.json": json.dumps({**inside, "messages": older}),
        },
    )
    (dialog,) = dialogs(path)
    assert dialog.title == "Żaneta" and dialog.platform == "instagram"
    assert [(turn.who, turn.text) for turn in dialog.turns()] == [
        ("Shop", "first"),
        ("Żaneta", "Hi"),
        ("Żaneta", ""),
        ("Shop", "Cześć, Анна 👋"),
    ]


def test_messenger_with_end_to_end_encryption_has_other_names(tmp_path):
    messages = [{"senderName": "Anna", "text": "Hi", "timestamp": 1000, "type": "text", "media": [], "isUnsent": False}]
    (turn,) = turns(
        export(
            tmp_path, "Anna_1.json", {"participants": ["Anna", "Shop"], "threadName": "Anna_1", "messages": messages}
        )
    )
    assert (turn.who, turn.text, turn.at) == ("Anna", "Hi", 1.0)


def test_viber(tmp_path):
    text = '13/03/2024,14:05:33,Anna,+48500000001,"Hi, there"\n13/03/2024,14:06:00,Me,,Photo message\n13/03/2024,14:07:00,Me,,"two\nlines"\n'
    read = turns(export(tmp_path, "Anna.csv", text))
    assert [(turn.who, turn.text) for turn in read] == [("Anna", "Hi, there"), ("Me", ""), ("Me", "two\nlines")]
    assert read[1].files[0].kind == "photo" and read[0].at == 1710338733


def test_slack(tmp_path):
    users = [
        {"id": "U1", "name": "anna", "profile": {"real_name": "Anna K"}},
        {"id": "U2", "name": "b", "is_bot": True, "profile": {"real_name": "Helper"}},
    ]
    first = [
        {
            "type": "message",
            "user": "U1",
            "ts": "1710252300.000100",
            "text": "Hi <@U2>, see <https://a.example|this> &amp; that",
        },
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1", "text": "joined"},
    ]
    second = [{"type": "message", "user": "U2", "bot_id": "B1", "ts": "1710338733.0", "text": "ok", "blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Track"}}]}],
               "files": [{"name": "a.pdf", "mimetype": "application/pdf"}]}]  # fmt: skip
    path = zipped(
        tmp_path / "slack.zip",
        {"users.json": users, "channels.json": [], "help/2024-03-13.json": second, "help/2024-03-12.json": first},
    )
    (dialog,) = dialogs(path)
    read = list(dialog.turns())
    assert dialog.title == "help" and [brief(turn) for turn in read] == [
        ("Anna K", None, "Hi @Helper, see this (https://a.example) & that"),
        ("Helper", "bot", "ok"),
    ]
    assert read[1].buttons == ("Track",) and read[1].files[0].kind == "document"


def test_chatwoot(tmp_path):
    def message(id, kind, content, **more):
        return {
            "id": id,
            "content": content,
            "message_type": kind,
            "content_type": "text",
            "created_at": 1710252300 + id,
            "conversation_id": 5,
            "private": False,
            **more,
        }

    payload = [
        message(1, 0, "Hi", sender={"name": "Anna", "type": "contact"}),
        message(2, 1, "Pick", sender={"name": "Bot", "type": "agent_bot"})
        | {"content_type": "input_select", "content_attributes": {"items": [{"title": "A"}]}},
        message(3, 2, "Conversation was marked resolved by Bob"),
        message(4, 1, "a good one", sender={"name": "Bob", "type": "user"}) | {"private": True},
        message(5, 1, "", sender={"name": "Bob", "type": "user"}) | {"attachments": [{"file_type": "image"}]},
    ]
    read = turns(export(tmp_path, "messages.json", {"meta": {}, "payload": payload}))
    assert [(turn.who, turn.role, turn.does) for turn in read] == [
        ("Anna", "customer", "writes"),
        ("Bot", "bot", "writes"),
        ("Chatwoot", "agent", "closes"),
        ("Bob", "agent", "writes"),
        ("Bob", "agent", "writes"),
    ]
    assert read[1].buttons == ("A",) and read[3].private and read[4].files[0].kind == "photo"


ZENDESK = {
    "ticket": {"id": 7, "requester_id": 1},
    "users": [{"id": 1, "name": "Anna", "role": "end-user"}, {"id": 2, "name": "Bob", "role": "agent"}],
    "comments": [
        {"id": 1, "author_id": 1, "body": "Hi", "public": True, "created_at": "2024-03-12T14:05:00Z"},
        {"id": 2, "author_id": 2, "body": "hm", "public": False, "created_at": "2024-03-12T14:06:00Z"},
        {"id": 3, "author_id": -1, "body": "We got it", "public": True, "created_at": "2024-03-12T14:07:00Z"},
    ],
}


def test_zendesk_comments_alone_and_in_lines(tmp_path):
    for name, content in (
        ("ticket.json", json.dumps(ZENDESK, indent=1)),
        ("tickets.jsonl", json.dumps(ZENDESK) + "\n" + json.dumps(ZENDESK) + "\n"),
    ):
        read = [list(dialog.turns()) for dialog in dialogs(export(tmp_path, name, content))]
        assert len(read) == (2 if name.endswith("l") else 1)
        assert [brief(turn) for turn in read[0]] == [
            ("Anna", "customer", "Hi"),
            ("Bob", "agent", "hm"),
            ("author -1", "bot", "We got it"),
        ]
        assert read[0][1].private and read[0][0].at == 1710252300


def test_sunshine_conversations(tmp_path):
    messages = [
        {"id": "m1", "received": "2024-03-12T14:05:00.000Z", "author": {"type": "user", "displayName": "Anna"}, "content": {"type": "text", "text": "Hi"}},
        {"id": "m2", "received": "2024-03-12T14:06:00.000Z", "author": {"type": "business", "displayName": "Bot"}, "content": {"type": "text", "text": "Yes?", "actions": [{"type": "reply", "text": "A"}]}},
        {"id": "m3", "received": "2024-03-12T14:07:00.000Z", "author": {"type": "business", "displayName": "Bob", "subtypes": ["agent"]}, "content": {"type": "image", "mediaUrl": "x"}},
    ]  # fmt: skip
    read = turns(export(tmp_path, "m.json", {"messages": messages, "meta": {}}))
    assert [brief(turn) for turn in read] == [
        ("Anna", "customer", "Hi"),
        ("Bot", "bot", "Yes?"),
        ("Bob", "agent", ""),
    ] and read[1].buttons == ("A",)


def test_intercom(tmp_path):
    parts = [
        {"id": "2", "part_type": "comment", "body": "<p>Hello <b>Anna</b></p><script>alert(1)</script>", "created_at": 1710252360, "author": {"type": "bot", "name": "Fin"}},
        {"id": "3", "part_type": "note", "body": "<p>odd</p>", "created_at": 1710252370, "author": {"type": "admin", "name": "Bob"}},
        {"id": "4", "part_type": "close", "body": None, "created_at": 1710252380, "author": {"type": "admin", "name": "Bob"}},
    ]  # fmt: skip
    one = {
        "type": "conversation",
        "id": "499",
        "created_at": 1710252300,
        "source": {"body": "<p>Hi &amp; bye</p>", "author": {"type": "user", "name": "Anna"}, "attachments": []},
        "conversation_parts": {"conversation_parts": parts},
    }
    read = turns(export(tmp_path, "c.json", one))
    assert [(*brief(turn), turn.does) for turn in read] == [
        ("Anna", "customer", "Hi & bye", "writes"),
        ("Fin", "bot", "Hello Anna", "writes"),
        ("Bob", "agent", "odd", "writes"),
        ("Bob", "agent", "", "closes"),
    ]
    assert len(dialogs(export(tmp_path, "list.json", {"type": "conversation.list", "conversations": [one, one]}))) == 2


def mail(sender, subject, text, *, id, answers="", date="Tue, 12 Mar 2024 14:05:00 +0100", kind="text/plain"):
    more = f"In-Reply-To: <{answers}>\n" if answers else ""
    return f"From: {sender}\nTo: x@shop.example\nSubject: {subject}\nDate: {date}\nMessage-ID: <{id}>\n{more}MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{text}\n"


def test_mail_answers_make_a_thread_and_quotations_are_left_out(tmp_path):
    asked = mail("Anna K <anna@a.example>", "My order", "Hi\n\n-- \nAnna", id="1")
    answer = mail(
        "shop@shop.example",
        "Re: My order",
        "Hello!\n\nOn Tue, 12 Mar 2024, Anna wrote:\n> Hi",
        id="2",
        answers="1",
        date="Tue, 12 Mar 2024 15:00:00 +0100",
    )
    other = mail("Jan <jan@a.example>", "Else", "<p>Dzień <b>dobry</b></p>", id="3", kind="text/html")
    box = "".join(f"From x Tue Mar 12\n{one}\n" for one in (asked, other, answer))
    for path in (
        export(tmp_path, "all.mbox", box),
        zipped(tmp_path / "m.zip", {"1.eml": asked, "2.eml": answer, "3.eml": other}),
    ):
        read = {one.title: [(turn.who, turn.text) for turn in one.turns()] for one in dialogs(path)}
        assert read == {
            "My order": [("Anna K", "Hi"), ("shop@shop.example", "Hello!")],
            "Else": [("Jan", "Dzień dobry")],
        }


def test_a_format_can_be_named_and_a_wrong_name_is_answered(tmp_path):
    path = export(tmp_path, "hi.log", "13/03/2024, 14:05 - Anna: Hi\n")
    assert turns(path, format="whatsapp")[0].text == "Hi"
    with pytest.raises(Exception, match="did you mean 'whatsapp'"):
        turns(path, format="watsapp")
