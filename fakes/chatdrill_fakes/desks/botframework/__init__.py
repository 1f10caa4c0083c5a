"""A hand-off hub that speaks Bot Framework: events ``handoff.initiate`` and ``handoff.status`` over the Bot Connector API.

The bot is the proxy between the customer and the hub. It posts activities to the hub's connector endpoint, and the hub
posts activities to the bot's messaging endpoint (the webhook of this desk). Whose words an activity brings is told by its
``from``: the bot's own account, or no account at all, is the bot; any other is the customer.

The hub shows the bot a *shared token* as its bearer token, and no JSON Web Token signed by Microsoft: a bot compares it with
``BOTFRAMEWORK_HUB_TOKEN``, or runs without an app id as it does locally.
"""

from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation
from chatdrill_fakes.desks.botframework.wire import BotFramework, desk

__all__ = ["BotFramework", "BotFrameworkState", "Conversation", "desk"]
