"""What is measured and counted in a load run. Both sets are open; these are the words that chatdrill itself uses."""

from __future__ import annotations

KINDS = {
    "ack": "from sending a webhook to its acknowledgement",
    "first_reply": "from the moment the customer meant to write to the first message that answers the first turn",
    "next_reply": "the same in every later turn",
    "reply": "both",
    "conversation": "from the first word the customer meant to write to the end of the conversation",
    "time_to_human": "from the request for a human to the first words of one",
    "resolution": "from the first word to the moment the matter is resolved",
    "lag": "by how much the generator itself was late: from the moment something was due to the moment it was done",
}
"""The kinds of latency, and what each of them is."""

ARRIVALS = "arrivals"
"""Conversations that began."""
ABANDONED = "abandoned"
"""Conversations that the customer gave up."""
FAILED = "failed"
"""Conversations that failed; the detail says by what, and each conversation counts once."""
STRUCK = "struck"
"""Faults that came by chance; the detail says which kind."""
TURNED_AWAY = "turned_away"
"""Customers who were due and never came in, as so many were in already as may be at once."""
ANSWERED = "answered"
"""Turns of customers that got a reply in time."""
UNANSWERED = "unanswered"
"""Turns of customers that got none in time."""
LATE = "late"
"""Replies that came after their turn had been counted as unanswered."""
MORE = "more"
"""Further replies to a turn that had one."""
UNMATCHED = "unmatched"
"""Messages of the bot that answer nothing anybody asked."""
