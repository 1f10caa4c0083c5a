"""pywa, over httpx."""

import os

from pywa import WhatsApp

api = WhatsApp(phone_id=os.environ["WHATSAPP_PHONE_NUMBER_ID"], token=os.environ["WHATSAPP_TOKEN"])
api.send_message(to=os.environ["TO"], text="by pywa")
