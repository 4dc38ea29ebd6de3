/** What a reader chose for this browser, not for the view: it is not in the address. */
export interface Settings {
  readonly theme: 'auto' | 'light' | 'dark';
  /** Do keys of one character do something? */
  readonly keys: boolean;
}

/** What was chosen before; a page from disk may have no store. */
export function readSettings(): Settings {
  try {
    const [theme, keys] = (localStorage.getItem(NAME) ?? '').split(' ');
    return { theme: theme === 'light' || theme === 'dark' ? theme : 'auto', keys: keys !== 'off' };
  } catch {
    return { theme: 'auto', keys: true };
  }
}

/** Keeps what was chosen, where that can be, and puts it into effect. */
export function applySettings({ theme, keys }: Settings): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(NAME, `${theme} ${keys ? 'on' : 'off'}`);
  } catch {
    // It holds until the page is left.
  }
}

const NAME = 'docwright-report';
