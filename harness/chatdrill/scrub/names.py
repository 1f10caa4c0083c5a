"""Names of people in a text: by gazetteer, by what stands beside them, by their endings, and by who takes part in the dialog."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from chatdrill.scrub.gazetteer import Name, common_names, gazetteer
from chatdrill.scrub.inflection import Language, Part, forms, lemma_of_surname, masculine
from chatdrill.scrub.sentences import Token, tokens_of
from chatdrill.scrub.shortnames import ambiguous, no_names

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_PATRONYMIC = re.compile(
    r"[а-яё]{2,}(?:(?:ов|ев|ьев|иев)(?:ич(?:а|у|ем|е)?|н(?:а|ы|е|у|ой))|(?:ич|ыч)(?:а|у|ем|е)|иничн(?:а|ы|е|у|ой)|[иы]ч)$"
)
_PATRONYMIC_SURE = re.compile(
    r"[а-яё]{2,}(?:(?:ов|ев)(?:ич(?:а|у|ем|е)?|н(?:а|ы|е|у|ой))|ьич(?:а|у|ом|е)?|иничн(?:а|ы|е|у|ой))$"
)

_INITIALS_BEFORE = re.compile(r"(?<!\w)(?:[A-ZА-ЯŁŚŻ]\.\s?){1,2}$")
_INITIALS_AFTER = re.compile(r"\s[A-ZА-ЯŁŚŻ]\.(?:\s?[A-ZА-ЯŁŚŻ]\.)?(?!\w)")
_INTRODUCED = re.compile(
    r"(?:pan\w{0,2}|pani|panią|dear|i'm|i’m|i am|this is|jestem|уважаем\w+|это|я|regards|pozdrawiam|poważaniem|уважением)[\s,\n]+$",
    re.IGNORECASE,
)
_PET = re.compile(r"([а-яё]{2,})(?:[оеё]чк|[оеё]ньк|[уюы]шк|[уюы]нчик|[уюя]ш|[уюя]ст)(?:а|и|е|у|ой)?")
_CONSONANTS = "бвгджзклмнпрстфхцчшщbcdfghjklłmnprstwzxvy"
_BY = re.compile(
    r"(?<!\w)(?:by|for|from|with|ask|it's|its|im|i'm|name|to|dla|od|to|tu|z|это|от|для|зовут)\s$", re.IGNORECASE
)
_WHEREABOUTS = re.compile(r"\b(?:in|at|from|to|near|w|we|z|do|в|из|на)\s$", re.IGNORECASE)
_BETWEEN = re.compile(r" {1,2}|\s?[A-ZА-ЯŁ]\.\s")
_NEAR = 24
_NAME_MIN = 2
_LEMMA_MIN = 5
_BARE_MIN = 4  # letters of a name that is believed in small letters


class Found(msgspec.Struct, frozen=True):
    """A word of a name: where it stands, whose it is and in which form."""

    start: int
    end: int
    name: Name
    place: int


def initials(text: str, words: Sequence[Found]) -> Iterator[tuple[int, int]]:
    """Where the initials stand that belong to names: J. Smith, Иванов И. И."""
    for word in words:
        before = _INITIALS_BEFORE.search(text, 0, word.start)
        after = _INITIALS_AFTER.match(text, word.end)
        if before:
            yield before.start(), word.start
        if after and word.name.part == "last":
            yield word.end, after.end()


_Could = tuple[Name, int] | None
_PARTS: tuple[Part, ...] = ("first", "last", "middle")


def _languages(spoken: Language, low: str) -> tuple[Language, ...]:
    if _CYRILLIC.search(low):
        return ("ru",)
    return ("pl", "en") if spoken == "pl" else ("en", "pl")


@lru_cache(maxsize=20_000)
def _looked_up(spoken: Language, low: str) -> tuple[_Could, _Could, _Could]:
    """What a word could be as a first name, a surname and a patronymic."""
    first, last, middle = (_listed(spoken, low, part) for part in _PARTS)
    return first, last, middle


def _listed(spoken: Language, low: str, part: Part) -> _Could:
    for language in _languages(spoken, low):
        found = gazetteer(language)[part].get(low)
        # Polish cases in an English text are English words; the names themselves are not.
        if found and not (language == "pl" and spoken == "en" and (found[1] or len(low) < _BARE_MIN)):
            return found
    return None


class NameFinder:
    """Finds names in texts of one language (and English ones beside it); ``learn`` makes it know those of the people who talk."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._known: dict[str, tuple[Name, int]] = {}

    def learn(self, word: str, part: str = "first", gender: str = "", *, language: Language | None = None) -> Name:
        """Know a word as somebody's name, in every form, from here on."""
        low = word.lower()
        spoken: Language = language or ("ru" if _CYRILLIC.search(low) else "pl" if self.language == "pl" else "en")
        lemma = masculine(low) if part == "last" and spoken != "en" else low
        name = Name(lemma, spoken, "last" if part == "last" else "first", gender, lemma)
        for place, form in enumerate(forms(lemma, spoken, name.part)):
            if len(form) > _NAME_MIN:
                self._known.setdefault(form, (name, place))
        return name

    def knows(self, word: str) -> tuple[Name, int] | None:
        """The name that a word is a form of, wherever it was learned."""
        low = word.lower()
        return (
            self._known.get(low)
            or self._looked_up(low, "first")
            or self._looked_up(low, "last")
            or self._looked_up(low, "middle")
        )

    def _languages(self, low: str) -> tuple[Language, ...]:
        return _languages(self.language, low)

    def _looked_up(self, low: str, part: Part) -> tuple[Name, int] | None:
        return _looked_up(self.language, low)[_PARTS.index(part)]

    # ---------------------------------------------------------------------------------------------------- words

    def find(self, text: str) -> list[Found]:
        """The words of names in a text."""
        tokens = tokens_of(text)
        for at, token in enumerate(tokens):
            self._judge(text, tokens, at, token)
        self._pairs(text, tokens)
        for _ in range(2):  # what stands beside a name is one, and what stands beside that
            for at, token in enumerate(tokens):
                if token.chosen is not None:
                    self._spread(text, tokens, at)
        return [Found(token.start, token.end, *token.chosen) for token in tokens if token.chosen is not None]

    def _pairs(self, text: str, tokens: Sequence[Token]) -> None:
        """Two capitals one after the other that are a first name and a surname, also where each alone would be a word."""
        for one, other in itertools.pairwise(tokens):
            if (
                one.chosen
                or not (one.is_capital and other.is_capital)
                or text[one.end : other.start] != " "
                or one.low in no_names()
            ):
                continue
            is_listed = one.first and (other.last or other.first) and other.low not in no_names()
            after_colon = text[max(0, one.start - 3) : one.start].rstrip().endswith(":")
            ends_so = (
                (not one.begins or after_colon)
                and self._ends_like_a_surname(other.low)
                and one.low[-1] in "аяйьaeiou" + _CONSONANTS
            )
            if is_listed or (ends_so and len(one.low) > _NAME_MIN):
                one.chosen = one.first or self._first(one.low)
                other.chosen = other.chosen or other.last or other.first or self._surname(other.low)

    def _first(self, low: str) -> tuple[Name, int]:
        """A first name that no list has."""
        language = self._languages(low)[0]
        return Name(low, language, "first", "f" if low[-1] in "аяa" else "m", low), 0

    def _judge(self, text: str, tokens: Sequence[Token], at: int, token: Token) -> None:
        low = token.low
        token.first, token.last, token.middle = _looked_up(self.language, low)
        known = self._known.get(low)
        if known is not None and (token.is_capital or (low not in no_names() and not self._is_word(low))):
            token.chosen, token.sure = known, True
            return
        if token.chosen is not None:
            return
        before = text[max(0, token.start - _NEAR) : token.start]
        if token.is_told and low not in no_names() and len(low) >= _NAME_MIN:
            self._take(token)
            self._follow(text, tokens, at)
        elif token.is_capital:
            self._judge_capital(text, token, before)
        elif (
            token.first
            and (len(low) >= _BARE_MIN or (len(low) > _NAME_MIN and (not at or _BY.search(before))))
            and not self._is_word(low)
            and low not in no_names()
        ):
            name = token.first[0]
            token.chosen = token.first if name.common and name.language in (self.language, "ru") else None
        elif low and _PATRONYMIC_SURE.fullmatch(low) and at and tokens[at - 1].first:
            tokens[at - 1].chosen, token.chosen = tokens[at - 1].first, token.middle or self._patronymic(low)

    def _judge_capital(self, text: str, token: Token, before: str) -> None:
        low = token.low
        if low in no_names():
            return
        is_word, hinted = self._is_word(low), token.is_hinted
        token.sure = hinted and bool(_INTRODUCED.search(before))
        if token.middle or _PATRONYMIC_SURE.fullmatch(low):
            token.chosen = token.middle or self._patronymic(low)
        elif _INITIALS_BEFORE.search(before) or _INITIALS_AFTER.match(text, token.end):
            token.chosen = token.last or token.first or self._surname(low)
        elif token.first and (not is_word or hinted or not token.begins) and not self._is_shortening(token):
            token.chosen = token.first
        elif token.last and not (token.begins or is_word or _WHEREABOUTS.search(before)):
            token.chosen = token.last
        elif len(low) > _LEMMA_MIN and self._ends_like_a_surname(low) and (token.last or hinted or not token.begins):
            token.chosen = token.last or self._surname(low)
        elif (hinted or not token.begins) and self._is_pet_name(low):
            token.chosen = self._pet(low)
        elif hinted and self._ends_call(text, token):
            token.chosen = token.last or (self._surname(low) if _INTRODUCED.search(before) else None)

    def _is_pet_name(self, low: str) -> bool:
        """Аннушка, Лидочка: the beginning of a name people have, with an ending that makes it small."""
        found = _PET.fullmatch(low)
        return found is not None and any(name.startswith(found[1][:4]) for name in common_names("ru"))

    def _pet(self, low: str) -> tuple[Name, int]:
        stem = low.rstrip("аеуыий").removesuffix("о") if not low.endswith("а") else low[:-1]
        name = Name(stem + "а", "ru", "first", "f", stem + "а")
        every = forms(name.lemma, "ru", "first")
        return name, every.index(low) if low in every else 0

    def _is_shortening(self, token: Token) -> bool:
        """Маш, ИНН: a shortened form in capitals is rather an abbreviation."""
        return token.word.isupper() and token.first is not None and token.first[1] > 0 and len(token.word) < _BARE_MIN

    def _ends_like_a_surname(self, low: str) -> str | None:
        return next((found for language in self._languages(low) if (found := lemma_of_surname(low, language))), None)

    def _ends_call(self, text: str, token: Token) -> bool:
        return bool(re.match(r"\s*(?:[,.!?\n)]|$|[A-ZА-ЯŁŚŻ][a-zа-я]|i\b|и\b|and\b)", text[token.end : token.end + 4]))

    def _follow(self, text: str, tokens: Sequence[Token], at: int) -> None:
        """After 'my name is' the words of the name that follow the first, in whatever letters."""
        for place in range(at + 1, min(at + 3, len(tokens))):
            token, gap = tokens[place], text[tokens[place - 1].end : tokens[place].start]
            names = (
                token.is_capital
                or (self.knows(token.low) and not self._is_word(token.low))
                or self._ends_like_a_surname(token.low)
            )
            if gap != " " or token.low in no_names() or not names:
                return
            self._take(token)

    def _take(self, token: Token) -> None:
        found = (
            self._looked_up(token.low, "first")
            or self._looked_up(token.low, "last")
            or self._looked_up(token.low, "middle")
        )
        token.chosen = found or (
            self._patronymic(token.low) if _PATRONYMIC_SURE.fullmatch(token.low) else self._surname(token.low)
        )

    def _spread(self, text: str, tokens: Sequence[Token], at: int) -> None:
        """Capitals beside a first name or patronymic are the rest of the name."""
        for place in (at - 1, at + 1):
            if 0 <= place < len(tokens) and self._may_join(text, tokens[at], tokens[place], is_before=place < at):
                token = tokens[place]
                has_surname = any(
                    one.chosen and one.chosen[0].part == "last" for one in tokens[max(0, at - 1) : at + 2]
                )
                chosen = token.middle or (token.first if has_surname else token.last) or token.first or token.last
                is_patronymic = _PATRONYMIC.fullmatch(token.low)
                token.chosen = chosen or (self._patronymic(token.low) if is_patronymic else self._surname(token.low))

    def _may_join(self, text: str, known: Token, token: Token, *, is_before: bool) -> bool:
        low, name = token.low, known.chosen
        gap = text[token.end : known.start] if is_before else text[known.end : token.start]
        if (
            token.chosen is not None
            or name is None
            or not token.is_capital
            or low in no_names()
            or len(low) < _NAME_MIN
        ):
            return False
        if not _BETWEEN.fullmatch(gap):
            return False
        listed = token.first or token.last or token.middle or self._ends_like_a_surname(low)
        if is_before:
            return bool(listed) and not (token.begins and self._is_word(low) and not token.last)
        return name[0].part != "last" or known.sure or bool(token.first or token.middle or _PATRONYMIC.fullmatch(low))

    def _surname(self, low: str) -> tuple[Name, int]:
        """A surname that no list has."""
        known = self._known.get(low)
        if known:
            return known
        languages = self._languages(low)
        language = next((one for one in languages if lemma_of_surname(low, one)), languages[0])
        guess = lemma_of_surname(low, language) or low
        name = Name(guess, language, "last", "", guess)
        every = forms(guess, language, "last")
        return name, every.index(low) if low in every else 0

    def _patronymic(self, low: str) -> tuple[Name, int]:
        stem = re.sub(r"(?:а|у|ем|е|ой|ы)$", "", low)
        is_female = stem.endswith("н")
        lemma = stem + "а" if is_female else stem
        every = forms(lemma, "ru", "middle")
        return Name(lemma, "ru", "middle", "f" if is_female else "m", lemma), every.index(low) if low in every else 0

    def _is_word(self, low: str) -> bool:
        return any(low in ambiguous(language) for language in self._languages(low))
