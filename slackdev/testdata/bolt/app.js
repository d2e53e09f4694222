// An app as people write them with Bolt: a command opens a modal, what is
// submitted becomes a message, a button changes it. It knows nothing of where
// it runs but the address of the API.

const { App } = require('@slack/bolt');
const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = process.env;

const app = new App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl } });

const plain = (text) => ({ type: 'plain_text', text });
const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (action_id, text, value) => ({
  type: 'actions',
  elements: [{ type: 'button', action_id, text: plain(text), value }],
});

app.command('/todo', async ({ ack, client, command }) => {
  await ack();
  await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'todo',
      private_metadata: command.channel_id,
      title: plain('To do'),
      submit: plain('Add'),
      blocks: [
        { type: 'input', block_id: 'task', label: plain('Task'), element: { type: 'plain_text_input', action_id: 'v' } },
        {
          type: 'input',
          block_id: 'where',
          label: plain('Where'),
          element: { type: 'external_select', action_id: 'place', min_query_length: 1 },
        },
      ],
    },
  });
});

app.options('place', async ({ ack, payload }) => {
  const typed = payload.value.toLowerCase();
  const places = ['Garden', 'Garage', 'Kitchen'].filter((name) => name.toLowerCase().includes(typed));
  await ack({ options: places.map((name) => ({ text: plain(name), value: name })) });
});

app.view('todo', async ({ ack, client, view, body }) => {
  const task = view.state.values.task.v.value;
  const place = view.state.values.where.place.selected_option.text.text;
  if (task === 'nothing') {
    await ack({ response_action: 'errors', errors: { task: 'That is not much.' } });
    return;
  }
  await ack();
  await client.chat.postMessage({
    channel: view.private_metadata,
    text: `${task} (${place})`,
    blocks: [section(`*${task}* in the ${place}, says <@${body.user.id}>`), button('done', 'Done', task)],
  });
});

app.action('done', async ({ ack, client, body, action }) => {
  await ack();
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message.ts,
    text: `<@${body.user.id}> did it: ${action.value}`,
  });
});

app.command('/secret', async ({ ack, respond }) => {
  await ack();
  await respond({ text: 'A secret', blocks: [section('A secret'), button('reveal', 'Reveal', '42')] });
});

app.action('reveal', async ({ ack, respond, action }) => {
  await ack();
  await respond({ replace_original: true, text: `It is ${action.value}.` });
});

app.event('app_mention', async ({ event, say }) => {
  await say({ text: `You called, <@${event.user}>?`, thread_ts: event.ts });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Your tasks')] } });
});

app.start();
