import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load as parseYaml } from 'js-yaml';
import type { EvidenceStep } from '../../../src/answer/answer.ts';
import type { SubjectRef, TargetRef } from '../../../src/answer/refs.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { waitFor } from '../../helpers/real.ts';
import { type Credentials, type Ran, runWith } from '../../helpers/shell.ts';
import { ACCOUNT_ANNOTATION, TOKEN_TYPE } from '../attacker/grants.ts';
import { type AttackStage, filledToken } from '../attacker/stage.ts';

/**
 * Carries out what the proof of a finding prints, as the identity that each step names, with nothing but what the steps
 * before it gave; and shows what is gained in the end. Throws where a command fails, or somebody's credentials are not
 * there.
 */
export async function replay(
  stage: AttackStage,
  evidence: readonly EvidenceStep[],
  start: { subject: SubjectRef; credentials: Credentials },
  goal: TargetRef,
): Promise<void> {
  const { plane } = stage;
  const held = new Map([[keyOf(start.subject), start.credentials]]);
  const seen = new Loot();
  const before = new Set((await podsOf(plane)).map(({ metadata: { uid } }) => uid));
  for (const step of evidence) {
    const said = await carryOut(step);
    const gained = step.gains && (await credentialsFor(step.gains, step, said));
    if (step.gains && gained) held.set(keyOf(step.gains), gained);
  }
  await demonstrate();

  async function carryOut({ attack, identity, step, technique }: EvidenceStep): Promise<string> {
    if (attack === undefined) return '';
    const command = goal.kind === 'Secret' ? attack.replace(/\bNAME\b/, goal.name) : attack;
    const credentials = held.get(keyOf(identity ?? start.subject));
    assert.ok(credentials, `${step}: there are no credentials of ${keyOf(identity ?? start.subject)}`);
    const ran = await runUntil(credentials, command, (output) => !answersLater(attack) || CERTIFICATE.test(output));
    assert.ok(ran.code === 0 || isUnheard(technique, ran), `${step}: ${attack}\n${ran.output}`);
    await stage.settle();
    seen.look(ran.output);
    await filled(plane);
    return ran.output;
  }

  /** Runs a command again until its answer holds what a controller makes. */
  async function runUntil(
    credentials: Credentials,
    command: string,
    isDone: (output: string) => boolean,
  ): Promise<Ran> {
    for (const deadline = Date.now() + 20_000; ; await sleep(100)) {
      const ran = await runWith(plane, credentials, command);
      if (ran.code !== 0 || isDone(ran.output) || Date.now() > deadline) return ran;
    }
  }

  /** The certificate in an answer, with the key that was made with the request. */
  function certified(said: string): Credentials {
    const [, certificate] = CERTIFICATE.exec(said) ?? [];
    assert.ok(certificate, `no certificate in ${said}`);
    const key = readFileSync(join(plane.dir, 'whocan-escalate.key'));
    return { 'client-certificate-data': certificate, 'client-key-data': key.toString('base64') };
  }

  /** The credentials that a step gives; null where it gives none, or they are no more than what is held already. */
  async function credentialsFor(
    gains: TargetRef,
    { technique, attack, identity }: EvidenceStep,
    said: string,
  ): Promise<Credentials | null> {
    if (technique === 'sa-token-request') return { token: said.trim() };
    if (technique.startsWith('impersonate-')) {
      const by = held.get(keyOf(identity ?? start.subject));
      return { ...by, ...impersonated(attack ?? '') };
    }
    if (technique === 'csr-approve') return certified(said);
    if (gains.kind !== 'ServiceAccount') return null;
    const token = seen.tokens.get(keyOf(gains));
    if (token !== undefined) return { token };
    return { token: await tokenInPod(gains) };
  }

  /** What a kubelet would put into a pod that runs as the account: one that was there, or that the attack has made. */
  async function tokenInPod({ namespace, name }: TargetRef): Promise<string> {
    const find = async () =>
      (await podsOf(plane)).filter(
        ({ metadata, spec }) => metadata.namespace === namespace && spec.serviceAccountName === name,
      );
    await waitFor(plane, `/api/v1/namespaces/${namespace}/pods`, (body) =>
      (body as { items: Pod[] }).items.some(({ spec }) => spec.serviceAccountName === name),
    );
    const [pod] = (await find()).toSorted(
      (a, b) => Number(before.has(a.metadata.uid)) - Number(before.has(b.metadata.uid)),
    );
    assert.ok(pod && mountsToken(pod), `no pod with a token of ${name}: ${JSON.stringify(pod)}`);
    const { status, body } = await plane.request(
      'POST',
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid } },
      },
    );
    assert.equal(status, 201, JSON.stringify(body));
    return (body as { status: { token: string } }).status.token;
  }

  /** Shows with kubectl what is gained. */
  async function demonstrate(): Promise<void> {
    const { kind, namespace, name } = goal;
    if (kind === 'Secret') return assert.ok(seen.secrets.has(`${namespace}/${name}`), `Secret ${name} was not seen`);
    if (kind === 'ServiceAccount') {
      const credentials = held.get(keyOf(goal));
      assert.ok(credentials, `there are no credentials of ${keyOf(goal)}`);
      const { output } = await runWith(
        plane,
        credentials,
        'kubectl auth whoami -o jsonpath={.status.userInfo.username}',
      );
      return assert.equal(output, `system:serviceaccount:${namespace}:${name}`);
    }
    const question =
      kind === 'Cluster' ? "kubectl auth can-i '*' '*' -A" : `kubectl auth can-i create rolebindings -n ${name}`;
    const answers = await Promise.all([...held.values()].map((each) => runWith(plane, each, question)));
    assert.ok(
      answers.some(({ output }) => /(^|\n)yes\s*$/.test(output)),
      `nobody who is held ${question}: ${JSON.stringify([...held.keys()])}`,
    );
  }
}

/** Secrets that were printed or mounted, and the tokens in them. */
class Loot {
  readonly secrets = new Set<string>();
  readonly tokens = new Map<string, string>();

  look(output: string): void {
    for (const { metadata, data } of secretsIn(output)) {
      const { namespace, name, annotations = {} } = metadata;
      this.secrets.add(`${namespace}/${name}`);
      const account = annotations[ACCOUNT_ANNOTATION];
      if (account !== undefined && data?.token)
        this.tokens.set(`ServiceAccount ${namespace}/${account}`, Buffer.from(data.token, 'base64').toString());
    }
  }
}

interface Secret {
  kind: string;
  metadata: { namespace?: string; name: string; annotations?: Record<string, string> };
  data?: Record<string, string>;
}

interface Pod {
  metadata: { namespace: string; name: string; uid: string };
  spec: { serviceAccountName: string; volumes?: { projected?: { sources: object[] } }[] };
}

/** Whether admission has given the pod a volume with a token. */
const mountsToken = ({ spec: { volumes = [] } }: Pod): boolean =>
  volumes.some(({ projected }) => projected?.sources.some((source) => 'serviceAccountToken' in source));

const podsOf = async (plane: ControlPlane): Promise<Pod[]> =>
  ((await plane.request('GET', '/api/v1/pods')).body as { items: Pod[] }).items;

/** A Secret, a list of them, or the events of a watch. */
function secretsIn(output: string): Secret[] {
  if (!/^(apiVersion:|\{)/.test(output)) return [];
  const documents = output.startsWith('{"type"') ? output.trim().split('\n') : [output];
  return documents.flatMap((each) => {
    const parsed = parseYaml(each) as Secret & { items?: Secret[]; object?: Secret };
    const found = parsed.items ?? [parsed.object ?? parsed];
    return found.filter(({ kind, data }) => kind === 'Secret' || data !== undefined);
  });
}

/** Waits until the token controller has filled every Secret that is to hold a token. */
async function filled(plane: ControlPlane): Promise<void> {
  const { items } = (await plane.request('GET', `/api/v1/secrets?fieldSelector=type%3D${TOKEN_TYPE}`)).body as {
    items: Secret[];
  };
  await Promise.all(
    items.map(async ({ metadata: { namespace, name, annotations } }) => {
      const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${annotations?.[ACCOUNT_ANNOTATION]}`;
      const { status, body } = await plane.request('GET', account);
      if (status !== 200) return;
      const { uid } = (body as { metadata: { uid: string } }).metadata;
      await filledToken(plane, `/api/v1/namespaces/${namespace}/secrets/${name}`, uid);
    }),
  );
}

const CERTIFICATE = /certificate"?: ?"?([A-Za-z0-9+/=]{200,})/;

/** Whether the answer to a command is to hold a certificate, which is issued in the controller's own time. */
const answersLater = (attack: string): boolean =>
  /certificatesigningrequest/i.test(attack) && / get |-o yaml|dryRun/.test(attack);

/** The flags of `kubectl auth whoami` as a kubeconfig has them. */
function impersonated(attack: string): Credentials {
  const flag = (name: string) =>
    [...attack.matchAll(new RegExp(`--${name}=('[^']*'|\\S+)`, 'g'))].map(([, value = '']) =>
      value.replaceAll("'", ''),
    );
  const [user] = flag('as');
  const groups = flag('as-group');
  return { as: user, ...(groups.length > 0 ? { 'as-groups': groups } : {}) };
}

/**
 * A session that the server allows, and that no kubelet answers. kubectl looks at the pod first, which the request for
 * the session itself does not take.
 */
const isUnheard = (technique: string, { output }: Ran): boolean =>
  /^pod-(exec|attach)$/.test(technique) && !/cannot create resource/.test(output) && EXEC_ENDS.test(output);

const EXEC_ENDS = /does not have a host assigned|dialing backend|cannot get resource "pods" in/;

const keyOf = ({ kind, namespace, name }: Pick<SubjectRef, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
