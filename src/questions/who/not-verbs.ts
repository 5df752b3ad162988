import { ownValue } from '../../answer/own-value.ts';
import { shellWord } from '../../answer/shell-word.ts';
import { type UserError, usageError } from '../../answer/user-error.ts';
import { joinAnd } from '../../answer/words.ts';
import { formatResource } from '../../rbac/request.ts';
import type { Verbed } from './verbs.ts';

/** What a word means that people take for a verb. */
interface Meant {
  /** What to ask for, as `who` takes it: `create pods/exec`. */
  rights: readonly string[];
  /** A subresource: where the resource that was typed has it, that of this resource is meant. */
  subresource?: string;
  /** The question that asks the same of single pods. */
  question?: string;
  /** A command of kubectl that patches what it is given. */
  patches?: true;
  /** A verb elsewhere: taken for the subresource only where there is one. */
  isVerb?: true;
}

const onPods = (subresource: string, verb: string, question?: string): Meant => ({
  rights: [`${verb} pods/${subresource}`],
  subresource,
  ...(question === undefined ? {} : { question }),
});

const EXEC = onPods('exec', 'create', 'exec');
const PORT_FORWARD = onPods('portforward', 'create', 'port-forward');
const LOG = onPods('log', 'get', 'logs');
const DEBUG = onPods('ephemeralcontainers', 'patch', 'debug');
const SCALE: Meant = { rights: ['patch deployments/scale'], subresource: 'scale' };
const APPROVE: Meant = { rights: ['update certificatesigningrequests/approval', 'approve signers'] };
const NODE: Meant = { rights: ['patch nodes'] };
const ROLLOUT: Meant = { rights: ['patch deployments'], patches: true };

/**
 * Subresources and commands of kubectl, by what they are called. Source: kubectl pkg/cmd, and the requests that each
 * command makes.
 */
const WORDS: ReadonlyMap<string, Meant> = new Map([
  ['exec', EXEC],
  ['cp', EXEC],
  ['attach', onPods('attach', 'create', 'attach')],
  ['port-forward', PORT_FORWARD],
  ['portforward', PORT_FORWARD],
  ['log', LOG],
  ['logs', LOG],
  ['debug', DEBUG],
  ['ephemeralcontainers', DEBUG],
  ['proxy', onPods('proxy', 'create', 'proxy')],
  ['evict', onPods('eviction', 'create')],
  ['eviction', onPods('eviction', 'create')],
  ['bind', { ...onPods('binding', 'create'), isVerb: true }],
  ['binding', onPods('binding', 'create')],
  ['resize', onPods('resize', 'patch')],
  ['scale', SCALE],
  ['autoscale', { rights: ['create horizontalpodautoscalers'] }],
  ['approve', APPROVE],
  ['approval', APPROVE],
  ['deny', APPROVE],
  ['sign', { rights: ['update certificatesigningrequests/status', 'sign signers'] }],
  ['token', { rights: ['create serviceaccounts/token'], subresource: 'token' }],
  ['finalize', { rights: ['update namespaces/finalize'], subresource: 'finalize' }],
  ['drain', { rights: ['patch nodes', 'create pods/eviction'] }],
  ['cordon', NODE],
  ['uncordon', NODE],
  ['taint', NODE],
  ['rollout', ROLLOUT],
  ['restart', ROLLOUT],
  ['rollback', ROLLOUT],
  ['run', { rights: ['create pods'] }],
  ['expose', { rights: ['create services'] }],
  ['top', { rights: ['list pods.metrics.k8s.io'] }],
]);

/**
 * The error that a word is no verb, but a subresource of the resource or a command of kubectl, which makes other
 * requests. It names the rights to ask for, and the question about single pods. Null for any other word. `known`: the
 * subresources of the resource.
 */
export function notAVerb(
  verb: string,
  found: Verbed & { namespaced: boolean },
  known: readonly string[],
  { name, namespace }: { name: string | null; namespace: string | null },
): UserError | null {
  const word = WORDS.get(verb.toLowerCase());
  const own = [word ? word.subresource : verb].find((each) => each !== undefined && known.includes(each));
  if ((!word || word.isVerb) && own === undefined) return null;
  const patched =
    word?.patches && found.verbs.includes('patch') ? [`patch ${formatResource({ ...found, subresource: '' })}`] : null;
  const rights =
    own === undefined
      ? (patched ?? word?.rights ?? [])
      : [`${verbOf(own, found)} ${formatResource({ ...found, subresource: own })}`];
  const object = name !== null && (own !== undefined || patched) ? ` ${shellWord(name)}` : '';
  const place = namespace === null ? ' -A' : ` -n ${shellWord(namespace)}`;
  const asks = rights.map((right) => `who ${right}${object}${CLUSTER_SCOPED.test(right) ? '' : place}`);
  const isPods = found.group === '' && found.resource === 'pods';
  const about =
    word?.question && (isPods || own === undefined)
      ? [`${word.question}${namespace === null ? '' : place} ${isPods && object ? object.trim() : 'POD'}`]
      : [];
  return usageError(
    `error: ${JSON.stringify(verb)} is no verb of ${found.resource}: ask ${[joinAnd(asks), ...about].join(', or ')}`,
  );
}

/** The verb that does it: most subresources take one that does, and others that read. */
function verbOf(subresource: string, { subresources }: Verbed): string {
  const listed = CHANGED.has(subresource) ? ['patch'] : (ownValue(subresources, subresource) ?? []);
  return ['create', 'patch', 'update'].find((verb) => listed.includes(verb)) ?? 'get';
}

/** Also of a custom resource, of which a file does not list verbs. */
const CHANGED: ReadonlySet<string> = new Set(['scale', 'status']);

const CLUSTER_SCOPED = / (nodes|namespaces|certificatesigningrequests|signers)(\/|$)/;
