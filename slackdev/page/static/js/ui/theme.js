// Light or dark: the machine's wish until a person chooses, then theirs.
// style sheets read it from data-theme on the root element.

const KEY = 'slackdev-theme';

/** Applies the remembered choice. Call before anything is drawn, to avoid a flash. */
export function applyTheme() {
  const chosen = read();
  if (chosen) document.documentElement.dataset.theme = chosen;
}

/** The theme in force now: 'light' or 'dark'. */
export function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Switches and remembers; answers the new theme. */
export function toggleTheme() {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage may be switched off; the choice then lasts until the page is closed.
  }
  return next;
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
