"""The platform accepts the bot's calls, or the reason is told plainly."""

from __future__ import annotations

import pytest

from chatdrill.trace import Called
from checks.handoff.traces import Told


def refusals(tale, **blocks):
    return [finding.message for finding in tale.findings("calls-accepted", **blocks)]


def test_accepted_calls_pass(tale, case):
    case("fine").says("Hi").bot("Hello!").done()
    assert tale.verdict("calls-accepted") == "pass"


def test_a_bot_that_never_calls_gives_no_evidence(tale, case):
    case("mute").says("Hi").done()
    assert tale.verdict("calls-accepted") == "none"


def test_a_refused_call_is_told_with_the_vendors_words_behind_the_plain_ones(tale, case):
    case("long").says("Hi").calls(ok=False, error="Bad Request: message is too long").done()
    assert refusals(tale) == [
        "the platform refused sendMessage: longer than allowed (Bad Request: message is too long)"
    ]


def test_an_unknown_reason_is_told_in_the_vendors_words_alone(tale, case):
    case("odd").says("Hi").calls(ok=False, error="Bad Request: MOON_PHASE_INVALID").done()
    assert refusals(tale) == ["the platform refused sendMessage: Bad Request: MOON_PHASE_INVALID"]


def test_the_same_refusal_is_one_finding_however_often_it_came(tale, case):
    told = case("flood").says("Hi")
    for _ in range(25):
        told.calls(ok=False, error="Bad Request: chat not found")
    told.done()
    [finding] = tale.findings("calls-accepted")
    assert finding.message.endswith("(Bad Request: chat not found) (25 times)")
    assert len(finding.cites) == 10


def test_a_call_that_is_repeated_after_a_rate_limit_is_accepted(tale, case):
    told = case("polite").says("Hi").calls(ok=False, status=429, error="Too Many Requests: retry after 1")
    told.calls(after=1.0).done()
    assert tale.verdict("calls-accepted") == "pass"


def test_another_call_does_not_make_up_for_the_one_that_was_lost(tale, case):
    told = case("lossy").says("Hi").calls(ok=False, status=429, error="Too Many Requests", arguments={"text": "One"})
    told.calls(arguments={"text": "Two"}).wait(5).done()
    assert refusals(tale) == ["the platform refused sendMessage: rate limit (Too Many Requests)"]
    assert tale.verdict("calls-accepted") == "fail"


def test_a_case_that_ends_before_the_bot_could_try_again_leaves_it_open(tale, case):
    told = case("short").says("Hi").calls(ok=False, status=429, error="Too Many Requests: retry after 3").wait(7).done()
    [finding] = tale.findings("calls-accepted")
    assert finding.verdict == "inconclusive"
    assert finding.message.endswith(
        "(Too Many Requests: retry after 3); the conversation ended before the bot could try again"
    )
    told.calls()
    assert tale.verdict("calls-accepted") == "pass"


def test_an_earlier_success_does_not_make_up_for_a_later_refusal(tale, case):
    told = case("lossy").says("Hi").calls(arguments={"text": "One"})
    told.calls(ok=False, status=429, error="Too Many Requests", arguments={"text": "One"}).wait(5).done()
    assert len(refusals(tale)) == 1


def test_an_upload_under_another_name_is_the_same_call(tale, case):
    told = case("upload").says("Hi").calls("sendPhoto", ok=False, status=500, arguments={"photo": "attach://a1"})
    told.calls("sendPhoto", arguments={"photo": "attach://b2"}).done()
    assert tale.verdict("calls-accepted") == "pass"


def test_a_faulty_call_is_not_made_good_by_a_corrected_one(tale, case):
    told = case("markdown").says("Hi").calls(ok=False, error="Bad Request: can't parse entities: ...")
    told.calls().done()
    assert "faulty formatting" in refusals(tale)[0]


def test_methods_and_texts_can_be_ignored(tale, case):
    told = case("ignore").says("Hi").calls("sendDice", ok=False, error="no dice")
    told.calls(ok=False, error="Bad Request: can't parse entities").done()
    assert len(refusals(tale)) == 2
    assert refusals(tale, checks={"calls-accepted": "sendDice, can't parse"}) == []


def test_an_edit_that_changes_nothing_is_harmless(tale, case):
    case("same").says("Hi").calls("editMessageText", ok=False, error="Bad Request: message is not modified: ...").done()
    assert refusals(tale) == []


def test_an_injected_fault_is_not_the_bots(tale, case):
    case("drill").says("Hi").calls(ok=False, status=500, note="fault: answered 500 instead of being handled").done()
    assert refusals(tale) == []


def test_a_refusal_that_the_scenario_prepared_is_not_the_bots(tale, case):
    told = case("prepared").says("Hi").event("api_error", code=613, times=2)
    for _ in range(3):
        told.calls(ok=False, error="(#613) Calls to this API have exceeded the rate limit.")
    told.done()
    [finding] = tale.findings("calls-accepted")
    assert len(finding.cites) == 1


def test_a_customer_who_blocked_the_bot_excuses_refusals_until_they_come_back(tale, case):
    blocked = "Forbidden: bot was blocked by the user"
    told = case("block").says("Hi").blocks().calls(ok=False, status=403, error=blocked).unblocks()
    told.calls(ok=False, status=403, error=blocked).done()
    assert refusals(tale) == [f"the platform refused sendMessage: the customer has blocked the bot ({blocked})"]


@pytest.mark.parametrize(("later_s", "count"), [(0.2, 0), (0.8, 1)])
def test_who_has_left_by_a_word_is_not_to_be_written_to(tale, case, later_s, count):
    told = case("stop").says("Hi").says("Stop", blocks=True).wait(later_s)
    told.calls(ok=False, status=400, error="21610 Attempt to send to unsubscribed recipient").done()
    assert len(refusals(tale)) == count


@pytest.mark.parametrize(("later_s", "count"), [(1.0, 0), (60.0, 1)])
def test_an_answer_at_once_to_what_opens_no_window_is_held_against_nobody(tale, case, later_s, count):
    told = case("old menu", platform="wechat").says("Hi").bot("Menu").skip(259_200).presses("Fitting").wait(later_s)
    told.calls(ok=False, status=200, error="45015 response out of time limit or subscription is canceled").done()
    assert len(refusals(tale)) == count


def test_a_failed_receipt_names_the_window(tale, case):
    case("window", platform="whatsapp").says("Hi").skip(90000).calls().receipt("failed", 131047).done()
    assert refusals(tale) == [
        "the platform accepted the bot's message and then failed it: outside the 24-hour window (error 131047)"
    ]


def test_a_failed_receipt_brings_the_vendors_words_and_the_call_where_the_trace_has_them(tale, case):
    note = "accepted, but it will fail with 131047: more than 24 hours have passed since the customer last replied"
    told = case("window", platform="whatsapp").says("Hi").bot("Hello!").skip(90000)
    told.calls("messages", note=note).receipt("failed", 131047).done()
    [finding] = tale.findings("calls-accepted")
    assert "outside the 24-hour window (131047: more than 24 hours have passed" in finding.message
    assert tale.cited(finding) == ["acted", "called"]


def test_a_failure_that_the_scenario_prepared_is_not_the_bots(tale, case):
    told = case("prepared", platform="whatsapp").says("Hi").event("next_send_fails", code=131026)
    told.bot("Hello!").receipt("failed", 131026).done()
    assert refusals(tale) == []


def test_other_receipts_prove_nothing_bad(tale, case):
    case("fine", platform="whatsapp").says("Hi").bot("Hello!").receipt("delivered").receipt("read").done()
    assert tale.verdict("calls-accepted") == "pass"


def test_calls_after_the_end_of_the_case_do_not_count(tale, case):
    case("over").says("Hi").bot("Hello!").done().calls(ok=False, error="Bad Request: chat not found")
    assert refusals(tale) == []


# --------------------------------------------------------------------------------------- emulated, setup-accepted


def test_a_call_that_is_not_emulated_leaves_the_verdict_open(tale, case):
    told = case("game").says("Hi").calls("sendGame", ok=False, support="refused", error="not emulated")
    told.calls("sendGame", ok=False, support="refused", error="not emulated").bot("Hello!").done()
    judgement = tale.judge()
    [finding] = judgement.findings
    assert (finding.check, finding.verdict, finding.fault) == ("emulated", "inconclusive", "harness")
    assert finding.message == "chatdrill does not emulate sendGame"
    assert judgement.verdict == "inconclusive"


def test_emulated_calls_pass_and_none_is_no_evidence(tale, case):
    case("fine").says("Hi").bot("Hello!").done()
    assert tale.verdict("emulated") == "pass"


def test_a_method_that_nobody_knows_is_the_bots_mistake(tale, case):
    case("typo").says("Hi").calls("sendMesage", ok=False, status=404, support="unknown", error="Not Found").done()
    assert tale.verdict("calls-accepted") == "fail"
    assert tale.verdict("emulated") == "pass"


def outside(tale, method, **fields):
    facts = {"status": 200, "ok": True, "took_s": 0.001, "platform": "telegram", **fields}
    tale.add(0.01, Called, method=method, **facts)


def test_calls_of_no_conversation_are_judged_for_the_suite(tale):
    outside(tale, "setWebhook", ok=False, status=400, error="Bad Request: bad webhook: HTTPS url must be provided")
    assert tale.verdict("setup-accepted") == "fail"


def test_accepted_setup_passes_and_no_setup_is_no_evidence(tale, new_tale):
    outside(tale, "setWebhook")
    assert tale.verdict("setup-accepted") == "pass"
    assert new_tale().verdict("setup-accepted") == "none"


def test_a_conflict_that_passes_is_excused_and_one_that_stays_is_not(tale):
    conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    outside(tale, "getUpdates", ok=False, status=409, error=conflict)
    assert "two things ask for updates" in tale.findings("setup-accepted")[0].message
    outside(tale, "getUpdates", arguments={"offset": 2})
    assert tale.verdict("setup-accepted") == "pass"


@pytest.mark.parametrize(
    ("method", "support", "verdict"),
    [
        ("GET /talks/{id}", "supported", "pass"),
        ("GET /tlaks/5", "unknown", "fail"),
        ("POST /talks/{id}", "supported", "fail"),
    ],
)
def test_a_look_up_may_find_nothing(tale, method, support, verdict):
    outside(tale, method, ok=False, status=404, support=support, error="NotFound: unknown talk")
    assert tale.verdict("setup-accepted") == verdict


def test_a_wrong_token_is_told_once(tale):
    for _ in range(40):
        outside(tale, "sendMessage", ok=False, status=401, error="Unauthorized")
    [finding] = tale.findings("setup-accepted")
    assert finding.message == "the platform refused sendMessage: wrong token (Unauthorized) (40 times)"


def test_setup_that_is_not_emulated_leaves_the_suite_open(tale):
    outside(tale, "setStickerSetThumb", ok=False, support="refused", error="not emulated")
    assert tale.verdict("setup-accepted") == "inconclusive"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("(#131047) Re-engagement message", "outside the 24-hour window"),
        ("error 131047", "outside the 24-hour window"),
        ("(#10) This message is sent outside of allowed window.", "outside the 24-hour window"),
        ("Too Many Requests: retry after 3", "rate limit"),
        ("(#130429) Rate limit hit", "rate limit"),
        ("(#131056) Pair rate limit hit", "rate limit"),
        ("(#613) Calls to this API have exceeded the rate limit.", "rate limit"),
        ("(#4) Application request limit reached", "rate limit"),
        ("Bad Request: message caption is too long", "longer than allowed"),
        ("Bad Request: BUTTON_DATA_INVALID", "longer than allowed"),
        ("(#100) Length of param message[text] must be less than or equal to 2000", "longer than allowed"),
        ("(#100) Invalid parameter: Param text[body] must be at most 4096 characters long.", "longer than allowed"),
        ("(#100) param message[quick_replies] has too many elements.", "more than allowed"),
        ("Bad Request: can't parse entities: Can't find end of the entity", "text with faulty formatting"),
        ("Bad Request: message text is empty", "nothing to send"),
        ("Forbidden: bot was blocked by the user", "the customer has blocked the bot"),
        ("Bad Request: chat not found", "unknown recipient"),
        ("(#100) No matching user found", "unknown recipient"),
        ("Invalid OAuth access token.", "wrong token"),
        ("Bad Request: query is too old and response timeout expired or query ID is invalid", "the press is too old"),
        ("(#132001) Template name does not exist in the translation", "no such template"),
        ("(#100) The parameter recipient is required", "an argument is missing"),
    ],
)
def test_the_vendors_words_are_put_plainly(tale, case, text, plain):
    case("words").says("Hi").wait(30).calls(ok=False, error=text).done()
    assert refusals(tale)[0].startswith(f"the platform refused sendMessage: {plain}")
    assert text in refusals(tale)[0]


def test_a_status_429_without_words_is_a_rate_limit(tale, case):
    case("bare").says("Hi").calls(ok=False, status=429).done()
    assert "rate limit" in refusals(tale)[0]


@pytest.mark.parametrize(("after_s", "verdict"), [(0.5, "pass"), (4.0, "fail")])
def test_a_word_for_an_agent_who_closed_at_that_moment_may_be_refused(after_s, verdict):
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts().closes()
    told.calls("add message", status=409, error="closed_ticket: ticket T1 is closed", after=after_s)
    assert told.says("Bye").bot("Bye").wait(30).done().verdict("calls-accepted") == verdict


def test_what_a_platform_lets_pass_is_found_by_its_remarks(tale, case):
    told = case("torn").says("Hi")
    told.calls(remarks=("the answer begins a new conversation (RFC 5322, 3.6.4)",))
    told.calls(remarks=("the answer begins a new conversation (RFC 5322, 3.6.4)",)).done()
    (finding,) = tale.findings("calls-proper")
    assert finding.message == "the answer begins a new conversation (RFC 5322, 3.6.4) (2 times)"
    assert tale.findings("calls-proper", checks={"calls-proper": "new conversation"}) == []
