// Bundles the code: an entry each for the command, the thread that reads pages and the doors, and chunks that they share. What starts
// a hundred times a day is not to gather itself from hundreds of files first. What the package depends on stays apart; all else goes
// with it, as the packages that read markdown do: they are more than a hundred files, which every thread would load anew.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Writes the bundles below `dist`, and gives their paths; a file that is as it was keeps its time. */
export async function bundleCode(root, dist) {
  const harness = (file) => join(root, 'harness', file);
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const apart = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  // Depended on for their types. Both are ES modules alone.
  for (const name of ['unified', 'oauth4webapi']) apart.delete(name);
  const external = (id) => apart.has(/^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? '');
  const bundles = [
    // CommonJS: that is what Node 20 can be handed as V8 compiled it the last time (`files/compiled.ts`), though without `import()`.
    await bundleOf(
      { root, external },
      {
        input: { main: harness('cli/main.ts'), worker: harness('compile/crew/worker.ts') },
        output: {
          format: 'cjs',
          dynamicImportInCjs: false,
          entryFileNames: 'command/[name].cjs',
          chunkFileNames: 'command/[name]-[hash].cjs',
        },
        codeSplitting: { groups: groupsOf(harness) },
        plugins: [{ name: 'apart', resolveId: (id) => (id.endsWith('/files/import.ts') ? IMPORT : undefined) }],
      },
    ),
    await bundleOf(
      { root, external },
      {
        input: { import: harness('files/import.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    ),
    await bundleOf(
      { root, external },
      {
        input: {
          'chunks/worker': harness('compile/crew/worker.ts'),
          index: harness('index.ts'),
          'doors/expect': harness('doors/expect.ts'),
          'doors/playwright': harness('doors/playwright.ts'),
          'doors/playwright-reporter': harness('doors/playwright-reporter.ts'),
        },
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    ),
  ];
  const output = bundles.flat();
  const files = output.map(({ fileName, code }) => [join(dist, fileName), code]);
  files.push([join(dist, 'LICENSES.txt'), licensesOf(output)]);
  for (const [file, text] of files) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return files.map(([file]) => file);
}

/** Beside the folder of what Node 20 is handed so. */
const IMPORT = { id: '../import.cjs', external: true };

/** Entries, and the pieces that they share. */
async function bundleOf({ root, external }, { input, output, codeSplitting = true, plugins = [] }) {
  const build = await rolldown({
    cwd: root,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    input,
    plugins,
    external,
    onwarn(warning) {
      // Loaded on demand by one and at once by another, or in the same piece as who asks for it.
      if (warning.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
      throw new Error(warning.message);
    },
  });
  // One byte a character is half of what V8 would have to read and keep otherwise; and who wants to read what is said of it has the source.
  const generated = await build.generate({ ...output, codeSplitting, charset: 'ascii', comments: { jsdoc: false } });
  await build.close();
  return generated.output;
}

/** What goes together: each file that is loaded costs more than what is in it, and what the commands of every day ask for comes in a few pieces. */
function groupsOf(harness) {
  return [
    { debugName: 'layers', name: layersOf(harness), includeDependenciesRecursively: false },
    // What reads pages without the rest goes with who asks for it.
    {
      name: 'markdown',
      test: /[\\/]node_modules[\\/](?!mdast-util-to-string[\\/])/,
      includeDependenciesRecursively: false,
    },
    // What most of all that can be loaded apart asks for is loaded at once.
    {
      name: 'shared',
      test: /[\\/]harness[\\/](?:files|model)[\\/]/,
      minShareCount: 6,
      includeDependenciesRecursively: false,
    },
  ];
}

/** Names the piece that a module belongs to: what every start asks for, what a thread that reads pages does, both, what `check` does, and `run`. */
function layersOf(harness) {
  const asked = {
    // With what asks git, which then works while the rest of `check` is loaded.
    start: ['cli/process.ts', 'cli/commands/check.ts'],
    reading: ['compile/crew/worker.ts'],
    check: ['cli/checking.ts'],
    run: ['cli/commands/run.ts', 'cli/commands/replay.ts', 'conform.ts'],
  };
  let layers;
  return (id, context) => {
    layers ??= Object.entries(asked).map(([name, files]) => [name, statically(files.map(harness), context)]);
    if (context.getModuleInfo(id)?.isEntry) return null;
    const within = layers.flatMap(([name, ids]) => (ids.has(id) ? [name] : []));
    return within[0] === 'start' && within[1] === 'reading' ? 'shared' : (within[0] ?? null);
  };
}

/** Modules, and all that they cannot be loaded without. */
function statically(ids, context) {
  const all = new Set(ids);
  for (const id of all) for (const each of context.getModuleInfo(id)?.importedIds ?? []) all.add(each);
  return all;
}

/** The licenses of what is bundled, as they ask for. */
function licensesOf(output) {
  const folders = new Set(
    output.flatMap(({ moduleIds = [] }) =>
      moduleIds.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []),
    ),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${[name, version, license].filter(Boolean).join(' ')}\n\n${licenseIn(folder)}\n`;
  });
  return ['The bundled code holds that of these packages.\n', ...texts].join('\n----\n\n');
}

/** Few have no file of their own for it, but say it at the end of their README. */
function licenseIn(folder) {
  const read = (name) => {
    const file = readdirSync(folder).find((each) => name.test(each));
    return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  };
  const text = read(/^licen[cs]e/i) || (/^(?:#+ *)?licen[cs]e\s*$[^]*/im.exec(read(/^readme/i))?.[0] ?? '');
  if (text === '') throw new Error(`${folder} is bundled, and has no license to carry along.`);
  return text;
}
