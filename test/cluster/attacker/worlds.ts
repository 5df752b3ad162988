import { type Random, random } from '../../helpers/random.ts';
import { workload } from './actions/pods.ts';
import {
  account,
  accountObject,
  binding,
  group,
  namespaceObject,
  plainSecret,
  podObject,
  right,
  role,
  tokenSecret,
  user,
} from './grants.ts';
import type { Account, AttackWorld, Manifest, RbacRule, RbacSubject } from './world.ts';

/** The pieces that the grants of a random world are made from. */
interface Draft {
  dice: Random;
  prefix: string;
  namespaces: string[];
  accounts: Account[];
  users: string[];
  secrets: Manifest[];
  objects: Manifest[];
  grants: number;
  /** The names of Roles and ClusterRoles that grants can speak of. Some do not exist. */
  roles: string[];
  clusterRoles: string[];
}

/** One half, or the whole, of what a technique needs: rules, and whether they only work in the whole cluster. */
interface Part {
  rules: RbacRule[];
  isClusterWide?: boolean;
}

/** What somebody needs to come to control `target`, or something near it. */
type Technique = (draft: Draft, target: Account) => Part[];

/**
 * A random world of a few namespaces, accounts, Secrets and grants. Its rights are those that techniques need, mostly
 * of somebody who is reached to reach somebody else, so that there are chains; some lack a half, some lie elsewhere.
 */
export function generateAttackWorld(seed: number, prefix = `w${seed}`): AttackWorld {
  const dice = random(seed);
  const namespaces = dice.some(['ci', 'shop', 'data'], 2, 3).map((name) => `${prefix}-${name}`);
  const accounts = Array.from({ length: 3 + dice.below(3) }, (_, index) => ({
    namespace: dice.chance(0.65) ? (namespaces[0] ?? '') : dice.pick(namespaces),
    name: ['web', 'build', 'deploy', 'ops', 'audit'][index] ?? '',
  }));
  const users = dice.some([`${prefix}-jane`, `${prefix}-otto`], 0, 2);
  const secrets = secretsOf(dice, accounts, namespaces);
  const draft: Draft = {
    ...{ dice, prefix, namespaces, accounts, users, secrets, grants: 0 },
    objects: [
      ...namespaces.map(namespaceObject),
      ...accounts.map(({ namespace, name }) => accountObject(namespace, name)),
      ...secrets,
      ...dice.some(accounts, 0, 2).map(({ namespace, name }, index) => podObject(namespace, `pod-${index}`, name)),
      ...(dice.chance(0.3)
        ? [workload(dice.pick(['Deployment', 'CronJob', 'Job']), dice.pick(namespaces), 'runner', 'default')]
        : []),
    ],
    roles: ['r0', 'r1', 'r2', 'r3', 'ghost-role'],
    clusterRoles: [...['edit', 'admin', 'view', 'cluster-admin'], `${prefix}-r0`, `${prefix}-r1`],
  };
  const [start = { namespace: '', name: '' }] = accounts;
  let holder = start;
  for (let hops = 3 + dice.below(4); hops > 0; hops -= 1) {
    const target = dice.pick(accounts);
    addTechnique(draft, holder, target);
    holder = dice.chance(0.6) ? target : dice.pick([start, ...accounts]);
  }
  for (let decoys = dice.below(3); decoys > 0; decoys -= 1)
    grant(draft, account2subject(dice.pick(accounts)), dice.pick(DECOYS)(draft), dice.pick(namespaces));
  if (dice.chance(0.35)) addLatent(draft);
  return { prefix, objects: draft.objects, start };
}

function secretsOf(dice: Random, accounts: readonly Account[], namespaces: readonly string[]): Manifest[] {
  return Array.from({ length: 1 + dice.below(3) }, (_, index) => {
    const { namespace, name } = dice.pick(accounts);
    return dice.chance(0.5)
      ? plainSecret(dice.pick(namespaces), `secret-${index}`)
      : tokenSecret(namespace, `secret-${index}`, name);
  });
}

/** Grants all that a technique needs to one holder; or splits it between two, or leaves a half out. */
function addTechnique(draft: Draft, holder: Account, target: Account): void {
  const { dice } = draft;
  const parts = dice.pick(TECHNIQUES)(draft, target);
  const missing = parts.length > 1 && dice.chance(0.1) ? dice.below(parts.length) : null;
  const other = dice.chance(0.25) ? dice.pick(draft.accounts) : holder;
  const together = dice.chance(0.4);
  const kept = parts.filter((_, index) => index !== missing);
  if (together && kept.length > 1 && other === holder) {
    const rules = kept.flatMap((part) => part.rules);
    grant(
      draft,
      subjectFor(draft, holder),
      { rules, isClusterWide: kept.some((part) => part.isClusterWide) },
      target.namespace,
    );
    return;
  }
  for (const [index, part] of kept.entries())
    grant(draft, subjectFor(draft, index === 0 ? holder : other), part, target.namespace);
}

/** A role and a binding to it; now and then in another namespace, in the whole cluster, or to a role that is not there. */
function grant(draft: Draft, subject: RbacSubject, { rules, isClusterWide = false }: Part, namespace: string): void {
  const { dice, prefix, namespaces, objects } = draft;
  const place = isClusterWide
    ? dice.chance(0.93)
      ? null
      : namespace
    : dice.chance(0.06)
      ? null
      : dice.chance(0.08)
        ? dice.pick(namespaces)
        : namespace;
  draft.grants += 1;
  const count = draft.grants - 1;
  const isReused = place === null || dice.chance(0.2);
  const name = isReused ? `${prefix}-r${count}` : `r${count}`;
  if (!dice.chance(0.03)) objects.push(role(isReused ? null : place, name, rules));
  objects.push(
    binding(
      place,
      place === null ? `${prefix}-b${count}` : `b${count}`,
      { kind: isReused ? 'ClusterRole' : 'Role', name },
      subject,
    ),
  );
}

/** An account as bindings may name it, or one of its groups. */
function subjectFor({ dice }: Draft, { namespace, name }: Account): RbacSubject {
  if (dice.chance(0.05)) return group(`system:serviceaccounts:${namespace}`);
  return dice.chance(0.04) ? user(`system:serviceaccount:${namespace}:${name}`) : account(namespace, name);
}

const account2subject = ({ namespace, name }: Account): RbacSubject => account(namespace, name);

/** Bindings to what is not there yet: an account, the accounts of a namespace, or a role. */
function addLatent(draft: Draft): void {
  const { dice, prefix, namespaces, objects, accounts } = draft;
  const namespace = dice.pick(namespaces);
  const strong = { kind: 'ClusterRole', name: dice.pick(['edit', 'admin', 'cluster-admin']) } as const;
  const later = `${prefix}-later`;
  dice.pick([
    () => {
      objects.push(binding(namespace, 'latent', strong, account(namespace, 'ghost')));
      const maker = dice.pick(accounts);
      grant(draft, account(maker.namespace, maker.name), { rules: [right('create serviceaccounts')] }, namespace);
      if (dice.chance(0.7))
        grant(
          draft,
          account(maker.namespace, maker.name),
          { rules: [right('create serviceaccounts/token', 'ghost')] },
          namespace,
        );
    },
    () => {
      objects.push(binding(namespace, 'latent', strong, group(`system:serviceaccounts:${later}`)));
      const maker = dice.pick(accounts);
      const rules = [right('create namespaces'), right('create serviceaccounts/token', 'default')];
      grant(draft, account(maker.namespace, maker.name), { rules, isClusterWide: true }, namespace);
    },
    () => {
      const lucky = dice.pick(accounts);
      const maker = dice.pick(accounts);
      objects.push(
        binding(namespace, 'latent', { kind: 'Role', name: 'ghost-role' }, account(lucky.namespace, lucky.name)),
      );
      const rules = [right(dice.pick(['create roles', 'create update roles', 'create patch roles']))];
      if (dice.chance(0.6)) rules.push(right('escalate roles'));
      grant(draft, account(maker.namespace, maker.name), { rules }, namespace);
    },
  ])();
}

const READS = ['get', 'list', 'watch', 'patch', 'delete', 'get list', 'deletecollection', '*'];
const WORKLOADS = [
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
];
const named = ({ dice }: Draft, probability: number, ...names: string[]): string[] =>
  dice.chance(probability) ? names : [];
const pickedSecret = ({ dice, secrets }: Draft, { namespace }: Account): string =>
  dice.pick([...secrets.filter(({ metadata }) => metadata.namespace === namespace), ...secrets]).metadata.name;
const users = ({ users: names, prefix }: Draft): string[] => (names.length > 0 ? names : [`${prefix}-nobody`]);

/** Listed twice is twice as likely. */
const TECHNIQUES: readonly Technique[] = [
  ...Array.from(
    { length: 3 },
    (): Technique =>
      (draft, { name }) => [{ rules: [right('create serviceaccounts/token', ...named(draft, 0.7, name))] }],
  ),
  (draft, { name }) => [{ rules: [right('impersonate serviceaccounts', ...named(draft, 0.7, name))] }],
  (draft, { name }) => [{ rules: [right('impersonate serviceaccounts', ...named(draft, 0.7, name))] }],
  (draft, target) => {
    const who = draft.dice.pick(users(draft));
    const next = draft.dice.pick(TECHNIQUES.slice(0, 5))(draft, target);
    for (const part of next) grant(draft, user(who), part, target.namespace);
    return [{ rules: [right('impersonate users', who)], isClusterWide: true }];
  },
  (draft, target) => {
    const team = `${draft.prefix}-team`;
    grant(draft, group(team), { rules: [right('create serviceaccounts/token', target.name)] }, target.namespace);
    return [
      { rules: [right('impersonate groups', ...named(draft, 0.9, team))], isClusterWide: true },
      { rules: [right('impersonate serviceaccounts', draft.dice.pick(draft.accounts).name)] },
    ];
  },
  ...Array.from(
    { length: 3 },
    (): Technique => (draft, target) => [
      { rules: [right(`${draft.dice.pick(READS)} secrets`, ...named(draft, 0.5, pickedSecret(draft, target)))] },
    ],
  ),
  (draft, { name }) => [
    { rules: [right('create secrets')] },
    { rules: [right(`${draft.dice.pick(READS)} secrets`, ...named(draft, 0.3, `token-of-${name}`))] },
  ],
  ({ dice }) => [
    { rules: [right(dice.pick(['create patch secrets', 'create get secrets', 'create secrets']), 'made')] },
  ],
  (draft, target) => [
    {
      rules: [
        right(`${draft.dice.pick(['patch', 'update'])} secrets`, ...named(draft, 0.6, pickedSecret(draft, target))),
      ],
    },
    { rules: [right(`${draft.dice.pick(READS)} secrets`, ...named(draft, 0.4, pickedSecret(draft, target)))] },
  ],
  (draft) => [{ rules: [right('create pods', ...named(draft, 0.2, 'pod-new'))] }],
  ({ dice }) => [{ rules: [right(dice.pick(['create patch pods', 'patch pods', 'update pods']), 'pod-0', 'pod-new')] }],
  ({ dice }) => [
    {
      rules: [
        right(dice.pick(['create pods/exec', 'create pods/attach', 'patch pods/ephemeralcontainers', 'get pods/exec'])),
      ],
    },
  ],
  ({ dice }) => [{ rules: [right(`create ${dice.pick(WORKLOADS)}`)] }],
  ({ dice }) => [
    { rules: [right(`${dice.pick(['patch', 'update', 'patch create'])} ${dice.pick(WORKLOADS)}`, 'runner')] },
  ],
  ({ dice, roles, clusterRoles }) => [
    { rules: [right('create rolebindings')] },
    {
      rules: [
        dice.chance(0.4) ? right('bind roles', dice.pick(roles)) : right('bind clusterroles', dice.pick(clusterRoles)),
      ],
    },
  ],
  (draft) => [
    {
      rules: [
        right(
          draft.dice.pick([
            'create patch rolebindings',
            'update rolebindings',
            'patch rolebindings',
            'create update rolebindings',
          ]),
          ...draft.dice.some(['b0', 'b1', 'b2', 'mine', 'latent'], 1, 2),
        ),
      ],
    },
    { rules: [right('bind clusterroles', ...draft.dice.some(draft.clusterRoles, 1, 2))] },
    { rules: [right('bind roles', ...named(draft, 0.6, ...draft.dice.some(draft.roles, 1, 2)))] },
  ],
  () => [{ rules: [right('create rolebindings')] }],
  ({ dice, clusterRoles }) => [
    { rules: [right(`${dice.pick(['create', 'update', 'patch'])} clusterrolebindings`)], isClusterWide: true },
    { rules: [right('bind clusterroles', dice.pick(clusterRoles))], isClusterWide: true },
  ],
  (draft) => [
    {
      rules: [
        right(
          `${draft.dice.pick(['update', 'patch', 'create patch', '*'])} roles`,
          ...named(draft, 0.7, ...draft.dice.some(draft.roles, 1, 3)),
        ),
      ],
    },
    { rules: [right('escalate roles', ...named(draft, 0.6, ...draft.dice.some(draft.roles, 1, 3)))] },
  ],
  ({ dice, roles }) => [
    { rules: [right(`${dice.pick(['update', 'patch', 'create', 'create patch'])} roles`, ...dice.some(roles, 0, 3))] },
  ],
  (draft) => [
    {
      rules: [
        right(
          `${draft.dice.pick(['update', 'patch', 'create'])} clusterroles`,
          ...named(draft, 0.7, `${draft.prefix}-r0`, `${draft.prefix}-r1`),
        ),
      ],
      isClusterWide: true,
    },
    { rules: [right('escalate clusterroles', ...named(draft, 0.6, `${draft.prefix}-r0`))], isClusterWide: true },
  ],
  (_, { name }) => [
    { rules: [right('create serviceaccounts')] },
    { rules: [right('create serviceaccounts/token', name, 'ghost')] },
  ],
  ({ dice }) => [
    { rules: [right('create certificatesigningrequests')], isClusterWide: true },
    {
      rules: [right(`${dice.pick(['update', 'patch', '*'])} certificatesigningrequests/approval`)],
      isClusterWide: true,
    },
    {
      rules: [
        right(
          'approve signers',
          dice.pick([
            'kubernetes.io/kube-apiserver-client',
            'kubernetes.io/*',
            'kubernetes.io/kube-apiserver-client',
            'example.com/x',
          ]),
        ),
      ],
      isClusterWide: true,
    },
    { rules: [right(`${dice.pick(['get', 'list', 'watch'])} certificatesigningrequests`)], isClusterWide: true },
  ],
  ({ dice }) => [
    {
      rules: [
        star(
          dice,
          right(
            `${dice.pick(['get', 'create', 'patch', 'update'])} ${dice.pick(['secrets', 'pods', 'roles', 'serviceaccounts', 'rolebindings', 'deployments'])}`,
          ),
        ),
      ],
    },
  ],
];

/** The same rule with a star in one position. */
function star(dice: Random, rule: RbacRule): RbacRule {
  return dice.pick([
    { ...rule, verbs: ['*'] },
    { ...rule, resources: ['*'] },
    { ...rule, apiGroups: ['*'] },
    { ...rule, resources: ['*/token', '*/exec'] },
  ]);
}

/** Rights that look like a way and are none. */
const DECOYS: readonly ((draft: Draft) => Part)[] = [
  () => ({ rules: [right('impersonate uids')], isClusterWide: true }),
  () => ({ rules: [right('impersonate userextras/scopes')], isClusterWide: true }),
  () => ({ rules: [right('* pods/*')] }),
  () => ({ rules: [right('get list watch pods'), right('get pods/log')] }),
  () => ({ rules: [right('create serviceaccounts/token', '*')] }),
  () => ({ rules: [right('get secrets', '*')] }),
  () => ({ rules: [right('bind escalate clusterroles')] }),
  () => ({ rules: [right('impersonate groups', 'system:masters')], isClusterWide: true }),
  ({ prefix }) => ({ rules: [right('impersonate users', `${prefix}-jane`)] }),
  () => ({ rules: [right('patch update serviceaccounts')] }),
  () => ({ rules: [right('patch deployments/scale'), right('patch pods/status')] }),
  () => ({ rules: [right('approve signers')], isClusterWide: true }),
];
