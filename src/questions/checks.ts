import type { Finding } from '../answer/answer.ts';
import { formatRequest, isUrlRequest, type Request } from '../rbac/request.ts';
import { type Identity, identityOf, subjectKey } from '../rbac/subjects.ts';
import type { Subject } from '../world/objects.ts';
import type { World } from '../world/world.ts';
import type { Check, Options } from './question.ts';
import { rbacOf } from './rbac-of.ts';
import type { Way } from './ways.ts';
import { nameSubject } from './words.ts';

/** What `--verify` asks: each direct yes once, and noes, those of near misses first. */
export function checksOf(yeses: readonly Check[], misses: readonly Finding[], way: Way, world: World, options: Options): Check[] {
  const noes = options.subject ? [options.subject] : [...misses.map(({ subject }) => subject), ...subjectsOf(world)];
  const checks = new Map(yeses.map((check) => [keyOf(check), check]));
  let refused = 0;
  for (const subject of noes) {
    const identity = identityOf(subject, options.subject ? options.subjectGroups : []);
    for (const request of requestsOf(way)) {
      const check = noOf(identity, subject, request, world);
      if (!check || checks.has(keyOf(check))) continue;
      checks.set(keyOf(check), check);
      refused += 1;
    }
    if (refused >= NOES) break;
  }
  return [...checks.values()];
}

/** Enough noes to catch another authorizer, few enough for its log. */
const NOES = 20;

function noOf(identity: Identity, subject: Subject, request: Request, world: World): Check | null {
  if (rbacOf(world).allows(identity, request) !== false) return null;
  return { identity, request, expected: 'no', label: `${nameSubject(subject)} ${formatRequest(request)}` };
}

/** Requests as they could really be made: in some namespace, by the plain name. */
const requestsOf = ({ queries }: Way): Request[] =>
  queries.filter(({ request, reach }) => isUrlRequest(request) || reach !== 'anywhere').map(({ request }) => request);

/** Every subject that some binding names. */
function* subjectsOf(world: World): Iterable<Subject> {
  const seen = new Set<string>();
  for (const binding of [...world.list('clusterrolebindings'), ...world.list('rolebindings')]) {
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined || seen.has(key)) continue;
      seen.add(key);
      yield { ...subject, namespace: subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null };
    }
  }
}

const keyOf = ({ identity, request }: Check): string => JSON.stringify([identity, request]);
