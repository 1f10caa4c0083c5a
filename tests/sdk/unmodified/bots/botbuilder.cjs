// botbuilder: it believes the Connector's token only, logs in, and answers at the serviceUrl.
const http = require('http');
const { ActivityTypes, CloudAdapter, ConfigurationBotFrameworkAuthentication, MessageFactory } = require('botbuilder');

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(process.env));
adapter.onTurnError = async (_, error) => console.error(error);

async function turn(context) {
  if (context.activity.type !== ActivityTypes.Message) return;
  await context.sendActivity({ type: ActivityTypes.Typing });
  await context.sendActivity(MessageFactory.suggestedActions(['Order', 'Return'], `by botbuilder: ${context.activity.text}`));
}

const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    request.body = JSON.parse(body);
    // What express and restify add to an answer.
    response.status = (code) => { response.statusCode = code; return response; };
    response.header = (name, value) => response.setHeader(name, value);
    response.send = (words) => { response.end(typeof words === 'string' ? words : JSON.stringify(words)); };
    adapter.process(request, response, turn);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
