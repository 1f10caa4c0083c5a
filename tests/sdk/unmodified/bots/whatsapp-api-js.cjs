// whatsapp-api-js, over Node's own fetch.
const { WhatsAppAPI } = require('whatsapp-api-js');
const { Text } = require('whatsapp-api-js/messages');

const api = new WhatsAppAPI({ token: process.env.WHATSAPP_TOKEN, secure: false, v: 'v25.0' });
api.sendMessage(process.env.WHATSAPP_PHONE_NUMBER_ID, process.env.TO, new Text('by whatsapp-api-js'));
