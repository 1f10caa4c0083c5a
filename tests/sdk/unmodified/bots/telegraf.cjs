// telegraf, over node-fetch and an agent of its own.
const { Telegraf } = require('telegraf');

new Telegraf(process.env.TELEGRAM_BOT_TOKEN).telegram.sendMessage(process.env.TO, 'by telegraf');
