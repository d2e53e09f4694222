// Pictures of people: initials on a colour that follows from the id, so that a
// person looks the same everywhere and no image has to be fetched. Who has a face,
// an emoji, is shown by that.

import { h } from './dom.js';
import { icon } from './icons.js';

const HUES = 12;

/** A person's or app's picture, `size` pixels square. It is decoration: the name stands beside it. */
export function avatar(user, size = 36) {
  const node = h('span.avatar', { class: `hue-${hue(user?.id ?? '')}`, 'aria-hidden': 'true' });
  node.style.setProperty('--size', `${size}px`);
  if (user?.face) {
    node.classList.add('face');
    node.append(user.face);
  } else if (user?.kind === 'bot') {
    node.classList.add('bot');
    node.append(icon('package', Math.round(size * 0.6)));
  } else {
    node.append(initials(user));
  }
  return node;
}

function initials(user) {
  const words = (user?.real_name || user?.name || '?')
    .replace(/\(.*?\)/g, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

function hue(id) {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)) % 997;
  return sum % HUES;
}
