from __future__ import annotations

import msgspec
import pytest

from chatdrill.engine.expect import Expectation, ExpectedButton, MessageRef, expect
from chatdrill.engine.step_parts import Attachment
from chatdrill.engine.steps import (
    Branches,
    Eventually,
    Happens,
    Hears,
    HearsNothing,
    Never,
    Piece,
    Presses,
    Reacts,
    Reminded,
    Says,
    Sends,
    Starts,
    Waits,
    branch,
    names_used,
    prefill,
    step_from_dict,
    step_to_dict,
    substitute,
    turns_of,
)
from chatdrill.model import Contact, Location, Order, OrderItem, Referral

ALL = """
  - says: [Hi, {text: there, after: 2s}, 553, true, 10.50]
  - says: {text: Hi, referral: {source: ad, ad_id: a1}}
  - sends: {photo: a.jpg, caption: look}
  - sends: {album: [a.jpg, {video: b.mp4}], caption: both}
  - sends: {location: [52.2, 21], name: Home, live: 15m}
  - sends: {contact: own}
  - sends: {order: [shoe-1, {id: 7, quantity: 2, price: 10.50}], note: fast}
  - sends: {form: size, values: {eu: 38.5}}
  - replies: {to: "order 553", sends: a.jpg}
  - starts: ord_553
  - presses: {payload: YES, of: last}
  - edits: {message: last, to: "order 554"}
  - deletes: order
  - reacts: {with: null, to: order}
  - reads: last
  - types: 3s
  - blocks:
  - unblocks:
  - happens: {whatsapp: status_update, with: {event: APPROVED, rate: 1.5}}
  - waits: 2 days
  - hears: {regex: "R-(?P<nr>\\\\d+)", within: 5s, buttons: [Track, {url: "https://x"}], size: <2MB, location: [1, 2]}
  - hears: [a, {contains: b}]
  - hears: {only: [a, b], within: 3}
  - hears nothing for: 10s
  - eventually: {contains: x, within: 30s}
  - never: {contains: error, for: 10s}
  - optional: {one_of: [a, b]}
  - waits until: monday 09:00
  - hears: {contains: a, not before: 1h, by: 09:15 tomorrow}
  - reminded: {after: 24h ± 10m}
"""


def test_every_step_survives_the_trace(steps) -> None:
    for step in steps(ALL):
        stored = msgspec.json.decode(msgspec.json.encode(step_to_dict(step)))
        assert step_from_dict(stored) == step


def test_a_burst_keeps_the_texts_as_they_were_written(steps) -> None:
    (burst,) = steps("  - says: [Hi, {text: there, after: 2s}, 553, true, 10.50, no]")
    assert [piece.text for piece in burst.pieces] == ["Hi", "there", "553", "true", "10.50", "no"]
    assert burst.pieces[1].after_s == 2
    assert burst.scripted


def test_one_message_without_a_gap_is_left_to_the_persona(steps) -> None:
    alone, timed = steps("  - says: Hi\n  - says: {text: Hi, after: 1s}")
    assert (alone.scripted, timed.scripted) == (False, True)


def test_contents_become_parts_of_the_model(steps) -> None:
    sent = [step.contents for step in steps(ALL) if isinstance(step, Sends)]
    assert sent[0] == (Attachment(file="a.jpg", kind="photo", caption="look"),)
    assert sent[1] == (Attachment(file="a.jpg", caption="both"), Attachment(file="b.mp4", kind="video"))
    assert sent[2] == (Location(latitude=52.2, longitude=21.0, name="Home", live_period_s=900),)
    assert sent[3] == (Contact(name="{customer.name}", phone="{customer.phone}", own=True),)
    items = (OrderItem(id="shoe-1"), OrderItem(id="7", quantity=2, price=10.5))
    assert sent[4] == (Order(items=items, note="fast"),)


def test_what_customers_do_is_read_in_short_and_long_form(steps) -> None:
    assert steps("  - starts:\n  - starts: a\n  - starts: {payload: a, referral: {ref: r}}") == (
        Starts(),
        Starts(payload="a"),
        Starts(payload="a", referral=Referral(ref="r")),
    )
    assert steps("  - presses: Yes\n  - presses: {button: Yes, of: menu}") == (
        Presses(title="Yes"),
        Presses(title="Yes", menu=True),
    )
    assert steps("  - reacts: 👍\n  - reacts: null") == (Reacts(emoji="👍"), Reacts())


def test_a_reply_quotes_a_message_by_its_words(steps) -> None:
    (reply,) = steps("  - replies: {to: order 553, says: this one}")
    assert reply == Says(pieces=(Piece("this one"),), reply_to=MessageRef("order 553"))


def test_a_vendors_event_names_its_platform(steps) -> None:
    (event,) = steps("  - happens: {whatsapp: status_update, with: {a: 1.5}}")
    assert event == Happens(platform="whatsapp", event="status_update", data={"a": 1.5})


def test_expectations_are_read_in_short_and_long_form(steps) -> None:
    single, several, only, ordered = steps(
        "  - hears: Hi\n  - hears: [Hi, {contains: x}]\n  - hears: {only: [Hi], within: 5s}\n"
        "  - hears: {in_order: [Hi, Ho]}"
    )
    assert single.expectations[0].text == "Hi"
    assert [item.contains for item in several.expectations] == [(), ("x",)]
    assert (only.only, only.within_s, ordered.in_order) == (True, 5.0, True)


def test_listening_steps_differ_in_kind(steps) -> None:
    eventually, never, optional, silence = steps(
        "  - eventually: {contains: a, within: 30s}\n  - never: {contains: b, for: 10s}\n"
        "  - optional: {contains: c}\n  - hears nothing for: 10s"
    )
    assert isinstance(eventually, Eventually)
    assert eventually.within_s == 30
    assert isinstance(never, Never)
    assert never.for_s == 10
    assert (type(optional), optional.optional) == (Hears, True)
    assert silence == HearsNothing(seconds=10)


def test_when_something_is_heard_is_a_time_since_the_last_word_or_a_moment(steps) -> None:
    span, bounds, reminded = steps(
        "  - hears: {contains: a, after: 24h ± 10m}\n"
        "  - optional: {contains: a, not before: 1h, by: tomorrow 9:15}\n  - reminded: {not before: monday 09:00}"
    )
    assert (span.not_before, span.by, span.within_s) == (85_800, 87_000, None)
    assert (bounds.not_before, bounds.by, bounds.optional) == (3600, "09:15 tomorrow", True)
    assert (type(reminded), reminded.not_before) == (Reminded, "09:00 monday")
    assert reminded.expectations == (Expectation(),)


def test_buttons_and_sizes_are_read(steps) -> None:
    (step,) = steps("  - hears: {button: Go, buttons: [{payload: GO}], size: <2MB, media: photo}")
    want = step.expectations[0]
    assert want.buttons == (ExpectedButton(title="Go"), ExpectedButton(payload="GO"))
    assert (want.size_min_bytes, want.size_max_bytes) == (None, 1_999_999)


def test_no_buttons_and_no_text_can_be_expected(steps) -> None:
    (step,) = steps("  - hears: {text: none, buttons: none, media: photo}")
    assert (step.expectations[0].wordless, step.expectations[0].buttons) == (True, ())


def test_named_groups_and_the_whole_text_are_captured(steps) -> None:
    groups, whole = steps(
        '  - hears: {regex: "(?P<nr>.)-(.)", capture: {b: 2}}\n  - hears: {contains: x, capture: all}'
    )
    assert groups.captures == {"nr", "b"}
    assert whole.expectations[0].capture == {"all": "text"}


def test_values_reach_every_text_of_a_step() -> None:
    step = Hears(expectations=(expect(contains="{a}", regex="{a}", card="{b}"),))
    filled = substitute(prefill(step, {"a": "1+1"}), {"b": "x"})
    want = filled.expectations[0]
    assert (want.contains, want.regex, want.card) == (("1+1",), r"1\+1", "x")


def test_a_vendors_own_fields_are_only_filled_in() -> None:
    step = Happens(platform="x", event="e", data={"regex": "{a}.", "condition": {"regex": "{a}"}})
    assert substitute(step, {"a": "1+1"}).data == {"regex": "1+1.", "condition": {"regex": "1+1"}}


def test_names_in_conditions_count_as_used(steps) -> None:
    (step,) = steps('  - if: "{platform} == x"\n    then: [says: "{locale}"]')
    assert names_used(step) == {"platform", "locale"}


def test_an_if_is_decided_once() -> None:
    yes, no = branch("{a} == 1", [Waits(seconds=1)], [Waits(seconds=2)], 0)
    branches = Branches()
    assert branches.admits(yes, {"a": "1"})
    assert branches.admits(yes, {"a": "2"})
    assert not branches.admits(no, {"a": "2"})


def test_neighbouring_expectations_are_one_turn(steps) -> None:
    made = steps("  - says: a\n  - hears: b\n  - hears: c\n  - optional: d\n  - says: e\n  - hears: f")
    assert tuple(turns_of(made)) == ((0, made[:1]), (1, made[1:4]), (4, made[4:5]), (5, made[5:]))


@pytest.mark.parametrize(
    "second",
    [
        "hears: {in_order: [a, b]}",
        "hears: {only: [a]}",
        "eventually: a",
        "hears nothing for: 1s",
        "reminded: {by: 09:15}",
    ],
)
def test_stricter_listening_stands_alone(steps, second: str) -> None:
    assert len(list(turns_of(steps(f"  - hears: x\n  - {second}")))) == 2


def test_a_turn_ends_before_a_step_that_uses_what_it_captures(steps) -> None:
    made = steps('  - hears: {regex: "(?P<nr>.)"}\n  - hears: x\n  - hears: "{nr}"')
    assert [first for first, _ in turns_of(made)] == [0, 2]


def test_customers_listen_each_for_themselves(load) -> None:
    made = load("name: x\ncustomers: {a: , b: }\nsteps: [{hears: x}, {hears: y, as: b}]").steps
    assert len(list(turns_of(made))) == 2
