"""A hand-off hub that speaks Bot Framework: events ``handoff.initiate`` and ``handoff.status`` over the Bot Connector API.

The bot is the proxy between the customer and the hub. It posts activities to the hub's connector endpoint, and the hub
posts activities to the bot's messaging endpoint (the webhook of this desk). Whose words an activity brings is told by its
``from``: the bot's own account, or no account at all, is the bot; any other is the customer.

The hub shows the bot a JSON Web Token, signed as the Bot Connector signs and with keys at its own metadata address. One token
serves a whole run, so that a simple bot may compare it with ``BOTFRAMEWORK_HUB_TOKEN``. Without an app id neither side shows
anything, as with the Emulator.
"""

from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation
from chatdrill_fakes.desks.botframework.wire import BotFramework, desk

__all__ = ["BotFramework", "BotFrameworkState", "Conversation", "desk"]
