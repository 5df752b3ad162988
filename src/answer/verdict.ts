import { distinctUnknowns, type Unknown } from './unknown.ts';

export type Truth = 'yes' | 'no' | 'depends';
export type Leaning = 'yes' | 'no' | null;

/**
 * Three-valued (Kleene) truth that keeps what it rests on. `E` is whatever serves as evidence.
 * Invariant: `depends` always has unknowns; only `depends` has a leaning.
 */
export interface Verdict<E = unknown> {
  value: Truth;
  leaning: Leaning;
  evidence: readonly E[];
  unknowns: readonly Unknown[];
}

export const yes = <E>(...evidence: E[]): Verdict<E> => ({ value: 'yes', leaning: null, evidence, unknowns: [] });

export const no = <E>(...evidence: E[]): Verdict<E> => ({ value: 'no', leaning: null, evidence, unknowns: [] });

export const depends = <E>(
  unknowns: readonly Unknown[],
  leaning: Leaning = null,
  evidence: readonly E[] = [],
): Verdict<E> => ({
  value: 'depends',
  leaning,
  evidence,
  unknowns,
});

/** The same of a list of evidence, however long. */
export const yesFor = <E>(evidence: readonly E[]): Verdict<E> => ({
  value: 'yes',
  leaning: null,
  evidence,
  unknowns: [],
});
export const noFor = <E>(evidence: readonly E[]): Verdict<E> => ({
  value: 'no',
  leaning: null,
  evidence,
  unknowns: [],
});

/** Yes where one of them is; depends where one may be; else no, with every refusal's evidence. No verdicts: no. */
export const or = <E>(...verdicts: Verdict<E>[]): Verdict<E> => decide('yes', 'no', verdicts);

/** No where one of them is; depends where one may be; else yes, with the evidence of all. No verdicts: yes. */
export const and = <E>(...verdicts: Verdict<E>[]): Verdict<E> => decide('no', 'yes', verdicts);

/** `or` and `and` of a list, however long. */
export const anyOf = <E>(verdicts: readonly Verdict<E>[]): Verdict<E> => decide('yes', 'no', verdicts);
export const allOf = <E>(verdicts: readonly Verdict<E>[]): Verdict<E> => decide('no', 'yes', verdicts);

export const not = <E>(verdict: Verdict<E>): Verdict<E> => ({
  ...verdict,
  value: opposite(verdict.value),
  leaning: flip(verdict.leaning),
});

/** `and` and `or` are each other's mirror: `decisive` settles the matter alone, `otherwise` needs all. */
function decide<E>(decisive: 'yes' | 'no', otherwise: 'yes' | 'no', verdicts: readonly Verdict<E>[]): Verdict<E> {
  const deciding = verdicts.filter(({ value }) => value === decisive);
  if (deciding.length > 0) return combine(decisive, null, deciding, []);
  const open = verdicts.filter(({ value }) => value === 'depends');
  if (open.length === 0) return combine(otherwise, null, verdicts, []);
  const leaning = open.some((each) => each.leaning === decisive)
    ? decisive
    : open.every((each) => each.leaning === otherwise)
      ? otherwise
      : null;
  // What it leans by comes first: it is what a reader has to look at.
  const by = leaning === decisive ? [...open.filter((each) => each.leaning === leaning), ...open] : open;
  return combine(
    'depends',
    leaning,
    verdicts,
    by.flatMap(({ unknowns }) => unknowns),
  );
}

function combine<E>(
  value: Truth,
  leaning: Leaning,
  verdicts: readonly Verdict<E>[],
  unknowns: readonly Unknown[],
): Verdict<E> {
  return {
    value,
    leaning,
    evidence: verdicts.flatMap(({ evidence }) => evidence),
    unknowns: distinctUnknowns(unknowns),
  };
}

/** The verdict that a finding or an answer states. */
export const asVerdict = ({ verdict, leaning, unknowns }: Stated): Verdict => ({
  value: verdict,
  leaning,
  evidence: [],
  unknowns,
});

interface Stated {
  verdict: Truth;
  leaning: Leaning;
  unknowns: readonly Unknown[];
}

/** How likely it is, from 0 for a no to 4 for a yes: of several ways to the same the likeliest is told. */
export const likelihoodOf = ({ value, leaning }: Pick<Verdict, 'value' | 'leaning'>): number =>
  value === 'depends' ? LEANINGS[leaning ?? 'none'] : value === 'yes' ? 4 : 0;

const LEANINGS = { yes: 3, none: 2, no: 1 } as const;

const opposite = (value: Truth): Truth => (value === 'depends' ? value : value === 'yes' ? 'no' : 'yes');
const flip = (leaning: Leaning): Leaning => (leaning === null ? null : leaning === 'yes' ? 'no' : 'yes');
