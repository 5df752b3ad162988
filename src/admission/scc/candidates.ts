import type { Unknown } from '../../answer/unknown.ts';
import type { Verdict } from '../../answer/verdict.ts';
import type { Manifest } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { child, type Raw, text } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import { namespaceOf } from '../request/reading/ask.ts';
import { type Listed, listed } from '../request/reading/listed.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { type Fit, fit } from './fit.ts';
import { byPriority } from './order.ts';
import { type Allotted, allottedTo, isOpen, resolve } from './ranges.ts';
import { readScc, type Scc } from './scc.ts';
import { isUsable } from './usable.ts';

/** One SCC with what it would do to the pod. Candidates are in the order in which the server tries them. */
export interface Candidate {
  scc: Scc;
  usable: Verdict<never>;
  /** Null where the namespace lacks the values that the SCC takes from it, or was not read. */
  fit: Fit | null;
}

/** All SCCs of the world with what they would do to the pod of a request. Those that cannot be read are left out. */
export function candidates(request: AdmissionRequest, world: World): Candidate[] {
  const pod = request.object ?? {};
  const allotted = allottedTo(namespaceOf(request, world));
  const account = text(child(pod, 'spec'), 'serviceAccountName') || 'default';
  return sccsOf(allSccs(world).objects).sccs.map((each) => {
    const resolved = resolveIn(each, allotted);
    return { scc: each, usable: isUsable(each, request, account, world), fit: resolved ? fit(pod, resolved) : null };
  });
}

/** The pod as each SCC that it fits would change it, whoever may use the SCC; empty where there are no SCCs. */
export const fitted = (request: AdmissionRequest, world: World): Raw[] =>
  candidates(request, world).flatMap(({ fit: made }) => (made && made.violations.length === 0 ? [made.pod] : []));

/** The SCC objects that were read, and an unknown for each that was not. */
export const allSccs = (world: World): Listed =>
  listed(world, KIND, null, 'which SecurityContextConstraints there are');

interface Sccs {
  sccs: readonly Scc[];
  unreadable: readonly Unknown[];
}

/** The SCCs in a list of objects, in the order of the server; read once for each list. */
export function sccsOf(objects: readonly Manifest[]): Sccs {
  const sccs: Scc[] = [];
  const broken: Unknown[] = [];
  for (const object of objects) {
    const known = read(object);
    if ('what' in known) broken.push(known);
    else sccs.push(known);
  }
  return { sccs: sccs.sort(byPriority), unreadable: broken };
}

const read = oncePerObject((object: Manifest): Scc | Unknown => {
  return understoodOr(
    () => readScc(object),
    (error) => ({
      kind: 'unreadable',
      what: `SecurityContextConstraints ${object.name}`,
      why: error.message,
      affects: 'what it lets pods do',
    }),
  );
});

/** The values that a namespace provides are only needed by SCCs that leave some open. */
function resolveIn(each: Scc, allotted: Allotted | undefined): Scc | null {
  if (!allotted) return isOpen(each) ? null : each;
  return resolve(each, allotted).scc;
}

const KIND = 'SecurityContextConstraints.security.openshift.io';
