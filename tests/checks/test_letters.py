"""No character of the bot's is torn."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("text", ["half \ufffd of it", "\ud83d alone", "an escape\x1b"])
def test_a_torn_character_is_held_against_the_bot(tale, case, text):
    case("torn").says("Hi").bot(text).done()
    [finding] = tale.findings("whole-characters")
    assert finding.message.startswith("a character is torn in ")


def test_whole_characters_pass_and_silence_is_no_evidence(tale, case):
    case("whole").says("Hi").bot("Привет 👩‍👩‍👧 €[]").done()
    assert tale.verdict("whole-characters") == "pass"


def test_what_the_customer_has_sent_may_be_quoted(tale, case):
    case("quoted").says("my \ufffd name").bot("You wrote: my \ufffd name").done()
    assert tale.verdict("whole-characters") == "pass"
