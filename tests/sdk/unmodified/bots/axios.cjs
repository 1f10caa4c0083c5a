// axios, which sends a proxy requests with a whole URL, for https too.
const axios = require('axios');

axios.post(`https://api.telegram.org/bot${process.env.TELEGRAM_BOT_TOKEN}/sendMessage`, {
  chat_id: process.env.TO,
  text: 'by axios',
});
