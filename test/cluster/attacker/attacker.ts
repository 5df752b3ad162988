import { createBindings, extendBindings } from './actions/bindings.ts';
import { approveCertificates, fetchCertificates, requestCertificates } from './actions/certificates.ts';
import { createAccounts, createNamespaces } from './actions/creation.ts';
import { takeOverPods } from './actions/existing-pods.ts';
import { impersonate, requestTokens } from './actions/identities.ts';
import { changeWorkloads, createPods, createWorkloads } from './actions/pods.ts';
import { createRoles, editRoles } from './actions/roles.ts';
import { createTokenSecrets, readSecrets, retargetTokenSecrets } from './actions/secrets.ts';
import { type Action, Attack, accountPath, type Rights, TOKEN_REQUEST, type TokenReply } from './attack.ts';
import { choicesOf } from './choices.ts';
import type { Credential } from './credentials.ts';
import { binding } from './grants.ts';
import { create } from './outcome.ts';
import { mayDoAnything, rulesIn } from './reviews.ts';
import type { AttackStage } from './stage.ts';
import { type AttackWorld, accountKey, CLUSTER_ADMIN, namespaceKey } from './world.ts';

/** What was gained, by its key, with the action that gained it first; and the actions that did anything. */
export interface AttackResult {
  gains: ReadonlyMap<string, string>;
  useful: ReadonlySet<string>;
  /** Whether everything was tried: some worlds have so many choices that only the first of them are. */
  isComplete: boolean;
}

/**
 * Attacks a world that is placed on a server, from its start: with every credential that it gains it tries every action,
 * until nothing new is gained; without the actions of these names.
 */
export async function attack(
  stage: AttackStage,
  world: AttackWorld,
  without: readonly string[] = [],
): Promise<AttackResult> {
  const attack = new Attack(stage, world);
  const actions = ACTIONS.filter(({ name }) => !without.includes(name));
  const { body } = await stage.plane.request('POST', `${accountPath(world.start)}/token`, TOKEN_REQUEST);
  attack.holdToken(START, world.start, (body as TokenReply).status.token);
  try {
    const tried = new Map<string, string>();
    const until = performance.now() + MOST_SECONDS * 1000;
    const exhaust = async () => {
      while (await tryEverybody(attack, actions, tried));
    };
    await exhaust();
    if (!without.includes(CHOICES)) while (await tryChoices(attack, until, exhaust));
    return attack;
  } finally {
    attack.close();
  }
}

/** One round. Whether there was anything to try: somebody new, somebody with new rights, or something new to reach. */
async function tryEverybody(attack: Attack, actions: readonly Action[], tried: Map<string, string>): Promise<boolean> {
  if (attack.gains.has(CLUSTER_ADMIN)) return false;
  let isNew = false;
  // A role that is filled can no longer be bound by everybody.
  for (const [turn, some] of [actions.filter((each) => each !== editRoles), [editRoles]].entries())
    for (const credential of attack.credentials.values()) {
      const rights = await rightsOf(attack, credential);
      const situation = JSON.stringify([attack.version, [...rights]]);
      const id = `${turn} ${credential.id}`;
      if (tried.get(id) === situation) continue;
      tried.set(id, situation);
      isNew = true;
      if (await review(attack, credential)) return seize(attack, credential);
      for (const action of some) {
        if (!actions.includes(action) || !concerns(rights, action)) continue;
        const before = attack.progress();
        await action.run(attack, credential, rights);
        if (attack.progress() !== before) attack.useful.add(action.name);
      }
      await attack.settle();
    }
  return isNew;
}

/** One round of what destroys something. Whether anything was gained by it. */
async function tryChoices(attack: Attack, until: number, exhaust: () => Promise<void>): Promise<boolean> {
  const before = attack.gains.size + attack.credentials.size;
  for (const credential of [...attack.credentials.values()]) {
    if (attack.gains.has(CLUSTER_ADMIN)) return false;
    const everybody = new Map<string, Rights>();
    for (const each of attack.credentials.values()) everybody.set(each.id, await rightsOf(attack, each));
    for (const { name, make, fill, undo } of choicesOf(attack, credential, everybody)) {
      const memory = JSON.stringify([name, credential.id, [...everybody], attack.heldSubjects()]);
      if (attack.done.has(memory)) continue;
      attack.done.add(memory);
      if (attack.choices >= MOST_CHOICES || performance.now() > until) attack.isComplete = false;
      if (!attack.isComplete || !(await make())) continue;
      attack.choices += 1;
      if (process.env.SHOW) console.log(credential.id, name);
      const gains = attack.gains.size;
      await attack.settle();
      await exhaust();
      if (await fill?.()) {
        await attack.settle();
        await exhaust();
      }
      if (attack.gains.size > gains) attack.useful.add(CHOICES);
      if (attack.gains.has(CLUSTER_ADMIN)) return false;
      await undo();
      await attack.settle();
    }
  }
  return attack.isComplete && attack.gains.size + attack.credentials.size > before;
}

async function rightsOf({ namespaces }: Attack, credential: Credential): Promise<Rights> {
  const places = [['', 'default'], ...namespaces.map((name) => [name, name])] as const;
  return new Map(await Promise.all(places.map(async ([key, name]) => [key, await rulesIn(credential, name)] as const)));
}

/** Whether any rule names a resource of the action, or a star. */
function concerns(rights: Rights, { resources }: Action): boolean {
  return [...rights.values()]
    .flat()
    .some(({ resources: named = [] }) => named.some((name) => name.startsWith('*') || resources.includes(name)));
}

/**
 * Who may do anything makes the start an administrator as well, because somebody impersonated could not impersonate
 * further; and that takes everything. There is nothing to try after that.
 */
async function seize(attack: Attack, credential: Credential): Promise<false> {
  const start = attack.credentials.get(accountKey(attack.world.start));
  if (!start) throw new Error('the token of the start is lost');
  const everything = binding(
    null,
    attack.freshName(),
    { kind: 'ClusterRole', name: 'cluster-admin' },
    start.identity.subject,
  );
  const outcome = await create(credential, everything, false);
  if (outcome !== 'done') throw new Error(`somebody who may do anything can't bind cluster-admin: ${outcome}`);
  attack.wroteRbac();
  await attack.settle();
  await review(attack, start);
  for (const action of [requestTokens, impersonate, readSecrets]) await action.run(attack, start, new Map());
  return false;
}

/** Looks whether this credential may do anything in the cluster or in a namespace. Whether it is the cluster. */
async function review(attack: Attack, credential: Credential): Promise<boolean> {
  const keys: [key: string, namespace?: string][] = [
    [CLUSTER_ADMIN],
    ...attack.names.namespaces.map((name): [string, string] => [namespaceKey(name), name]),
  ];
  await Promise.all(
    keys.map(async ([key, namespace]) => {
      if (!attack.gains.has(key) && (await mayDoAnything(credential, namespace))) attack.gain(REVIEW, key);
    }),
  );
  return attack.gains.has(CLUSTER_ADMIN);
}

/** In the order in which they are tried. */
const ACTIONS: readonly Action[] = [
  ...[createBindings, extendBindings, editRoles, createRoles],
  ...[requestTokens, impersonate, readSecrets, createPods, createWorkloads, changeWorkloads, takeOverPods],
  ...[createAccounts, createNamespaces, createTokenSecrets, retargetTokenSecrets],
  ...[requestCertificates, approveCertificates, fetchCertificates],
];

const START = 'start';
/** What is tried last. */
const CHOICES = 'replace something';
const MOST_CHOICES = 12;
const MOST_SECONDS = 8;
const REVIEW = 'has all rights';
