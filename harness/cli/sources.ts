import type { NamedTarget, Values } from '../model/config.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { canGenerate, GENERATED } from '../replay/flow/values.ts';

/** The values of a config as they are; a word that nothing can be generated of is a UsageError that names the nearest. */
export function checkedValues(values: Values, where: string): Values {
  for (const [name, source] of Object.entries(values)) {
    if (typeof source === 'string' || !('generate' in source) || canGenerate(source.generate)) continue;
    const near = didYouMean(source.generate, GENERATED);
    throw new UsageError(
      `\`${where}.${name}.generate\` says \`${source.generate}\`, of which nothing can be generated${near || `: ${GENERATED.join(', ')}`}`,
    );
  }
  return values;
}

/** The targets of a config as they are, their values checked. */
export function checkedTargets(targets: Readonly<Record<string, NamedTarget>>): Readonly<Record<string, NamedTarget>> {
  for (const [name, { values }] of Object.entries(targets)) checkedValues(values ?? {}, `targets.${name}.values`);
  return targets;
}
