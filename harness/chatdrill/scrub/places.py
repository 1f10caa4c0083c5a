"""Postal addresses of Poland, Russia, the United Kingdom, the United States and the German-speaking countries, by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatdrill.scrub.spans import Span

_PL = "A-ZĄĆĘŁŃÓŚŹŻ"
_pl = "a-ząćęłńóśźż"
_PL_WORD = rf"(?:[{_PL}][{_pl}]+(?:-[{_PL}][{_pl}]+)?|[IVX]+|\d{{1,2}}(?= [{_PL}{_pl}]))"
_PL_CITY = rf"[{_PL}][{_pl}]+(?:[ -](?:nad |pod |w )?[{_PL}][{_pl}]+){{0,2}}"
_PL_NUMBER = r"\d{1,4}[a-zA-Z]?(?:(?:\s*/\s*|\s*,?\s*(?:m\.?|mieszk\w*|lok\.?|lokal\w*)\s*)\d{1,4}[a-z]?)?"
_PL_TAIL = rf"(?:,?\s+(?:w\s+)?\d{{2}}-\d{{3}}(?:\s+{_PL_CITY})?|,\s*{_PL_CITY}(?:\s+\d{{2}}-\d{{3}})?)?"
_POLISH = (
    (
        rf"(?:[Uu]l(?:\.|ic[aąeyę])|[Uu]licy|[Aa]l(?:\.|ej[aeię]|ejach)|[Pp]l(?:\.|ac\w*)|[Oo]s(?:\.|iedl\w+)|[Rr]ynek|[Rr]ynku)\s*(?:(?:św\.|gen\.|ks\.|płk\.|prof\.|dr\.?)\s*)?"
        rf"(?:{_PL_WORD}\s+){{0,4}}{_PL_NUMBER}(?!\w){_PL_TAIL}"
    ),
    rf"{_PL_WORD}(?:\s+{_PL_WORD}){{0,2}}\s+\d{{1,4}}[a-zA-Z]?(?:\s*/\s*\d{{1,4}}[a-z]?|\s+m\.?\s*\d{{1,4}})(?!\w){_PL_TAIL}",
    rf"{_PL_WORD}(?:\s+{_PL_WORD}){{0,2}}\s+\d{{1,4}}[a-zA-Z]?,?\s+\d{{2}}-\d{{3}}(?:\s+{_PL_CITY})?",
    rf"(?<=\bna )[{_PL}][{_pl}]+(?:ej|iej|iego|ego)\s+\d{{1,4}}[a-zA-Z]?(?!\w)(?!\s*(?:zł|szt))(?:,?\s+w\s+{_PL_CITY})?",
    rf"(?<![\d-])\d{{2}}-\d{{3}}(?![\d-])(?:\s+{_PL_CITY})?",
)
_RU = "А-ЯЁ"
_ru = "а-яё"
_RU_WORD = rf"(?:\d{{1,3}}-?(?:я|й|го|ой|ая|ый|лет)|\d{{1,2}}(?=\s[{_RU}])|(?:им\.|имени)|[{_RU}{_ru}][{_RU}{_ru}.-]+)"
_RU_HOUSE = (
    rf"(?:д\.?|дом\w{{0,2}})?\s*№?\s*\d{{1,4}}(?:\s?[{_RU}{_ru}](?![{_RU}{_ru}]))?(?:\s*/\s*\d{{1,4}}|-\d{{1,4}}(?!\d))?"
    r"(?:\s*,?\s*(?:корпус|корп\.?|к\.?|строение|стр\.?|литер\w*|подъезд\w?|под\.|этаж\w?|эт\.|квартир\w|кв\.?|офис\w?|оф\.?)\s*№?\s*\d{1,4}[а-я]?(?![а-яё]))*"
)
_RU_KIND = (
    r"(?:[Уу]л(?:\.|иц[аеуы])?|[Пп]р(?:\.|-т|осп\.|оспект\w*|оезд\w*)|[Пп]росп\.|[Пп]ер(?:\.|еул\w+)|[Бб](?:-р|ул\.|ульвар\w*)|[Нн]аб(?:\.|ережн\w+)"
    r"|[Шш](?:\.|оссе)|[Пп]л(?:\.|ощад\w+)|[Мм]кр\.?|[Мм]икрорайон\w*|[Аа]ллея|[Тт]упик)(?![а-яё])"
)
_RU_CITY = rf"(?:(?:г|гор|город|пос|с|дер)\.?\s*[{_RU}][{_ru}]+(?:[ -][{_RU}{_ru}]+(?:-[{_RU}][{_ru}]+)?)?,?\s*)"
_RU_INDEX = r"(?:(?<!\d)\d{6}(?!\d),?\s*)"
_RU_LEAD = rf"(?:{_RU_INDEX})?(?:(?:{_RU_CITY})|(?:(?:Москва|Санкт-Петербург|СПб|Питер|Казань|Екатеринбург|Новосибирск|Самара|Пермь|Уфа|Омск|Ростов-на-Дону|Краснодар|Воронеж|Тула|Сочи),?\s*))?"
_RUSSIAN = (
    (
        rf"{_RU_LEAD}(?<![{_RU}{_ru}]){_RU_KIND}"
        rf"\s*(?:{_RU_WORD}\s*){{1,4}}?[,\s]\s*{_RU_HOUSE}(?![\w])(?:,?\s*{_RU_INDEX})?"
    ),
    rf"{_RU_LEAD}[{_RU}][{_ru}-]+(?:ая|ий|ый|ой|ое|ой)\s+(?:улиц[аеуы]|ул\.?|проспект\w*|пр-т|переул\w+|пер\.|бульвар\w*|набережн\w+|шоссе|площад\w+|проезд\w*),?\s*{_RU_HOUSE}(?!\w)",
    rf"{_RU_LEAD}(?<![{_RU}{_ru}])(?:на\s+)?(?P<bare>[{_RU}][{_ru}]{{3,}}(?:ой|а|ая|ина|ева|ова|ской|ская|ую)),?\s+(?:д\.?|дом)?\s*\d{{1,4}}[а-я]?\s*,?\s*(?:кв\.?|квартира|корп\.?|к\.)\s*\d{{1,4}}",
    r"(?<!\w)(?:[Кк]вартир\w|[Кк]в\.)\s*№?\s*\d{1,4}(?:[,\s]+(?:подъезд|этаж|домофон)\s*\d{1,4})*",
    rf"(?<=ндекс)\w?[\s:–-]{{1,3}}\d{{6}}(?!\d)|{_RU_INDEX}(?={_RU_CITY}|[{_RU}][{_ru}]+,)(?:{_RU_CITY}|[{_RU}][{_ru}-]+)",
)
_STREET = (
    r"(?:[Ss]treet|[Ss]t|[Aa]venue|[Aa]ve|[Rr]oad|[Rr]d|[Ll]ane|[Ll]n|[Dd]rive|[Dd]r|[Bb]oulevard|[Bb]lvd|[Cc]ourt|[Cc]t|[Ss]quare|[Ss]q|[Tt]errace|[Pp]lace|Way|Close|"
    r"[Cc]rescent|Gardens|Hill|Mews|Row|[Pp]arkway|Pkwy|[Hh]ighway|Hwy|Circle|Trail|Loop|Walk|Grove|Broadway)"
)
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_US_CODE = r"[A-Z]{2},? \d{5}(?:-\d{4})?"
_FLAT = r"(?:[Aa]pt|[Aa]partment|[Uu]nit|[Ss]uite|[Ss]te|[Ff]lat|[Rr]oom|#)\.?\s*#?\s*\d{0,4}[A-Za-z]?\b"
_EN_TAIL = rf"(?:,?\s+{_FLAT})?(?:,?\s+(?:in\s+)?[A-Z][a-z]+(?:[ -][A-Z]?[a-z]+){{0,2}},?\s+(?:{_UK_CODE}|{_US_CODE})|,\s+[A-Z][a-z]+(?: [A-Z][a-z]+)?(?=[.,!?]|$)|,?\s+(?:{_UK_CODE}|{_US_CODE}))?"
_ENGLISH = (
    rf"(?:{_FLAT},?\s+)?(?:[A-Z][a-z]+ (?:House|Court|Building|Tower|Lodge|Mansions),?\s+)?(?<![\w.,])\d{{1,5}}[A-Za-z]?(?:-\d{{1,4}})?,?\s+(?:[NSEW]\.?\s+)?(?:(?:[A-Z][a-z'’]+|\d{{1,3}}(?:st|nd|rd|th)|St\.?)\s+){{0,4}}(?<!\d ){_STREET}\.?(?![\w]){_EN_TAIL}",
    rf"(?<![\w.])\d{{1,5}}\s+(?:[a-z]+\s+){{1,2}}(?:street|avenue|road|lane|drive|boulevard)\b(?:,?\s+{_FLAT})?",
    rf"(?<![\w.,])\d{{1,5}}[A-Za-z]?\s+[A-Z][a-z]+(?:way|gate|side|field|wood)(?=,?\s+(?:[A-Z]|in\s)){_EN_TAIL}",
    r"[Pp]\.?\s?[Oo]\.?\s+[Bb]ox\s+\d{1,6}",
    rf"(?<!\w){_UK_CODE}(?!\w)",
    r"(?:[A-Z][a-z]+(?: [A-Z][a-z]+)?,\s+)(?:AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY)\s+\d{5}(?:-\d{4})?(?!\w)",
    rf"(?<!\w){_FLAT}(?=,? (?:floor|building|entrance))",
    r"(?:ZIP|zip)(?: ?code)?(?: is)?:?\s+\d{5}(?:-\d{4})?(?!\w)",
)
_GERMAN = (
    r"[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|platz|gasse|allee|ring|damm|ufer)\s+\d{1,4}[a-z]?(?!\w)(?:,?\s+\d{4,5}\s+[A-ZÄÖÜ][a-zäöüß]+)?",
)
_PATTERNS = tuple(re.compile(pattern) for pattern in (*_POLISH, *_RUSSIAN, *_ENGLISH, *_GERMAN))
_HAS_DIGIT = re.compile(r"\d")


def find_addresses(text: str) -> Iterator[Span]:
    """Streets with a house, and postal codes with what belongs to them."""
    if not _HAS_DIGIT.search(text):
        return
    yield from sorted(_all(text), key=lambda span: span.start - span.end)  # the longest first


def _all(text: str) -> Iterator[Span]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            words = found[0].rstrip(" ,")
            start = found.start() + len(found[0]) - len(found[0].lstrip(" :–-"))
            if _HAS_DIGIT.search(words):
                yield Span(start, found.start() + len(words), "address")
