// Bundles the app of the HTML report to one script and one style, as the module that the reporter writes into every page.
// The module is made, never committed; what it exports is declared in bundle.d.ts beside it.
import { build } from 'esbuild';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The made module. */
export const bundleFile = join(root, 'harness', 'report', 'html', 'bundle.js');

export async function bundle() {
  const app = join(root, 'harness', 'report', 'html', 'app');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(app, 'main.tsx')],
    tsconfig: join(app, 'tsconfig.json'),
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    minify: true,
    target: ['es2022', 'chrome105', 'firefox113', 'safari16.4'],
    charset: 'ascii',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  const [script, style] = [text('.js'), text('.css')];
  // They stand in elements that such words would end, or begin a comment in.
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error('The bundled app cannot stand in a page.');
  const made = `export const SCRIPT = ${JSON.stringify(script)};\nexport const STYLE = ${JSON.stringify(style)};\n`;
  if (existsSync(bundleFile) && readFileSync(bundleFile, 'utf8') === made) return;
  // Whoever reads it at the same time sees the old one or the new one.
  writeFileSync(`${bundleFile}.${process.pid}`, made);
  renameSync(`${bundleFile}.${process.pid}`, bundleFile);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundle();
