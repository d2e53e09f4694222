// The file input: files that are chosen are uploaded at once, as the person's
// own, and go to the app with the rest of the modal.

import { h, fill } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { elementAttributes, valueOf } from './act.js';

/** A file input with what is in it; each file can be taken out again. */
export function fileInput(element, ctx) {
  const { surface, blockId } = ctx;
  const list = h('ul.file-list');
  const status = h('p.file-status', { role: 'status', 'data-testid': 'file-status' });
  const input = h('input', {
    ...elementAttributes(element, ctx),
    type: 'file',
    multiple: (element.max_files ?? 10) > 1,
    'aria-label': ctx.labelId ? undefined : 'Files',
    accept: element.filetypes?.map((type) => `.${type}`).join(','),
    onchange: () => add([...input.files]),
  });
  const files = () => valueOf(element, ctx).files ?? [];
  const keep = (held) => {
    surface.values.set(blockId, element, { files: held });
    draw();
  };
  const say = (sentence, failed) => {
    status.textContent = sentence;
    status.classList.toggle('input-error', failed);
  };

  const add = async (chosen) => {
    input.disabled = true;
    let outcome = { ok: true };
    for (const file of chosen) {
      say(`Uploading ${file.name}…`, false);
      outcome = await surface.attach(blockId, element.action_id, {
        name: file.name,
        content_base64: await base64(file),
      });
      if (!outcome.ok) break;
      keep(outcome.files);
    }
    say(outcome.ok ? '' : outcome.error, !outcome.ok);
    input.value = ''; // the same file can be chosen again
    input.disabled = false;
    input.focus();
  };
  const remove = async (file) => {
    const before = files();
    keep(before.filter((each) => each.id !== file.id));
    const outcome = await surface.act(blockId, element.action_id, { type: element.type, files: files() });
    if (!outcome.ok) keep(before);
    input.focus();
  };
  const draw = () =>
    fill(
      list,
      files().map((file) =>
        h(
          'li.file-chosen',
          { 'data-testid': 'file-chosen', 'data-name': file.name },
          icon('file', 16),
          h('span', {}, file.name),
          h(
            'button.select-clear',
            { type: 'button', 'aria-label': `Remove ${file.name}`, title: 'Remove', onclick: () => remove(file) },
            icon('close', 14),
          ),
        ),
      ),
    );
  draw();
  return h('div.file-input', {}, input, list, status);
}

function base64(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => done('');
    reader.readAsDataURL(file);
  });
}
