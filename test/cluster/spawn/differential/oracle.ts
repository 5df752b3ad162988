import { attackText } from '../../../../src/answer/command.ts';
import { podCommand } from '../../../../src/spawn/commands/pod-command.ts';
import type { PodOutcome } from '../../../../src/spawn/outcomes/pod-outcome.ts';
import { podOf } from '../../../../src/spawn/probes/attempt.ts';
import { HARMLESS } from '../../../../src/spawn/probes/probes.ts';
import { reachesNode, type Trial } from '../../../../src/spawn/probes/strongest.ts';
import { writesOf } from '../../../../src/spawn/writes/makers.ts';
import { child, children, type Raw } from '../../../../src/world/raw.ts';
import type { Reply } from '../../../helpers/api-client.ts';
import type { ControlPlane } from '../../../helpers/control-plane.ts';
import { collectionPath } from '../../../helpers/load.ts';
import type { Random } from '../../../helpers/random.ts';
import { sendPrinted } from './printed.ts';

/** Somebody who asks the server themselves. */
export interface Asker {
  name: string;
  groups: readonly string[];
  token: string;
}

/** What the server says otherwise about one way of somebody in one namespace; nothing where it agrees. */
export async function contradictionsOf(
  plane: ControlPlane,
  asker: Asker,
  outcome: PodOutcome,
  dice: Random,
): Promise<string[]> {
  const where = `${asker.name} ${outcome.way.words} in ${outcome.namespaces[0]}`;
  const admitted = outcome.trials.filter(({ admission }) => admission.value === 'yes');
  const found: string[] = [];
  for (const trial of [...admitted.slice(0, 1), ...dice.some(admitted.slice(1), 1, 1)]) {
    const refusal = await refusalOf(plane, asker, outcome, trial);
    if (refusal)
      found.push(`${where}: ${trial.probe.id} was to be admitted, but: ${refusal}\n  ${JSON.stringify(trial.pod)}`);
  }
  const refused = outcome.trials.filter(
    ({ admission, probe }) => admission.value === 'no' && reachesNode(probe.strength),
  );
  for (const trial of dice.some(refused, 2, 2)) {
    for (const pod of attemptsAt(outcome, trial, dice)) {
      if ((await refusalOf(plane, asker, outcome, { ...trial, pod })) === null)
        found.push(
          `${where}: ${trial.probe.id} was to be refused (${reasonsOf(trial)}), but this is admitted: ${JSON.stringify(pod)}`,
        );
    }
  }
  return found;
}

const reasonsOf = ({ admission }: Trial): string => admission.evidence.map(({ detail }) => detail).join('; ');

/**
 * Why the server does not let the pod through by this way, at any of the writes that lead to it; null where it does.
 */
async function refusalOf(plane: ControlPlane, asker: Asker, outcome: PodOutcome, trial: Trial): Promise<string | null> {
  const { way } = outcome;
  const [namespace] = outcome.namespaces;
  const pod = inNamespace(trial.pod, namespace);
  const command = podCommand(outcome, trial);
  const replies = command === null ? [] : await sendPrinted(plane, attackText(command), asker.token);
  const user = { name: asker.name, groups: asker.groups };
  const later = way.maker.controller === null ? [] : writesOf(way.maker, pod, namespace, user).slice(1);
  for (const write of later) {
    if (replies.some(isRefused)) break;
    const headers = impersonating(write.user);
    const object = write.object as Parameters<typeof collectionPath>[0];
    replies.push(await plane.request('POST', `${collectionPath(object)}?dryRun=All`, object, { headers }));
  }
  const refused = replies.find(isRefused);
  return refused ? messageOf(refused) : null;
}

/** Whether it was refused, for a reason that we know of. Throws for one that says nothing about admission. */
function isRefused(reply: Reply): boolean {
  if (reply.status === 200 || reply.status === 201) return false;
  if (REFUSALS.test(messageOf(reply))) return true;
  throw new Error(`${reply.status} ${messageOf(reply)}`);
}

const REFUSALS =
  /violates PodSecurity|denied request|exceeded quota|failed quota|because it is being terminated|cannot \w+ resource/;
export const messageOf = ({ body }: Reply): string => String((body as Raw).message ?? JSON.stringify(body));

const impersonating = ({
  name,
  groups,
}: {
  name: string | null;
  groups: readonly string[];
}): Record<string, string> => ({
  'impersonate-user': name ?? 'anyone',
  // Several headers of one name are one list to Node, which Go would read as one group.
  ...(groups.length > 0 ? { 'impersonate-group': groups as unknown as string } : {}),
});

/** A pod that was judged in another namespace of the class. */
const inNamespace = (pod: Raw, namespace: string): Raw => ({
  ...pod,
  metadata: { ...(pod.metadata as Raw), namespace },
});

/** The pods by which we tried, and a few that try harder. */
function attemptsAt({ way, namespaces: [namespace] }: PodOutcome, { probe, pod: judged }: Trial, dice: Random): Raw[] {
  const pod = inNamespace(judged, namespace);
  if (way.on !== 'nothing' && way.on !== 'workload') return [pod];
  const dresses = probe.specs
    .map((spec) => podOf(spec, namespace))
    .filter((each) => JSON.stringify(each) !== JSON.stringify(pod));
  const specs = probe.specs.length > 0 ? probe.specs : HARMLESS.specs;
  return [pod, ...dresses, ...dice.some(HARDER, 2, 2).map((harder) => harder(podOf(dice.pick(specs), namespace)))];
}

type Change = (pod: Raw) => Raw;

const withLabels =
  (labels: Raw): Change =>
  (pod) => ({
    ...pod,
    metadata: { ...child(pod, 'metadata'), labels: { ...child(child(pod, 'metadata'), 'labels'), ...labels } },
  });
const withContainers =
  (change: (container: Raw) => Raw): Change =>
  (pod) => ({
    ...pod,
    spec: { ...child(pod, 'spec'), containers: children(child(pod, 'spec'), 'containers').map(change) },
  });
const withImage = (image: string): Change => withContainers((container) => ({ ...container, image }));
const withSpec =
  (more: Raw): Change =>
  (pod) => ({ ...pod, spec: { ...child(pod, 'spec'), ...more } });
const all =
  (...changes: readonly Change[]): Change =>
  (pod) =>
    changes.reduce((now, change) => change(now), pod);

/** What an attacker who has read the policies would put on. */
const HARDER: readonly Change[] = [
  withLabels({ team: 'shop', owner: 'me', trusted: 'yes' }),
  withLabels({ exempt: 'true' }),
  all(withLabels({ exempt: 'true', trusted: 'yes', owner: 'me', team: 'ci' }), withImage('registry.trusted/app:1')),
  (pod) => ({ ...pod, metadata: { ...child(pod, 'metadata'), labels: {} } }),
  withImage('registry.example/app:1'),
  withImage('registry.trusted/app:1'),
  withSpec({ serviceAccountName: 'robot' }),
  withSpec({ priorityClassName: 'system-node-critical' }),
  (pod) => ({ ...pod, metadata: { ...child(pod, 'metadata'), annotations: { 'reviewed-by': 'me' } } }),
  withContainers((container) => ({
    ...container,
    securityContext: { ...child(container, 'securityContext'), runAsUser: 10001 },
  })),
  all(
    withImage('registry.example/app:1'),
    withSpec({ serviceAccountName: 'robot' }),
    withLabels({ team: 'shop', owner: 'me' }),
  ),
];

/** That somebody without a right to create pods is told so. */
export async function isForbidden(plane: ControlPlane, { token }: Asker, namespace: string): Promise<boolean> {
  const [spec = {}] = HARMLESS.specs;
  const pod = { ...podOf(spec, namespace), metadata: { generateName: 'x-' } };
  const reply = await plane.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod, { token });
  return reply.status === 403 && /cannot create resource/.test(messageOf(reply));
}

/** Whether the server lets somebody relax Pod Security of a namespace, by any of the ways. */
export async function mayRelabel(plane: ControlPlane, { token }: Asker, namespace: string): Promise<boolean> {
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [ENFORCE]: 'privileged' } },
  };
  const headers = { 'content-type': 'application/merge-patch+json' };
  const path = `/api/v1/namespaces/${namespace}`;
  const replies = await Promise.all([
    ...['', '/status'].map((sub) => plane.request('PATCH', `${path}${sub}?dryRun=All`, object, { token, headers })),
    ...['', '/status', '/finalize'].map((sub) => plane.request('PUT', `${path}${sub}?dryRun=All`, object, { token })),
  ]);
  return replies.some(({ status }) => status === 200);
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
