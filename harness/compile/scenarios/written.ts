import type { Place } from '../../model/place.ts';
import type { Filling, ScenarioValue } from '../../model/scenario.ts';

/** One file as far as it could be read, whoever wrote it. */
export interface ScenarioPart {
  readonly file: string;
  readonly written: WrittenFile;
  /** Where what an RFC 6901 pointer into `written` names stands. */
  readonly place: (pointer: string) => Place;
}

/** A step with where it stands: its file, and the pointer into that. */
export interface PlacedStep {
  readonly step: WrittenStep;
  readonly place: (pointer: string) => Place;
  readonly pointer: string;
}

/** A file of scenarios as its schema has it. */
export interface WrittenFile {
  readonly scenarios?: readonly WrittenScenario[];
  readonly steps?: Readonly<Record<string, readonly WrittenStep[]>>;
}

export interface WrittenScenario {
  readonly name: string;
  readonly for?: string | readonly string[];
  readonly enabled?: boolean;
  readonly fill?: 'placeholders';
  readonly account?: string;
  readonly tags?: readonly string[];
  readonly scopes?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly values?: Readonly<Record<string, ScenarioValue>>;
  readonly steps?: readonly WrittenStep[];
  readonly cleanup?: readonly WrittenStep[];
}

export interface WrittenStep {
  readonly name?: string;
  readonly exchange?: string;
  readonly http?: string;
  readonly use?: string;
  readonly account?: string;
  readonly values?: Readonly<Record<string, ScenarioValue>>;
  readonly with?: Readonly<Record<string, Filling>>;
  readonly set?: {
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly json?: Readonly<Record<string, unknown>>;
    readonly body?: string;
    readonly base64?: string;
  };
  readonly expect?: WrittenExpect;
  readonly capture?: Readonly<Record<string, string>>;
  readonly poll?: {
    readonly until?: WrittenExpect;
    readonly while?: number | readonly number[];
    readonly every?: number;
    readonly within?: number;
  };
}

export interface WrittenExpect {
  readonly status?: number | readonly number[];
  readonly allow?: number | readonly number[];
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly absent?: readonly string[];
  readonly text?: string | readonly string[];
}
