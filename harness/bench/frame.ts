/** A bench: what it measures, and how it comes to a rig that can be measured again and again. One file each. */
export interface Bench {
  readonly name: string;
  /** What is run against what, in one line. */
  readonly summary: string;
  readonly figures: readonly Figure[];
  /** Brings corpus and peers in place. */
  prepare(): Promise<Rig>;
}

/** A number that is held to a target. */
export interface Figure {
  readonly name: string;
  /** `×` for a ratio to the baseline of the same round, else a unit such as `MB` or `s`. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly target: number;
}

/** A bench, prepared. */
export interface Rig {
  /** What is measured here, where that depends on the machine: the corpus and its size. */
  readonly subject: string;
  /** Runs ours and its baseline once, side by side, and gives a sample for each figure by its name. */
  round(number: number): Promise<Readonly<Record<string, Sample>>>;
  close(): Promise<void>;
}

/** One measurement of one figure. For a ratio with the absolute seconds behind it. */
export interface Sample {
  readonly value: number;
  readonly ours?: number;
  readonly baseline?: number;
}

/** A figure, measured: medians over the rounds. */
export interface Result extends Figure, Sample {
  readonly holds: boolean;
}

/** Runs a prepared bench: one round to warm up, then the median of `rounds`. `tell` hears of each round. */
export async function measure(
  { figures }: Pick<Bench, 'figures'>,
  rig: Rig,
  tell: (line: string) => void,
  rounds = 5,
): Promise<readonly Result[]> {
  const taken: Readonly<Record<string, Sample>>[] = [];
  for (let number = 0; number <= rounds; number++) {
    const samples = await rig.round(number);
    tell(
      `${number === 0 ? 'warm-up' : `round ${number}`}: ${figures.map((figure) => shown(figure, samples)).join(', ')}`,
    );
    if (number > 0) taken.push(samples);
  }
  return figures.map((figure) => judge(figure, taken));
}

/** The middle of a list of numbers, the mean of the middle two where it is even. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

function judge(figure: Figure, taken: readonly Readonly<Record<string, Sample>>[]): Result {
  const samples = taken.map((round) => sampleOf(figure, round));
  const middle = (key: keyof Sample) => {
    const numbers = samples.map((sample) => sample[key]).filter((number) => number !== undefined);
    return numbers.length === 0 ? {} : { [key]: median(numbers) };
  };
  const value = median(samples.map((sample) => sample.value));
  const holds = figure.better === 'lower' ? value <= figure.target : value >= figure.target;
  return { ...figure, value, ...middle('ours'), ...middle('baseline'), holds };
}

function sampleOf(figure: Figure, round: Readonly<Record<string, Sample>>): Sample {
  const sample = round[figure.name];
  if (sample === undefined || !Number.isFinite(sample.value)) throw new Error(`The bench took no ${figure.name}.`);
  return sample;
}

function shown(figure: Figure, round: Readonly<Record<string, Sample>>): string {
  return `${figure.name} ${sampleOf(figure, round).value.toPrecision(3)} ${figure.unit}`;
}
