"""A message as words, each with what stands before it: after 'my name is' comes a name, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from chatdrill.scrub.gazetteer import Name

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:[-’'][^\W\d_]{2,})*(?!\w)")
_ENDS = frozenset('.!?…:("«„\n')
# After these words comes a name, whatever it looks like ...
_TOLD = re.compile(
    r"(?<!\w)(?:my (?:full |first |last )?name(?:'s|’s| is)|(?:full |first |last |sur)?name\s*(?::|is)|named|mr|mrs|ms|miss|dr|prof|recipient:?|addressee:?|surname:?|on behalf of|(?:is|it's|it’s|booked|registered|placed) under(?: the name(?: of)?)?|in the name of|made out to"
    r"|меня зовут|моё имя|мое имя|зовут|фио|фамилия|имя|на имя|получатель\w*|г-н\w?|г-ж\w|господин\w*|госпож\w+|на фамилию|отправитель"
    r"|nazywam się|nazywam sie|mam na imi[ęe]|na imi[ęe] mi|imi[ęe] i nazwisko|nazwisko|na nazwisko|imi[ęe]|odbiorc\w+|adresat\w*|nadawc\w+|z tej strony"
    r")[\s:,.–-]{1,3}"
)
# ... and after these one that begins with a capital letter.
_HINTED = re.compile(
    r"(?<!\w)(?:(?:is|it's|it’s|order|booked|registered|placed) under|this is|i am|i'm|i’m|it's|it’s|call me|dear|hi|hello|hey|regards|thanks|cheers|sincerely|yours|best|wishes|it is|here is|speaking|ask for|with|husband|wife|son|daughter|brother|sister|colleague|friend|manager|courier|agent|neighbour|neighbor|partner|boss|driver|mum|mom|dad|mother|father|spoke to|spoke with|talked to|talked with|made out to|addressed to|in the name of"
    r"|это|я|с уважением|здравствуйте|привет|добрый день|спасибо|муж\w*|жен[ауые]\w?|сын\w*|доч\w+|брат\w*|сестр\w+|коллег\w+|менеджер\w*|курьер\w*|оператор\w*|мам\w|пап\w|уважаем\w+|сосед\w*|подруг\w|начальник\w*|водител\w+|(?:говорил|общал|разговаривал|договорил)\w*\s+с"
    r"|jestem|pan|pani|pana|panu|panem|panie|panią|panna|pozdrawiam|z poważaniem|dziękuję|cześć|hej|witam|dzień dobry|mąż|męża|żon\w|syn\w*|córk\w|brat\w*|siostr\w|koleg\w|koleżank\w+|kurier\w*|konsultant\w*|konsultantk\w|szanown\w+|tu|mam\w|tat\w|sąsiad\w*|szef\w*|(?:rozmawia|umawia|umówi)ł\w*(?:\s+się)?\s+z"
    r")[\s,.!\n–-]{1,4}"
)


class Token(msgspec.Struct):
    """A word: where it stands, how it is written, what it could be (``first``, ``last``, ``middle``) and what it was taken for (``chosen``)."""

    start: int
    end: int
    word: str
    low: str
    is_capital: bool
    begins: bool
    first: tuple[Name, int] | None = None
    last: tuple[Name, int] | None = None
    middle: tuple[Name, int] | None = None
    sure: bool = False
    is_told: bool = False
    is_hinted: bool = False
    chosen: tuple[Name, int] | None = None


def tokens_of(text: str) -> list[Token]:
    """The words of a text."""
    low = text.lower()
    low = low if len(low) == len(text) else text  # a few letters become two
    told, hinted = ({found.end() for found in pattern.finditer(low)} for pattern in (_TOLD, _HINTED))
    made = []
    for found in _WORD.finditer(text):
        start, word = found.start(), found[0].removesuffix("'s").removesuffix("’s")
        capital = word[0].isupper()
        made.append(
            Token(
                start,
                start + len(word),
                word,
                word.lower(),
                capital,
                capital and _begins(text, start),
                is_told=start in told,
                is_hinted=start in hinted,
            )
        )
    return made


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    while start and text[start - 1] in " \t":
        start -= 1
    return not start or text[start - 1] in _ENDS


def words_of_name(name: str) -> Iterator[str]:
    """The words of a participant's name: no signs, digits and emoji."""
    return (found[0] for found in _WORD.finditer(name))
