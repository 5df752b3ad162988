import type { Unknown } from '../../answer/unknown.ts';
import { CelError, CelUnknown, isFailure, listOf, Struct, Undecided, type Value } from '../../cel/values.ts';
import { child, type Raw } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Refusal } from '../layer.ts';
import { checkConditions, resultedIn } from '../matching/conditions.ts';
import { Inputs } from '../matching/inputs.ts';
import type { Match } from '../matching/match.ts';
import type { Binding } from '../policies/binding.ts';
import type { Mutation, Policy } from '../policies/policy.ts';
import { changed } from '../request/reading/reader.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { undecodable } from './decode.ts';
import { type Operation, PatchError, patched } from './json-patch.ts';
import { jsonOf, mismatch, objectOf } from './json-value.ts';
import { MergeError, merged } from './merge.ts';
import { redefaulted } from './redefault.ts';
import { typeOfKind } from './types.ts';

/** One call of a policy for a request: with one of its bindings and one parameter of that binding. */
export interface Invocation {
  policy: Policy;
  binding: Binding;
  param: Raw | null;
  matches: readonly Match[];
}

/** The result of a call of a policy. */
export interface Invoked {
  object: Raw;
  /** Whether the conditions hold, so that the policy runs. */
  isCalled: boolean;
  /** Whether a mutation ran, though it may have changed nothing. */
  isCarriedOut: boolean;
  /** The refusals about which failurePolicy decides, and one that it does not affect. */
  errors: readonly Refusal[];
  fatal: Refusal | null;
  /**
   * The reasons why the result is not known. The object is then unchanged here, though the policy may change any field.
   */
  unknowns: readonly Unknown[];
  /** The fields that the policy read. */
  reads: readonly string[];
}

/**
 * Calls a policy on an object: its conditions, then its mutations in order, each on the result of the one before. A
 * mutation that fails changes nothing, and those after it still run. Mirrors apiserver
 * pkg/admission/plugin/policy/mutating/dispatcher.go dispatchInvocations.
 */
export function invoke(invocation: Invocation, request: AdmissionRequest, object: Raw, world: World): Invoked {
  const { policy } = invocation;
  const inputs = inputsOf(invocation, request, object, world);
  const looks = checkConditions(policy.conditions, inputs);
  const result = {
    object,
    isCalled: false,
    isCarriedOut: false,
    errors: [],
    fatal: null,
    unknowns: [],
    reads: looks.rests,
  };
  if (looks.value === 'no') return result;
  if (looks.value === 'depends') return { ...result, unknowns: looks.unknowns };
  if (looks.value === 'errors') return { ...result, errors: [refusal(invocation, looks.message, looks.rests)] };
  return mutations(invocation, request, world, { ...result, isCalled: true });
}

function mutations(invocation: Invocation, request: AdmissionRequest, world: World, start: Invoked): Invoked {
  let { object, isCarriedOut } = start;
  const reads = new Set(start.reads);
  const errors: Refusal[] = [];
  for (const mutation of invocation.policy.mutations) {
    const inputs = inputsOf(invocation, request, object, world);
    const { value, reads: own } = inputs.evaluate(mutation.expression);
    for (const path of own) reads.add(path);
    const found = carryOut(mutation, value, request, object);
    const rests = [...reads];
    if ('unknowns' in found)
      return {
        ...start,
        object: start.object,
        isCarriedOut: false,
        errors: [],
        unknowns: found.unknowns,
        reads: rests,
      };
    if ('fatal' in found) {
      const said = refusal(invocation, found.fatal, rests);
      return { ...start, fatal: { ...said, detail: `Internal error occurred: ${found.fatal}` }, reads: rests };
    }
    if ('error' in found) errors.push(refusal(invocation, found.error, rests));
    else {
      object = found.object;
      isCarriedOut = true;
    }
  }
  return { ...start, object, isCarriedOut, errors, reads: [...reads] };
}

type Done = { object: Raw } | { error: string } | { fatal: string } | { unknowns: readonly Unknown[] };

function carryOut(mutation: Mutation, value: Value, request: AdmissionRequest, object: Raw): Done {
  if (value instanceof CelUnknown) return { unknowns: value.unknowns };
  if (value instanceof CelError) return { error: resultedIn(mutation.expression, value) };
  return understoodOr(
    () => (mutation.type === 'JSONPatch' ? patch(value, request, object) : apply(value, request, object)),
    (error) => ({ fatal: error.message }),
  );
}

function patch(value: Value, request: AdmissionRequest, object: Raw): Done {
  const operations = operationsOf(value);
  if (!Array.isArray(operations)) return operations;
  try {
    // The server adds a status to what was sent; nothing of it is read afterwards.
    const before = namespaced(operations, request, { status: {}, ...object });
    const { status, ...result } = patched(before, operations);
    const { status: _, ...shown } = object;
    const shape = typeOfKind(request.kind);
    const wrong = shape === undefined ? null : undecodable(result, shape);
    if (wrong !== null) return isDecodable(shown, request) ? { fatal: wrong } : opaque(request);
    return { object: redefaulted(request, 'status' in object ? { ...result, status } : result) };
  } catch (error) {
    if (error instanceof Undecided) return { unknowns: error.unknown.unknowns };
    if (!(error instanceof PatchError)) throw error;
    return error.isTest ? { object } : { error: `JSON Patch: ${error.message}` };
  }
}

/**
 * Whether the server could decode the object. An object from a file may have fields that no server would have stored.
 */
function isDecodable(object: Raw, { kind }: AdmissionRequest): boolean {
  const shape = typeOfKind(kind);
  return shape === undefined || undecodable(object, shape) === null;
}

/**
 * The document with the namespace in it, but only for a patch that refers to it: a result that reads the namespace only
 * holds for that one.
 */
function namespaced(operations: readonly Operation[], request: AdmissionRequest, object: Raw): Raw {
  const touches = ({ path, from }: Operation): boolean => [path, from].some((each) => WITH_NAMESPACE.test(each));
  if (!operations.some(touches)) return object;
  const metadata = child(object, 'metadata');
  return 'namespace' in metadata || request.namespace === ''
    ? object
    : { ...object, metadata: { ...metadata, namespace: request.namespace } };
}

const WITH_NAMESPACE = /^(\/metadata(\/namespace)?)?$/;

function operationsOf(value: Value): Operation[] | Done {
  const items = listOf(value);
  if (!items) return { error: 'type mismatch: JSONPatchType.expression should evaluate to array' };
  const operations: Operation[] = [];
  for (const item of items) {
    if (!(item instanceof Struct) || item.type !== 'JSONPatch')
      return { error: 'type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch' };
    const text = (field: string): string => {
      const found = item.get(field);
      return typeof found === 'string' ? found : '';
    };
    const operation: Operation = { op: text('op'), path: text('path'), from: text('from') };
    const given = item.fields.get('value');
    if (given !== undefined) {
      const wrong = given instanceof Struct ? mismatch(given) : null;
      if (wrong !== null) return { error: `type mismatch: ${wrong}` };
      const json = jsonOf(given);
      if (json instanceof CelUnknown) return { unknowns: json.unknowns };
      if (json instanceof CelError) return { error: json.message };
      operation.value = json.json;
    }
    operations.push(operation);
  }
  return operations;
}

function apply(value: Value, request: AdmissionRequest, object: Raw): Done {
  if (isFailure(value) || !(value instanceof Struct))
    return { error: 'unsupported return type from ApplyConfiguration expression' };
  const configuration = objectOf(value);
  if (configuration instanceof CelUnknown) return { unknowns: configuration.unknowns };
  if (configuration instanceof CelError) return { error: configuration.message };
  const shape = typeOfKind(request.kind);
  if (shape === undefined) return opaque(request);
  try {
    const { apiVersion: _, kind: __, ...fields } = configuration.json;
    return { object: redefaulted(request, merged(object, fields, shape)) };
  } catch (error) {
    if (!(error instanceof MergeError)) throw error;
    return { error: `error applying patch: ${error.message}` };
  }
}

const opaque = ({ kind }: AdmissionRequest): Done => ({
  unknowns: [
    {
      kind: 'unmodelled',
      what: `the schema of ${kind.kind}`,
      why: 'how the server merges such objects is not known here',
      affects: 'what a MutatingAdmissionPolicy makes of the object',
    },
  ],
});

const inputsOf = ({ policy, param }: Invocation, request: AdmissionRequest, object: Raw, world: World): Inputs =>
  new Inputs(changed(request, { object }), world, {
    variables: policy.variables,
    isMutating: true,
    ...(policy.paramKind ? { params: param } : {}),
  });

/** The refusal by the policy, in the words of the server. */
export function refusal({ policy, binding, matches }: Invocation, message: string, rests: readonly string[]): Refusal {
  const exemptLabels = matches.find((each) => each.exemptLabels)?.exemptLabels;
  return {
    layer: 'mutating-policies',
    by: { kind: 'MutatingAdmissionPolicy', namespace: null, name: policy.name },
    check: policy.name,
    reason: message,
    detail: `policy '${policy.name}' with binding '${binding.name}' denied request: ${message}`,
    rests: [...new Set([...rests, ...matches.flatMap((each) => each.rests)])],
    ...(exemptLabels ? { exemptLabels } : {}),
  };
}
