import { LEVELS } from '../../src/admission/pod-security/level.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { classify } from '../../src/questions/admit/kinds.ts';
import type { AdmitTarget, PodObject } from '../../src/questions/admit/target.ts';
import type { Raw } from '../../src/world/raw.ts';
import { type Facts, World } from '../../src/world/world.ts';
import { type Random, random } from '../../test/helpers/random.ts';

/** What `admit` has to reach, on one core. */
const TARGET = 20_000;

/**
 * How many parsed pods `admit` answers for in a second of CPU time: pods and workloads of all sorts, at every level, in
 * new and old versions. Needs no server.
 */
export function benchAdmit(runs: number): { line: string; reached: boolean } {
  const dice = random(1);
  const objects = Array.from({ length: 6000 }, (_, index) => podObject(dice, index));
  const targets = LEVELS.flatMap((level) =>
    (['latest', { major: 1, minor: 24 }] as const).map((version) => ({
      ...NOTHING_ELSE,
      objects,
      level: { level, version },
    })),
  );
  const rates = Array.from({ length: runs + 1 }, () => {
    const before = process.cpuUsage();
    for (const target of targets) admit.answer(target, new World(FACTS), OPTIONS);
    const { user, system } = process.cpuUsage(before);
    return (targets.length * objects.length) / ((user + system) / 1e6);
  });
  // The first warms up.
  const sorted = rates.slice(1).toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const reached = median >= TARGET;
  const words = `at least ${TARGET.toLocaleString('en')}: ${reached ? 'pass' : 'MISS'}`;
  return {
    line: `admit --level: ${Math.round(median).toLocaleString('en')} parsed pods per second of CPU time  ${words}`,
    reached,
  };
}

/** Of three one meets restricted, one baseline, and one nothing. */
function podObject(dice: Random, index: number): PodObject {
  const template = { metadata: { labels: { app: `app-${index}` } }, spec: podSpec(dice, index % 3) };
  const isPod = dice.chance(0.6);
  const raw = isPod
    ? { apiVersion: 'v1', kind: 'Pod', ...template, metadata: { ...template.metadata, name: `app-${index}` } }
    : {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `app-${index}` } },
        spec: { selector: { matchLabels: { app: `app-${index}` } }, template },
      };
  const found = classify(raw.apiVersion, raw.kind);
  if (found.is !== 'pods') throw new Error(`${raw.kind} makes no pods`);
  return { kind: found.kind, raw, from: `pods.yaml:${index}` };
}

function podSpec(dice: Random, mildness: number): Raw {
  const hardened = { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } };
  const context = [{ privileged: true }, { runAsUser: 0, capabilities: { add: ['CHOWN'] } }, hardened][mildness] ?? {};
  const containers = Array.from({ length: dice.pick([1, 2, 3]) }, (_, index) => ({
    name: `container-${index}`,
    image: `registry.example.com/team/app:${dice.pick(TAGS)}`,
    ports: [{ name: 'http', containerPort: 8080 + index }],
    env: Array.from({ length: dice.pick([0, 1, 2, 5]) }, (__, each) => ({ name: `VARIABLE_${each}`, value: 'x' })),
    resources: { limits: { memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
    securityContext: context,
  }));
  return {
    ...(mildness === 0 ? { hostPID: true, hostNetwork: false } : {}),
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    serviceAccountName: 'app',
    containers,
    volumes: [{ name: 'config', configMap: { name: 'config' } }, { name: 'cache' }],
  };
}

const TAGS = Array.from({ length: 50 }, (_, index) => `1.${index}`);
const NOTHING_ELSE: Omit<AdmitTarget, 'objects' | 'level'> = {
  ...{ namespaces: [], accounts: [], errors: [], warnings: [], namespace: 'default', given: null },
};
const FACTS: Facts = {
  ...{
    context: null,
    namespace: 'default',
    gitVersion: null,
    version: { major: 1, minor: 37 },
    readAt: '',
    origin: 'file',
  },
  ...{ self: null, selfFailure: null, discovery: null, flags: null },
};
const OPTIONS = {
  subject: null,
  subjectGroups: [],
  accepts: () => false,
  direct: false,
  expand: false,
  showAttack: false,
  kubectl: [],
};
