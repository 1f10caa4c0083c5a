"""What the bot says about the handover itself: notices.

A bot may say a few words about what happens: that it calls somebody, that somebody has come, that nobody is there, that it is
back. A scenario names its bot's notices (``checks: {handoff: {notices: [...]}}``, regular expressions); others are taken for
notices if they come within seconds of a change at the desk and use a word of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Heard
from chatdrill.checks.excuses import allowed_within_s
from chatdrill.checks.handoff.languages import is_foreign, language_of
from chatdrill.trace import Filed

NOTICE_S = 10.0
"""Seconds round a change at the desk in which a message that speaks of it is a notice."""

_WORDS = (
    # English
    (
        r"colleague|agent|operator|human|\bperson\b|somebody|someone|consultant|advis[eo]r|expert|specialist|representative|staff|"
        r"member|team|support|escalat|assign|reassign|pass(?:ed|ing)? (?:you|this|it|on)|hand(?:ed|ing)?\b|"
        # Money is transferred as well, and letters are forwarded: it takes more than the word.
        r"(?<!look )(?:connect|transferr?|forward)(?:s|ed|ing)? (?:you\b|this\b|it\b|to\b|(?:your|the) (?:chat|call|conversation|request|case|talk|dialog|question|message))|"
        r"(?:is|are|am|was|were|be|been|being|get|got|have|now|successfully) (?:connected|transferred|forwarded)|connecting\b|transferring\b|handover|hand-off|"
        r"(?:chat|conversation|call|agent) transfer|transfer (?:failed|complete|is )|"
        r"queue|position|\bline\b|waiting|\bwait\b|patien|hold on|moment|minutes?\b|shortly|\bsoon\b|busy|available|"
        r"opening hours|working hours|office hours|we are open|open again|closed|get back to you|joined|\bleft\b|took over|taken over|"
        r"back with you|bot is back|i am back|i'm back|survey|\brate\b|rating|how did|how was|feedback|satisf|"
        r"(?:conversation|chat|request|case|ticket) (?:is |was |has been )?(?:now )?(?:over|closed|ended|resolved|created|registered|finished|received)|"
        r"leave (?:us )?(?:a|your)\b|write to us|e-?mail us|nobody|no one|could not reach|cannot reach|sorry for the wait|thank you for (?:waiting|contacting|your patience)"
    ),
    # Russian
    (
        r"коллег|оператор|человек|специалист|консультант|сотрудник|менеджер|поддержк|соедин|перевож|перевел|перевёл|переключ|"
        r"переда[юлн]|передаё|назнач|зову|вызва|вызыва|очеред|ожида|ожидан|подожд|терпени|минут|скоро|свобод|занят|работаем|закрыт|"
        r"оставьте|откро|вам (?:скоро |сейчас )?ответ|подключ|присоедин|снова с вами|вернул|оцен|отзыв|диалог|обращени|заявк|никого|никто|недоступ|завершил|завершён"
    ),
    # Polish
    (
        r"konsultant|koleg|koleż|operator|człowiek|specjalist|pracownik|doradc|łącz|połącz|podłącz|przekaz|przełącz|przekier|wzyw|zawoła|kolejc|kolejk|"
        r"czeka|poczeka|cierpliw|chwil|minut|wkrótce|wolny|zajęc|godzin|czynn|zamkni|otwier|dołączy|wróci|znowu z|oceń|ocen|opini|"
        r"zostaw|rozmow|zgłoszeni|nikt|nikog|niedostęp|zakończ"
    ),
    # German
    (
        r"kolleg|mitarbeiter|mensch|berater|verbind|verbunden|weiterleit|weitergeleitet|übergeb|übernomm|übernimmt|warteschlange|wart|"
        r"geduld|moment|minuten|gleich|öffnungszeiten|geschlossen|bewert|niemand|beendet|zurück|verfügbar|ticket|anfrage"
    ),
    # French
    (
        r"collègue|conseiller|humain|agent|opérateur|équipe|transf[éè]r|connect(?:e|é|on)|mets en relation|attente|patient|instant|minutes|"
        r"horaires|fermé|évalu|personne|disponible|terminé|de retour|rejoint"
    ),
    # Spanish
    (
        r"colega|compañer|agente|asesor|humano|persona|equipo|transfer(?:i[rdmr]|ir|id[oa]|iendo|imos)|transfier|conect|paso con|espera|momento|minutos|horario|cerrad|valore|valóre|"
        r"encuesta|nadie|disponible|finaliz|terminad|de vuelta|posición"
    ),
    # Portuguese, Italian
    (
        r"atendente|humano|pessoa|equipe|equipa|transfer(?:i[rdu]|indo)|transfir|conect|encaminh|fila|aguard|momento|minutos|horário|fechad|avali|ninguém|encerr|"
        r"de volta|disponível|collega|operatore|consulente|persona|trasfer|collego|attend|attesa|pazienza|istante|minuti|orari|chius|"
        r"valut|nessuno|disponibile|terminat|di nuovo"
    ),
)
_SPEAKS_OF_IT = re.compile("|".join(rf"\b(?:{words})" for words in _WORDS), re.IGNORECASE)

_SERVICE = re.compile(
    r"(?:could not|couldn't|cannot|can't|was not|wasn't|not) (?:be )?(?:deliver|sent|passed on|shown|displayed|forwarded)|"
    r"(?:unsupported|not supported)|не (?:был[оаи]? )?доставлен|не удалось (?:доставить|передать|отправить)|не поддержива|"
    r"nie (?:został[oa]? |udało się )?(?:dostarcz|przekaza|wysła)|nieobsługiwan",
    re.IGNORECASE,
)
"""What a bot has to say of a message that it could not pass on."""


@dataclass(frozen=True)
class Notices:
    """The notices of one case: patterns of the scenario, and the agents' names."""

    case: CaseEvidence
    patterns: tuple[re.Pattern[str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, case: CaseEvidence) -> Notices:
        """Those that the case's ``checks`` block names."""
        block = case.began.checks.get("handoff")
        listed = block.get("notices", ()) if isinstance(block, Mapping) else ()
        names = tuple(agent.first_name.casefold() for agent in case.began.agents.values() if agent.first_name)
        return cls(case, tuple(re.compile(pattern, re.IGNORECASE) for pattern in _listed(listed)), names)

    def is_notice(
        self, heard: Heard, changes: Sequence[Filed], *, waiting: bool = False, open_question: bool = True
    ) -> bool:
        """True for a message of the bot's own that speaks of the handover: near one of the ``changes`` at the desk, or while
        the customer is ``waiting``. In a language whose words are not known here, near a change is enough, unless there is an
        ``open_question`` of the customer's that it may answer."""
        text = heard.message.text
        if any(pattern.search(text) for pattern in self.patterns) or _SERVICE.search(text):
            return True
        near = waiting or any(self._is_near(heard, change) for change in changes)
        if not near:
            return False
        return self._speaks_of_it(text) or (not open_question and (is_foreign(text) or language_of(text) is None))

    def is_words_of_one(self, text: str) -> bool:
        """True for words that could be a notice, whenever they were said."""
        listed = any(pattern.search(text) for pattern in self.patterns)
        return listed or bool(_SERVICE.search(text)) or self._speaks_of_it(text)

    def _speaks_of_it(self, text: str) -> bool:
        return bool(_SPEAKS_OF_IT.search(text)) or any(name in text.casefold() for name in self.names)

    def _is_near(self, heard: Heard, change: Filed) -> bool:
        """Faults that came by chance may have put off whichever came last."""
        first = heard.record if heard.record.n < change.n else change
        apart_s = abs(self.case.seconds_between(change, heard.record))
        return apart_s <= NOTICE_S or apart_s <= NOTICE_S + allowed_within_s(self.case, first, NOTICE_S)


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)
