import { type Action, type Attack, type KnownSecret, secretPath } from '../attack.ts';
import type { Credential } from '../credentials.ts';
import { ACCOUNT_ANNOTATION, tokenSecret } from '../grants.ts';
import { create, MERGE, outcomeOf } from '../outcome.ts';
import { filledToken, objectPath } from '../stage.ts';
import { type Account, accountKey, type Manifest, secretKey } from '../world.ts';

/** Reads each Secret by each verb that answers with it. */
export const readSecrets: Action = {
  name: 'read a Secret',
  resources: ['secrets'],
  async run(attack, credential) {
    const unread = attack.secrets.filter(({ namespace, name }) => !attack.readSecrets.has(secretKey(namespace, name)));
    await Promise.all(
      unread.map(async (secret) => {
        const token = await contentOf(credential, secret);
        if (token !== null) await attack.seeSecret(this.name, secret, token || undefined);
      }),
    );
  },
};

/** The token in a Secret, '' where there is other content; null where nothing answers with it. */
async function contentOf({ send }: Credential, { namespace, name }: KnownSecret): Promise<string | null> {
  const all = `/api/v1/namespaces/${namespace}/secrets`;
  const one = `${all}/${name}`;
  const byName = `fieldSelector=metadata.name%3D${name}`;
  const attempts: [method: string, path: string, body?: object, headers?: Record<string, string>][] = [
    ['GET', one],
    ['GET', `${all}?${byName}`],
    ['GET', all],
    ['GET', `${all}?watch=true&timeoutSeconds=1&${byName}`],
    ['PATCH', one, {}, MERGE],
    ['DELETE', `${one}?dryRun=All&propagationPolicy=Orphan`],
    ['DELETE', `${all}?dryRun=All`],
  ];
  for (const attempt of attempts) {
    const { status, body } = await send(...attempt);
    const found = status === 200 ? secretsIn(body).find(({ metadata }) => metadata?.name === name)?.data : undefined;
    if (found) return found.token ? Buffer.from(found.token, 'base64').toString() : '';
  }
  return null;
}

type Found = { metadata?: Manifest['metadata']; data?: Record<string, string> };

/** A Secret, a list of them, or the events of a watch. */
function secretsIn(body: unknown): Found[] {
  if (typeof body === 'string')
    return body.split('\n').flatMap((line) => (line ? [(JSON.parse(line) as { object: Found }).object] : []));
  const { items, object, ...one } = body as { items?: Found[]; object?: Found } & Found;
  return items ?? [object ?? one];
}

/**
 * Creates a token Secret for each account. Under a new name it stays, and reading it is another step. A name which rules
 * list can hold one token only: it is read with whatever is held, and goes, so that the next account can be chosen.
 */
export const createTokenSecrets: Action = {
  name: 'create a token Secret',
  resources: ['secrets'],
  async run(attack, credential) {
    for (const account of attack.accounts) {
      if (attack.holdsToken(accountKey(account))) continue;
      const fresh = tokenSecret(account.namespace, `${attack.world.prefix}-token-of-${account.name}`, account.name);
      if (!knows(attack, fresh) && (await createAndFill(attack, credential, fresh))) {
        attack.secrets.push(known(fresh, account));
        attack.version += 1;
      }
      for (const name of attack.names.listed('secrets')) {
        const object = tokenSecret(account.namespace, name, account.name);
        if (knows(attack, object) || !(await createAndFill(attack, credential, object))) continue;
        await readByAnybody(attack, this.name, known(object, account));
        await attack.plane.request('DELETE', objectPath(object));
      }
    }
  },
};

const known = ({ metadata }: Manifest, { namespace, name }: Account): KnownSecret => ({
  ...{ namespace, name: metadata.name, account: name },
});

const knows = ({ secrets }: Attack, { metadata }: Manifest): boolean =>
  secrets.some(({ namespace, name }) => namespace === metadata.namespace && name === metadata.name);

async function createAndFill(attack: Attack, credential: Credential, object: Manifest): Promise<boolean> {
  if ((await create(credential, object, true)) !== 'done') return false;
  attack.stage.discard(objectPath(object));
  return (await filledToken(attack.plane, objectPath(object))) !== null;
}

/** Reads a Secret with whatever is held, and keeps the token in it. */
export async function readByAnybody(attack: Attack, action: string, secret: KnownSecret): Promise<void> {
  for (const reader of [...attack.credentials.values()]) {
    const token = await contentOf(reader, secret);
    if (token && secret.account !== null)
      return attack.seeToken(action, { namespace: secret.namespace, name: secret.account }, token);
  }
}

/** Points each token Secret at each other account, reads it with whatever is held, and points it back. */
export const retargetTokenSecrets: Action = {
  name: 'retarget a token Secret',
  resources: ['secrets'],
  async run(attack, credential) {
    for (const secret of attack.secrets.filter(({ account }) => account !== null)) {
      for (const account of attack.accountsIn(secret.namespace)) {
        if (account === secret.account || attack.holdsToken(accountKey({ ...secret, name: account }))) continue;
        await retarget(attack, credential, secret, account);
      }
    }
  },
};

async function retarget(attack: Attack, credential: Credential, secret: KnownSecret, account: string): Promise<void> {
  const path = secretPath(secret);
  const uid = await uidOf(attack, secret.namespace, account);
  const original = (await attack.plane.request('GET', path)).body as Manifest;
  if (uid === null || !original.metadata?.annotations) return;
  const pointed = (name: string) => ({
    data: null,
    metadata: { annotations: { [ACCOUNT_ANNOTATION]: name, [UID_ANNOTATION]: null } },
  });
  const { metadata, ...object } = tokenSecret(secret.namespace, secret.name, account);
  const patched = outcomeOf(await credential.send('PATCH', path, pointed(account), MERGE));
  const put = patched === 'unauthorized' && outcomeOf(await credential.send('PUT', path, { ...object, metadata }));
  if (patched !== 'done' && put !== 'done') return;
  await filledToken(attack.plane, path, uid);
  await readByAnybody(attack, retargetTokenSecrets.name, { ...secret, account });
  await attack.plane.request('PATCH', path, pointed(secret.account ?? ''), { headers: MERGE });
  const before = original.metadata.annotations[UID_ANNOTATION];
  if (before) await filledToken(attack.plane, path, before);
}

async function uidOf(attack: Attack, namespace: string, account: string): Promise<string | null> {
  const reply = await attack.plane.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}`);
  return reply.status === 200 ? (reply.body as { metadata: { uid: string } }).metadata.uid : null;
}

const UID_ANNOTATION = 'kubernetes.io/service-account.uid';
