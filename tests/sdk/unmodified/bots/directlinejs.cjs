// botframework-directlinejs: a page's end of a web chat, over a WebSocket; it ends when the bot has answered.
global.XMLHttpRequest = require('xhr2');
global.WebSocket = require('ws');
const { DirectLine } = require('botframework-directlinejs');

const line = new DirectLine({ secret: process.env.WEBCHAT_DIRECTLINE_SECRET });
line.activity$.subscribe((activity) => {
  if (activity.type !== 'message') return;
  console.log(`${activity.from.role}: ${activity.text}`);
  if (activity.from.role === 'bot') process.exit(0);
});
line.postActivity({ type: 'message', from: { id: 'dl_eva', name: 'Eva' }, text: 'Hello' })
  .subscribe((id) => { if (!id || id === 'retry') process.exit(1); }, (error) => { console.error(error); process.exit(1); });
