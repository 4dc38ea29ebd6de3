import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** A button that copies a text and says so. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const said = { idle: label, copied: 'Copied', failed: 'Select it by hand' }[state];
  const copy = (): void => {
    void copied(text).then((done) => {
      setState(done ? 'copied' : 'failed');
      setTimeout(() => setState('idle'), 2000);
    });
  };
  return (
    <button type="button" class="quiet-button" onClick={copy}>
      <span aria-live="polite">{said}</span>
    </button>
  );
}

/** A page from disk may have no clipboard: then the old way is left. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
