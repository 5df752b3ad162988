import type { HeaderFacts } from '../../src/cluster/input/snapshot/format.ts';
import type { Rule } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduceRule } from '../../src/world/reduce/rbac.ts';
import { effectiveVersion } from '../../src/world/version.ts';
import type { ControlPlane, TokenRow } from '../../test/helpers/control-plane.ts';

/** Who is said to ask. */
export const CALLER: TokenRow = { token: 'olivia-demo', user: 'olivia', groups: ['platform'] };

const NAMESPACE = 'shop';

/** The snapshot's facts: as the server tells them, but for the date. */
export async function readFacts(plane: ControlPlane): Promise<HeaderFacts> {
  const info = (await plane.request('GET', '/version')).body as Raw;
  const { user } = await review<{ userInfo: { username: string; groups: string[] } }>(
    plane,
    'authentication',
    'SelfSubjectReview',
  ).then(({ userInfo }) => ({ user: { name: userInfo.username, groups: userInfo.groups } }));
  const rules = await review<{ resourceRules: Raw[]; nonResourceRules: Raw[]; incomplete: boolean }>(
    plane,
    'authorization',
    'SelfSubjectRulesReview',
    { namespace: NAMESPACE },
  );
  if (rules.incomplete) throw new Error('the caller’s rules are incomplete');
  return {
    context: 'demo',
    namespace: NAMESPACE,
    gitVersion: String(info.gitVersion),
    version: effectiveVersion(info),
    readAt: '2026-11-20T09:30:00.000Z',
    self: {
      user,
      namespace: NAMESPACE,
      rules: sorted([...rules.resourceRules, ...rules.nonResourceRules].map(reduceRule)),
      incomplete: null,
    },
    selfFailure: null,
    flags: null,
  };
}

async function review<T>(plane: ControlPlane, group: string, kind: string, spec: Raw = {}): Promise<T> {
  const path = `/apis/${group}.k8s.io/v1/${kind.toLowerCase()}s`;
  const { body } = await plane.request(
    'POST',
    path,
    { apiVersion: `${group}.k8s.io/v1`, kind, spec },
    { token: CALLER.token },
  );
  return (body as { status: T }).status;
}

/** The server's own order is another each time. */
const sorted = (rules: readonly Rule[]): Rule[] =>
  rules
    .map((rule) => JSON.stringify(rule))
    .sort()
    .map((rule): Rule => JSON.parse(rule));
