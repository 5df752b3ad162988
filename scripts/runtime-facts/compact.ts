import type { Outcome, Spec } from './ask.ts';
import type { Case } from './cases.ts';
import type { Runtime } from './runtimes.ts';

interface Answer {
  runtime: Runtime;
  /** The switch that was on, '' for none. */
  setting: string;
  outcomes: readonly Outcome[];
}

const KINDS = ['bounding', 'effective', 'permitted', 'inheritable', 'ambient'] as const;

/**
 * The file's text. Whatever repeats is written once and meant by its index: a list of names in `lists`, five such lists
 * or a refusal in `results`; a runtime has one of `results` for each case. Names are sorted and without `CAP_`; what
 * upstream does not know stays in, as upstream writes it: `CAP_NET_RAW` is its CAP_CAP_NET_RAW, which runc ignores.
 */
export function compact(cases: readonly Case[], answers: readonly Answer[]): string {
  const lists = new Table();
  const results = new Table();
  const specOf = (spec: Spec) =>
    Object.fromEntries(KINDS.map((kind) => [kind, lists.indexOf(namesOf(spec[kind] ?? []))]));
  const resultOf = (outcome: Outcome, user: 'root' | 'other') =>
    results.indexOf('refused' in outcome ? { refused: outcome.refused } : specOf(outcome[user]));
  const unasked = cases.findIndex(({ add, drop, privileged }) => add === null && drop === null && !privileged);
  const runtimes = answers.map(({ runtime: { family, version, module }, setting, outcomes }) => {
    const plain = outcomes[unasked];
    if (!plain || 'refused' in plain) throw new Error(`${module} makes no container at all`);
    return {
      family,
      version,
      module,
      setting,
      defaults: lists.indexOf(namesOf(plain.root.bounding ?? [])),
      root: outcomes.map((each) => resultOf(each, 'root')),
      other: outcomes.map((each) => resultOf(each, 'other')),
    };
  });
  return `{\n${Object.entries({ cases, lists: lists.rows, results: results.rows, runtimes }).map(table).join(',\n')}\n}\n`;
}

/** A row a line, so that a change can be read in a diff. */
function table([name, rows]: [string, readonly unknown[]]): string {
  return `${JSON.stringify(name)}: [\n${rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join(',\n')}\n]`;
}

function namesOf(capabilities: readonly string[]): string[] {
  return [...new Set(capabilities.map((name) => name.replace(/^CAP_/, '')))].sort();
}

class Table {
  readonly #rows = new Map<string, number>();

  /** The rows, as JSON. */
  get rows(): string[] {
    return [...this.#rows.keys()];
  }

  indexOf(row: unknown): number {
    const text = JSON.stringify(row);
    const known = this.#rows.get(text);
    if (known !== undefined) return known;
    this.#rows.set(text, this.#rows.size);
    return this.#rows.size - 1;
  }
}
