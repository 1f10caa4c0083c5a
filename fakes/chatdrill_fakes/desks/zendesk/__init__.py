"""Zendesk: the Ticketing API v2 and Sunshine Conversations v2 with its switchboard.

What is a ticket here? Where a Sunshine conversation exists, the conversation is: its 24 hexadecimal digits are the address, from
the first ``passControl`` to the agent workspace on, whatever number Zendesk gives the tickets that the transfers make (one at
a time; a closed one is followed by another in the same conversation, which reopens ours). Without a conversation it is the
ticket of the Ticketing API, and the address is its number. A call that names the number of a conversation's ticket is
about the conversation.

Before the first transfer a conversation is the bot's own: nothing stands in a ticket yet. The transfer opens the ticket, and
what was said before stands in it as the transcript.
"""

from chatdrill_fakes.desks.zendesk.state import ZendeskState
from chatdrill_fakes.desks.zendesk.wire import Zendesk, desk

__all__ = ["Zendesk", "ZendeskState", "desk"]
