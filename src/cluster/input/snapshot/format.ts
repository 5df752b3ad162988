import type { Failure, Need, Outcome } from '../../../world/needs.ts';
import { child, children, isRaw, Malformed, type Raw, requiredText, text, texts } from '../../../world/raw.ts';
import { reduceRule } from '../../../world/reduce/rbac.ts';
import type { ApiResource } from '../../../world/resources.ts';
import { parseVersion, type Version } from '../../../world/version.ts';
import type { Facts, SelfReview } from '../../../world/world.ts';

/*
 * A snapshot is JSON Lines, one record a line:
 *   {"format":"whocan-escalate/snapshot","version":1,"facts":{…}}       the header, first: Facts without origin and discovery
 *   {"record":"discovery","resources":[…]}                              what discovery listed, where it was read
 *   {"apiVersion":"v1","kind":"Pod","metadata":{…},…}                   an object as the API gave it, without values
 *   {"record":"outcome","need":{…},"outcome":{…}}                       what became of each list
 *   {"record":"end"}                                                    last: without it the snapshot is not whole
 * Fields and records may be added within a version; readers ignore those that they do not know.
 */
export const FORMAT = 'whocan-escalate/snapshot';
export const FORMAT_VERSION = 1;

export interface Header {
  format: typeof FORMAT;
  version: number;
  facts: HeaderFacts;
}

export type HeaderFacts = Omit<Facts, 'origin' | 'discovery' | 'applied'>;

export type SnapshotRecord =
  | { record: 'discovery'; resources: readonly ApiResource[] }
  | { record: 'outcome'; need: Need; outcome: Outcome }
  | { record: 'end' };

export const isHeader = (value: unknown): value is Raw & { format: string } => isRaw(value) && value.format === FORMAT;

/** The facts of a header. Throws Malformed for one that was edited out of shape. */
export function readFacts(header: Raw): HeaderFacts {
  const facts = child(header, 'facts');
  return {
    context: text(facts, 'context'),
    namespace: text(facts, 'namespace') || 'default',
    gitVersion: text(facts, 'gitVersion'),
    version: readVersion(facts),
    readAt: text(facts, 'readAt') ?? '',
    self: isRaw(facts.self) ? readSelf(facts.self) : null,
    selfFailure: text(facts, 'selfFailure'),
    ...(facts.undiscovered === undefined ? {} : { undiscovered: texts(facts, 'undiscovered') }),
    flags: facts.flags === undefined || facts.flags === null ? null : texts(facts, 'flags'),
  };
}

/** An outcome record. The need's kind is not checked here. Throws Malformed. */
export function readOutcome(record: Raw): { need: Omit<Need, 'kind'> & { kind: string }; outcome: Outcome } {
  const need = child(record, 'need');
  const outcome = child(record, 'outcome');
  return {
    need: {
      kind: requiredText(need, 'kind'),
      namespace: text(need, 'namespace'),
      name: text(need, 'name'),
      labelSelector: text(need, 'labelSelector'),
    },
    outcome: outcome.read === true ? { read: true } : { read: false, failure: readFailure(child(outcome, 'failure')) },
  };
}

/** A discovery record. Throws Malformed. */
export const readResources = (record: Raw): ApiResource[] =>
  children(record, 'resources').map((each) => ({
    group: text(each, 'group') ?? '',
    version: requiredText(each, 'version'),
    resource: requiredText(each, 'resource'),
    kind: requiredText(each, 'kind'),
    singular: text(each, 'singular') ?? '',
    shortNames: texts(each, 'shortNames'),
    namespaced: each.namespaced === true,
    verbs: texts(each, 'verbs'),
    subresources: Object.fromEntries(
      Object.keys(child(each, 'subresources')).map((name) => [name, texts(child(each, 'subresources'), name)]),
    ),
  }));

function readVersion(facts: Raw): Version | null {
  const { version } = facts;
  if (version === null || version === undefined) return null;
  // A major version other than 1 is not supported.
  if (isRaw(version) && Number.isInteger(version.major) && Number.isInteger(version.minor))
    return parseVersion(`${version.major}.${version.minor}`);
  throw new Malformed('facts.version is not a version');
}

function readSelf(self: Raw): SelfReview {
  const user = isRaw(self.user) ? { name: requiredText(self.user, 'name'), groups: texts(self.user, 'groups') } : null;
  return {
    user,
    namespace: requiredText(self, 'namespace'),
    rules: children(self, 'rules').map(reduceRule),
    incomplete: text(self, 'incomplete'),
  };
}

/**
 * A kind of failure that only later versions know counts as one of the server's here: it only matters that nothing was
 * read.
 */
function readFailure(failure: Raw): Failure {
  const kind = FAILURES.find((each) => each === failure.kind) ?? 'serverError';
  return {
    kind,
    status: typeof failure.status === 'number' ? failure.status : null,
    message: text(failure, 'message') ?? 'not read',
  };
}

const FAILURES: readonly Failure['kind'][] = [
  'unauthorized',
  'forbidden',
  'notFound',
  'throttled',
  'serverError',
  'timeout',
  'unreachable',
  'tls',
  'malformed',
  'notTried',
  'notInFile',
];
