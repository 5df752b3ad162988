import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import {
  builtInKind,
  type GroupKind,
  groupKind,
  isStatic,
  type Kind,
  type KindName,
  kindOf,
} from '../../world/kinds.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { Manifest } from '../../world/objects.ts';
import { type Raw, textMap } from '../../world/raw.ts';
import { labelsOf } from '../../world/reduce/metadata.ts';
import { matchesSelector } from '../../world/selectors.ts';
import { understood } from '../../world/understood.ts';
import { unreadable, type World } from '../../world/world.ts';
import { isRead } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { bindingsOf, type ParamRef } from './binding.ts';
import { MUTATING, MUTATING_BINDING, VALIDATING, VALIDATING_BINDING } from './kinds.ts';
import { type ParamKind, policyOf } from './policy.ts';

/**
 * The parameters that a binding gives a policy. `null` among them means that the policy is evaluated without a
 * parameter.
 */
export type Params =
  | { params: readonly (Raw | null)[] }
  | { misconfigured: string; of: 'policy' | 'binding' }
  | { unknown: Unknown };

/** The parameters of a binding for a request. Mirrors apiserver pkg/admission/plugin/policy/generic CollectParams. */
export function collectParams(
  world: World,
  kind: ParamKind | null,
  ref: ParamRef | null,
  request: AdmissionRequest,
): Params {
  if (kind === null) return { params: [null] };
  const api = paramApi(world, kind);
  if (api === null) return missingKind(world, kind);
  if (ref === null) return { params: [null] };
  if (!api.namespaced && ref.namespace !== '')
    return wrong('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const where = api.namespaced ? ref.namespace || request.namespace : null;
  if (where === '')
    return wrong('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  if (ref.name !== '' && ref.selector) return wrong('paramRef.name and paramRef.selector are mutually exclusive');
  if (ref.name === '' && !ref.selector) return wrong('one of name or selector must be provided');
  const found = look(world, api, ref, where);
  if (!Array.isArray(found)) return { unknown: found };
  if (found.length === 0 && ref.deniesMissing)
    return wrong('no params found for policy binding with `Deny` parameterNotFoundAction');
  return { params: found };
}

/**
 * The needs for the parameters of all bound policies. Parameters in the namespace of the request are read in
 * `namespaces`, and without that in all namespaces. Kinds that neither discovery nor a CustomResourceDefinition defines
 * are left out. Pure.
 */
export function paramNeeds(world: World, namespaces: readonly string[] | null = null): Need[] {
  const needs: Need[] = [];
  for (const [kind, bindingKind] of [
    [VALIDATING, VALIDATING_BINDING],
    [MUTATING, MUTATING_BINDING],
  ] as const) {
    const { byPolicy } = bindingsOf(world, bindingKind);
    for (const manifest of world.list(kind)) {
      const policy = policyOf(manifest);
      const paramKind = 'paramKind' in policy ? policy.paramKind : null;
      const api = paramKind && paramApi(world, paramKind);
      // A file may define the kind, or contain objects of a kind that it does not define: both are asked for.
      if (paramKind && api === null && world.facts.discovery === null && byPolicy.has(manifest.name))
        needs.push(list('customresourcedefinitions'), list(nameOfParam(paramKind)));
      // The values of secrets are never read.
      if (api === null || isStatic(nameOf(api)) || nameOf(api) === 'Secret.') continue;
      for (const { params } of byPolicy.get(manifest.name) ?? [])
        if (params) pushAll(needs, needsOf(api, params, namespaces));
    }
  }
  return needs;
}

function needsOf(api: Kind, { name, namespace }: ParamRef, namespaces: readonly string[] | null): Need[] {
  const kind = nameOf(api);
  const places: readonly (string | null)[] = !api.namespaced
    ? [null]
    : namespace !== ''
      ? [namespace]
      : (namespaces ?? [null]);
  return places.map((place) => ({
    ...(name !== '' && (place !== null || !api.namespaced) ? get(kind, place, name) : list(kind, place)),
    api,
  }));
}

function look(world: World, api: Kind, { name, selector }: ParamRef, where: string | null): Raw[] | Unknown {
  const kind = nameOf(api);
  if (isStatic(kind))
    return {
      kind: 'opaque',
      what: `the parameters of kind ${api.kind}`,
      why: 'only parts of such objects are kept',
      affects: AFFECTS,
    };
  if (kind === 'ConfigMap.' && world.facts.origin !== 'live' && world.facts.origin !== 'file')
    return { kind: 'unreadable', what: 'the values of ConfigMaps', why: 'a snapshot keeps none', affects: AFFECTS };
  const need = { ...(name !== '' ? get(kind, where, name) : list(kind, where)), api };
  const found =
    name !== ''
      ? [world.find(kind as GroupKind, where, name)].filter((each) => each !== undefined)
      : world.list(kind as GroupKind, where);
  if (!isRead(world, need) && (name === '' || found.length === 0)) return unreadable(world, need, AFFECTS);
  const malformed = world.malformed(kind)[0];
  if (malformed) return malformed;
  const selected = understood(() =>
    found.filter(({ raw }) => {
      // The server stores no such object whose values are not texts, and a policy would fail on one.
      if (kind === 'ConfigMap.') textMap(raw, 'data');
      return selector === null || matchesSelector(selector, labelsOf(raw));
    }),
  );
  return Array.isArray(selected)
    ? selected.map(typed)
    : { kind: 'unmodelled', what: `the ${api.resource} that are parameters`, why: selected.message, affects: AFFECTS };
}

/** The items of a list lack the apiVersion and kind that they have in common; this adds them. */
const typed = ({ raw, group, version, kind }: Manifest): Raw => ({
  apiVersion: group === '' ? version : `${group}/${version}`,
  kind,
  ...raw,
});

/** The place where the API serves the kind; null where nothing shows it. */
export function paramApi(world: World, { apiVersion, kind }: ParamKind): Kind | null {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const known = kindOf(apiVersion, kind);
  const builtIn = known && builtInKind(known);
  if (builtIn) return builtIn;
  const listed = world.facts.discovery?.find((each) => each.group === group && each.kind === kind);
  if (listed)
    return {
      group,
      version: listed.version,
      resource: listed.resource,
      kind,
      namespaced: listed.namespaced,
      pageSize: 500,
    };
  const defined = world.list('customresourcedefinitions').find((each) => each.group === group && each.kind === kind);
  if (defined)
    return {
      group,
      version: defined.version,
      resource: defined.plural,
      kind,
      namespaced: defined.namespaced,
      pageSize: 500,
    };
  return known && fromObjects(world, known, { group, kind });
}

/** The place where the API serves the kind, as far as objects of the kind show it. */
function fromObjects(world: World, name: KindName, { group, kind }: Pick<Kind, 'group' | 'kind'>): Kind | null {
  const [first] = isStatic(name) ? [] : world.list(name as GroupKind);
  if (!first) return null;
  return {
    group,
    version: first.version,
    resource: `${kind.toLowerCase()}s`,
    kind,
    namespaced: first.namespace !== null,
    pageSize: 500,
  };
}

const nameOfParam = ({ apiVersion, kind }: ParamKind): KindName =>
  kindOf(apiVersion, kind) ??
  groupKind({ group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', kind });

const nameOf = (api: Kind) =>
  kindOf(api.group === '' ? api.version : `${api.group}/${api.version}`, api.kind) ?? groupKind(api);

/** The configuration error for a kind that the API is known not to have. */
function missingKind(world: World, { apiVersion, kind }: ParamKind): Params {
  if (world.facts.discovery !== null) {
    return {
      misconfigured: `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`,
      of: 'policy',
    };
  }
  return {
    unknown: {
      kind: 'unreadable',
      what: `parameters of kind ${kind} in ${apiVersion}`,
      why: 'nothing tells whether there is such a kind',
      affects: AFFECTS,
    },
  };
}

const wrong = (misconfigured: string): Params => ({ misconfigured, of: 'binding' });

const AFFECTS = 'what the policies with these parameters decide';
