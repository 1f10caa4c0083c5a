// twilio: an SMS is proved by its signature, answered in TwiML and by REST.
const http = require('http');
const twilio = require('twilio');

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = process.env;
const client = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN);

const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', async () => {
    const params = Object.fromEntries(new URLSearchParams(body));
    const url = `http://${request.headers.host}${request.url}`;
    if (!twilio.validateRequest(TWILIO_AUTH_TOKEN, request.headers['x-twilio-signature'], url, params)) {
      response.writeHead(403).end();
      return;
    }
    const answer = new twilio.twiml.MessagingResponse();
    answer.message(`by TwiML: ${params.Body}`);
    response.writeHead(200, { 'content-type': 'text/xml' }).end(answer.toString());
    const sent = await client.messages.create({ from: params.To, to: params.From, body: 'by REST' });
    const read = await client.messages(sent.sid).fetch();
    await client.messages.create({ from: params.To, to: params.From, body: `it was ${read.body}` });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
