"""viberbot, over requests."""

import os

from viberbot import Api
from viberbot.api.bot_configuration import BotConfiguration
from viberbot.api.messages import TextMessage

api = Api(BotConfiguration(name="Acme", avatar="https://acme.test/a.jpg", auth_token=os.environ["VIBER_TOKEN"]))
api.send_messages(os.environ["TO"], [TextMessage(text="by viberbot")])
