"""python-telegram-bot, over httpx."""

import asyncio
import os

import telegram


async def main() -> None:
    async with telegram.Bot(os.environ["TELEGRAM_BOT_TOKEN"]) as bot:
        await bot.send_message(int(os.environ["TO"]), "by python-telegram-bot")


asyncio.run(main())
