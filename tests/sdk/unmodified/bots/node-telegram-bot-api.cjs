// node-telegram-bot-api, over request.
process.env.NTBA_FIX_350 = '1';
const TelegramBot = require('node-telegram-bot-api');

new TelegramBot(process.env.TELEGRAM_BOT_TOKEN).sendMessage(process.env.TO, 'by node-telegram-bot-api');
