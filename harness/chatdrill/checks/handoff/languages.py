"""Which language a short text is in, by its script, its letters and its small words; ``None`` where that is not sure.

A detector that is loaded with models would know more languages, but takes longer to import than a month of dialog takes to
judge, and guesses where a message has three words. This one prefers to say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# The most frequent words of each language that say nothing about the subject.
_SMALL: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the a an is are was were be been i you he she it we they my your our their me him her us them this that "
        "these those and or but not no yes of to in on at for from with by about as if when what which who how why where "
        "can could will would should shall may have has had do does did please thank thanks there here now still just "
        "soon any some all more one i'm i'll it's don't can't you're we're let's hello hi am so too out up while",
        "pl": "jestem i w z na do o za po od u dla ze przez przy nie tak to jest są był była było być ja ty on ona my wy oni "
        "mój moja moje mnie mi cię ci pan pana panu pani państwa państwo się siebie co kto jak gdzie kiedy dlaczego czy "
        "ale lub albo już jeszcze tylko też bardzo proszę dziękuję tu tam ten ta te tego tej tym jaki jaka jakie który "
        "która które chcę może można mogę mam ma masz będzie dzień dobry cześć witam zaraz teraz aby żeby jeśli chcę",
        "ru": "и в во не на я что он она оно с со а то как это по к у за из о от для же вы ты мы они мой моя моё мне меня "
        "вам вас вами нам нас вашу ваш ваша ваши его её их бы ли но или да нет где когда почему кто какой какая какие "
        "уже ещё только тоже очень пожалуйста спасибо здесь там тут этот эта эти есть был была было быть будет можно могу "
        "хочу сейчас если чтобы здравствуйте привет добрый день снова до при",
        "uk": "і й в у не на я що він вона воно з із зі а то як це по до за від для ж ви ти ми вони мій моя мені мене вам "
        "вас вами нам нас його її їх би чи але або так ні де коли чому хто який яка які вже ще тільки також дуже дякую "
        "тут там цей ця ці є був була було бути буде можна можу хочу зараз якщо щоб вітаю привіт будь ласка",
        "de": "der die das den dem des ein eine einen einem einer ist sind war waren sein ich du er sie es wir ihr mein "
        "meine mich mir dich dir uns ihnen ihr ihre ihren und oder aber nicht kein keine ja nein von zu zum zur in im am "
        "an auf für mit bei aus nach über als wenn wann was wer wie warum wo kann können wird werden bitte danke hier da "
        "jetzt noch nur auch sehr haben habe hat dass sich hallo guten tag gleich",
        "fr": "le la les un une des du de au aux est sont était être je tu il elle on nous vous ils elles mon ma mes votre "
        "vos notre nos son sa ses me te se lui leur ce cette ces et ou mais ne pas non oui à en dans sur pour par avec "
        "sans que qui quoi quel quelle comment pourquoi où quand plus très ici là bonjour merci s'il plaît avez ai a va "
        "c'est j'ai d'un maintenant bien si",
        "es": "el la los las un una unos de del al es son era ser está están yo tú él ella nosotros usted ustedes ellos mi "
        "mis su sus tu me te se le les lo nos este esta estos y o pero no sí a en con por para sin sobre que qué quién "
        "cómo cuándo dónde porque más muy aquí hola gracias favor ha han he tiene puede ahora ya si como",
        "pt": "o a os as um uma de do da dos das no na nos nas ao é são era ser está estão eu tu ele ela nós você vocês "
        "eles meu minha seu sua me te se lhe este esta e ou mas não sim em com por para sem sobre que quem como quando "
        "onde porque mais muito aqui olá obrigado obrigada favor foi tem pode agora já pelo pela",
        "it": "il lo la i gli le un uno una di del della dei al alla è sono era essere io tu lui lei noi voi loro mio mia "
        "suo sua mi ti si ci vi questo questa e o ma non sì a in con per da su senza che chi come quando dove perché più "
        "molto qui ciao grazie ha hanno ho può ora già se buongiorno",
    }.items()
}  # fmt: skip
_OWN_LETTERS = {"pl": "ąćęłńśźż", "ru": "ыэё", "uk": "іїєґ", "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ"}
"""Letters that hardly any other language here has."""

_LATIN = tuple(sorted(set(_SMALL) - {"ru", "uk"}))
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_SHARE_MIN = 0.8
"""How much of what speaks for any language must speak for the one."""
_HITS_MIN = 2
"""Words: of fewer one cannot be sure."""
_FOREIGN_WORDS_MIN = 4
_FOREIGN_SHARE_MAX = 0.15
"""In a sentence of a known language a third of the words or more are small ones; below half of that it is another's."""


@lru_cache(maxsize=4096)
def language_of(text: str) -> str | None:
    """The subtag of the language (``pl``), or ``None`` if it is not sure."""
    words = _words(text)
    hits = {language: {word for word in set(words) if _speaks_for(word, language)} for language in _able(words)}
    best = max(hits, key=lambda language: len(hits[language]), default=None)
    if best is None or len(hits[best]) < _HITS_MIN:
        return None
    others = [found for language, found in hits.items() if language != best]
    if any(len(found) == len(hits[best]) for found in others):
        return None
    against = max((len(found - hits[best]) for found in others), default=0)
    return best if len(hits[best]) / (len(hits[best]) + against) >= _SHARE_MIN else None


def hinted(text: str) -> set[str]:
    """The languages whose own letters are in a text, which is too little to be sure."""
    letters = set(text.casefold())
    return {language for language, own in _OWN_LETTERS.items() if not letters.isdisjoint(own)}


@lru_cache(maxsize=4096)
def is_foreign(text: str) -> bool:
    """True for a sentence that is in none of the languages known here, as far as one can see."""
    words = _words(text)
    if not words:
        return False
    if _is_cyrillic(words):
        return not all(_RUSSIAN.issuperset(word) for word in words if word[0] > "z")
    if not any("a" <= unicodedata.normalize("NFD", word[0])[0] <= "z" for word in words):
        return True
    known = max(sum(_speaks_for(word, language) for word in words) for language in _LATIN)
    return len(words) >= _FOREIGN_WORDS_MIN and known / len(words) < _FOREIGN_SHARE_MAX


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _speaks_for(word: str, language: str) -> bool:
    return word in _SMALL[language] or any(letter in word for letter in _OWN_LETTERS.get(language, ""))


def _able(words: list[str]) -> tuple[str, ...]:
    if not _is_cyrillic(words):
        return _LATIN
    return ("uk",) if any(letter in word for word in words for letter in _OWN_LETTERS["uk"]) else ("ru",)


def _is_cyrillic(words: list[str]) -> bool:
    return sum("а" <= word[0] <= "ґ" for word in words) * 2 > len(words)
