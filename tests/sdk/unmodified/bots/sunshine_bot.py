"""sunshine-conversations-client, over urllib3, which asks for no proxy."""

import os

import sunshine_conversations_client as client

known = {"username": os.environ["SUNCO_KEY_ID"], "password": os.environ["SUNCO_KEY_SECRET"]}
with client.ApiClient(client.Configuration(host="https://api.smooch.io", **known)) as made:
    client.AppsApi(made).get_app(os.environ["SUNCO_APP_ID"])
