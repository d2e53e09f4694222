// What a person has typed and chosen, kept per message or view under
// block_id and action_id. As in Slack: a value lives on while both ids and the
// element's type stay, whatever else the bot redraws; a new block_id starts
// from the initial value again.

// For each stateful element, the keys of its value in state.values and what they begin with.
const INITIAL = {
  __proto__: null, // a type named "constructor" is unknown, too
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: (element) => ({ rich_text_value: element.initial_value ?? null }),
  static_select: (element) => ({ selected_option: element.initial_option ?? null }),
  external_select: (element) => ({ selected_option: element.initial_option ?? null }),
  radio_buttons: (element) => ({ selected_option: element.initial_option ?? null }),
  multi_static_select: (element) => ({ selected_options: element.initial_options ?? [] }),
  multi_external_select: (element) => ({ selected_options: element.initial_options ?? [] }),
  checkboxes: (element) => ({ selected_options: element.initial_options ?? [] }),
  users_select: (element) => ({ selected_user: element.initial_user ?? null }),
  channels_select: (element) => ({ selected_channel: element.initial_channel ?? null }),
  conversations_select: (element, place) => ({
    selected_conversation:
      element.initial_conversation ?? (element.default_to_current_conversation ? place : null) ?? null,
  }),
  multi_users_select: (element) => ({ selected_users: element.initial_users ?? [] }),
  multi_channels_select: (element) => ({ selected_channels: element.initial_channels ?? [] }),
  multi_conversations_select: (element, place) => ({
    selected_conversations:
      element.initial_conversations ?? (element.default_to_current_conversation && place ? [place] : []),
  }),
  datepicker: (element) => ({ selected_date: element.initial_date ?? null }),
  timepicker: (element) => ({ selected_time: element.initial_time ?? null }),
  datetimepicker: (element) => ({ selected_date_time: element.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

function text(element) {
  return { value: element.initial_value ?? null };
}

// Whether the element has a value that belongs into state.values. Buttons and overflow menus have none.
function isStateful(element) {
  return element?.type in INITIAL;
}

// The keys under which elements and further blocks stand in a block.
const INSIDE = ['accessory', 'element', 'elements', 'child_blocks', 'rows', 'items', 'block', 'tasks', 'actions'];

// Every element of the blocks that can be acted on, as {blockId, element}; an
// element belongs to the innermost block around it.
function elementsOf(value, blockId = '') {
  if (Array.isArray(value)) return value.flatMap((each) => elementsOf(each, blockId));
  if (value === null || typeof value !== 'object') return [];
  if (isStateful(value)) return value.action_id === undefined ? [] : [{ blockId, element: value }];
  return INSIDE.flatMap((key) => elementsOf(value[key], value.block_id ?? blockId));
}

// Only the page knows where the person is, so the default of such a select is ours to fill in.
function hereIsOurs(element, server) {
  return (
    Boolean(element.default_to_current_conversation) &&
    !server?.selected_conversation &&
    !server?.selected_conversations?.length
  );
}

/** The values of one message or view. */
export class Values {
  #kept = new Map(); // block_id -> Map(action_id -> value)

  /**
   * Fits the values to what is now drawn: drops those whose ids are gone, starts
   * new ones from the server's state when it has one, else from their initial
   * value. `place` is the conversation the person is in.
   */
  fit(blocks, serverState, place) {
    const next = new Map();
    for (const { blockId, element } of elementsOf(blocks ?? [])) {
      const old = this.get(blockId, element.action_id);
      const server = serverState?.values?.[blockId]?.[element.action_id];
      const known = old?.type === element.type ? old : hereIsOurs(element, server) ? undefined : server;
      if (!next.has(blockId)) next.set(blockId, new Map());
      next
        .get(blockId)
        .set(element.action_id, known ?? { type: element.type, ...INITIAL[element.type](element, place) });
    }
    this.#kept = next;
  }

  get(blockId, actionId) {
    return this.#kept.get(blockId)?.get(actionId);
  }

  /** Replaces one value; `change` is its keys without the type. */
  set(blockId, element, change) {
    if (!this.#kept.has(blockId)) this.#kept.set(blockId, new Map());
    this.#kept.get(blockId).set(element.action_id, { type: element.type, ...change });
  }

  /** The whole as Slack's state.values. */
  payload() {
    return Object.fromEntries([...this.#kept].map(([blockId, actions]) => [blockId, Object.fromEntries(actions)]));
  }
}
