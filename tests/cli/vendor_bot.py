"""A Telegram bot with the vendor's address built in: standard library, long polling, and a helper on the internet."""

import json
import os
import urllib.request

API = f"https://api.telegram.org/bot{os.environ['TELEGRAM_BOT_TOKEN']}"


def call(method, **arguments):
    body = json.dumps(arguments).encode()
    request = urllib.request.Request(f"{API}/{method}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["result"]


def helped():
    try:
        urllib.request.urlopen("https://helper.example/v1")
    except OSError:
        return "without help"


offset = 0
while True:
    for update in call("getUpdates", offset=offset, timeout=30):
        offset = update["update_id"] + 1
        if message := update.get("message"):
            call("sendMessage", chat_id=message["chat"]["id"], text=f"You said {message['text']}, {helped()}")
