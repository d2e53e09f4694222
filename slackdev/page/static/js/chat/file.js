// Files under a message: pictures are shown, and open in a new tab; everything
// else is a card with its name and size, which downloads it.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { fileAddress } from '../blockkit/image.js';

/** One shared file. */
export function fileCard(file, env) {
  if (file.mode === 'tombstone') return h('p.file-about', { 'data-testid': 'file' }, 'This file was deleted.');
  const name = file.name || file.id || 'File';
  const title = file.title || name;
  const address = fileAddress(file.id ?? '', env);
  const card = () =>
    h(
      'a.file-card',
      {
        'data-testid': 'file',
        'data-name': name,
        href: address,
        download: name,
        title: file.alt_txt || title,
        'aria-label': `Download ${title}, ${sizeOf(file)}`,
      },
      icon('file', 22),
      h(
        'span.file-words',
        {},
        h('span.file-name', {}, title),
        h('span.file-about', {}, [title === name ? '' : name, sizeOf(file)].filter(Boolean).join(' · ')),
      ),
    );
  if (!file.mimetype?.startsWith('image/')) return card();
  const picture = h('img.image-picture', { src: address, alt: file.alt_txt || title });
  const shown = h(
    'a.file-picture',
    {
      'data-testid': 'file',
      'data-name': name,
      href: address,
      target: '_blank',
      rel: 'noopener',
      title: file.alt_txt || title,
    },
    h('span.file-about', {}, title),
    picture,
  );
  picture.addEventListener('error', () => shown.replaceWith(card()), { once: true });
  return shown;
}

function sizeOf({ size }) {
  if (!size) return '';
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${Math.round(size / 1000)} KB` : `${(size / 1e6).toFixed(1)} MB`;
}
