// viber-bot, over needle.
const { Bot, Message, UserProfile } = require('viber-bot');

const bot = new Bot({ authToken: process.env.VIBER_TOKEN, name: 'Acme', avatar: 'https://acme.test/a.jpg' });
bot.sendMessage(new UserProfile(process.env.TO, 'Anna'), new Message.Text('by viber-bot'));
