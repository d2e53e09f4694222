const { App } = require('@slack/bolt');
const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = process.env;

const app = new App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl } });

app.command('/hello', async ({ ack, respond, command }) => {
  await ack();
  await respond(`Hello, <@${command.user_id}>!`);
});
app.start();
