import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Manifest } from '../../world/objects.ts';
import { child, Malformed, type Raw } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import { compareVersions, NEWEST, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Refusal } from '../layer.ts';
import { configuresAdmission, isReview } from '../matching/exempt.ts';
import { type Match, match } from '../matching/match.ts';
import { misshapen } from '../matching/misshapen.ts';
import { unread } from '../matching/unread.ts';
import { type Binding, bindingsOf } from '../policies/binding.ts';
import { MUTATING, MUTATING_BINDING } from '../policies/kinds.ts';
import { collectParams } from '../policies/params.ts';
import { type Policy, policyOf } from '../policies/policy.ts';
import { changed } from '../request/reading/reader.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { type Invocation, invoke, refusal } from './invoke.ts';
import { type Changed, type Changer, type Mutated, type Outcome, unchanged } from './mutated.ts';
import { isIndependent, ordersOf } from './order.ts';
import { askedAgain } from './plugins-again.ts';
import { isNewPod, readmitted, seen } from './redefault.ts';
import { staticChanges } from './static-changes.ts';

/**
 * Evaluates MutatingAdmissionPolicies. Which of them match is decided before the first is called, and each sees the
 * result of those before it. Afterwards the plug-ins of the server are called again, and so are the policies with
 * reinvocationPolicy IfNeeded. The order of calls is not defined, since the server iterates over a map; where it
 * matters, several outcomes are possible. The policies are not called for DELETE. Mirrors apiserver
 * pkg/admission/plugin/policy/{generic,mutating} and pkg/admission/reinvocation.go.
 */
export function mutatedByPolicies(request: AdmissionRequest, world: World): Mutated {
  const { operation, object } = request;
  const service = serviceOf(world);
  if (service === 'no' || object === null || operation === 'CONNECT') return unchanged(request);
  if (configuresAdmission(request) || isReview(request)) return unchanged(request);
  const { found, changers, refusals } = matching(request, world);
  const nothing = unchanged(request);
  if (found.length === 0 && changers.length === 0 && refusals.length === 0) return nothing;
  const done = understood(() => evaluate(found, request, object, refusals, world));
  const result =
    done instanceof Malformed
      ? { ...nothing, changers: [opaque(found, [misshapen('an object that MutatingAdmissionPolicies look at', done)])] }
      : done;
  const whole = { ...result, changers: alone([...changers, ...result.changers], found.length + changers.length) };
  return service === 'yes'
    ? whole
    : { ...whole, outcomes: [...whole.outcomes, ...nothing.outcomes], between: [...whole.between, GATE] };
}

/**
 * The fields that a policy may change are only known where it is the only one, since others may look at what it
 * changes.
 */
const alone = (changers: readonly Changer[], policies: number): readonly Changer[] =>
  policies < 2 ? changers : changers.map((each) => ({ ...each, changes: null }));

interface Matching {
  found: readonly Invocation[];
  changers: readonly Changer[];
  refusals: readonly Refusal[];
}

function matching(request: AdmissionRequest, world: World): Matching {
  const { byPolicy, malformed } = bindingsOf(world, MUTATING_BINDING);
  const unknowns = [
    ...unread(world, [MUTATING, MUTATING_BINDING], 'whether a MutatingAdmissionPolicy changes the object'),
    ...malformed.map(({ name, error }) => misshapen(`MutatingAdmissionPolicyBinding ${name}`, error)),
  ];
  const all = world.list(MUTATING).flatMap((manifest) => {
    const bindings = byPolicy.get(manifest.name);
    return bindings ? [ofPolicy(manifest, bindings, request, world)] : [];
  });
  return {
    found: all.flatMap(({ found }) => found),
    changers: [
      ...unknowns.map((unknown): Changer => ({ unknown, changes: null, mayRefuse: true })),
      ...all.flatMap(({ changers }) => changers),
    ],
    refusals: all.flatMap(({ refusals }) => refusals),
  };
}

function ofPolicy(manifest: Manifest, bindings: readonly Binding[], request: AdmissionRequest, world: World): Matching {
  const policy = policyOf(manifest);
  const what = `MutatingAdmissionPolicy ${manifest.name}`;
  if (policy instanceof Malformed)
    return { ...NONE, changers: [{ unknown: misshapen(what, policy), changes: null, mayRefuse: true }] };
  const each = understood(() => {
    const matched = match(policy.criteria, request, world);
    return matched.value === 'no' ? [] : bindings.map((binding) => ofBinding(policy, binding, matched, request, world));
  });
  if (each instanceof Malformed) return { ...NONE, changers: [changerOf(policy, [misshapen(what, each)])] };
  return {
    found: each.flatMap(({ found }) => found),
    changers: each.flatMap(({ changers }) => changers),
    refusals: each.flatMap(({ refusals }) => refusals),
  };
}

function ofBinding(
  policy: Policy,
  binding: Binding,
  ofPolicy: Match,
  request: AdmissionRequest,
  world: World,
): Matching {
  const own = binding.criteria ? match(binding.criteria, request, world) : null;
  if (own?.value === 'no') return NONE;
  const matches = [ofPolicy, ...(own ? [own] : [])];
  const unknowns = matches.flatMap((each) => each.unknowns);
  if (unknowns.length > 0) return { ...NONE, changers: [changerOf(policy, unknowns)] };
  const params = collectParams(world, policy.paramKind, binding.params, request);
  if ('unknown' in params) return { ...NONE, changers: [changerOf(policy, [params.unknown])] };
  if ('misconfigured' in params) {
    const said = refusal(
      { policy, binding, param: null, matches },
      `failed to configure ${params.of}: ${params.misconfigured}`,
      [],
    );
    return { ...NONE, refusals: policy.failurePolicy === 'Ignore' ? [] : [said] };
  }
  return { ...NONE, found: params.params.map((param) => ({ policy, binding, param, matches })) };
}

const NONE: Matching = { found: [], changers: [], refusals: [] };

/** One state of the object while it is being changed. */
interface State {
  object: Raw;
  refusals: Refusal[];
  by: Map<string, Changed>;
  changers: Changer[];
}

function evaluate(
  found: readonly Invocation[],
  request: AdmissionRequest,
  object: Raw,
  refusals: readonly Refusal[],
  world: World,
): Mutated {
  if (found.length === 0) return { ...unchanged(request), outcomes: [{ request, refusals, by: [] }] };
  const start = seen(request, detached(object), world.facts.version ?? NEWEST);
  const orders = isIndependent(found, (each) => invoke(each, request, start, world)) ? [found] : ordersOf(found);
  if (orders === null) return { ...unchanged(request), changers: [opaque(found, [ORDER])] };
  const states = orders.map((order) => run(order, request, start, refusals, world));
  const outcomes = distinct(states.map((state) => outcomeOf(state, request, object, start)));
  const changers = new Map(
    states.flatMap((state) => state.changers.map((each) => [JSON.stringify(each.unknown), each])),
  );
  return { outcomes, between: outcomes.length > 1 ? [ORDER] : [], changers: [...changers.values()] };
}

/** Runs both rounds in one order. */
function run(
  order: readonly Invocation[],
  request: AdmissionRequest,
  start: Raw,
  refusals: readonly Refusal[],
  world: World,
): State {
  const state: State = { object: start, refusals: [...refusals], by: new Map(), changers: [] };
  const first = round(order, state, request, world);
  if (!first.isCarriedOut || state.refusals.length > 0) return state;
  if (isNewPod(request)) {
    const plugins = askedAgain(request, start, state.object, world);
    pushAll(state.changers, plugins.changers);
    pushAll(state.refusals, plugins.refusals);
    if (plugins.refusals.length > 0) return state;
    state.object = readmitted(state.object);
  }
  const again = changed(request, { object: state.object });
  const isMatched = ({ policy, binding }: Invocation): boolean =>
    [policy.criteria, ...(binding.criteria ? [binding.criteria] : [])].every(
      (criteria) => match(criteria, again, world).value !== 'no',
    );
  round(first.called.filter(({ policy }) => policy.isReinvoked).filter(isMatched), state, request, world);
  return state;
}

function round(
  order: readonly Invocation[],
  state: State,
  request: AdmissionRequest,
  world: World,
): { called: readonly Invocation[]; isCarriedOut: boolean } {
  const called: Invocation[] = [];
  let isCarriedOut = false;
  for (const invocation of order) {
    const { policy } = invocation;
    const done = invoke(invocation, request, state.object, world);
    if (done.unknowns.length > 0) {
      state.changers.push(changerOf(policy, done.unknowns));
      continue;
    }
    if (done.isCalled) called.push(invocation);
    isCarriedOut ||= done.isCarriedOut;
    if (done.fatal) return refuse(state, [done.fatal], called);
    if (policy.failurePolicy === 'Fail') pushAll(state.refusals, done.errors);
    if (done.object !== state.object && JSON.stringify(done.object) !== JSON.stringify(state.object))
      note(state, invocation, done.reads);
    state.object = done.object;
  }
  return { called, isCarriedOut };
}

/** Ends the run with a refusal; nothing comes after it. */
function refuse(
  state: State,
  refusals: readonly Refusal[],
  called: readonly Invocation[],
): { called: readonly Invocation[]; isCarriedOut: boolean } {
  pushAll(state.refusals, refusals);
  return { called, isCarriedOut: false };
}

function note({ by }: State, { policy, matches }: Invocation, reads: readonly string[]): void {
  const exemptLabels = matches.find((each) => each.exemptLabels)?.exemptLabels ?? null;
  const known = by.get(policy.name);
  const rests = [...new Set([...(known?.rests ?? []), ...reads, ...matches.flatMap((each) => each.rests)])];
  by.set(policy.name, {
    by: { kind: 'MutatingAdmissionPolicy', namespace: null, name: policy.name },
    rests,
    exemptLabels,
  });
}

function outcomeOf(state: State, request: AdmissionRequest, object: Raw, start: Raw): Outcome {
  const isSame = state.object === start || state.by.size === 0;
  const { namespace } = child(state.object, 'metadata');
  if (!isSame && namespace !== undefined && namespace !== request.namespace) state.refusals.push(MOVED);
  const result = isSame ? request : changed(request, { object: kept(attached(state.object, object), object, request) });
  return { request: result, refusals: state.refusals, by: [...state.by.values()] };
}

const MOVED: Refusal = {
  ...{ layer: 'api-server', by: null, check: 'namespace', reason: 'moved to another namespace' },
  detail: 'the namespace of the provided object does not match the namespace sent on the request',
  rests: ['metadata.namespace'],
};

/** The `ephemeralcontainers` subresource only changes ephemeral containers, whatever else is written. */
const kept = (result: Raw, object: Raw, { subresource }: AdmissionRequest): Raw =>
  subresource === 'ephemeralcontainers'
    ? { ...object, spec: { ...child(object, 'spec'), ephemeralContainers: child(result, 'spec').ephemeralContainers } }
    : result;

function distinct(outcomes: readonly Outcome[]): [Outcome, ...Outcome[]] {
  const [first, ...others] = outcomes;
  if (!first) throw new Error('no outcome');
  if (others.length === 0) return [first];
  const different = new Map(others.map((each) => [keyOf(each), each]));
  different.delete(keyOf(first));
  return [first, ...different.values()];
}

const keyOf = ({ request: { object }, refusals }: Outcome): string =>
  JSON.stringify([
    { ...object, metadata: { ...child(object ?? {}, 'metadata'), namespace: null } },
    refusals.map(({ detail }) => detail),
  ]);

/** The object without its namespace, where a reader notes who reads that: only a patch of the namespace needs it. */
function detached(object: Raw): Raw {
  const metadata = child(object, 'metadata');
  if (Object.getOwnPropertyDescriptor(metadata, 'namespace')?.get === undefined) return object;
  const { namespace: _, ...descriptors } = Object.getOwnPropertyDescriptors(metadata);
  return { ...object, metadata: Object.defineProperties({}, descriptors) };
}

function attached(object: Raw, original: Raw): Raw {
  const metadata = child(object, 'metadata');
  const descriptor = Object.getOwnPropertyDescriptor(child(original, 'metadata'), 'namespace');
  if (descriptor === undefined || 'namespace' in metadata) return object;
  return { ...object, metadata: Object.defineProperty({ ...metadata }, 'namespace', descriptor) };
}

const changerOf = (policy: Policy, unknowns: readonly Unknown[]): Changer => ({
  unknown: because(policy.name, unknowns),
  changes: staticChanges(policy.mutations),
  mayRefuse: policy.failurePolicy === 'Fail',
});

const opaque = (found: readonly Invocation[], unknowns: readonly Unknown[]): Changer => ({
  unknown: because([...new Set(found.map(({ policy }) => policy.name))].join(', '), unknowns),
  changes: null,
  mayRefuse: true,
});

/** The unknown with the name of the policy that needs it. */
function because(name: string, [unknown]: readonly Unknown[]): Unknown {
  const what = `MutatingAdmissionPolicy ${name}`;
  const why =
    unknown === undefined
      ? 'it is not known'
      : unknown.what.startsWith(what)
        ? unknown.why
        : `it rests on ${unknown.what}: ${unknown.why}`;
  return { kind: unknown?.kind ?? 'opaque', what, why, affects: 'what the object becomes' };
}

const ORDER: Unknown = {
  kind: 'opaque',
  what: 'the order in which MutatingAdmissionPolicies are called',
  why: 'the API server calls them in any order, and what they make of the object differs by it',
  affects: 'what the object becomes',
};

/**
 * Whether these policies are in force: always since 1.36, never before 1.32, and in between behind a feature gate that
 * is off by default. The gate is on for a server that shows such policies; a file may have policies that no server of
 * its version would serve. Source: kubernetes pkg/features/kube_features.go.
 */
function serviceOf({ facts: { version, origin } }: World): 'yes' | 'no' | 'gated' {
  if (version === null || compareVersions(version, ON) >= 0) return 'yes';
  if (compareVersions(version, ALPHA) < 0) return 'no';
  return origin === 'file' ? 'gated' : 'yes';
}

const ALPHA: Version = { major: 1, minor: 32 };
const ON: Version = { major: 1, minor: 36 };

const GATE: Unknown = {
  kind: 'invisible',
  what: 'the feature gate MutatingAdmissionPolicy',
  why: 'it is off by default before Kubernetes 1.36',
  affects: 'whether MutatingAdmissionPolicies are in force',
};
