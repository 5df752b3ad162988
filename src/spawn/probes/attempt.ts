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
import { evaluateWrites } from '../writes/chain.ts';
import { keeps } from './keeps.ts';
import { isFallback, LEFT_OUT_BY_FALLBACKS } from './probes.ts';
import { type Suggestion, suggestionsFor } from './suggestions.ts';

/** The writes by which somebody makes a pod in one namespace. */
export interface Route {
  namespace: string;
  /** Notes what is read of the namespace. */
  reader?: Reader;
  /** The writes that lead to the pod; admission has to let each of them through. */
  writes: (pod: Raw) => readonly AdmissionRequest[];
}

/** What admission says of the pod that gets furthest, and that pod. */
export interface AttemptResult {
  admission: Admission;
  pod: Raw;
}

/**
 * Whether an author who may write what they like gets a privilege through. `specs` are variants of a pod that has it:
 * one that passes is enough. Each is also tried with what a policy suggests (`suggestionsFor`), and with labels that no
 * policy selects. A refusal that rests on what the author may choose is not final: it becomes a `depends`. That leans
 * to yes if the same decider refuses a pod without any privilege too (`isHarmlessRefused`), since then the refusal is
 * not about the privilege. Throws where `specs` is empty.
 */
export function attempt(
  route: Route,
  specs: readonly Raw[],
  world: World,
  isHarmlessRefused: (refusal: Refusal) => boolean,
): AttemptResult {
  const tried: AttemptResult[] = [];
  const trySpec = (spec: Raw, labels: Labels): AttemptResult => tryOne(route, spec, labels, world, isHarmlessRefused);
  for (const spec of specs) {
    if (isFallback(spec) && !tried.some(isAboutLeftOut)) continue;
    const plain = trySpec(spec, {});
    const result = plain.admission.value === 'depends' ? asSuggested(spec, plain, trySpec, world) : plain;
    if (result.admission.value === 'yes') return result;
    tried.push(result);
  }
  const [best] = tried.toSorted((a, b) => likelihoodOf(b.admission) - likelihoodOf(a.admission));
  if (!best) throw new Error('an attempt without a pod');
  return { pod: best.pod, admission: anyOf(tried.map(({ admission }) => admission)) };
}

/** Whether a refusal rests on a field that fallbacks leave out. */
export const isAboutLeftOut = ({ admission }: { admission: Admission }): boolean =>
  admission.evidence.some(({ rests }) => rests.some((path) => LEFT_OUT_BY_FALLBACKS.test(path)));

function tryOne(
  { writes, ...place }: Route,
  spec: Raw,
  labels: Labels,
  world: World,
  isHarmlessRefused: (refusal: Refusal) => boolean,
): AttemptResult {
  const result = withLabels(spec, place, labels, (pod) => {
    const chain = evaluateWrites(writes(pod), world);
    return and(chain.admission, keeps(child(pod, 'spec'), chain));
  });
  return { ...result, admission: soften(result.admission, isHarmlessRefused) };
}

/**
 * Tries the pod with what the policies that refuse it suggest: one suggestion of each policy, as long as that helps.
 */
function asSuggested(
  spec: Raw,
  plain: AttemptResult,
  trySpec: (spec: Raw, labels: Labels) => AttemptResult,
  world: World,
): AttemptResult {
  let best = plain;
  let taken: Suggestion = {};
  for (const { by } of plain.admission.evidence) {
    for (const suggestion of by ? suggestionsFor(by, world) : []) {
      const all = { ...taken, ...suggestion, labels: { ...taken.labels, ...suggestion.labels } };
      const result = trySpec(changed(spec, all), all.labels);
      if (result.admission.value === 'yes') return result;
      // One policy less refuses: what the others suggest is tried on top of this.
      if (result.admission.value === 'depends' && result.admission.evidence.length < best.admission.evidence.length) {
        taken = all;
        best = result;
        break;
      }
    }
  }
  return best;
}

const changed = (spec: Raw, { image, user }: Suggestion): Raw =>
  withUser(image === undefined ? spec : withImage(spec, image), user);

/**
 * The pod as another user that is not root; its groups stay. A pod whose privilege is to run as root stays as it is.
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

/** Tries the pod, and again with labels that the policies which refuse it, or may, do not select. */
function withLabels(
  spec: Raw,
  { namespace, reader }: Omit<Route, 'writes'>,
  more: Labels,
  admit: (pod: Raw) => Admission,
): AttemptResult {
  let labels: Labels = { ...LABELS, ...more };
  let best: AttemptResult | null = null;
  for (let turn = 0; ; turn += 1) {
    const pod = podOf(spec, namespace, labels, reader);
    const admission = admit(pod);
    if (best === null || rank(admission) < rank(best.admission)) best = { admission, pod };
    const change = admission.value === 'yes' ? null : exemptLabelsOf(admission.evidence);
    const next = change === null ? labels : apply(labels, change);
    if (turn === MOST_ESCAPES || isSame(next, labels)) return best;
    labels = next;
  }
}

/**
 * A number that is smaller for what is likelier to pass, and of two that are as likely for the one with fewer refusals.
 */
const rank = (admission: Admission): number => admission.evidence.length - 1e6 * likelihoodOf(admission);

/** A pod of that spec in `namespace`, with the labels of every probe unless others are given. */
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
  // What a pod without any privilege is refused for as well can be mended without giving up the privilege.
  const isOpen = (refusal: Refusal): boolean =>
    refusal.rests.some(isChosen) || (refusal.rests.some(isWritten) && isHarmlessRefused(refusal));
  if (!admission.evidence.every(isOpen))
    return { ...admission, evidence: admission.evidence.filter((refusal) => !isOpen(refusal)) };
  const isAboutOtherThings = (refusal: Refusal): boolean => isHarmlessRefused(refusal) || refusal.rests.every(isChosen);
  const leaning = admission.evidence.every(isAboutOtherThings) ? 'yes' : null;
  return depends(admission.evidence.map(otherwise), leaning, admission.evidence);
}

/** The unknown that a policy may be satisfied by other means than giving up the privilege. */
function otherwise({ by, layer, rests, detail }: Refusal): Unknown {
  const chosen = rests.filter(isChosen);
  return {
    kind: 'opaque',
    what: `what else ${by ? `${by.kind} ${by.name}` : layer} would let through`,
    why: `it refuses the pod as tried (${detail})${chosen.length > 0 ? `, and looks at ${chosen.join(', ')}, which the author of a pod chooses` : ''}`,
    affects: 'whether another variant of the pod passes with the same privilege',
  };
}

const LABELS: Labels = { app: 'whocan-escalate' };
/** Bounds the loop where the labels that satisfy one policy are selected by another, and back. */
const MOST_ESCAPES = 4;
