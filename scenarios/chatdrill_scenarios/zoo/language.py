"""Defects in the language that a bot answers in."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..shoebot import language as language_module
from ..shoebot import texts
from ..shoebot import turn as turn_module
from .specimen import instead, specimen

_choose, _text, _label = language_module.choose, texts.text, texts.label


def _always(code: str) -> Any:
    def choose(words: str, remembered: str, hint: str) -> str:
        return code

    return instead(language_module, choose=choose)


def _as_the_app_says(words: str, remembered: str, hint: str) -> str:
    """Who has an English telephone writes English."""
    return hint[:2].lower() if hint[:2].lower() in ("en", "ru", "pl") else "en"


def _as_before(words: str, remembered: str, hint: str) -> str:
    """A language is chosen once."""
    return remembered or _choose(words, remembered, hint)


def _without_memory(words: str, remembered: str, hint: str) -> str:
    return _choose(words, "", "")


def _cyrillic_is_polish(words: str, remembered: str, hint: str) -> str:
    found = _choose(words, remembered, hint)
    return "pl" if found == "ru" else found


def _no_polish(words: str, remembered: str, hint: str) -> str:
    """Letters without marks are English."""
    found = _choose(words, remembered, hint)
    return "en" if found == "pl" and words.isascii() else found


def _shouting_is_english(words: str, remembered: str, hint: str) -> str:
    return "en" if words.isupper() else _choose(words, remembered, hint)


def _english_labels(payload: str, language: str) -> str:
    return _label(payload, "en")


def _english_now_and_then(*ids: str) -> Any:
    def text(text_id: str, language: str, **values: str) -> str:
        return _text(text_id, "en" if text_id.startswith(ids) else language, **values)

    return instead(turn_module, text=text)


def _untranslated(text_id: str, language: str, **values: str) -> str:
    """A text that nobody has translated is its own name."""
    return text_id if language == "ru" and text_id.startswith("faq.delivery") else _text(text_id, language, **values)


CHANGES, SHOUTS, FAQ = "The language changes", "Shouting is no other language", "Questions in Polish"
RUSSIAN = "Two questions in one burst"

_language = partial(specimen, "language")
SPECIMENS = (
    _language("answers everybody in English", "botpress default texts", "expected", CHANGES, _always("en"), minimum=("Сколько стоит доставка?",)),
    _language("answers everybody in English, on Messenger", "botpress default texts", "expected", CHANGES, _always("en"),
              platform="messenger", minimum=("Сколько стоит доставка?",)),
    _language("answers in the language of the telephone", "chatwoot conversation_language", "expected", CHANGES,
              instead(language_module, choose=_as_the_app_says), minimum=("Сколько стоит доставка?",)),
    _language("stays with the first language", "chatwoot conversation_language", "expected", CHANGES,
              instead(language_module, choose=_as_before), minimum=("Hello", "Сколько стоит доставка?")),
    _language("forgets the language at a bare number", "chatwoot conversation_language", "expected", CHANGES,
              instead(language_module, choose=_without_memory), platform="whatsapp", minimum=("Gdzie jest moje zamówienie?", "553")),
    _language("takes Russian for Polish", "glific#3705", "expected", CHANGES, instead(language_module, choose=_cyrillic_is_polish),
              minimum=("Сколько стоит доставка?",)),
    _language("takes Polish without accents for English", "rasa#6796", "expected", "A foreigner writes Polish",
              instead(language_module, choose=_no_polish), minimum=("Gdzie jest zamowienie 554?",)),
    _language("takes shouting for English", "botpress#13426", "expected", SHOUTS, instead(language_module, choose=_shouting_is_english)),
    _language("has English buttons under Russian words", "botpress default texts", "expected", "Примерка кнопками",
              instead(turn_module, label=_english_labels)),
    _language("asks in English for a photo", "botpress default texts", "expected", "An album of photos", _english_now_and_then("ask.photo")),
    _language("shows the name of a text that is not translated", "botpress default texts", "expected", RUSSIAN,
              instead(turn_module, text=_untranslated), minimum=("Сколько стоит доставка?",),
            fuzzed_by="has_words_for_everything"),
)  # fmt: skip
