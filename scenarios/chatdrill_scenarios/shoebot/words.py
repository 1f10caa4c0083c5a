"""What customers say, as patterns over folded text (lower case, Latin letters without their marks). Data."""

from __future__ import annotations

import re

_MARKS = str.maketrans("ąćęłńóśźżё’", "acelnoszzе'")


def fold(words: str) -> str:
    """Half of the customers type "zamowienie" for "zamówienie", so the marks go before anything is compared."""
    return words.casefold().translate(_MARKS)


# The order of the rows is the order of the answers. ^ and $ are those of a line, which is a fragment of a burst.
INTENTS: dict[str, re.Pattern[str]] = {
    intent: re.compile(pattern, re.MULTILINE)
    for intent, pattern in {
        "person": r"\b(person|human|agent|operator|manager|representative|(talk|speak) (to|with) (someone|somebody))\b"
        r"|человек|оператор|менеджер|сотрудник|\b(czlowiek\w*|konsultant\w*|pracownik\w*|operatora)\b",
        "bot": r"^\W*(the )?(bot|бот)\W*$",
        "cancel": r"\b(cancel|never mind|nevermind|forget it)\b|отмен|не надо|передумал писать|\b(anuluj\w*|niewazne)\b",
        "hours": r"\b(opening|hours|(are|is|when|do) .{0,20}\bopen|open (today|now|on))\b|часы|открыт|график|"
        r"до скольки|во сколько|откро(ет|ют)|\b(czynn\w+|otwart\w+|godzin\w* otwarcia|o ktorej)\b",
        "delivery": r"\b(deliver(y|ed|ing)?|shipping|ship to)\b|достав|\b(dostaw\w*|wysylk\w*|przesylk\w*)\b",
        "payment": r"\b(pay|payment|paying|credit card|cash)\b|оплат(ить|а|ы|е|у|ой)\b|заплатить|картой|налич|\b(platnos\w+|zaplac\w*|blik|"
        r"karta|gotowk\w+)\b",
        "sizes": r"\b(sizes?|size chart)\b|размер|\b(rozmiar\w*|rozmiarow\w*)\b",
        "address": r"\b(address|where are you|where is your|your shop|located)\b|адрес|где вы|где находит|где магазин|"
        r"\b(adres\w*|gdzie jestescie|gdzie jest sklep|gdzie sklep)\b",
        "warranty": r"\b(warranty|guarantee)\b|гаранти|\b(gwarancj\w*)\b",
        "status": r"\b(status|track\w*|where('s| is| are)? (my|the) (order|shoes|parcel)|when .{0,30}arriv\w+)\b|"
        r"\b(order|parcel|package|shoes) .{0,20}(not|n't|never) .{0,12}(come|came|arrive\w*|here)\b|"
        r"не (приш|приех|достав)|\bnie (doszl|przyszl|dotarl)\w*|статус|отслед|где (мой |моя |мои |наш )?(заказ|посылк|обувь|ботинк|кроссовк)|когда прид|"
        r"\bgdzie (jest |sa )?(moj\w* )?(zamowien\w*|buty|paczk\w*)|\bsledz\w+|\bkiedy (dojdzie|bedzie|przyjdzie)\b",
        "return": r"\b(return\w*|refund\w*|money back|exchange|send (it|them) back|torn|broken|defect\w*|damaged)\b|возврат|вернуть|"
        r"\b(wrong (shoes|pair|item|colou?r))\b|деньги назад|не те (ботинк|кроссовк|туфл)|\bnie te buty\b|"
        r"обмен|порва|порвал|сломал|отклеил|\b(zwrot\w*|zwroc\w*|oddac|reklamac\w*|podart\w*|rozdart\w*|zepsut\w*|"
        r"wymian\w*|wymienic|odkleil\w*)\b",
        "fitting": r"\b(fitting|try (them |it |shoes )?on|appointment|book)\b|пример|записаться|запишите|"
        r"\b(przymiar\w*|przymierz\w*|umow\w*|zarezerw\w*)\b",
        "repair": r"\b(repair\w*|mend\w*|fix (my|the) shoes)\b|ремонт|почини|\b(napraw\w*)\b",
        "about": r"\b(who are you|are you (a )?(real|bot|robot|human|person))\b|(ты|вы) (бот|робот|человек|живой)|кто (ты|вы)\b|"
        r"\b(kim jestes|jestes (botem|robotem|czlowiekiem)|czy to bot)\b",
        "yes": r"^\W*(yes|yep|yeah|sure|please do|да|конечно|давай\w*|tak|jasne)\W*$",
        "no": r"^\W*(no|nope|нет|nie)\W*$",
        "thanks": r"\b(thanks?|thank you|thx|cheers)\b|спасибо|благодар|\b(dziek\w*)\b",
        "bye": r"\b(bye|goodbye|see you)\b|до свидан|^пока\b|\b(do widzenia|na razie|pa pa)\b",
        "greeting": r"\b(hi|hello|hey|good (morning|afternoon|evening|day)|menu|help me)\b|^\W*(help|помощь|pomoc)\W*$|привет|здравств|добр(ый|ое|ого)|меню|"
        r"\b(czesc|hej|dzien dobry|dobry wieczor|witam)\b",
        "ok": r"^\W*(ok|okay|fine|wait|one moment|just a (moment|second)|a moment|ок|хорошо|ладно|сейчас|секунд\w*|"
        r"минут\w*|подожди\w*|dobrze|chwil\w*|zaraz|moment|juz)\W*$",
    }.items()
}
QUESTIONS = ("hours", "delivery", "payment", "sizes", "address", "warranty", "about")
TASKS = ("status", "return", "fitting")
SOCIAL = ("thanks", "bye", "greeting", "ok")

REASONS: dict[str, re.Pattern[str]] = {
    "damaged": re.compile(
        r"\b(torn|broken?|broke|defect\w*|damaged?|hole|came off|fell apart|ripped)\b|порва|сломал|\b(брак|дыр)|отклеил|"
        r"поврежд|развал|\b(podart\w*|rozdart\w*|zepsut\w*|uszkodz\w*|dziur\w*|odkleil\w*|rozpad\w*)\b"
    ),
    "size": re.compile(
        r"\b(too (big|small|tight|large|narrow|wide)|wrong size|(do not|don't|doesn't) fit|size)\b|жмут|жмет|"
        r"\b(мал[ыа]|велик[иа]?)\b|большие|маленьк|тесн|размер|\b(za (mal\w+|duz\w+|ciasn\w+|waski\w*)|rozmiar\w*|uwiera\w*)\b"
    ),
    "mind": re.compile(
        r"\b(changed my mind|(do not|don't) (like|want|need)|colou?r)\b|передумал|не понрав|не нуж|не подошл|\bцвет|"
        r"\b(rozmysl\w*|nie podoba\w*|nie potrzeb\w*|kolor\w*|zmiana zdania)\b"
    ),
}
RATING = re.compile(r"^\W*([1-5])\W*(stars?|/ ?5|звезд\w*|gwiazd\w*)?\W*$")
DIGIT = re.compile(r"^\W*(\d)\W*$")
NO_PHOTO = re.compile(
    r"\b(no photo|no picture|no camera|(cannot|can't) (send|take)|(do not|don't) have (a |any )?(photo|picture|camera)|without (a )?photo)\b|нет фото|без фото|"
    r"не могу (сфот|прислать)|нет камеры|\b(bez zdjecia|nie mam zdjecia|nie moge (wyslac|zrobic))\b"
)
# A lone "hello" greets; "hello??" is impatience. Nudges are short, and the pattern does not look at anything longer.
_NUDGES = (
    r"(?:anyone|anybody|somebody)(?: here| there)?|are you (?:there|here)|you there|still waiting|(?:i am|i'm) waiting|"
    r"ал+[оё]+|ау+|ну что(?: там)?|вы (?:тут|здесь|где)|кто-нибудь|есть кто(?: живой)?|(?:я )?жду(?: ответа)?|долго еще|"
    r"jest tam kto\w*|jestescie(?: tam)?|i co(?: dalej)?|(?:nadal )?czekam(?: na odpowiedz)?|no i\s?"
)
_OPENERS = r"(?:hello|hi|hey|ало|алло|ау|halo|hej|ну|и)"
NUDGE = re.compile(
    rf"^(?=[\s\S]{{1,60}}$)(?:\W*{_OPENERS}?\s*\?[\s?!]*|[?!.…\s]*[?!][?!.…\s]*|\W*(?:{_OPENERS}\W+)?(?:{_NUDGES})\W*|\W*halo+\W*)$"
)
CORRECTION = re.compile(
    r"\b(sorry|oops|i mean|no wait|not \d+|correction)\b|\*\d|\bой\b|точнее|вернее|ошиб|то есть|"
    r"\b(przepraszam|znaczy|pomylk\w*|raczej|sorki)\b"
)
ORDER_CONTEXT = re.compile(r"\border\b|заказ|\bzamowien\w*|[#№]\s*\d|\bord_|\bnr\b|номер|\bnumber\b|\bnumer")
ORDER_NUMBER = re.compile(r"(?<![\d.:/+-])(?:ord_|[#№]\s*)?(\d{3,6})(?![\d:/]|[.-]\d|,\d{1,2}\b)")
ONLY_NUMBERS = re.compile(r"^[\s#№,.;!?]*(\d{3,6}[\s#№,.;!?]*)+$")

CITIES: dict[str, re.Pattern[str]] = {
    "warsaw": re.compile(r"\b(warsaw|warszaw\w*|варшав\w*)"),
    "krakow": re.compile(r"\b(krakow\w*|cracow|краков\w*)"),
    "gdansk": re.compile(r"\b(gdansk\w*|гданьск\w*)"),
    "wroclaw": re.compile(r"\b(wroclaw\w*|вроцлав\w*)"),
}
DAYS: dict[str, re.Pattern[str]] = {
    "thu": re.compile(r"\b(thursday|thu|четверг\w*|czwart\w*)\b"),
    "fri": re.compile(r"\b(friday|fri|пятниц\w*|piat\w*)\b"),
    "sat": re.compile(r"\b(saturday|sat|суббот\w*|sobot\w*)\b"),
    "sun": re.compile(r"\b(sunday|sun|воскресен\w*|niedziel\w*)\b"),
    "today": re.compile(r"\b(today|сегодня|dzis|dzisiaj)\b"),
    "tomorrow": re.compile(r"\b(tomorrow|завтра|jutro)\b"),
}
DATE_IN_WORDS = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (?P<month>[^\W\d]{3,})")
DATE_IN_WORDS_US = re.compile(r"\b(?P<month>[a-z]{3,}) (?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![:\d])")
MONTH_STEMS: tuple[tuple[str, ...], ...] = (
    ("jan", "янв", "stycz"), ("feb", "фев", "lut"), ("mar", "мар", "marz", "marc"), ("apr", "апр", "kwie"),
    ("may", "мая", "май", "maj"), ("jun", "июн", "czerw"), ("jul", "июл", "lip"), ("aug", "авг", "sierp"),
    ("sep", "сен", "wrze"), ("oct", "окт", "pazdz"), ("nov", "ноя", "listop"), ("dec", "дек", "grud"),
)  # fmt: skip
ISO_DATE = re.compile(r"\b\d{4}-(\d{1,2})-(\d{1,2})\b")
DAY_MONTH = re.compile(r"(?<![\d:.])(\d{1,2})[./](\d{1,2})(?:[./]\d{2,4})?(?![\d:])")
CLOCK = re.compile(r"(?<![\d.])([01]?\d|2[0-3])(?::([0-5]\d)|\s?(am|pm)\b)")
BARE_HOUR = re.compile(r"^\D{0,12}(\d{1,2})\D{0,6}$")
