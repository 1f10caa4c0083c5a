"""How much is found: the labelled corpus, message by message."""

from __future__ import annotations

import re

from chatdrill.scrub import Scrubber
from chatdrill.seeds import Seed
from scrub.corpus import labelled
from scrub.measuring import measure


def test_the_corpus_is_large_and_of_three_languages() -> None:
    counts: dict[str, int] = {}
    for language, _, spans in labelled():
        counts[language] = counts.get(language, 0) + len(spans)
    assert min(counts.values()) >= 100 and sum(counts.values()) >= 300


def test_nearly_all_that_is_personal_is_found() -> None:
    figures = measure()
    assert figures.recall >= 0.99, figures.missed
    assert figures.precision >= 0.95, figures.alarms


def test_nothing_personal_of_the_corpus_stands_in_what_comes_out() -> None:
    for language, text, spans in labelled():
        scrubber = Scrubber(language, Seed(1).stream("scrub"))
        scrubber.learn(text)
        out = scrubber.scrub(text)
        for start, end, kind in spans:
            if kind not in ("name", "address"):  # parts of those are words that may stay
                assert text[start:end] not in out, (text, out)


def test_a_text_without_anything_personal_stays_as_it_is() -> None:
    kept = [text for language, text, spans in labelled() if not spans]
    changed = [text for text in kept if Scrubber("en", Seed(1).stream("scrub")).scrub(text) != text]
    assert len(changed) <= 0.1 * len(kept), changed
    assert all(re.search(r"\w", text) for text in kept)
