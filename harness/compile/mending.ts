import { editOf, type Fix } from '../model/fix.ts';
import type { JsonMending } from '../model/json-mending.ts';
import type { Span } from '../model/json.ts';
import type { Place } from '../model/place.ts';

/** A mending of JSON as the fix of a finding: `place` tells where a stretch of `text` is written. */
export function fixOf(
  mending: JsonMending | undefined,
  text: string,
  place: (span: Span) => Place,
): { readonly fix?: Fix } {
  if (mending === undefined) return {};
  const edits = mending.edits.map((edit) => editOf(place(edit), text.slice(edit.start, edit.end), edit.text));
  return { fix: { title: mending.title, edits } };
}
