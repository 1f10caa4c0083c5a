"""What impatient people write, in the languages of the shipped packs; other languages come with the scenario."""

from __future__ import annotations

from collections.abc import Mapping

PHRASE_KINDS = ("poke", "person", "filler")

_PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "poke": ("??", "Hello?", "Anyone there?", "Are you there?", "Still waiting", "Hello??"),
        "person": (
            "I want to talk to a person",
            "Can I speak to a human please",
            "Get me a real person",
            "Put me through to an agent",
        ),
        "filler": ("hi, ", "sorry, ", "please, ", "hmm, ", "so, "),
    },
    "pl": {
        "poke": ("??", "Halo?", "Jest tam ktoś?", "Czekam", "Halo, jesteście?", "Nadal czekam"),
        "person": (
            "Chcę rozmawiać z człowiekiem",
            "Proszę o połączenie z konsultantem",
            "Czy mogę porozmawiać z prawdziwą osobą?",
            "Połączcie mnie z konsultantem",
        ),
        "filler": ("dzień dobry, ", "przepraszam, ", "proszę, ", "hmm, ", "no więc "),
    },
    "ru": {
        "poke": ("??", "Алло?", "Вы тут?", "Ау", "Жду ответа", "Есть кто живой?"),
        "person": (
            "Позовите человека",
            "Хочу поговорить с живым человеком",
            "Соедините с оператором",
            "Можно оператора?",
        ),
        "filler": ("здравствуйте, ", "извините, ", "пожалуйста, ", "хм, ", "так вот, "),
    },
}
_WORDLESS = {"poke": ("??", "?", "???")}


def languages() -> tuple[str, ...]:
    """The languages that have phrases of their own."""
    return tuple(sorted(_PHRASES))


def phrases(kind: str, language: str, own: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The phrases of ``kind``: the scenario's ``own``, else the language's, else those that need no language."""
    return own.get(kind) or _PHRASES.get(language, _WORDLESS).get(kind) or ()
