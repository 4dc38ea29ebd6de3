/** Imports a module by its URL. It is bundled apart: code that Node 20 is handed as V8 compiled it (`compiled.ts`) cannot import. */
export function importModule(url: string): Promise<unknown> {
  return import(url);
}
