// undici as a package, and Node's own https.
const https = require('https');
const { request } = require('undici');

const url = `https://api.telegram.org/bot${process.env.TELEGRAM_BOT_TOKEN}/sendMessage`;
const words = (text) => JSON.stringify({ chat_id: process.env.TO, text });
const headers = { 'content-type': 'application/json' };
request(url, { method: 'POST', headers, body: words('by undici') }).then(() =>
  https.request(url, { method: 'POST', headers }, (answer) => answer.resume()).end(words('by https')));
