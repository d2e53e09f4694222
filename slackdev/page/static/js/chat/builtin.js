// Commands that are Slack's own and not the app's: those that an app tells
// people to type.

const INVITE = /^\/invite\s+(.+)$/i;

/** What Slack's own commands are called, for the completion. */
export const BUILTIN = [
  { command: '/invite', usage_hint: '@someone', description: 'Adds people or apps to this channel' },
];

/** Does one of Slack's own commands; answers its outcome, or undefined when it is none. */
export async function builtin(app, text, channel) {
  const names = INVITE.exec(text)?.[1].split(/[\s,]+/).filter(Boolean);
  if (!names) return undefined;
  const directory = app.store.get('directory');
  for (const name of names) {
    const user = directory.users().find((one) => `@${one.name}` === name || one.name === name);
    if (!user) return { ok: false, error: `There is nobody called ${name} here. Nobody was added.`, keep: true };
    const outcome = await app.post('invite', { as: app.store.get('as'), channel, user: user.id });
    if (!outcome.ok) return outcome;
  }
  await app.read.conversations();
  return { ok: true };
}
