// Files under a message: pictures are shown, everything else is a card; both
// open in a new tab.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { fileAddress } from '../blockkit/image.js';

/** One shared file. */
export function fileCard(file) {
  const name = file.title || file.name || file.id || 'File';
  const size = file.size ? `${Math.max(1, Math.round(file.size / 1024))} KB` : '';
  const link = {
    'data-testid': 'file',
    href: fileAddress(file.id ?? ''),
    target: '_blank',
    rel: 'noopener',
    title: file.alt_txt || name,
  };
  const card = () =>
    h(
      'a.file-card',
      link,
      icon('file', 22),
      h(
        'span.file-words',
        {},
        h('span.file-name', {}, name),
        h('span.file-about', {}, [file.filetype || file.mimetype, size].filter(Boolean).join(' · ')),
      ),
    );
  if (!file.mimetype?.startsWith('image/')) return card();
  const picture = h('img.image-picture', { src: fileAddress(file.id ?? ''), alt: file.alt_txt || name });
  const shown = h('a.file-picture', link, h('span.file-about', {}, name), picture);
  picture.addEventListener('error', () => shown.replaceWith(card()), { once: true });
  return shown;
}
