"""Customers are kept apart."""

from __future__ import annotations

import pytest

from chatdrill.engine.expect import contains
from chatdrill.model import Contact, Customer, File, Media

SHA = "c" * 64


def leaks(tale):
    return tale.findings("no-cross-talk")


def both(case, **fields):
    return case("two", people=("anna", "boris"), **fields).says("Hi").to("boris").says("Hi")


def test_everybody_who_reads_their_own_data_passes(tale, case):
    two = both(case).bot("Dear Boris Petrov, we call +7 916 123-45-99 or write to boris@example.net")
    two.to("anna").bot("Dear Anna Nowak").done()
    assert tale.verdict("no-cross-talk") == "pass"


def test_a_silent_bot_gives_no_evidence(tale, case):
    both(case).done()
    assert tale.verdict("no-cross-talk") == "none"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Thank you, Anna Nowak!", "name 'anna nowak'"),
        ("Thank you, NOWAK ANNA!", "name 'nowak anna'"),
        ("We call you on +48501234567", "phone '501234567'"),
        ("We call you on 501 234 567", "phone '501234567'"),
        ("We call you on (+48) 501-234-567.", "phone '501234567'"),
        ("We call you on 0048.501.234.567", "phone '501234567'"),
        ("We call you on 501\u00a0234\u2011567, order 12", "phone '501234567'"),
        ("Call 22 7000000 501234567", "phone '501234567'"),
        ("We wrote to Anna.Nowak@Example.org.", "e-mail 'anna.nowak@example.org'"),
    ],
)
def test_what_belongs_to_another_customer_is_found_in_any_spelling(tale, case, text, what):
    both(case).bot(text).done()
    [finding] = leaks(tale)
    assert finding.message == f"a customer read what belongs to another one (two [telegram]/anna): {what}"
    assert (finding.case, finding.conv) == ("two [telegram]", "two [telegram]/boris")
    assert tale.cited(finding) == [text, "Hi"]


@pytest.mark.parametrize(
    "text",
    ["Hello Anna!", "Mr Nowak is our agent", "Call us on +48 22 123 45 67", "Order 48501234", "anna@example.org"],
)
def test_what_only_resembles_proves_nothing(tale, case, text):
    both(case).bot(text).done()
    assert leaks(tale) == []


def test_several_marks_in_one_message_are_one_finding(tale, case):
    both(case).bot("Anna Nowak, +48 501 234 567, anna.nowak@example.org").done()
    assert leaks(tale)[0].message.endswith("e-mail 'anna.nowak@example.org', name 'anna nowak', phone '501234567'")
    assert len(leaks(tale)) == 1


def test_a_name_of_several_words_and_signs_is_found_whole(tale, case):
    two = case("two", people=("carl", "boris")).says("Hi").to("boris").says("Hi")
    two.bot("Sir Carl O'Neil-Braun wrote").done()
    assert len(leaks(tale)) == 1


def test_customers_of_different_cases_are_kept_apart_too(tale, case):
    case("one", people=("anna",)).says("Hi").bot("Hello, Anna Nowak").done()
    case("two", people=("boris",), starts_t=0.5).says("Hi").bot("Hello, Anna Nowak").done()
    assert [finding.case for finding in leaks(tale)] == ["two [telegram]"]


def test_a_file_of_another_customer_is_found_by_its_content(tale, case):
    two = both(case).to("anna").photo(SHA).to("boris")
    two.bot("Your photo", Media(kind="document", file=File(sha256=SHA))).done()
    assert leaks(tale)[0].message.endswith(f"file '{SHA}'")


def test_a_file_that_both_sent_proves_nothing(tale, case):
    two = both(case).to("anna").photo(SHA).to("boris").photo(SHA)
    two.bot("Your photo", Media(kind="photo", file=File(sha256=SHA))).done()
    assert leaks(tale) == []


def test_a_picture_of_the_bots_own_stays_its_own_when_a_customer_sends_it_back(tale, case):
    picture = Media(kind="photo", file=File(sha256=SHA, mime="image/jpeg"))
    two = both(case).to("anna").bot("Our shoe", picture).photo(SHA).to("boris").bot("Our shoe", picture)
    two.done()
    assert leaks(tale) == []


def test_a_mark_that_two_customers_share_proves_nothing(tale, case):
    twin = Customer(key="anna", first_name="Anna", last_name="Nowak")
    for name in ("one", "two", "three"):
        case(name, customers={"anna": twin}).says("Hi").bot("Hello, Anna Nowak").done()
    assert leaks(tale) == []


def test_what_the_bot_said_before_the_owner_ever_spoke_is_public(tale, case):
    case("first", people=("boris",)).says("Hi").bot("I am Anna Nowak, your assistant").done()
    case("second", people=("anna",), starts_t=5.0).says("Hi").bot("I am Anna Nowak, your assistant").done()
    case("third", people=("carl",), starts_t=9.0).says("Hi").bot("I am Anna Nowak, your assistant").done()
    assert leaks(tale) == []


def test_what_the_reader_said_first_is_no_secret(tale, case):
    both(case).says("Send it to Anna Nowak, phone 501 234 567").bot("Sent to Anna Nowak, +48501234567").done()
    assert leaks(tale) == []


def test_a_contact_that_the_reader_shared_is_no_secret(tale, case):
    both(case).sends(Contact(name="Anna Nowak", phone="+48 501 234 567")).bot("We call +48501234567").done()
    assert leaks(tale) == []


def test_what_the_scenario_expects_the_reader_to_hear_is_no_leak(tale, case):
    two = both(case).hears(contains("Anna Nowak")).bot("A gift from Anna Nowak").met()
    two.done()
    assert leaks(tale) == []


def test_what_the_owner_says_in_the_same_scenario_excuses_nothing(tale, case):
    two = case("two", people=("anna", "boris")).says("I am Anna Nowak, 501 234 567").hears(contains("Anna Nowak"))
    two.bot("Hello, Anna Nowak").met().to("boris").says("Hi").bot("Hello, Anna Nowak, 501234567").done()
    assert len(leaks(tale)) == 1


def test_contacts_buttons_and_edits_are_read_as_well(tale, case):
    both(case).bot("Our driver", Contact(name="Anna Nowak", phone="+48501234567")).bot("...").bot_edits(
        "Anna Nowak"
    ).done()
    assert len(leaks(tale)) == 2


def test_a_leak_after_the_end_of_the_case_is_still_one(tale, case):
    both(case).bot("Hello").done().bot("Goodbye, Anna Nowak")
    assert len(leaks(tale)) == 1
