import { debug } from '../../src/questions/access/debug.ts';
import { ask, type Source } from '../../src/questions/ask.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Question, Result } from '../../src/questions/question.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { type KindName, kindOf } from '../../src/world/kinds.ts';
import type { Subject } from '../../src/world/objects.ts';
import { isRaw, type Raw } from '../../src/world/raw.ts';
import { OPTIONS, right } from '../../test/helpers/question.ts';
import { type Manifest, nameOf } from './manifests.ts';

/** A question about a folder, to be asked of any source. */
export interface Asking {
  words: string;
  ask(source: Source): Promise<Result>;
  /** Pods are named otherwise where a controller has made them. */
  isOfPods: boolean;
}

/**
 * Every question that is worth asking of these objects: rights by verb, then the doors of each workload's pods, then
 * what accounts can spawn.
 */
export function questionsAbout(manifests: readonly Manifest[], namespaces: readonly string[]): Asking[] {
  const accounts = manifests
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ namespace, name }): Subject => ({ kind: 'ServiceAccount', namespace, name }));
  const rights = [...new Set([...RIGHTS, ...rightsIn(manifests)])];
  const places = [null, ...namespaces.slice(0, MOST_NAMESPACES)];
  const workloads = manifests.flatMap((manifest) => {
    const kind = kindOf(manifest.apiVersion, manifest.kind);
    return kind !== null && WORKLOADS.has(kind) && manifest.namespace !== null
      ? [{ manifest, kind, namespace: manifest.namespace }]
      : [];
  });
  return [
    ...rights.flatMap((text) =>
      places.map((place) => asking(`who ${text} in ${place ?? 'any namespace'}`, who, right(text, place))),
    ),
    ...accounts.flatMap((subject) =>
      RIGHTS.map((text) =>
        asking(
          `who ${text} --subject ${nameOf({ ...subject, namespace: subject.namespace })}`,
          who,
          right(text, subject.namespace),
          subject,
        ),
      ),
    ),
    ...workloads.flatMap(({ manifest, kind, namespace }) =>
      podQuestions(nameOf(manifest), namespace, kind, manifest.name),
    ),
    ...namespaces.map((namespace) =>
      asking(`raw-sockets -n ${namespace}`, rawSockets, { refs: [], selector: null, namespace }, null, true),
    ),
    asking('raw-sockets -A', rawSockets, { refs: [], selector: null, namespace: null }, null, true),
    ...accounts.map((subject) =>
      asking(
        `privileged ${nameOf({ ...subject, namespace: subject.namespace })}`,
        privileged,
        { subjects: [subject], pods: null, namespace: null },
        null,
        true,
      ),
    ),
    ...places.map((namespace) =>
      asking(
        `privileged in ${namespace ?? 'any namespace'}`,
        privileged,
        { subjects: [], pods: null, namespace },
        null,
        true,
      ),
    ),
  ];
}

function podQuestions(words: string, namespace: string, kind: KindName, name: string): Asking[] {
  const target = { refs: [{ kind, name }], selector: null, namespace };
  return [exec, attach, portForward, debug, logs, proxy, pod, rawSockets].map((question) =>
    asking(`${question.name} ${words}`, question, target, null, true),
  );
}

const asking = <T>(
  words: string,
  question: Question<T>,
  target: T,
  subject: Subject | null = null,
  isOfPods = false,
): Asking => ({
  words,
  isOfPods,
  ask: (source) => ask(question, target, source, { ...OPTIONS, subject }),
});

/**
 * Rights that the objects' own roles name: one for each verb, resource and group, so that each rule decides something.
 */
function rightsIn(manifests: readonly Manifest[]): string[] {
  const rules = manifests
    .filter(({ kind }) => kind.endsWith('Role'))
    .flatMap(({ raw }) => (Array.isArray(raw.rules) ? raw.rules.filter(isRaw) : []));
  return [...new Set(rules.flatMap(rightsOf))].slice(0, MOST_RIGHTS);
}

function rightsOf({ verbs, apiGroups, resources, nonResourceURLs }: Raw): string[] {
  const [verb, group, url] = [verbs, apiGroups, nonResourceURLs].map((list) =>
    Array.isArray(list) ? String(list[0]) : undefined,
  );
  if (verb === undefined) return [];
  const named = Array.isArray(resources) ? resources.slice(0, 2).map(String) : [];
  return [
    ...(url?.startsWith('/') && !url.includes('*') ? [`${verb} ${url}`] : []),
    ...named.map((each) => `${verb} ${withGroup(each, group ?? '')}`),
  ];
}

function withGroup(resource: string, group: string): string {
  const [plural = '', ...subresource] = resource.split('/');
  return [group === '' || group === '*' || plural === '*' ? plural : `${plural}.${group}`, ...subresource].join('/');
}

const RIGHTS = [
  ...[
    'create pods',
    'create pods/exec',
    'create pods/portforward',
    'get pods/log',
    'get secrets',
    'list secrets',
    'create serviceaccounts/token',
  ],
  ...[
    'impersonate users',
    'escalate clusterroles',
    'bind clusterroles',
    'create clusterrolebindings',
    'create nodes/proxy',
    'patch nodes',
    'update pods/ephemeralcontainers',
  ],
  ...['patch deployments.apps', 'delete namespaces', 'get /metrics', '* *'],
];
const WORKLOADS: ReadonlySet<string> = new Set([
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
]);
const MOST_RIGHTS = 40;
const MOST_NAMESPACES = 4;
