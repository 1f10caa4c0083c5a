from __future__ import annotations

import pytest

from chatdrill.engine.loader import find_files, load_path, load_scenarios
from chatdrill.engine.scenario import CustomerPlan, Scenario
from chatdrill.engine.steps import Says, Sends
from chatdrill.errors import ScenarioError

WHOLE = """
name: Order status
about: Three fragments.
tags: [orders, burst]
platforms: [telegram, whatsapp]
locale: pl_PL
starts: 2026-03-02 09:30 Europe/Warsaw
persona: {name: impatient, patience: 20s}
customers:
  anna: {first_name: Anna, phone: "+48500000000"}
  boris: {persona: angry, locale: ru_RU}
vars: {shop: 7, price: 10.50}
data: [{order: 553, status: on its way}, {order: 010}]
sla: {first_response: 5s, p95_next_response: 1.5}
checks: {limits: off, runaway: {max: 2.5}}
steps:
  - says: Hi
"""


def test_the_head_of_a_scenario_is_read(load) -> None:
    scenario = load(WHOLE)
    assert (scenario.name, scenario.tags, scenario.platforms) == (
        "Order status",
        ("orders", "burst"),
        ("telegram", "whatsapp"),
    )
    assert (scenario.starts_at, scenario.zone) == (1772440200.0, "Europe/Warsaw")
    assert (scenario.persona.name, scenario.persona.patience.median_s) == ("impatient", 20)
    assert scenario.vars == {"shop": "7", "price": "10.50"}
    assert scenario.rows == ({"order": "553", "status": "on its way"}, {"order": "010"})
    assert scenario.sla == {"first_response": 5.0, "p95_next_response": 1.5}
    assert scenario.checks == {"limits": "off", "runaway": {"max": 2.5}}


def test_response_times_may_say_how_they_are_counted() -> None:
    sla = {"resolution": {"within": "2h", "calendar": "shop"}, "counts_from": "first", "calendar": "off"}
    assert Scenario("x", sla=sla).sla == {**sla, "resolution": {"within": 7200.0, "calendar": "shop"}}


def test_customers_have_a_persona_and_a_locale_of_their_own(load) -> None:
    anna, boris = load(WHOLE).customers
    assert anna == CustomerPlan(key="anna", given={"first_name": "Anna", "phone": "+48500000000"})
    assert (boris.locale, boris.persona.name) == ("ru_RU", "angry")


def test_what_is_left_out_has_a_default(load) -> None:
    scenario = load("name: x\nsteps: [says: Hi]")
    assert (scenario.persona.name, scenario.locale, scenario.zone, scenario.starts_at) == (
        "patient",
        "en_US",
        "UTC",
        None,
    )
    assert scenario.customers == (CustomerPlan(key="customer"),)


def test_a_stream_holds_several_scenarios(write) -> None:
    first, second = load_scenarios(write("name: a\nsteps: [says: x]\n---\nname: b\nsteps: [says: y]\n"))
    assert (first.name, first.line, second.name, second.line) == ("a", 1, "b", 4)


def test_a_folder_gives_its_files_sorted(write, tmp_path) -> None:
    for name in ("b.drill.yaml", "sub/c.drill.yml", "a.drill.yaml", "a.steps.yaml", "other.yaml"):
        write(f"name: {name}\nsteps: [says: x]", name)
    assert [path.name for path in find_files(tmp_path)] == ["a.drill.yaml", "b.drill.yaml", "c.drill.yml"]
    assert len(load_path([tmp_path, tmp_path / "a.drill.yaml"])) == 4


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("rows.csv", "order,price\n553,10.50\n010,7\n", [{"order": "553", "price": "10.50"}, {"order": "010", "price": "7"}]),
        ("rows.json", '[{"order": 553, "price": 10.50}]', [{"order": "553", "price": "10.50"}]),
        ("rows.yaml", "- {order: 553, price: 10.50}\n", [{"order": "553", "price": "10.50"}]),
    ],
)  # fmt: skip
def test_a_dataset_can_be_a_file(load, write, name: str, text: str, rows: list) -> None:
    write(text, name)
    assert list(load(f"name: x\ndata: {name}\nsteps: [says: '{{order}}']").rows) == rows


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("rows.csv", "a,b\n1\n", "rows.csv:2:1: the row has another number of columns"),
        ("rows.csv", "a,b\n", "the dataset 'rows.csv' must be a list of rows"),
        ("rows.json", "[1", "cannot read the dataset 'rows.json'"),
        ("rows.json", '{"a": 1}', "the dataset 'rows.json' must be a list of rows"),
        ("rows.yaml", "- {a: [b]}", "the dataset 'rows.yaml' must be a list of rows"),
        ("rows.yaml", "- [a]", "the dataset 'rows.yaml' must be a list of rows"),
        ("rows.yaml", "", "the dataset 'rows.yaml' must be a list of rows"),
    ],
)
def test_a_dataset_that_is_none_says_so(wrong, write, name: str, text: str, problem: str) -> None:
    write(text, name)
    (said,) = wrong(f"name: x\ndata: {name}\nsteps: [says: Hi]")
    assert problem in said


def test_included_steps_take_variables_and_keep_their_places(load, write) -> None:
    write("- says: Hello {who}\n- sends: beside.jpg\n- hears: '{shop} says hi'\n", "common/greet.steps.yaml")
    write("", "common/beside.jpg")
    scenario = load(
        "name: x\nvars: {shop: S}\nsteps:\n  - include: common/greet.steps.yaml\n    with: {who: no}\n    as: customer\n"
    )
    says, sends, hears = scenario.steps
    assert says.pieces[0].text == "Hello no"
    assert sends.contents[0].file == "common/beside.jpg"
    assert hears.expectations[0].text == "{shop} says hi"
    assert {step.customer for step in scenario.steps} == {"customer"}
    assert scenario.marks[0].endswith("common/greet.steps.yaml:1:3")


def test_an_include_that_includes_itself_is_refused(write, wrong) -> None:
    write("- include: b.steps.yaml", "a.steps.yaml")
    write("- include: a.steps.yaml", "b.steps.yaml")
    assert wrong("name: x\nsteps: [include: a.steps.yaml]") == ["b.steps.yaml:1:3: a.steps.yaml includes itself"]


def test_an_error_in_an_included_file_names_that_file(write, wrong) -> None:
    write("- says: Hi\n- heers: Hi\n", "a.steps.yaml")
    assert wrong("name: x\nsteps: [include: a.steps.yaml]") == [
        "a.steps.yaml:2:3: unknown key 'heers'; did you mean 'hears'?"
    ]


def test_conditions_become_guards_of_their_steps(load) -> None:
    scenario = load(
        "name: x\nsteps:\n  - says: a\n  - if: '{platform} == telegram'\n    then:\n      - says: b\n"
        "      - if: '{locale} == pl_PL'\n        then: [says: c]\n    else: [says: d]\n  - says: e\n"
    )
    assert [[(g.id, g.negated) for g in step.when] for step in scenario.steps] == [
        [],
        [("1", False)],
        [("1", False), ("1.1", False)],
        [("1", True)],
        [],
    ]


def test_all_problems_of_a_file_are_reported_in_its_order(wrong) -> None:
    text = (
        "nmae: x\nsteps:\n  - say: hi\n  - hears: {contians: x}\n  - waits: 5 parsecs\n"
        "  - hears: {button: {tilte: x}}\n  - {says: a, hears: b}\n"
    )
    assert wrong(text) == [
        "orders.drill.yaml:1:1: unknown key 'nmae'; did you mean 'name'?",
        "orders.drill.yaml:3:5: unknown key 'say'; did you mean 'says'?",
        "orders.drill.yaml:4:13: unknown key 'contians'; did you mean 'contains'?",
        "orders.drill.yaml:5:12: expected a duration such as 5s, 250ms, 1h30m or 2 days, not '5 parsecs'",
        "orders.drill.yaml:6:22: unknown key 'tilte'; did you mean 'title'?",
        "orders.drill.yaml:7:5: a step has one verb, and this one has says and hears; begin each with a dash of its own",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("persona: impatiet", "2:10: no persona 'impatiet'; did you mean 'impatient'?"),
        ("persona: {name: angry, burst: [0]}", "2:10: persona 'angry': the weights of a burst are all zero"),
        ("starts: tomorrow", "2:9: not a date and time: 'tomorrow'"),
        (
            "starts: 2026-03-02 09:30 Europe/Warsw",
            "2:9: unknown time zone 'Europe/Warsw'; did you mean 'Europe/Warsaw'?",
        ),
        ("calendar: {zone: Europe/Warsw}", "2:11: calendar of the scenario: zone: unknown time zone 'Europe/Warsw'"),
        ("calendar: {zone: UTC, hours: {mno: 09:00-17:00}}", "2:11: calendar of the scenario: hours"),
        ("calendar: {zon: UTC}", "2:12: unknown key 'zon'; did you mean 'zone'?"),
        (
            "calendar: [shop]",
            "2:11: expected a calendar's name, or a mapping of zone, hours, holidays and days, not a list",
        ),
        ("clock: virtul", "2:8: expected one of virtual, not 'virtul'; did you mean 'virtual'?"),
        ("sla: {first_response: {withn: 2h}}", "2:24: unknown key 'withn'; did you mean 'within'?"),
        ("sla: {counts_from: lost}", "2:20: expected one of last, first, not 'lost'; did you mean 'last'?"),
        ("sla: {first_respons: 5s}", "2:7: unknown key 'first_respons'; did you mean 'first_response'?"),
        ("customer: {frst_name: x}", "2:12: unknown key 'frst_name'; did you mean 'first_name'?"),
        ("locale: Polish", "2:9: expected a locale such as pl_PL, not 'Polish'"),
        ("data: nope.csv", "2:7: cannot read the dataset 'nope.csv': No such file"),
        ("data: nope.txt", "2:7: a dataset is a file in .csv, .json, .yaml, not 'nope.txt'"),
        ("customer: {}\ncustomers: {a: }", "give either 'customer' or 'customers'"),
        ("data: []", "2:7: must not be empty"),
        ("platforms: telegram", "2:12: expected a list, not 'telegram'"),
        ("customer: {first_name: [a]}", "2:24: expected a text, not a list"),
        ("persona: {typo_rate: 2}", "2:22: expected a number of at least 0 and at most 1, not 2"),
        ("persona: {typing: 0}", "2:19: expected a number of more than 0, not 0"),
        ("persona: {hours: [1, 30]}", "2:22: expected a number of at least 0 and at most 24, not 30"),
        ("persona: {hours: [1, 2, 3]}", "2:18: expected at most 2 items, not 3"),
        ("persona: {think: {sigma: 1}}", "2:18: 'median' is missing"),
        (
            "persona: {nudges: [poek]}",
            "2:20: expected one of poke, repeat, shout, person, not 'poek'; did you mean 'poke'?",
        ),
        ("about: 5", "2:8: expected a text, not 5"),
    ],
)
def test_the_head_is_checked(wrong, text: str, problem: str) -> None:
    (said,) = wrong(f"name: x\n{text}\nsteps: [says: Hi]")
    assert problem in said


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("hears: {regex: '('}", "not a regular expression: '('"),
        ("hears: {regex: '(a)', capture: {x: 2}}", "the regular expression has no group '2'"),
        ("presses: {of: last}", "'presses' needs the button's title, or its payload"),
        ("sends: {photo: a, voice: b}", "'sends' needs one kind of content, and got photo and voice"),
        ("sends: {photo: a, address: b}", "'address' does not go with 'photo'"),
        ("hears: {within: 5s}", "an expectation needs something to expect"),
        ("hears: {all: [a], contains: x}", "'all' and 'contains' do not go together"),
        ("hears: {contains: a, by: 09:15 next workday}", "no day is called 'next workday'; did you mean 'next working day'?"),
        ("hears: {contains: a, by: 25:00}", "no clock shows 25:00; hours go from 00 to 23"),
        ("hears: {contains: a, by: tomorrow}", "not a moment: 'tomorrow'; it needs a time of day"),
        ("hears: {contains: a, by: 2026-02-30 09:00}", "there is no 2026-02-30"),
        ("hears: {contains: a, by: 09:15 next working day}", "asks for working days; write calendar: NAME into the head"),
        ("waits until: monday 9", "not a moment: 'monday 9'; it needs a time of day"),
        ("waits until: in 2 working days 09:00", "asks for working days"),
        ("hears: {contains: a, not before: soon}", "expected a duration such as 1h, or a moment such as 09:15 tomorrow, not 'soon'"),
        ("hears: {contains: a, not before: 09:00 mondy}", "no day is called 'mondy'; did you mean 'monday'?"),
        ("hears: {contains: a, after: 24h}", "'24h' needs the time that it may be off: 24h ± 10m"),
        ("hears: {contains: a, after: 10m ± 1h}", "the second time is longer than the first"),
        ("hears: {contains: a, after: 24h ± 1h, within: 5s}", "'after' and 'within' do not go together"),
        ("hears: {contains: a, by: 09:15, within: 5s}", "'by' and 'within' do not go together; both say until when"),
        ("reminded: {contains: a}", "'reminded' needs to know when: after (24h ± 10m), not before (1h) or by (09:15 tomorrow)"),
        ("reminded: a", "'reminded' needs to know when"),
        ("replies: {to: last}", "'replies' needs either 'says' or 'sends'"),
        ("happens: {a: b, c: d}", "'happens' needs one platform and the event there"),
        ("include: nope.yaml", "no file 'nope.yaml' to include"),
        ("{if: '{a} =', then: [says: x]}", "cannot read the condition '{a} ='"),
        ("says: '{ordr}'", "{ordr} has no value here; did you mean 'order'?"),
        ("{says: x, as: bori}", "no customer 'bori'; known: customer"),
        ("{with: {a: b}, says: x}", "'with' needs 'include' beside it"),
        ("sends: {contact: {email: a}}", "'name', 'phone' are missing"),
        ("sends: {album: [a.jpg, {location: [1, 2]}]}", "an album holds files and nothing else"),
        ("sends: {album: [a.jpg]}", "expected at least 2 items, not 1"),
        ("sends: {caption: a}", "'sends' needs one kind of content, and got nothing"),
        ("says: null", "expected a text, a list of texts, or a mapping, not nothing"),
        ("sends: shoe-trn.jpg", "no file 'shoe-trn.jpg', and no shipped sample of that name; did you mean 'shoe-torn.jpg'?"),
        ("happens: {whatsap: x}", "no platform 'whatsap'; did you mean 'whatsapp'?"),
    ],
)  # fmt: skip
def test_the_steps_are_checked_and_their_places_named(wrong, tmp_path, step: str, problem: str) -> None:
    said = wrong(
        f"name: x\nvars: {{order: 1}}\nsteps:\n  - {step}\n",
        samples={"shoe-torn.jpg": tmp_path},
        platforms=["telegram", "whatsapp"],
    )
    assert [line for line in said if problem in line and line.startswith("orders.drill.yaml:4:")]


def test_a_name_may_only_be_used_after_it_was_captured(wrong) -> None:
    (said,) = wrong("name: x\nsteps:\n  - says: '{nr}'\n  - hears: {regex: '(?P<nr>.)'}\n  - says: '{nr}'")
    assert said.startswith("orders.drill.yaml:3:5: {nr} has no value here")


def test_scenarios_of_one_file_have_different_names(wrong) -> None:
    said = wrong("name: a\nsteps: [says: x]\n---\nname: a\nsteps: [says: y]\n")
    assert said == ["orders.drill.yaml:4:1: another scenario of this file is called 'a' (line 1)"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "the file is empty"), ("- says: Hi", "1:1: expected a chatdrill scenario (name, steps ...), not a list")],
)
def test_a_file_that_is_no_scenario_says_so(wrong, text: str, problem: str) -> None:
    (said,) = wrong(text)
    assert problem in said


def test_a_file_that_cannot_be_read_is_an_answer(tmp_path) -> None:
    (tmp_path / "orders.drill.yaml").write_bytes(b"name: \xff")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        load_scenarios(tmp_path / "orders.drill.yaml")
    with pytest.raises(ScenarioError, match=r"did you mean 'orders\.drill\.yaml'\?"):
        load_path(tmp_path / "order.drill.yaml")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioError, match=r"end in \.drill\.yaml"):
        load_path(tmp_path / "empty")


def test_yaml_words_stay_words_in_a_scenario(load) -> None:
    (step,) = load("name: x\nsteps:\n  - says: [no, on, 1:30, 010]\n").steps
    assert isinstance(step, Says)
    assert [piece.text for piece in step.pieces] == ["no", "on", "1:30", "010"]


def test_own_files_are_named_from_the_scenario(load, write) -> None:
    write("", "my.jpg")
    (step,) = load("name: x\nsteps: [sends: my.jpg]", samples={}).steps
    assert isinstance(step, Sends)
