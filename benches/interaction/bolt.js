// The least that answers `/usage help` with Bolt for JavaScript: one process, as its documentation has it.
// Started by the benchmark with the port, the signing secret and the words of the answer in its environment.
const { App, LogLevel } = require('@slack/bolt');

const app = new App({
  signingSecret: process.env.SIGNING_SECRET,
  authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }),
  endpoints: ['/slack/commands'],
  logLevel: LogLevel.ERROR,
});

app.command('/usage', async ({ ack }) => {
  await ack({ response_type: 'ephemeral', text: process.env.ANSWER });
});

app.start(Number(process.env.PORT)).then(() => console.log('ready'));
