import type { JSX } from 'preact';

/** The keys, in a dialog; those of one character can be turned off, for people who speak to their machine (WCAG 2.1.4). */
export function Help({ areOn, turn }: { readonly areOn: boolean; readonly turn: (on: boolean) => void }): JSX.Element {
  return (
    <dialog id="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={areOn} onChange={(event) => turn(event.currentTarget.checked)} /> Keys of one
        character
      </label>
      <p class="aside">Every view is in the address: copy it to send it.</p>
      <form method="dialog">
        <button type="submit" class="quiet-button" autofocus>
          Close
        </button>
      </form>
    </dialog>
  );
}

const KEYS = [
  [['j', '↓'], 'next row; in an exchange or finding, the next one of the list'],
  [['k', '↑'], 'the one before'],
  [['Enter'], 'open'],
  [['Escape'], 'back to the list, out of the filter'],
  [['/'], 'filter'],
  [['1', '2', '3', '4'], 'overview, exchanges, findings, coverage'],
  [['?'], 'these keys'],
] as const;
