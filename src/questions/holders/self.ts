import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { matchRule } from '../../rbac/match.ts';
import { isUrlRequest } from '../../rbac/request.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import type { QuestionContext } from '../context.ts';
import { grantStep } from './evidence.ts';
import { isSameSubject } from './holders.ts';
import type { Way } from './way.ts';

/**
 * The finding that the server itself reports about the caller, if bindings could not be read: by its
 * SelfSubjectRulesReview, for the namespace that it was made for. None if the caller is among the holders already, or
 * if somebody else is asked about.
 */
export function selfFinding(
  way: Way,
  unknowns: readonly Unknown[],
  holders: readonly Finding[],
  context: QuestionContext,
): Finding[] {
  const { world, options } = context;
  const { self } = world.facts;
  if (!self?.user || way.holding.condition || !unknowns.some(({ kind }) => kind === 'unreadable')) return [];
  const caller = subjectOf(self.user.name);
  if (options.subject && !isSameSubject(options.subject, caller)) return [];
  if (holders.some(({ subject, verdict }) => verdict === 'yes' && isSameSubject(subject, caller))) return [];
  const matches = way.queries.flatMap(({ request, names, reach }) => {
    // URLs are left out: the server lists those of RoleBindings too, which never count.
    const covers = !isUrlRequest(request) && (reach === 'anywhere' || request.namespace === self.namespace);
    return covers ? self.rules.flatMap((rule) => matchRule(rule, request, names) ?? []) : [];
  });
  if (matches.length === 0) return [];
  const isLimited = way.holding.target === null && matches.every(({ names }) => names !== null);
  const subject = { ...caller, members: null };
  const step = {
    technique: way.holding.id,
    text: way.holding.action,
    identity: subject,
    gains: way.holding.target,
    attack: () => way.holding.attack,
  };
  return [
    {
      id: way.holding.id,
      verdict: 'yes',
      leaning: null,
      direct: true,
      accepted: options.accepts(subject),
      subject,
      object: way.holding.object,
      scope: {
        namespace: self.namespace,
        names: isLimited ? [...new Set(matches.flatMap(({ names }) => names ?? []))] : null,
      },
      reason: 'you: the server says so of yourself (SelfSubjectRulesReview)',
      evidence: [grantStep(step, [], options)],
      unknowns: [],
      fix: [],
    },
  ];
}

function subjectOf(user: string): Subject {
  const account = parseAccountUser(user);
  return account ? { kind: 'ServiceAccount', ...account } : { kind: 'User', namespace: null, name: user };
}
