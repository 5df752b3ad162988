import type { Unknown } from '../../answer/unknown.ts';
import { list } from '../../world/needs.ts';
import type { Attacker } from '../attacker.ts';
import { byRights } from '../by-rights.ts';
import type { Step } from '../derivation.ts';
import { PLACEHOLDER } from '../handed.ts';
import { accountPosition } from '../position.ts';
import { type Account, accountsOf, accountUnknowns } from '../targets.ts';
import { right } from '../wanted.ts';
import { accountOfGoal, CREATORS, creationOf } from './accounts.ts';
import { removalRights, removalStep } from './removal.ts';
import { READ_COLLECTION, READ_SECRET, readSecretStep } from './secret-step.ts';
import { tokenSecret, writes } from './written.ts';

const CREATE = right('create', 'secrets');

/** A token Secret that the attacker creates for an account; the token controller fills it in. */
export const tokenSecretCreate = byRights({
  id: 'sa-token-secret-create',
  title: 'create a token Secret of a service account, and read it',
  takes:
    'create secrets in the namespace of the account, and any right that reads the Secret. Different identities may do the two.',
  gives: 'The account, until somebody deletes the Secret.',
  mitre: ['T1528'],
  microsoft: ['MS-TA9016'],
  references: ['kubernetes pkg/controller/serviceaccount/tokens_controller.go'],
  targets: ({ world }) => accountsOf(world),
  entry: [
    { wanted: CREATE, creates: true, isNamed: false },
    { wanted: READ_SECRET, isNamed: false },
    { wanted: READ_COLLECTION, isNamed: false },
    ...removalRights('Secret').map((wanted) => ({ wanted, isNamed: false })),
    ...CREATORS,
  ],
  steps: (account, attacker) => [...creationOf(account), ...stepsFor(account, nameFor(account, attacker), attacker)],
  gains: ({ namespace, name }) => accountPosition(namespace, name),
  condition: (account, attacker) => {
    const taken = takenUnknowns(account.namespace, nameFor(account, attacker), attacker);
    const unknowns = [...accountUnknowns(account, attacker.world), ...taken];
    return { unknowns, leaning: taken.length > 0 ? 'no' : 'yes' };
  },
  targetOf: accountOfGoal,
});

/** The name of the Secret: one of the attacker's own where rights allow, else one of those to which they are limited. */
function nameFor(account: Account, attacker: Attacker): string {
  const { length } = attacker.actors;
  const before = CHOSEN.get(attacker);
  const chosen =
    before?.actors === length && before.handed === attacker.handed.length
      ? before
      : { actors: length, handed: attacker.handed.length, byNamespace: new Map<string, string>() };
  CHOSEN.set(attacker, chosen);
  const known = chosen.byNamespace.get(account.namespace);
  if (known !== undefined) return known;
  const names = [PLACEHOLDER, ...namesOf(attacker)];
  const name =
    names.find((each) => attacker.meet({ steps: stepsFor(account, each, attacker) }) !== null) ?? PLACEHOLDER;
  chosen.byNamespace.set(account.namespace, name);
  return name;
}

/** The same for all accounts of a namespace, as long as nobody else is held and nothing else is handed out. */
const CHOSEN = new WeakMap<Attacker, { actors: number; handed: number; byNamespace: Map<string, string> }>();

const stepsFor = ({ namespace, name: account }: Account, name: string, attacker: Attacker): Step[] => [
  ...removalOf(namespace, name, attacker),
  {
    words: `create a token Secret of ServiceAccount ${namespace}/${account}`,
    any: [[{ wanted: CREATE, namespace, name, creates: true }]],
    attack: writes(tokenSecret(namespace, name, account)),
  },
  readSecretStep(namespace, name),
];

/**
 * Whether a name is taken that rights are limited to. Of Secrets only those are read that hold tokens, and manifests do
 * not say what is created later: a name that a role lists is most often one of a Secret that is there.
 */
function takenUnknowns(namespace: string, name: string, { world }: Attacker): Unknown[] {
  const isKnown = world.facts.origin === 'file' && !world.facts.applied && world.isRead(list('secrets', namespace));
  if (name === PLACEHOLDER || isKnown || world.find('secrets', namespace, name)) return [];
  return [
    {
      kind: 'invisible',
      what: `whether there is a Secret ${namespace}/${name} already`,
      why: 'of Secrets only those are read that hold tokens of accounts',
      affects: 'whether a token Secret can be created under the name that can be read',
    },
  ];
}

/**
 * The two requests are about one Secret, whose name the attacker chooses as far as the rights leave it open: the names
 * to which rights are limited.
 */
function namesOf(attacker: Attacker): ReadonlySet<string> {
  const creators = attacker.able({ wanted: CREATE, creates: true });
  const readers = attacker.able({ wanted: READ_SECRET });
  const known = NAMES.get(attacker);
  const state = `${creators.length} ${readers.length} ${attacker.handed.length}`;
  if (known?.state === state) return known.names;
  const names = new Set([
    ...creators.flatMap((actor) => attacker.rights(actor, CREATE, true).flatMap((each) => each.names ?? [])),
    ...readers.flatMap((actor) => attacker.rights(actor, READ_SECRET).flatMap((each) => each.names ?? [])),
  ]);
  NAMES.set(attacker, { state, names });
  return names;
}

const NAMES = new WeakMap<Attacker, { state: string; names: ReadonlySet<string> }>();

/** A Secret that exists has to go first: the type of a Secret cannot be changed. */
const removalOf = (namespace: string, name: string, { world }: Attacker): Step[] =>
  world.find('secrets', namespace, name) ? [removalStep('Secret', namespace, name)] : [];
