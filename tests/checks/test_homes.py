"""Records that name no case find the cases that they are about."""

from __future__ import annotations

from chatdrill.checks.homes import Homes
from chatdrill.model import Agent, Event, PresenceChanged
from chatdrill.trace import Acted, Attempt, CaseBegan, Dropped, Filed

AGENT = Agent(key="ada", first_name="Ada")


def began(case: str, **fields: object) -> CaseBegan:
    plain = {"n": 0, "t": 0.0, "at": 0.0, "name": case, "platform": "telegram", "seed": 1, "persona": "patient"}
    return CaseBegan(case=case, customers={}, steps=(), **plain, **fields)


def acted(case: str, *updates: str) -> Acted:
    return Acted(n=1, t=0.0, at=0.0, case=case, conv=f"{case}/anna", act=Event(name="x"), updates=updates)


def attempt(*updates: str, convs: tuple[str, ...] = ()) -> Attempt:
    where = {"url": "http://127.0.0.1/", "began_t": 0.0, "took_s": 0.0, "number": 1}
    return Attempt(n=2, t=0.0, at=0.0, platform="telegram", updates=updates, convs=convs, **where)


def homes_of(*cases: str) -> Homes:
    homes = Homes()
    for case in cases:
        homes.began(began(case))
        homes.acted(acted(case, f"u-{case}"), case, "telegram")
    return homes


def test_a_webhook_belongs_to_all_whose_conversations_or_updates_it_carries():
    homes = homes_of("b", "a", "c")
    assert homes.of(attempt("u-a", "u-?", convs=("b/anna",))) == ["a", "b"]
    assert homes.of(Dropped(n=3, t=0.0, at=0.0, platform="telegram", updates=("u-c",), reason="expired")) == ["c"]
    assert homes.of(Dropped(n=3, t=0.0, at=0.0, platform="whatsapp", updates=("u-c",), reason="expired")) == []


def test_an_agent_who_comes_and_goes_concerns_every_case_they_work_in():
    homes, homecoming = Homes(), PresenceChanged(ticket="", agent="ada", presence="online")
    filed = Filed(n=4, t=0.0, at=0.0, desk="zendesk", event=homecoming, by="agent")
    for case in ("a", "b"):
        homes.began(began(case, desk="zendesk", agents={"ada": AGENT}))
    assert list(homes.of(filed)) == ["a", "b"]
    homes.forget(began("a", desk="zendesk", agents={"ada": AGENT}), [])
    assert list(homes.of(filed)) == ["b"]


def test_a_forgotten_case_is_nobodys_home():
    homes = homes_of("a", "b")
    homes.forget(began("a"), [acted("a", "u-a")])
    assert homes.of(attempt("u-a", "u-b", convs=("a/anna",))) == ["b"]
