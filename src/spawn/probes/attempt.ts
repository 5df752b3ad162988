import type { Admission, Refusal } from '../../admission/layer.ts';
import { isChosen, isWritten } from '../../admission/request/chosen-fields.ts';
import { namespaceIn, type Reader } from '../../admission/request/reading/reader.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import { mergeAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { and, anyOf, depends, likelihoodOf } from '../../answer/verdict.ts';
import type { Labels } from '../../world/objects.ts';
import { child, children, type Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { judgeChain } from '../writes/chain.ts';
import { keeps } from './keeps.ts';
import { isLater, VARIED } from './probes.ts';
import { type Variant, variantsFor } from './suggestions.ts';

/** A pod that somebody tries to get past admission. */
export interface Attempt {
  /** The writes that lead to the pod; each has to be admitted. */
  writes: (pod: Raw) => readonly AdmissionRequest[];
  /** Specs that all have the privilege: one is enough. */
  specs: readonly Raw[];
  namespace: string;
  /** Who notes what is read of the namespace. */
  reader?: Reader;
}

/** What became of it, and the pod with which. */
export interface Attempted {
  admission: Admission;
  pod: Raw;
}

/**
 * Whether an author who may write what they like gets the privilege through: in any of its dresses, and with the labels
 * under which a policy looks away. A refusal that rests on what the author may choose is not the last word: it becomes
 * a `depends`, which leans to yes where the same decider refuses a pod without any privilege too (`isHarmlessRefused`),
 * so that the privilege is not what it is about.
 */
export function attempt(tries: Attempt, world: World, isHarmlessRefused: (refusal: Refusal) => boolean): Attempted {
  const tried: Attempted[] = [];
  for (const spec of tries.specs) {
    if (isLater(spec) && !tried.some(({ admission }) => admission.evidence.some(({ rests }) => rests.some(isVaried))))
      continue;
    const plain = settle(tries, spec, {}, world, isHarmlessRefused);
    const done = plain.admission.value === 'depends' ? disguised(tries, spec, plain, world, isHarmlessRefused) : plain;
    if (done.admission.value === 'yes') return done;
    tried.push(done);
  }
  const [best] = tried.toSorted((a, b) => likelihoodOf(b.admission) - likelihoodOf(a.admission));
  if (!best) throw new Error('an attempt without a pod');
  return { pod: best.pod, admission: anyOf(tried.map(({ admission }) => admission)) };
}

const isVaried = (path: string): boolean => VARIED.test(path);

function settle(
  { writes, ...place }: Attempt,
  spec: Raw,
  labels: Labels,
  world: World,
  isHarmlessRefused: (refusal: Refusal) => boolean,
): Attempted {
  const done = withLabels(spec, place, labels, (pod) => {
    const chain = judgeChain(writes(pod), world);
    return and(chain.admission, keeps(child(pod, 'spec'), chain));
  });
  return { ...done, admission: soften(done.admission, isHarmlessRefused) };
}

/** The same pod as the policies that refuse it would like to see it. */
function disguised(
  tries: Attempt,
  spec: Raw,
  plain: Attempted,
  world: World,
  isHarmlessRefused: (refusal: Refusal) => boolean,
): Attempted {
  let best = plain;
  let worn: Variant = {};
  for (const { by } of plain.admission.evidence) {
    for (const disguise of by ? variantsFor(by, world) : []) {
      const dress = { ...worn, ...disguise, labels: { ...worn.labels, ...disguise.labels } };
      const done = settle(tries, changed(spec, dress), dress.labels, world, isHarmlessRefused);
      if (done.admission.value === 'yes') return done;
      // One policy less: what the others want is put on as well.
      if (done.admission.value === 'depends' && done.admission.evidence.length < best.admission.evidence.length) {
        worn = dress;
        best = done;
        break;
      }
    }
  }
  return best;
}

const changed = (spec: Raw, { image, user }: Variant): Raw =>
  withUser(image === undefined ? spec : withImage(spec, image), user);

/**
 * As another user that is not root, whose groups stay: the privilege has nothing to do with it, unless it is to be
 * root.
 */
function withUser(spec: Raw, user: number | undefined): Raw {
  const own = child(spec, 'securityContext');
  if (user === undefined || own.runAsUser === 0) return spec;
  const as = (context: Raw): Raw => ({ ...context, runAsUser: user });
  const containers = children(spec, 'containers').map((each) => ({
    ...each,
    securityContext: as(child(each, 'securityContext')),
  }));
  return { ...spec, securityContext: as(own), containers };
}

const withImage = (spec: Raw, image: string): Raw => ({
  ...spec,
  containers: children(spec, 'containers').map((each) => ({ ...each, image })),
});

/** Tries again with the labels under which what refuses, or may, would not look, as long as that leads on. */
function withLabels(spec: Raw, { namespace, reader }: Place, more: Labels, judge: (pod: Raw) => Admission): Attempted {
  let labels: Labels = { ...LABELS, ...more };
  let best: Attempted | null = null;
  for (let turn = 0; ; turn += 1) {
    const pod = podOf(spec, namespace, labels, reader);
    const admission = judge(pod);
    if (best === null || rank(admission) < rank(best.admission)) best = { admission, pod };
    const change = admission.value === 'yes' ? null : exemptLabelsOf(admission.evidence);
    const next = change === null ? labels : apply(labels, change);
    if (turn === MOST_ESCAPES || isSame(next, labels)) return best;
    labels = next;
  }
}

/** The likelier first; of two that are as likely, the one with fewer refusals. */
const rank = (admission: Admission): number => admission.evidence.length - 1e6 * likelihoodOf(admission);

type Place = Pick<Attempt, 'namespace' | 'reader'>;

export const podOf = (spec: Raw, namespace: string, labels: Labels = LABELS, reader?: Reader): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: Object.assign(namespaceIn(namespace, reader), { labels }),
  spec,
});

function exemptLabelsOf(refusals: readonly Refusal[]): Record<string, string | null> | null {
  const changes = refusals.flatMap((refusal) => (refusal.exemptLabels ? [refusal.exemptLabels] : []));
  return changes.length === 0 ? null : mergeAll(changes);
}

const apply = (labels: Labels, change: Record<string, string | null>): Labels =>
  Object.fromEntries(
    Object.entries({ ...labels, ...change }).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );

const isSame = (a: Labels, b: Labels): boolean => JSON.stringify(a) === JSON.stringify(b);

function soften(admission: Admission, isHarmlessRefused: (refusal: Refusal) => boolean): Admission {
  if (admission.value !== 'no') return admission;
  // What is wrong with a pod without any privilege as well may be mended, whatever the privilege.
  const isOpen = (refusal: Refusal): boolean =>
    refusal.rests.some(isChosen) || (refusal.rests.some(isWritten) && isHarmlessRefused(refusal));
  if (!admission.evidence.every(isOpen))
    return { ...admission, evidence: admission.evidence.filter((refusal) => !isOpen(refusal)) };
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

const LABELS: Labels = { app: 'whocan-escalate' };
/** Policies that contradict each other's selectors would be circled for ever. */
const MOST_ESCAPES = 4;
