"""fbmessenger, over requests."""

import os

import fbmessenger
from fbmessenger.elements import Text

client = fbmessenger.MessengerClient(os.environ["MESSENGER_PAGE_TOKEN"])
client.send(Text(text="by fbmessenger").to_dict(), os.environ["TO"], "RESPONSE")
