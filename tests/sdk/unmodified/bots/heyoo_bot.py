"""heyoo, over requests."""

import os

from heyoo import WhatsApp

api = WhatsApp(os.environ["WHATSAPP_TOKEN"], phone_number_id=os.environ["WHATSAPP_PHONE_NUMBER_ID"])
api.send_message("by heyoo", os.environ["TO"])
