import { dump } from 'js-yaml';
import type { Raw } from '../../../src/world/raw.ts';
import { PSP_CASES } from '../../admission/engines/gatekeeper/cases.ts';
import { POLICY_CASES } from '../../admission/engines/kyverno/cases.ts';
import { generateCases } from '../../helpers/pod-security/cases.ts';
import type { Random } from '../../helpers/random.ts';
import { clusterOfCanaries } from '../../input/canaries.ts';
import type { Input } from '../ask.ts';
import { sentence } from '../grammar.ts';
import { CEL } from '../grammars.ts';
import { mangleNames, mangleStructure, mangleText } from '../mangle.ts';
import { BASE } from './base.ts';
import { place } from './files.ts';

const MADE = /^(Deployment|ReplicaSet|StatefulSet|DaemonSet|Job|CronJob|ReplicationController|Pod)$/;
const SEEDS: readonly Raw[] = [
  ...generateCases(9, { major: 1, minor: 37 }, { alone: 1, good: 20, mixed: 10, invalid: 1 }).map(({ pod }) => pod),
  ...PSP_CASES.map(([, , pod]) => pod),
  ...POLICY_CASES.map(([, pod]) => pod),
  ...clusterOfCanaries().filter(({ kind }) => MADE.test(kind)),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'sized' },
    spec: { containers: [{ name: 'a', image: 'a', resources: { limits: { cpu: '1' }, requests: { memory: '1Gi' } } }] },
  },
];
const CLUSTER = place('cluster.jsonl', BASE.map((each) => `${JSON.stringify(each)}\n`).join(''));

/** Where they would be admitted. */
const PLACES: readonly string[] = [
  '--level restricted',
  '--level baseline --level-version v1.29',
  '--level baseline -o json',
  '--level restricted -o wide --explain',
  `-n dev --input ${CLUSTER} --complete`,
];

/** A manifest that somebody is about to apply, and whether it would be admitted. */
export function manifestOf(choose: Random): Input {
  const seed = choose.pick(SEEDS);
  const words = ['admit', '-f', '-', ...choose.pick(PLACES).split(' ')];
  if (choose.chance(0.25)) return { words, stdin: mangleText(write(seed, choose), choose) };
  const changed = choose.chance(0.2) ? mangleNames([seed], seed, choose)[0] : mangleStructure(seed, choose);
  const { apiVersion, kind } = seed;
  const object =
    typeof changed === 'object' && changed !== null && choose.chance(0.9) ? { ...changed, apiVersion, kind } : changed;
  const text = write(object, choose);
  return {
    words,
    stdin: Buffer.from(
      choose.chance(0.1) ? text.replace(/"1(?:Gi)?"/g, () => JSON.stringify(sentence(CEL, 'quantity', choose))) : text,
    ),
  };
}

const write = (object: unknown, choose: Random): string =>
  choose.chance(0.7) ? JSON.stringify(object) : dump(object, { skipInvalid: true });
