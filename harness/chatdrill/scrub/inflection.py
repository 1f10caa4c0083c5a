"""The cases of Polish and Russian names, by tables of endings: enough to know a name in a sentence and to put another in its place.

``forms`` gives all forms of a name in a fixed order, so that the form of one name at a place is the form of any other of the same
class at that place. English names have one form. Everything is in lower case.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Language = Literal["ru", "pl", "en"]
Part = Literal["first", "last", "middle"]

# Polish: what a stem becomes before the ending -e of the locative (and the dative of feminine names).
_SOFT = (
    ("ch", "sze"), ("st", "ście"), ("t", "cie"), ("d", "dzie"), ("r", "rze"), ("ł", "le"), ("k", "ce"), ("g", "dze"), ("n", "nie"), ("m", "mie"),
    ("w", "wie"), ("b", "bie"), ("p", "pie"), ("s", "sie"), ("z", "zie"), ("f", "fie"), ("h", "sze"),
)  # fmt: skip
_PL_HARDENED = ("sz", "cz", "rz", "ż", "dz", "c", "l", "j", "ś", "ń", "ć", "ź")
_PL_ADJECTIVE_M = ("i", "iego", "iemu", "iego", "im", "im", "i")
_PL_ADJECTIVE_F = ("a", "iej", "iej", "ą", "ą", "iej", "a")
_RU_HUSH = tuple("гкхжчшщц")


def _softened(stem: str) -> str:
    return next((stem[: -len(end)] + soft for end, soft in _SOFT if stem.endswith(end)), stem + "e")


def _polish_a(stem: str) -> tuple[str, ...]:
    """Names in -a: Anna, Kasia, Ola, Kuba."""
    if stem.endswith(("i", "l", "j", "c", "cz", "sz", "ż", "rz")):
        base = stem if stem.endswith("i") else stem + ("y" if stem.endswith(("c", "cz", "sz", "ż", "rz")) else "i")
        short = base[:-2] + "i" if stem.endswith("aj") else base
        last = stem + ("o" if stem.endswith(("j", "li", "ri", "di", "wi", "ti", "fi", "mi", "gi")) else "u")
        return stem + "a", short, short, stem + "ę", stem + "ą", short, last
    genitive = stem + ("i" if stem.endswith(("k", "g")) else "y")
    return stem + "a", genitive, _softened(stem), stem + "ę", stem + "ą", _softened(stem), stem + "o"


def _polish_m(name: str) -> tuple[str, ...]:
    """Masculine names in a consonant: Jan, Marek, Paweł, Tomasz, Nowak."""
    stem = name
    if name.endswith("ek") and len(name) > 3:
        stem = name[:-2] + "k"
    elif name.endswith(("eł", "ec")) and len(name) > 3:
        stem = name[:-3] + ("rł" if name[-3] == "r" else name[-3] + name[-1])
    elif name.endswith("iel"):
        stem = name
    elif name.endswith(("ń", "ś", "ź", "ć")):
        stem = name[:-1] + {"ń": "ni", "ś": "si", "ź": "zi", "ć": "ci"}[name[-1]]
    instrumental = stem + ("iem" if stem.endswith(("k", "g")) else "em")
    locative = stem + "u" if stem.endswith(("k", "g", "ch", "i", *_PL_HARDENED)) else _softened(stem)
    return name, stem + "a", stem + "owi", stem + "a", instrumental, locative, locative


def _polish_last(name: str) -> tuple[str, ...]:
    if name.endswith(("ski", "cki", "dzki")):
        stem = name[:-1]
        return tuple(stem + end for end in (*_PL_ADJECTIVE_M, *_PL_ADJECTIVE_F, "ich", "im", "cy"))
    if name.endswith("a"):
        return (*_polish_a(name[:-1]), *_polish_a(name[:-1]), name[:-1] + "ów", name[:-1] + "om", name[:-1] + "owie")
    if name.endswith("o"):
        return (
            *_polish_a(name[:-1])[:0],
            name,
            *_polish_a(name[:-1])[1:],
            *(name,) * 7,
            name[:-1] + "ów",
            name[:-1] + "om",
            name[:-1] + "owie",
        )
    if name.endswith(("y", "e", "i", "u")):
        stem = name[:-1]
        return (
            name,
            stem + "ego",
            stem + "emu",
            stem + "ego",
            stem + "ym",
            stem + "ym",
            name,
            *(name,) * 7,
            stem + "ych",
            stem + "ym",
            stem + "owie",
        )
    cases = _polish_m(name)
    stem = cases[1][:-1]
    return (*cases, *(name,) * 7, stem + "ów", stem + "om", stem + "owie")


def _polish_first(name: str) -> tuple[str, ...]:
    if name.endswith("a"):
        return _polish_a(name[:-1])
    if name.endswith(("y", "i")):
        stem = name if name.endswith("i") else name[:-1]
        return name, stem + "ego", stem + "emu", stem + "ego", name + "m", name + "m", name
    if name.endswith("o"):
        return (
            name,
            name[:-1] + "a",
            name[:-1] + "owi",
            name[:-1] + "a",
            name[:-1] + "em",
            name[:-1] + "u",
            name[:-1] + "u",
        )
    return _polish_m(name)


def _russian_first(name: str) -> tuple[str, ...]:
    """Six cases and the vocative of talk: Маша, Маш."""
    stem, last = name[:-1], name[-1]
    if last == "а":
        ending = "и" if stem.endswith(_RU_HUSH) else "ы"
        return (
            name,
            stem + ending,
            stem + "е",
            stem + "у",
            stem + ("ей" if stem.endswith(("ж", "ч", "ш", "щ", "ц")) else "ой"),
            stem + "е",
            stem,
        )
    if last == "я":
        dative = "и" if stem.endswith("и") else "е"
        return (
            name,
            stem + "и",
            stem + dative,
            stem + "ю",
            stem + "ей",
            stem + dative,
            stem + ("ь" if not stem.endswith(("и", "а", "о", "е", "ь")) else "й"),
        )
    if last == "й":
        return name, stem + "я", stem + "ю", stem + "я", stem + "ем", stem + ("и" if stem.endswith("и") else "е"), name
    if last == "ь":
        return name, stem + "я", stem + "ю", stem + "я", stem + "ем", stem + "е", name
    if last in "оиеуюэы":
        return (name,) * 7
    stem = {"павел": "павл", "лев": "льв", "пётр": "петр"}.get(name, name)
    return name, stem + "а", stem + "у", stem + "а", stem + "ом", stem + "е", name


def _russian_last(name: str) -> tuple[str, ...]:
    if name.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return tuple(
            name + end
            for end in ("", "а", "у", "а", "ым", "е", "а", "ой", "ой", "у", "ой", "ой", "ы", "ых", "ым", "ыми")
        )
    if name.endswith(("ский", "цкий", "ской")):
        stem = name[:-2]
        ends = ("ий", "ого", "ому", "ого", "им", "ом", "ая", "ой", "ой", "ую", "ой", "ой", "ие", "их", "им", "ими")
        return (name, *(stem + end for end in ends[1:]))
    if name.endswith(("ый", "ой", "ий")):
        stem = name[:-2]
        ends = ("", "ого", "ому", "ого", "ым", "ом", "ая", "ой", "ой", "ую", "ой", "ой", "ые", "ых", "ым", "ыми")
        return (name, *(stem + end for end in ends[1:]))
    if name.endswith(("о", "их", "ых", "е", "и", "у")):
        return (name,) * 16
    cases = _russian_first(name)[:6]
    if name.endswith(("а", "я")):
        return (*cases, *cases, name, name, name, name)
    return (
        *cases,
        *(name,) * 6,
        cases[1][:-1] + "ы",
        cases[1][:-1] + "ов",
        cases[1][:-1] + "ам",
        cases[1][:-1] + "ами",
    )


def _russian_middle(name: str) -> tuple[str, ...]:
    if name.endswith("ч"):
        base = name[:-3] + "ыч" if name.endswith("ович") else name
        return name, name + "а", name + "у", name + "а", name + "ем", name + "е", base
    stem = name[:-1]
    return name, stem + "ы", stem + "е", stem + "у", stem + "ой", stem + "е", name


@lru_cache(maxsize=50_000)
def forms(name: str, language: Language, part: Part) -> tuple[str, ...]:
    """All forms of a name in lower case; the first is the name itself."""
    if language == "en":
        return (name,)
    if language == "pl":
        return _polish_last(name) if part == "last" else _polish_first(name)
    if part == "middle":
        return _russian_middle(name)
    return _russian_last(name) if part == "last" else _russian_first(name)


_CLASSES: dict[tuple[Language, Part], tuple[tuple[str, ...], ...]] = {
    ("ru", "last"): (
        ("ов", "ев", "ёв", "ин", "ын"),
        ("ский", "цкий", "ской", "ый", "ой", "ий"),
        ("о", "их", "ых", "е", "и", "у"),
        ("а", "я"),
    ),
    ("pl", "last"): (("ski", "cki", "dzki"), ("a",), ("o",), ("y", "e", "i", "u")),
    ("ru", "first"): (("а", "я"), ("й", "ь")),
    ("pl", "first"): (("a",), ("y", "i")),
}


def class_of(name: str, language: Language, part: Part) -> int:
    """Which names are inflected alike: the forms of two names of a class stand for each other place by place."""
    classes = _CLASSES.get((language, part), ())
    return next((number for number, ends in enumerate(classes) if name.endswith(ends)), len(classes))


_FEMININE = (
    ("ская", "ский"),
    ("цкая", "цкий"),
    ("ова", "ов"),
    ("ева", "ев"),
    ("ёва", "ёв"),
    ("ина", "ин"),
    ("ына", "ын"),
    ("ska", "ski"),
    ("cka", "cki"),
    ("dzka", "dzki"),
)


def masculine(surname: str) -> str:
    """The form that a surname is known by: Kowalska is Kowalski, Иванова is Иванов."""
    return next((surname[: -len(end)] + other for end, other in _FEMININE if surname.endswith(end)), surname)


_SURNAME_STEMS: dict[Language, tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...]] = {
    "ru": (
        (("ов", "ев", "ёв", "ин", "ын"), ("ыми", "ым", "ой", "ых", "а", "у", "е", "ы", ""), ""),
        (("ск", "цк"), ("ого", "ому", "ими", "ий", "им", "ом", "ая", "ой", "ую", "ие", "их"), "ий"),
    ),
    "pl": ((("sk", "ck", "dzk"), ("iego", "iemu", "iej", "ich", "im", "i", "a", "ą"), "i"),),
    "en": (),
}
_STEM_MIN = 4


def lemma_of_surname(word: str, language: Language) -> str | None:
    """The surname behind any form of it, where its ending says that it is one: Wiśniewskiej, Петровым. ``None`` elsewhere."""
    for suffixes, ends, lemma_end in _SURNAME_STEMS[language]:
        for end in ends:
            stem = word[: len(word) - len(end)]
            if word.endswith(end) and stem.endswith(suffixes) and len(stem) >= _STEM_MIN:
                return stem + lemma_end
    return None
