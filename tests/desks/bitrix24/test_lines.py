"""A line's settings: whom the queue asks, when nobody is there, and what the line says by itself."""

from __future__ import annotations

import pytest

from chatdrill.model import Close, Elapse, EntryAdded, SetPresence
from chatdrill_fakes.desks.bitrix24.lines import is_open
from desks.bitrix24.kit import ANN, NOW, Portal, error, names


def texts(events: object) -> list[str]:
    return [each.entry.text for each in events if isinstance(each, EntryAdded)]  # type: ignore[attr-defined]


def other(number: int) -> dict[str, str]:
    return {**ANN, "id": f"tg-{number}"}


def test_lines_are_made_read_changed_and_deleted(portal: Portal) -> None:
    bob = portal.state.seats["bob"].id
    queue = [{"ENTITY_TYPE": "user", "ENTITY_ID": bob}]
    line = portal.result("imopenlines.config.add", {"PARAMS": {"LINE_NAME": "Sales", "QUEUE": queue}})
    shown = portal.result("imopenlines.config.get", {"CONFIG_ID": line})
    assert (shown["ID"], shown["LINE_NAME"], shown["QUEUE"]) == (str(line), "Sales", [bob])
    changed = {"CONFIG_ID": line, "PARAMS": {"QUEUE_TYPE": "all"}}
    assert portal.result("imopenlines.config.update", changed) is True
    assert portal.result("imopenlines.config.get", {"CONFIG_ID": line})["QUEUE_TYPE"] == "all"
    portal.bind("ONIMCONNECTORLINEDELETE")
    assert portal.result("imopenlines.config.delete", {"CONFIG_ID": line}) is True
    assert portal.told("ONIMCONNECTORLINEDELETE")[0]["data"] == str(line)
    assert portal.result("imopenlines.config.get", {"CONFIG_ID": line}) is False
    assert error(portal.call("imopenlines.config.delete", {"CONFIG_ID": line}))[1] == "CONFIG_NOT_FOUND"
    assert portal.result("imopenlines.config.list.get")[0]["ID"] == "107"
    assert portal.result("imopenlines.revision.get")["rest"]


@pytest.mark.parametrize(
    ("kind", "asked"), [("evenly", ["bob", "eva"]), ("strictly", ["bob", "bob"]), ("all", [None, None])]
)
def test_the_queue_asks_as_it_is_told(portal: Portal, kind: str, asked: list[str | None]) -> None:
    portal.configure(QUEUE_TYPE=kind)
    chats = [portal.sent(user=other(n)) for n in (1, 2)]
    assert [portal.state.tickets[chat].offered for chat in chats] == asked


def test_who_is_away_is_not_asked_until_they_come(portal: Portal) -> None:
    portal.configure(CHECK_AVAILABLE="Y")
    for agent in ("bob", "eva"):
        portal.act("", SetPresence(agent=agent, presence="offline"))
    chat = portal.sent()
    assert portal.state.tickets[chat].offered is None and portal.owner(chat) == "queue"
    assert names(portal.act("", SetPresence(agent="eva", presence="online"))) == ["PresenceChanged", "Assigned"]
    assert portal.state.tickets[chat].offered == "eva"


@pytest.mark.parametrize(("kind", "fifth"), [("answered_new", None), ("answered", "bob")])
def test_nobody_is_asked_beyond_their_capacity(portal: Portal, kind: str, fifth: str | None) -> None:
    portal.configure(MAX_CHAT=2, TYPE_MAX_CHAT=kind)
    chats = [portal.sent(user=other(n)) for n in range(5)]
    assert portal.state.tickets[chats[4]].offered == fifth
    if fifth is None:
        portal.act(chats[0], Close(agent="bob"))
        assert portal.state.tickets[chats[4]].offered == "bob"


def test_who_does_not_answer_in_time_loses_their_turn(portal: Portal) -> None:
    (later,) = portal.send().later
    assert later.after_s == 60 and isinstance(later.act, Elapse) and later.act.what == "queue_next"
    portal.act(later.to, later.act)
    assert portal.state.tickets[later.to].offered == "eva"
    portal.accept(later.to, "eva")
    assert portal.act(later.to, later.act) == []


def test_a_customer_whom_nobody_answers_is_told_so(portal: Portal) -> None:
    portal.configure(NO_ANSWER_RULE="text", NO_ANSWER_TEXT="All are busy.", NO_ANSWER_TIME=90)
    later = next(each for each in portal.send().later if each.act.what == "no_answer")
    assert later.after_s == 90 and texts(portal.act(later.to, later.act)) == ["All are busy."]
    (told,) = portal.told("ONIMCONNECTORMESSAGEADD")
    assert told["data"]["MESSAGES"][0]["message"] == {"user_id": "0", "text": "All are busy."}


def test_a_connector_may_do_without_system_messages(portal: Portal) -> None:
    portal.configure(WELCOME_MESSAGE="Y", WELCOME_MESSAGE_TEXT="Welcome!")
    portal.state.connectors["chatdrill"].flags["NEED_SYSTEM_MESSAGES"] = False
    assert texts(portal.send().events) == ["Where is my parcel?", "Welcome!"]
    assert not portal.told("ONIMCONNECTORMESSAGEADD")


def test_a_forgotten_dialog_closes_itself(portal: Portal) -> None:
    portal.configure(AUTO_CLOSE_TIME=3600, AUTO_CLOSE_RULE="text", AUTO_CLOSE_TEXT="Bye.")
    (first,) = [each for each in portal.send().later if each.act.what == "auto_close"]
    portal.accept(first.to)
    assert portal.act(first.to, first.act) == []
    (second,) = [each for each in portal.send("Hello?", "2").later if each.act.what == "auto_close"]
    assert names(portal.act(second.to, second.act)) == ["EntryAdded", "StateChanged", "TicketClosed"]


def test_the_line_says_goodbye_if_it_shall(portal: Portal) -> None:
    portal.configure(CLOSE_RULE="text", CLOSE_TEXT="Thank you.")
    chat = portal.sent()
    assert texts(portal.act(chat, Close(agent="bob"))) == ["Thank you."]


# 2026-11-20 was a Friday; NOW is 22:05:45 UTC.
@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"WORKTIME_ENABLE": "N"}, True),
        ({"WORKTIME_FROM": "9", "WORKTIME_TO": "18.30"}, False),
        ({"WORKTIME_FROM": "09:00", "WORKTIME_TO": "23.59"}, True),
        ({"WORKTIME_FROM": "9", "WORKTIME_TO": "18.30", "WORKTIME_TIMEZONE": "America/New_York"}, True),
        ({"WORKTIME_TO": "23.59", "WORKTIME_DAYOFF": ["FR"]}, False),
        ({"WORKTIME_TO": "23.59", "WORKTIME_HOLIDAYS": "01.01,20.11"}, False),
        ({"WORKTIME_TO": "23.59", "WORKTIME_TIMEZONE": "Nowhere/Land"}, True),
    ],
)
def test_working_time_is_kept(portal: Portal, config: dict[str, object], expected: bool) -> None:
    portal.configure(**{"WORKTIME_ENABLE": "Y", **config})
    assert is_open(portal.state.line, NOW) is expected


def test_out_of_hours_the_customer_is_told_and_waits(portal: Portal) -> None:
    portal.configure(WORKTIME_ENABLE="Y", WORKTIME_DAYOFF_TEXT="Closed.")
    handled = portal.send()
    assert "Closed." in texts(handled.events) and portal.owner(handled.call.to) == "queue"
