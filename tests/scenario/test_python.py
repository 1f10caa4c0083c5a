"""A scenario written in Python and the same one in YAML are equal."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from chatdrill.engine import expect as words
from chatdrill.engine import verbs
from chatdrill.engine.expect import contains, one_of, regex
from chatdrill.engine.reading import READERS
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.verbs import Steps, Verbs, album, contact, document, location, order, photo, voice
from chatdrill.errors import ScenarioError

PAIRS = [
    (Steps().says("Hi"), "says: Hi"),
    (Steps().says("Hi", {"text": "there", "after": "2s"}), "says: [Hi, {text: there, after: 2s}]"),
    (Steps().says({"text": "Hi", "forwarded": True}), "says: {text: Hi, forwarded: true}"),
    (Steps().sends("shoe.jpg"), "sends: shoe.jpg"),
    (Steps().sends(photo("shoe.jpg", caption="look")), "sends: {photo: shoe.jpg, caption: look}"),
    (Steps().sends(voice("v.ogg")), "sends: {voice: v.ogg}"),
    (Steps().sends(document("a.pdf", name="b.pdf")), "sends: {document: a.pdf, name: b.pdf}"),
    (Steps().sends(location(52.2, 21.0, name="Home")), "sends: {location: [52.2, 21.0], name: Home}"),
    (Steps().sends(contact()), "sends: {contact: own}"),
    (Steps().sends(contact("Boris", "+7900")), "sends: {contact: {name: Boris, phone: '+7900'}}"),
    (Steps().sends(order("a", {"id": "b", "price": 10.5})), "sends: {order: [a, {id: b, price: 10.50}]}"),
    (Steps().sends(album("a.jpg", "b.jpg", caption="c")), "sends: {album: [a.jpg, b.jpg], caption: c}"),
    (Steps().replies("553", says="this"), "replies: {to: 553, says: this}"),
    (Steps().replies("last", sends=photo("a.jpg")), "replies: {to: last, sends: {photo: a.jpg}}"),
    (Steps().starts("ord"), "starts: ord"),
    (Steps().starts(), "starts:"),
    (Steps().presses("Yes", of="Sure"), "presses: {button: Yes, of: Sure}"),
    (Steps().edits("554"), "edits: {to: 554}"),
    (Steps().deletes("554"), "deletes: 554"),
    (Steps().reacts("👍"), "reacts: 👍"),
    (Steps().reads(), "reads: last"),
    (Steps().types("3s"), "types: 3s"),
    (Steps().waits("2 days"), "waits: 2 days"),
    (Steps().waits_until("monday 09:00"), "waits until: monday 09:00"),
    (Steps().blocks().unblocks(), "blocks:\n  - unblocks:"),
    (Steps().happens("whatsapp", "e", {"a": 1}), "happens: {whatsapp: e, with: {a: 1}}"),
    (Steps().hears("Hi"), "hears: Hi"),
    (Steps().hears("a", contains("b"), within="5s"), "hears: {all: [a, {contains: b}], within: 5s}"),
    (Steps().hears("a", "b", in_order=True), "hears: {in_order: [a, b]}"),
    (Steps().hears("a", only=True), "hears: {only: [a]}"),
    (Steps().hears(regex("(.)", capture={"x": 1}, buttons=["Go"])), "hears: {regex: (.), capture: {x: 1}, buttons: [Go]}"),
    (Steps().hears(words.expect("none", media="photo", size="<2MB")), "hears: {text: none, media: photo, size: <2MB}"),
    (Steps().hears_nothing("10s"), "hears nothing for: 10s"),
    (Steps().eventually(one_of("a", "b"), within=30), "eventually: {one_of: [a, b], within: 30}"),
    (Steps().hears("a", after="24h ± 10m"), "hears: {text: a, after: 24h +- 10m}"),
    (Steps().hears("a", "b", not_before="1h"), "hears: {all: [a, b], not before: 1h}"),
    (
        Steps().eventually("a", not_before="09:00 tomorrow", due="09:15 tomorrow"),
        "eventually: {text: a, not before: 09:00 tomorrow, by: tomorrow 9:15}",
    ),
    (Steps().reminded(contains("a"), after="24h ± 10m"), "reminded: {contains: a, after: 24h +/- 10m}"),
    (Steps().reminded(due="09:15 tomorrow"), "reminded: {by: tomorrow 09:15}"),
    (Steps().optional("a"), "optional: a"),
    (Steps().never(contains("x"), for_="10s"), "never: {contains: x, for: 10s}"),
    (Steps().says("Hi", by="customer"), "{says: Hi, as: customer}"),
    (
        Steps().when("{platform} == telegram", Steps().says("a"), Steps().says("b")),
        "{if: '{platform} == telegram', then: [says: a], else: [says: b]}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("python", "yaml"), PAIRS, ids=[yaml for _, yaml in PAIRS])
def test_python_and_yaml_give_equal_steps(steps, python: Steps, yaml: str) -> None:
    assert python.steps == steps(f"  - {yaml}\n")


def test_python_and_yaml_give_equal_scenarios(load) -> None:
    from_python = (
        Scenario(
            "Order status",
            tags=["orders"],
            platforms=["telegram"],
            locale="pl_PL",
            starts="2026-03-02 09:30",
            calendar={"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}},
            clock="virtual",
            persona={"name": "impatient", "patience": "20s"},
            customers={"anna": {"first_name": "Anna"}, "boris": {}},
            vars={"shop": 7},
            data=[{"order": 553}],
            sla={"first_response": "5s"},
            checks={"limits": "off"},
        )
        .says("order {order}")
        .when("{platform} == telegram", Steps().when("{order}", Steps().presses("Yes")))
        .plus(Steps().hears("Thanks", by="boris"))
    )
    from_yaml = load(
        "name: Order status\ntags: [orders]\nplatforms: [telegram]\nlocale: pl_PL\nstarts: 2026-03-02 09:30\n"
        "calendar: {zone: Europe/Warsaw, hours: {mon-fri: 09:00-17:00}}\nclock: virtual\n"
        "persona: {name: impatient, patience: 20s}\ncustomers: {anna: {first_name: Anna}, boris: }\nvars: {shop: 7}\n"
        "data: [{order: 553}]\nsla: {first_response: 5s}\nchecks: {limits: off}\nsteps:\n  - says: order {order}\n"
        "  - if: '{platform} == telegram'\n    then:\n      - if: '{order}'\n        then: [presses: Yes]\n"
        "  - hears: Thanks\n    as: boris\n"
    )
    assert from_python == from_yaml


def test_a_scenario_never_changes() -> None:
    base = Scenario("x").says("Hi")
    one, other = base.hears("a"), base.hears("b")
    assert [len(made.steps) for made in (base, one, other)] == [1, 2, 2]
    assert one != other
    with pytest.raises(dataclasses.FrozenInstanceError):
        base.name = "y"  # type: ignore[misc]


def test_every_verb_of_the_language_is_a_verb_in_python() -> None:
    renamed = {"hears nothing for": "hears_nothing"}
    methods = {name for name, _ in inspect.getmembers(Verbs, inspect.isfunction) if not name.startswith("_")}
    assert methods == {renamed.get(verb, verb.replace(" ", "_")) for verb in READERS} | {"plus", "when"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scenario("x", persona="nobody"),
        lambda: Scenario("x", sla={"first": "5s"}),
        lambda: Scenario("x", sla={"first_response": "soon"}),
        lambda: Scenario("x", customer={"age": 7}),
        lambda: Scenario("x", starts="2026-13-01"),
        lambda: Scenario("x", clock="real"),
        lambda: Scenario("x", calendar={"zone": "Europe/Warsw"}),
        lambda: Scenario("x").waits_until("soon"),
        lambda: Scenario("x").reminded("a"),
        lambda: Scenario("x").hears("a", after="24h ± 1h", due="09:15"),
        lambda: Scenario("x").hears(words.expect("a", size="big")),
        lambda: Scenario("x").waits("soon"),
        lambda: Scenario("x").when("a b", Steps()),
        lambda: regex("("),
        lambda: words.media("phot"),
    ],
)
def test_mistakes_in_python_are_scenario_errors(make) -> None:
    with pytest.raises(ScenarioError):
        make()


def test_every_word_for_python_has_a_docstring() -> None:
    public = [item for module in (verbs, words) for name, item in vars(module).items() if inspect.isfunction(item)]
    assert [item.__name__ for item in public if not item.__doc__ and not item.__name__.startswith("_")] == []


def test_yamls_by_is_not_taken_for_the_customer() -> None:
    with pytest.raises(ScenarioError, match="which customer; until when it is heard is due='09:15 tomorrow'"):
        Scenario("x").hears("a", by="09:15 tomorrow")


def test_what_is_neither_a_duration_nor_a_moment_is_told_so() -> None:
    with pytest.raises(ScenarioError, match="expected a duration such as 1h, or a moment such as 09:15 tomorrow"):
        Scenario("x").hears("a", not_before="2 parsecs")
