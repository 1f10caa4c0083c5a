"""Which of the bot's languages a customer writes."""

from __future__ import annotations

import re

from .texts import DEFAULT_LANGUAGE, LANGUAGES
from .words import fold

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_POLISH_LETTERS = re.compile(r"[ąćęłńśźż]", re.IGNORECASE)  # ó is left out: other languages have it too
_POLISH_WORDS = re.compile(
    r"\b(czesc|dzien dobry|witam|hej|gdzie|jest|jestescie|moj|moja|moje|zwrot|zwrocic|dzieki|dziekuje|prosze|but\w?|"
    r"butow|chc\w*|ile|kosztuje|dostaw\w|kiedy|zamowien\w*|rozmiar\w*|nie|tak|przymiark\w|konsultant\w?|adres\w?|godzin\w*|"
    r"czynne|platnosc\w*|zdjeci\w*|za mal\w|za duz\w|jutro|gwarancj\w|anuluj|jak|jaki\w?|macie|czy|mozna|sklep\w*|paczk\w|"
    r"reklamacj\w|podart\w|zapytac|pytanie|pomoc|status zam\w*)\b"
)
_ENGLISH_WORDS = re.compile(
    r"\b(the|my|is|are|where|hello|hi|hey|please|thanks|thank|you|how|what|when|want|would|like|shoes|with|have|"
    r"return|size|open|delivery|photo|person|too|order number|order status|good|and|for|this)\b"
)


def detect(words: str) -> str:
    """The language that the words betray, or "" (a bare number or an emoji betrays none)."""
    if _CYRILLIC.search(words):
        return "ru"
    folded = fold(words)
    if _POLISH_LETTERS.search(words) or len(_POLISH_WORDS.findall(folded)) > len(_ENGLISH_WORDS.findall(folded)):
        return "pl"
    return "en" if _ENGLISH_WORDS.search(folded) else ""


def choose(words: str, remembered: str, hint: str) -> str:
    """What the customer writes now, else what they wrote before, else what their app says, else English."""
    app = hint[:2].lower()
    return detect(words) or remembered or (app if app in LANGUAGES else DEFAULT_LANGUAGE)
