// grammy, over node-fetch with a keep-alive agent.
const { Bot } = require('grammy');

new Bot(process.env.TELEGRAM_BOT_TOKEN).api.sendMessage(process.env.TO, 'by grammy');
