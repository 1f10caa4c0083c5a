"""aiogram, over aiohttp, which asks for no proxy and trusts certifi's list and no other."""

import asyncio
import os

import aiogram


async def main() -> None:
    bot = aiogram.Bot(os.environ["TELEGRAM_BOT_TOKEN"])
    await bot.send_message(int(os.environ["TO"]), "by aiogram")
    await bot.session.close()


asyncio.run(main())
