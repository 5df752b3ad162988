import { compareVersions, type Version } from '../world/version.ts';
import type { Atom } from './atoms.ts';

/** One right that is needed. */
export interface Part {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  /** Whether only a ClusterRoleBinding can give it. */
  clusterScoped?: true;
}

/** A right that has no effect unless the same account has further rights. */
export interface Half {
  /** Whether an atom of a rule is such a right. */
  is: (atom: Atom, version: Version | null) => boolean;
  /**
   * The alternatives, of which one is enough; every part of an alternative is needed. `atom` is the right in question.
   */
  needs: (atom: Atom) => readonly (readonly Part[])[];
  /** The words for the missing right, after "lacks". */
  lacks: (atom: Atom) => string;
  /** Whether the API server checks it with the same request, or another request is needed. */
  request: 'same' | 'another';
}

const RBAC = 'rbac.authorization.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';
const CHANGE = ['update', 'patch'];
const WRITE = ['create', ...CHANGE];

const part = (group: string, resource: string, verb: string, clusterScoped = false): Part => {
  const [name = '', subresource = ''] = resource.split('/');
  return { verb, group, resource: name, subresource, ...(clusterScoped ? { clusterScoped: true } : {}) };
};
const any = (group: string, resource: string, verbs: readonly string[], clusterScoped = false): Part[][] =>
  verbs.map((verb) => [part(group, resource, verb, clusterScoped)]);
const is =
  (group: string, resources: readonly string[], verbs: readonly string[]): Half['is'] =>
  (atom) =>
    atom.group === group && resources.includes(atom.resource) && verbs.includes(atom.verb);

const IDENTITY: Part[][] = [[part('', 'users', 'impersonate', true)], [part('', 'serviceaccounts', 'impersonate')]];
const STREAMS = ['pods/exec', 'pods/attach', 'pods/portforward'];
const STREAMS_CREATE: Version = { major: 1, minor: 35 };

/**
 * The further rights that some rights need. Sources: kubernetes pkg/registry/rbac/escalation_check.go (bind, escalate),
 * apiserver pkg/endpoints/filters/impersonation (groups, uids and extras need a user),
 * plugin/pkg/admission/certificates (approve, sign), pkg/registry/core/pod/rest/authorize.go (streams from 1.35).
 */
const HALVES: readonly Half[] = [
  {
    is: is(RBAC, ['roles'], ['bind']),
    needs: () => any(RBAC, 'rolebindings', WRITE),
    lacks: () => 'create, update and patch of rolebindings',
    request: 'same',
  },
  {
    is: is(RBAC, ['clusterroles'], ['bind']),
    needs: () => [...any(RBAC, 'rolebindings', WRITE), ...any(RBAC, 'clusterrolebindings', WRITE, true)],
    lacks: () => 'create, update and patch of rolebindings and clusterrolebindings',
    request: 'same',
  },
  {
    is: is(RBAC, ['roles'], ['escalate']),
    needs: () => [
      ...any(RBAC, 'roles', CHANGE),
      [part(RBAC, 'roles', 'create'), part(RBAC, 'roles', 'bind'), part(RBAC, 'rolebindings', 'create')],
    ],
    lacks: () => 'update and patch of roles',
    request: 'same',
  },
  {
    is: is(RBAC, ['clusterroles'], ['escalate']),
    needs: () => [
      ...any(RBAC, 'clusterroles', CHANGE, true),
      [
        part(RBAC, 'clusterroles', 'create', true),
        part(RBAC, 'clusterroles', 'bind'),
        part(RBAC, 'rolebindings', 'create'),
      ],
      [
        part(RBAC, 'clusterroles', 'create', true),
        part(RBAC, 'clusterroles', 'bind', true),
        part(RBAC, 'clusterrolebindings', 'create', true),
      ],
    ],
    lacks: () => 'update and patch of clusterroles',
    request: 'same',
  },
  {
    is: (atom, version) => is('', ['groups'], ['impersonate'])(atom, version) || isSpoof(atom),
    needs: () => IDENTITY,
    lacks: () => 'impersonate of users or serviceaccounts',
    request: 'same',
  },
  {
    is: is(CERTIFICATES, ['certificatesigningrequests/approval'], CHANGE),
    needs: () => [[part(CERTIFICATES, 'signers', 'approve', true)]],
    lacks: () => 'approve of a signer',
    request: 'same',
  },
  {
    is: is(CERTIFICATES, ['signers'], ['approve']),
    needs: () => any(CERTIFICATES, 'certificatesigningrequests/approval', CHANGE, true),
    lacks: () => 'update and patch of certificatesigningrequests/approval',
    request: 'same',
  },
  {
    is: is(CERTIFICATES, ['certificatesigningrequests/status'], CHANGE),
    needs: () => [[part(CERTIFICATES, 'signers', 'sign', true)]],
    lacks: () => 'sign of a signer, without which it can write no certificate',
    request: 'same',
  },
  {
    is: is(CERTIFICATES, ['signers'], ['sign']),
    needs: () => any(CERTIFICATES, 'certificatesigningrequests/status', CHANGE, true),
    lacks: () => 'update and patch of certificatesigningrequests/status',
    request: 'same',
  },
  {
    is: (atom, version) =>
      version !== null && compareVersions(version, STREAMS_CREATE) >= 0 && is('', STREAMS, ['get'])(atom, version),
    needs: ({ resource }) => any('', resource, ['create']),
    lacks: ({ resource }) => `create of ${resource}, which the server asks for as well since 1.35`,
    request: 'same',
  },
];

/** Uids and extras can only be impersonated together with a user. */
const isSpoof = ({ verb, group, resource }: Atom): boolean =>
  verb === 'impersonate' && group === AUTHENTICATION && (resource === 'uids' || resource.startsWith('userextras/'));

/**
 * What a right lacks in the place where it is granted; null where it is complete. `holds` tells whether the same
 * account has a right that counts there.
 */
export function missingHalf(
  atom: Atom,
  version: Version | null,
  holds: (needed: Part) => boolean,
): { lacks: string; request: Half['request'] } | null {
  const half = HALVES.find((each) => each.is(atom, version));
  if (!half || half.needs(atom).some((all) => all.every(holds))) return null;
  return { lacks: half.lacks(atom), request: half.request };
}
