// Elements: what a person can press, choose or type into. This table is the
// list of what the page knows; anything else is drawn as a named placeholder.

import { button, overflow } from './button.js';
import { checkboxes, radioButtons } from './choice.js';
import { datepicker, datetimepicker, timepicker } from './when.js';
import { fileInput } from './fileinput.js';
import { textInput } from './textinput.js';
import { richTextInput } from './richinput.js';
import { feedbackButtons, iconButton } from './feedback.js';
import { imageElement } from './image.js';
import { isSelect, select } from './select.js';
import { drawn } from './drawn.js';
import { placeholder } from './placeholder.js';

const ELEMENTS = {
  __proto__: null, // a type named "constructor" is unknown, too
  button,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  datepicker,
  timepicker,
  datetimepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
  image: imageElement,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
};

/**
 * Draws one element. ctx is {env, surface, blockId, dispatches} and, inside an
 * input block, {labelId, describedBy, error, required, optional}.
 */
export function element(value, ctx) {
  const draw = value && isSelect(value) ? select : ELEMENTS[value?.type];
  return drawn(value, draw ? draw(value, ctx) : placeholder('element', value));
}
