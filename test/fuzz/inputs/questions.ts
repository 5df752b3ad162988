import type { Random } from '../../helpers/random.ts';
import { PODS } from './files.ts';

type Words = readonly [weight: number, line: string];

/** What reads admission: pods are judged by it. */
const ADMISSION: readonly Words[] = [
  [30, 'admit -f PLAIN -n dev'],
  [30, 'admit -f STRONG -n dev'],
  [10, 'admit -f DEPLOYMENT -n dev'],
  [4, 'privileged user/jane'],
  [4, 'debug web -n dev'],
  [4, 'exec web -n dev'],
  [2, 'pod web -n dev'],
  [0.15, 'privileged -n dev'],
];

const RIGHTS: readonly Words[] = [
  [20, 'who create pods -n dev'],
  [10, 'who create pods/exec -A'],
  [4, 'user/jane --to cluster-admin'],
  [4, 'sa/web -n dev --explain'],
  [2, 'pod web -n dev --to node/n1'],
  [1, 'reach sa/web -n dev'],
  [5, 'who patch namespaces'],
  [5, 'who get secrets -A --subject user/jane'],
  [5, 'who get /metrics'],
  [10, 'exec web -n dev'],
  [3, 'exec web -n dev --show-attack --show-system'],
  [3, 'privileged user/jane --show-attack --explain'],
  [5, 'port-forward web -n dev --subject user/jane'],
  [5, 'exec web -n dev --subject sa/web'],
  [5, 'proxy node/n1 web -n dev'],
  [5, 'debug web -n dev --expand'],
  [3, 'privileged user/jane'],
  [3, 'pod web -n dev'],
  [0.1, 'privileged -A'],
];

const PODS_OF_A_CLUSTER: readonly Words[] = [
  [20, 'raw-sockets -A'],
  [10, 'raw-sockets web -n dev'],
  [5, 'raw-sockets deployment/web -n dev'],
  [5, 'raw-sockets -l app -n dev'],
  [5, 'pod web -n dev'],
  [4, 'logs -l app=web -n dev'],
  [4, 'exec deployment/web -n dev'],
  [4, 'proxy svc/web -n dev'],
  [4, 'debug web -n dev'],
  [3, 'privileged user/jane'],
  [2, 'privileged web -n dev'],
  [0.15, 'privileged -n dev'],
];

/** By what is odd. */
const QUESTIONS: Readonly<Record<string, readonly Words[]>> = {
  rights: RIGHTS,
  workloads: PODS_OF_A_CLUSTER,
  canaries: [...RIGHTS, ...PODS_OF_A_CLUSTER, ...ADMISSION],
};

const OUTPUTS: readonly string[] = [
  '',
  '',
  '-o wide',
  '-o json',
  '-o json',
  '--explain',
  '-o wide --explain',
  '-o yaml',
  '--strict',
  '--exit-code',
];

const [PLAIN = '', STRONG = '', DEPLOYMENT = ''] = PODS;
const FILES: Readonly<Record<string, string>> = { PLAIN, STRONG, DEPLOYMENT };

/** A command line about it, with a way to print the answer. */
export function questionAbout(topic: string, choose: Random): string[] {
  const line = `${weighted(QUESTIONS[topic] ?? ADMISSION, choose)} ${choose.pick(OUTPUTS)}`;
  return line.split(' ').flatMap((word) => (word === '' ? [] : [FILES[word] ?? word]));
}

/** One of them, as often as its weight says. */
export function weighted<T>(items: readonly (readonly [weight: number, item: T])[], choose: Random): T {
  const sum = items.reduce((all, [weight]) => all + weight, 0);
  let left = (choose.below(1_000_000) / 1_000_000) * sum;
  for (const [weight, item] of items) {
    left -= weight;
    if (left < 0) return item;
  }
  return (items[0] as readonly [number, T])[1];
}
