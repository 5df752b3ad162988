import type { Unknown } from '../answer/unknown.ts';
import { and, depends, or } from '../answer/verdict.ts';
import type { Labels } from '../world/objects.ts';
import type { Raw } from '../world/reduce/raw.ts';
import type { World } from '../world/world.ts';
import { isChosen } from './chosen-fields.ts';
import type { Admission, Refusal } from './layer.ts';
import { admits } from './layers.ts';
import type { AdmissionRequest } from './request.ts';

/** A pod that somebody tries to get past admission. */
export interface Attempt {
  /** The writes that lead to the pod; each has to be admitted. */
  writes: (pod: Raw) => readonly AdmissionRequest[];
  /** Specs that all have the privilege: one is enough. */
  specs: readonly Raw[];
  namespace: string;
}

/** What became of it, and the pod with which. */
export interface Attempted {
  admission: Admission;
  pod: Raw;
}

/**
 * Whether an author who may write what they like gets the privilege through: in any of its dresses, and with the labels under which a policy
 * looks away. A refusal that rests on what the author may choose is not the last word: it becomes a `depends`. `isHarmlessRefused` tells whether
 * the same decider refuses a pod without any privilege, so that its refusal says nothing of this one.
 */
export function attempt({ writes, specs, namespace }: Attempt, world: World, isHarmlessRefused: (refusal: Refusal) => boolean): Attempted {
  const tried: Attempted[] = [];
  for (const spec of specs) {
    const done = withLabels(spec, namespace, (pod) => and(...writes(pod).map((write) => admits(write, world))));
    const settled = { ...done, admission: soften(done.admission, isHarmlessRefused) };
    if (settled.admission.value === 'yes') return settled;
    tried.push(settled);
  }
  const best = tried.find(({ admission }) => admission.value === 'depends') ?? tried[0];
  if (!best) throw new Error('an attempt without a pod');
  return { pod: best.pod, admission: or(...tried.map(({ admission }) => admission)) };
}

/** Tries again with the labels that a refusal may be escaped by, as long as that leads on. */
function withLabels(spec: Raw, namespace: string, judge: (pod: Raw) => Admission): Attempted {
  let labels: Labels = {};
  for (let turn = 0; ; turn += 1) {
    const pod = podOf(spec, namespace, labels);
    const admission = judge(pod);
    const change = admission.value === 'no' ? escapeOf(admission.evidence) : null;
    const changed = change === null ? labels : apply(labels, change);
    if (turn === MOST_ESCAPES || isSame(changed, labels)) return { admission, pod };
    labels = changed;
  }
}

export const podOf = (spec: Raw, namespace: string, labels: Labels = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, labels: { app: 'whocan-escalate', ...labels } },
  spec,
});

function escapeOf(refusals: readonly Refusal[]): Record<string, string | null> | null {
  const escapes = refusals.flatMap((refusal) => (refusal.escape ? [refusal.escape] : []));
  return escapes.length === 0 ? null : Object.assign({}, ...escapes);
}

const apply = (labels: Labels, change: Record<string, string | null>): Labels =>
  Object.fromEntries(Object.entries({ ...labels, ...change }).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));

const isSame = (a: Labels, b: Labels): boolean => JSON.stringify(a) === JSON.stringify(b);

function soften(admission: Admission, isHarmlessRefused: (refusal: Refusal) => boolean): Admission {
  if (admission.value !== 'no') return admission;
  const isOpen = (refusal: Refusal): boolean => refusal.rests.some(isChosen) || isHarmlessRefused(refusal);
  if (!admission.evidence.every(isOpen)) return { ...admission, evidence: admission.evidence.filter((refusal) => !isOpen(refusal)) };
  const isAboutOtherThings = (refusal: Refusal): boolean => isHarmlessRefused(refusal) || refusal.rests.every(isChosen);
  const leaning = admission.evidence.every(isAboutOtherThings) ? 'yes' : null;
  return depends(admission.evidence.map(otherwise), leaning, admission.evidence);
}

/** That a policy may be met by other means than giving up the privilege. */
function otherwise({ by, layer, rests, detail }: Refusal): Unknown {
  const chosen = rests.filter(isChosen);
  return {
    kind: 'opaque',
    what: `what else ${by ? `${by.kind} ${by.name}` : layer} would let through`,
    why: `it refuses the pod as tried (${detail})${chosen.length > 0 ? `, and looks at ${chosen.join(', ')}, which the author of a pod chooses` : ''}`,
    affects: 'whether the same privilege passes in another dress',
  };
}

/** Policies that contradict each other's selectors would be circled for ever. */
const MOST_ESCAPES = 4;
