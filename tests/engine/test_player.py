"""How a case is played: turns, pauses, patience, and what ends it."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from chatdrill import Scenario, contains, regex
from chatdrill.engine.verbs import Steps
from chatdrill.model import Edit, Press, React
from chatdrill.trace import Acted, Skipped
from engine.toy_bot import echo, says, script, silent

DAY_S = 86_400


def test_what_is_said_is_heard(jump):
    played = jump(Scenario("Echo").says("Hi").hears("You said: Hi"))
    assert (played.verdict, played.ended.outcome, played.outcomes) == ("pass", "done", ["played", "met"])


def test_the_messages_of_a_turn_may_come_in_any_order(jump):
    both = Scenario("Turn").says("Hi").hears("two").hears("one")
    assert jump(both, answer=says("one", "two")).verdict == "pass"


def test_a_given_order_is_kept(jump):
    ordered = Scenario("Order").says("Hi").hears("two", "one", in_order=True)
    assert jump(ordered, answer=says("one", "two")).verdict == "fail"
    assert jump(ordered, answer=says("two", "one")).verdict == "pass"


def test_what_nobody_expected_is_left_over(jump):
    played = jump(Scenario("Twice").says("Hi").hears("one").says("Bye").hears("one"), answer=says("one", "two"))
    assert played.verdict == "fail"
    assert "two" in played.messages and "not expected" in played.messages


def test_an_unmet_expectation_ends_the_case_and_names_the_nearest(jump):
    played = jump(Scenario("No").says("Hi").hears("Good morning").says("never said"), answer=says("Good evening"))
    assert played.ended.outcome == "unmet"
    assert played.said() == ["Hi"]
    (finding,) = [item for item in played.judgements[0].findings if item.check == "expected"]
    assert "Good evening" in finding.details["nearest"]


def test_a_case_waits_for_an_answer_no_longer_than_it_needs(jump):
    played = jump(Scenario("Quick").says("Hi").hears("You said: Hi", within="1h"))
    assert played.took_s < 2


def test_a_burst_is_sent_with_its_gaps_and_heard_once(jump):
    burst = Scenario("Burst").says("one", {"text": "two", "after": "4s"}, {"text": "three", "after": "6s"})
    played = jump(burst.hears("You said: one", "You said: two", "You said: three"))
    first, second, third = (record.at for record in played.all(Acted) if record.cause == "step")
    assert played.verdict == "pass"
    assert 4 <= second - first < 12 and 6 <= third - second < 14


async def test_three_days_cost_about_a_second_and_the_payloads_show_them(play):
    """Each pause is skipped once the bot has had its say."""
    scenario = Scenario("Days", starts="2026-03-02 09:30")
    for day in range(3):
        scenario = scenario.says(f"day {day}").hears(f"You said: day {day}").waits("1 day")
    played = await play(scenario)
    assert played.verdict == "pass" and played.took_s < 3
    assert [record.seconds for record in played.all(Skipped)] == [DAY_S] * 3
    dates = [heard.at for heard in played.bot.heard]
    assert 1772443800 <= dates[0] < 1772443800 + 60
    assert all(DAY_S <= later - earlier < DAY_S + 120 for earlier, later in pairwise(dates))


async def test_time_that_one_customer_skips_does_not_pass_for_another(play):
    waits = Scenario("Waits").says("before").hears("You said: before").waits("2 days").says("after")
    stays = Scenario("Stays").says("here").hears("You said: here")
    played = await play(waits.hears("You said: after"), stays)
    at = {heard.text: heard.at for heard in played.bot.heard}
    assert at["after"] - at["before"] >= 2 * DAY_S and abs(at["here"] - at["before"]) < 200


def test_a_captured_value_is_said_and_expected_again(jump):
    answer = script({"new": "Your number is 4711", "status 4711": "4711 is on its way"})
    scenario = Scenario("Number").says("new").hears(regex(r"number is (?P<number>\d+)"))
    played = jump(scenario.says("status {number}").hears(contains("{number} is on")), answer=answer)
    assert played.verdict == "pass"


def test_a_condition_on_a_captured_value_chooses_the_branch(jump):
    scenario = Scenario("If").says("new").hears(regex(r"(?P<kind>\w+) order"))
    scenario = scenario.when("{kind} == blue", Steps().says("yes"), Steps().says("no"))
    played = jump(scenario, answer=script({"new": "blue order"}), checks={"answered": "off"})
    assert played.said() == ["new", "yes"]
    assert played.outcomes[-2:] == ["played", "skipped"]


def test_an_optional_message_may_stay_away_or_come(jump):
    scenario = Scenario("Maybe").says("Hi").optional("Welcome", within="10s").says("Bye").hears("You said: Bye")
    without = jump(scenario, answer=script({"Bye": "You said: Bye"}))
    with_it = jump(scenario, answer=script({"Hi": "Welcome", "Bye": "You said: Bye"}))
    assert (without.verdict, with_it.verdict) == ("pass", "pass")
    assert (without.outcomes[1], with_it.outcomes[1]) == ("skipped", "met")


def test_what_comes_before_an_eventual_message_is_excused(jump):
    scenario = Scenario("Late").says("Hi").eventually("done")
    assert jump(scenario, answer=says("wait", "just a moment", "done")).verdict == "pass"


def test_only_means_nothing_else(jump):
    scenario = Scenario("Only").says("Hi").hears("one", only=True)
    assert jump(scenario, answer=says("one")).verdict == "pass"
    assert jump(scenario, answer=says("one", "two")).verdict == "fail"


def test_silence_is_kept_or_broken(jump):
    scenario = Scenario("Hush").says("Hi").hears_nothing("20s")
    assert jump(scenario, answer=silent, checks={"answered": "off"}).verdict == "pass"
    broken = jump(scenario, answer=echo)
    assert broken.verdict == "fail" and broken.ended.outcome == "unmet"


def test_what_should_never_be_said_ends_the_case_wherever_it_is_said(jump):
    scenario = Scenario("Never").never(contains("password")).says("Hi").hears("Hello").says("Bye")
    played = jump(scenario, answer=says("Hello", "your password is 1"))
    assert played.verdict == "fail" and "password" in played.messages


def test_never_for_a_while_is_over_then(jump):
    scenario = Scenario("Grace").never("You said: Bye", for_="2s").says("Hi").hears("You said: Hi").waits("15s")
    assert jump(scenario.says("Bye").hears("You said: Bye")).verdict == "pass"


def test_customers_of_one_scenario_have_chats_of_their_own(jump):
    scenario = Scenario("Two", customers={"anna": {"first_name": "Anna"}, "boris": {}})
    scenario = scenario.says("A", by="anna").says("B", by="boris")
    played = jump(scenario.hears("You said: B", by="boris").hears("You said: A", by="anna"))
    assert played.verdict == "pass"
    assert len({heard.sender for heard in played.bot.heard}) == 2


# ------------------------------------------------------------------------------------------- pressing and pointing


def test_a_press_waits_for_its_button(jump):
    async def slow(bot, heard):
        await asyncio.sleep(0.1 if heard.kind == "text" else 0)
        await bot.say(heard.sender, "Sure?" if heard.kind == "text" else "Fine", buttons=("Yes", "No"))

    scenario = Scenario("Press").says("Cancel").presses("Yes").hears("Fine")
    played = jump(scenario, answer=slow, checks={"unexpected": "allow"})
    assert played.verdict == "pass"
    assert [record.act.button.title for record in played.all(Acted) if isinstance(record.act, Press)] == ["Yes"]


def test_a_missing_button_is_named_with_the_nearest(jump):
    scenario = Scenario("Press").says("Cancel").presses("Yess")
    played = jump(scenario, answer=says("Sure?", buttons=("Yes", "No")), reply_timeout_s=1.0)
    assert played.verdict == "fail"
    assert "there is no button 'Yess' to press; did you mean 'Yes'?" in played.messages


def test_where_there_are_no_buttons_that_is_said(jump):
    played = jump(Scenario("Press").says("Hi").presses("Yes"), reply_timeout_s=1.0)
    assert "there is no button 'Yes' to press; the bot has sent no buttons" in played.messages


def test_a_quote_names_the_message_it_means(jump):
    scenario = Scenario("Quote").says("one").hears("You said: one").says("two").hears("You said: two")
    played = jump(scenario.replies("You said: one", says="this").hears("You said: this"))
    quoted = played.bot.heard[-1].raw["context"]["id"]
    one = next(m for m in played.records if getattr(getattr(m, "effect", None), "message", None) is not None)
    assert played.verdict == "pass" and quoted in one.effect.message.ids


def test_a_quote_of_nothing_says_so(jump):
    played = jump(Scenario("Quote").says("Hi").replies("never said", says="this"), reply_timeout_s=1.0)
    assert played.verdict == "fail" and "never said" in played.messages


def test_a_reaction_is_for_the_bots_last_message(jump):
    played = jump(Scenario("Like").says("Hi").hears("You said: Hi").reacts("👍"))
    reaction = next(record.act for record in played.all(Acted) if isinstance(record.act, React))
    assert reaction.emoji == "👍" and played.bot.heard[-1].raw["reaction"]["message_id"] == reaction.message_id


# ------------------------------------------------------------------------------------------------------- personas


def test_an_impatient_customer_nudges_and_is_heard(jump):
    async def slow(bot, heard):
        if len(bot.heard) == 3:  # it answers after two nudges
            await bot.say(heard.sender, "Sorry!")

    scenario = Scenario("Nudge", persona={"name": "impatient", "patience": "8s", "burst": [1]}).says("Hello?")
    played = jump(scenario.hears("Sorry!", within="5m"), answer=slow, patience_floor_s=5.0)
    assert played.verdict == "pass"
    assert len(played.said("persona")) == 2


async def test_a_customer_whose_patience_ends_leaves(play):
    scenario = Scenario("Leave", persona={"name": "impatient", "patience": "4s", "nudges": ["poke"], "burst": [1]})
    played = await play(scenario.says("Hello?").hears("x", within="10m"), answer=silent, patience_floor_s=5.0)
    assert played.verdict == "fail" and played.said("persona") and played.took_s < 3
    assert played.ended.detail == "the customer lost patience and left"


def test_a_voice_lover_speaks(jump):
    scenario = Scenario("Voice", persona={"name": "voice-lover", "voice_rate": 1.0}).says("Where is my order?")
    played = jump(scenario, checks={"answered": "off"}, answer=silent)
    assert [heard.kind for heard in played.bot.heard] == ["audio"]


def test_a_fragmenter_sends_one_thought_in_pieces(jump):
    scenario = Scenario("Pieces", persona={"name": "fragmenter", "burst": [0, 0, 1], "typo_rate": 0, "filler_rate": 0})
    played = jump(scenario.says("I bought some shoes, they are too small, can I return them?"), answer=silent,
                        checks={"answered": "off"})  # fmt: skip
    assert len(played.said()) == 3


# -------------------------------------------------------------------------------------------------- what goes wrong


def test_what_a_platform_cannot_say_is_the_scenarios_fault_not_the_bots(jump):
    played = jump(Scenario("Sticker").says("Hi").hears("You said: Hi").happens("whatsapp", "no_such_event"))
    assert played.verdict == "error" and played.ended.outcome == "broken"
    ((fault, what),) = played.troubles
    assert fault == "scenario" and "no_such_event" in what


def test_a_step_that_raises_ends_only_its_own_case(jump, monkeypatch):
    monkeypatch.setattr("chatdrill.engine.acting.Actor.type_for", lambda self, seconds: 1 / 0)
    broken = Scenario("Broken").types("1s")
    played = jump(broken, Scenario("Fine").says("Hi").hears("You said: Hi"))
    assert [judgement.verdict for judgement in played.judgements] == ["error", "pass"]
    assert played.troubles[0][0] == "harness" and "ZeroDivisionError" in played.troubles[0][1]


def test_a_locale_that_nobody_knows_ends_only_its_own_case(jump):
    played = jump(Scenario("Odd", locale="xx_XX").says("Hi"), Scenario("Fine").says("Hi").hears("You said: Hi"))
    assert [judgement.verdict for judgement in played.judgements] == ["error", "pass"]
    assert "no locale 'xx_XX'" in played.messages


async def test_a_case_that_takes_too_long_is_stopped(play):
    scenario = Scenario("Slow").says("Hi").hears("never", within="10h")
    played = await play(scenario, answer=silent, case_timeout_s=0.3)
    assert played.ended.outcome == "stopped" and played.verdict in ("fail", "error")
    assert "stopped after 0.3 s" in f"{played.ended.detail} {played.messages}"


def test_a_runaway_bot_is_stopped(jump):
    played = jump(Scenario("Flood").says("Hi").hears("never"), answer=says(*(f"spam {n}" for n in range(40))),
                        runaway=10)  # fmt: skip
    assert played.verdict == "fail"
    assert "messages without a word of the customer" in str(played.ended.detail)


def test_a_pause_of_days_ends_where_a_bot_does_things_for_ever(jump):
    async def babbles(bot, heard):
        while True:
            await asyncio.sleep(5)
            await bot.say(heard.sender, "Still here")

    played = jump(Scenario("Days").says("Hi").waits("30 days").says("Bye"), answer=babbles)
    assert "things without a word of the customer" in str(played.ended.detail)
    assert played.verdict == "fail"


def test_a_bot_that_goes_away_ends_every_wait_at_once(jump):
    def leave_soon(shared):
        asyncio.get_running_loop().call_later(0.1, shared.stop, "the bot exited with exit code 7")

    scenarios = [Scenario(f"Case {n}").says("Hi").hears("never", within="1h") for n in range(3)]
    played = jump(*scenarios, answer=silent, during=leave_soon)
    assert played.took_s < 2
    assert played.messages.count("the bot exited with exit code 7") >= 3


async def test_two_hundred_conversations_at_once_never_mix(play):
    scenarios = [
        Scenario("Many", data=[{"who": f"{number:03d}"} for number in range(200)])
        .says("I am {who}").hears("You said: I am {who}").says("{who} again").hears("You said: {who} again")
    ]  # fmt: skip
    played = await play(*scenarios, settle_s=0.2, patience_floor_s=20.0)
    assert [judgement.verdict for judgement in played.judgements] == ["pass"] * 200
    assert len({heard.sender for heard in played.bot.heard}) == 200
    assert played.took_s < 15


def test_the_same_seed_gives_the_same_customers_and_words(jump):
    scenario = Scenario("Same", persona="non-native").says("Where is my order? I am waiting for a week already")
    one, two = [jump(scenario, answer=silent, checks={"answered": "off"}) for _ in range(2)]
    other = jump(scenario, answer=silent, checks={"answered": "off"}, seed=8)
    assert one.said() == two.said()
    assert [h.sender for h in one.bot.heard] == [h.sender for h in two.bot.heard]
    assert one.bot.heard[0].sender != other.bot.heard[0].sender


@pytest.mark.parametrize("first", ["deletes", "edits"])
def test_an_own_message_that_does_not_exist_is_the_scenarios_fault(jump, first):
    scenario = Scenario("Own").deletes("nothing") if first == "deletes" else Scenario("Own").edits("x", message="y")
    played = jump(scenario)
    assert played.verdict == "error" and played.troubles[0][0] == "scenario"


def test_a_part_that_a_platform_lacks_is_explained_with_what_there_is(jump):
    played = jump(Scenario("Round").sends({"video_note": "round.mp4"}))
    ((fault, what),) = played.troubles
    assert played.verdict == "error" and fault == "scenario"
    assert "whatsapp tells no bot of round video messages; send a video" in what


def test_a_bot_that_writes_to_somebody_who_blocked_it_is_refused(jump):
    async def late(bot, heard):
        await asyncio.sleep(0.1)
        await bot.say(heard.sender, "Hello?")

    scenario = Scenario("Block").says("Hi").blocks().hears_nothing("60s")
    played = jump(scenario, answer=late, checks={"answered": "off"})
    assert played.outcomes[-1] == "met"


def test_an_edit_of_the_customer_changes_what_is_remembered(jump):
    scenario = Scenario("Edit").says("forty").hears("You said: forty").edits("fourty-two", message="forty")
    played = jump(scenario, checks={"answered": "off"})
    edit = next(record.act for record in played.all(Acted) if isinstance(record.act, Edit))
    assert edit.parts[0].text == "fourty-two" and edit.message_id == played.bot.heard[0].id
