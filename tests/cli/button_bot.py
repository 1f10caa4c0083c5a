"""A Telegram bot as a newcomer writes it: standard library, long polling, a question with two buttons."""

import json
import os
import urllib.request

API = f"{os.environ['TELEGRAM_API_ROOT']}/bot{os.environ['TELEGRAM_BOT_TOKEN']}"
YES_NO = {"inline_keyboard": [[{"text": title, "callback_data": title.lower()} for title in ("Yes", "No")]]}


def call(method, **arguments):
    body = json.dumps(arguments).encode()
    request = urllib.request.Request(f"{API}/{method}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["result"]


offset = 0
while True:
    for update in call("getUpdates", offset=offset, timeout=30):
        offset = update["update_id"] + 1
        if press := update.get("callback_query"):
            call("answerCallbackQuery", callback_query_id=press["id"])
            call("sendMessage", chat_id=press["from"]["id"], text=f"You pressed {press['data']}")
        elif message := update.get("message"):
            call("sendMessage", chat_id=message["chat"]["id"], text="Do you like it?", reply_markup=YES_NO)
