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
from chatdrill.trace import Filed

NOTICE_S = 10.0
"""Drill seconds round a change at the desk in which a message that speaks of it is a notice."""

_WORDS = (
    # English
    r"colleague|agent|operator|human|\bperson\b|consultant|specialist|representative|team|support|connect|transfer|hand(?:ed)? ?over|"
    r"queue|position|waiting|\bwait\b|hold on|moment|opening hours|working hours|we are open|open again|closed|"
    r"joined|\bleft\b|took over|back with you|bot is back|i am back|i'm back|survey|rate|rating|how did|feedback|"
    r"conversation (?:is |was )?(?:over|closed|ended)|nobody|no one|unavailable|could not reach|cannot reach|"
    # Russian
    r"коллег|оператор|человек|специалист|консультант|сотрудник|менеджер|соедин|перевож|переда[юл]|очеред|ожида|подожд|"
    r"минут|работаем|закрыт|откро|подключил|присоедин|снова с вами|вернул|оцен|отзыв|диалог (?:за|о)кон|никого|недоступ|"
    # Polish
    r"konsultant|koleg|koleż|operator|człowiek|specjalist|pracownik|łącz|przekaz|przełącz|kolejc|czeka|proszę czekać|chwil|"
    r"godzin|czynn|zamkni|otwier|dołączył|wrócił|oceń|ocen|opini|rozmow[ay] (?:została )?zakończ|nikt|niedostęp|"
    # German
    r"kolleg|mitarbeiter|mensch|verbind|weiterleit|warteschlange|warte|moment|öffnungszeiten|geschlossen|bewert|niemand|"
    # French, Spanish, Portuguese
    r"collègue|conseiller|humain|transfér|attente|patient|horaires|fermé|évalu|colega|agente|humano|transfer|espera|horario|cerrad|"
    r"valor|encuesta|atendente|fila|aguarde|avali"
)  # fmt: skip
_SPEAKS_OF_IT = re.compile(_WORDS, re.IGNORECASE)


@dataclass(frozen=True)
class Notices:
    """The notices of one case: patterns of the scenario, and the agents' names."""

    patterns: tuple[re.Pattern[str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, case: CaseEvidence) -> Notices:
        """Those that the case's ``checks`` block names."""
        block = case.began.checks.get("handoff")
        listed = block.get("notices", ()) if isinstance(block, Mapping) else ()
        names = tuple(agent.first_name.casefold() for agent in case.began.agents.values() if agent.first_name)
        return cls(tuple(re.compile(pattern, re.IGNORECASE) for pattern in _listed(listed)), names)

    def is_notice(self, heard: Heard, changes: Sequence[Filed]) -> bool:
        """True for a message of the bot's own that speaks of the handover."""
        text = heard.message.text
        if any(pattern.search(text) for pattern in self.patterns):
            return True
        near = any(abs(heard.record.at - change.at) <= NOTICE_S for change in changes)
        return near and (bool(_SPEAKS_OF_IT.search(text)) or any(name in text.casefold() for name in self.names))


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)
