import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { nameSubject } from '../../answer/words.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { formatRequest, isUrlRequest, type Request } from '../../rbac/request.ts';
import { type Identity, identityOf, subjectKey } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import type { Check } from '../question.ts';
import { askedIdentity } from './asked-identity.ts';
import { isKubelet } from './authorizers.ts';
import type { Way } from './way.ts';

/**
 * The noes that `--verify` asks about, those of near misses first. Where something could not be read nobody is claimed
 * not to hold the right, and a kubelet never is.
 */
export function noesOf(
  misses: readonly Finding[],
  unknowns: readonly Unknown[],
  way: Way,
  context: QuestionContext,
): Check[] {
  const { world, options } = context;
  if (unknowns.some(({ kind }) => kind === 'unreadable')) return [];
  const checks = new Map<string, Check>();
  const subjects = [
    ...(options.subject ? [options.subject] : []),
    ...misses.map(({ subject }) => subject),
    ...subjectsOf(world),
  ];
  for (const subject of subjects.filter((each) => !isKubelet(each))) {
    const identity = subject === options.subject ? askedIdentity(subject, world, options) : identityOf(subject);
    for (const request of requestsOf(way, world)) {
      const check = noOf(identity, subject, request, world);
      if (check) checks.set(JSON.stringify([identity, request]), check);
    }
    if (checks.size >= NOES) break;
  }
  return [...checks.values()];
}

/** Each question to the server once. */
export const distinctChecks = (checks: readonly Check[]): Check[] => [
  ...new Map(checks.map((check) => [JSON.stringify([check.identity, check.request]), check])).values(),
];

/** Enough noes to catch another authorizer, few enough for its log. */
const NOES = 20;

function noOf(identity: Identity, subject: Subject, request: Request, world: World): Check | null {
  if (rbacOf(world).allows(identity, request) !== false) return null;
  return { identity, request, expected: 'no', label: `${nameSubject(subject)} ${formatRequest(request)}` };
}

/** Requests as they could really be made: where any namespace would do, in that of the context. */
const requestsOf = ({ queries }: Way, { facts }: World): Request[] =>
  queries.map(({ request, reach }) =>
    isUrlRequest(request) || reach !== 'anywhere' ? request : { ...request, namespace: facts.namespace },
  );

/** Every subject that some binding names. */
function* subjectsOf(world: World): Iterable<Subject> {
  const seen = new Set<string>();
  for (const binding of [...world.list('clusterrolebindings'), ...world.list('rolebindings')]) {
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined || seen.has(key)) continue;
      seen.add(key);
      yield {
        ...subject,
        namespace: subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null,
      };
    }
  }
}
