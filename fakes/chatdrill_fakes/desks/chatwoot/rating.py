"""The customer's answer to the survey. Source: Chatwoot v4.15.1, csat_survey_controller.rb and csat_survey_response.rb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Rated
from chatdrill_fakes.desks.chatwoot.life import Work
from chatdrill_fakes.desks.chatwoot.limits import CSAT_OPEN_DAYS, DAY_S
from chatdrill_fakes.desks.chatwoot.state import Conversation, Message

TOO_LATE = "You cannot update the CSAT survey after 14 days"
SCORES = range(1, 6)


def rate(work: Work, talk: Conversation, survey: Message, values: Mapping[str, Any]) -> str | None:
    """Keep an answer; a later one replaces it. Returns what is wrong with it, in the vendor's words, or ``None``."""
    if work.now - survey.at > CSAT_OPEN_DAYS * DAY_S:
        return TOO_LATE
    answer = values.get("csat_survey_response")
    rating = answer.get("rating") if isinstance(answer, Mapping) else None
    if not isinstance(rating, int) or rating not in SCORES:
        return "Rating is not included in the list"
    work.rewrite(talk, survey, content_attributes={**survey.content_attributes, "submitted_values": dict(values)})
    comment = str(answer.get("feedback_message") or "") if isinstance(answer, Mapping) else ""
    word = str(rating)
    work.events.append(Rated(ticket=talk.address, score=rating, word=word, agent=talk.assignee, comment=comment))
    return None
