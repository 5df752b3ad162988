import { admitsConnect, CONNECT_KINDS, type Connect, connectEngines, guardsConnect } from '../../admission/connect.ts';
import { ENGINE_ASSUMPTIONS } from '../../admission/engines/assumptions.ts';
import { engineLists } from '../../admission/engines/lists.ts';
import type { Gate } from '../../admission/gate.ts';
import type { Admission, Refusal } from '../../admission/layer.ts';
import { paramNeeds } from '../../admission/policies/params.ts';
import { isChosen } from '../../admission/request/chosen-fields.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { Finding } from '../../answer/answer.ts';
import { pushAll } from '../../answer/many.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import { identityOf } from '../../rbac/subjects.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { askedIdentity } from './asked-identity.ts';
import type { Holding, Way } from './way.ts';

/**
 * What has to be read to know whether admission lets tunnels and commands through: its policies, and where one looks at
 * CONNECTs what it looks at.
 */
export function connectNeeds(namespace: string | null, world: World): Need[] {
  const lists = CONNECT_KINDS.map((kind) => list(kind));
  if (!guardsConnect(world)) return lists;
  return [
    ...lists,
    ...(namespace === null ? [list('namespaces')] : [get('namespaces', null, namespace)]),
    ...paramNeeds(world, namespace === null ? null : [namespace]),
    // A file has what it has, and brings its policies along by itself.
    ...(world.facts.origin === 'live' ? engineLists(new Set(connectEngines(world)), world) : []),
  ];
}

/**
 * The holders as admission leaves them: whom a policy surely refuses holds the right for nothing; where that depends on
 * something, it depends. Lists that could not be read change no verdict, and are told.
 */
export function afterAdmission(
  findings: readonly Finding[],
  ways: readonly Way[],
  context: QuestionContext,
): { findings: Finding[]; remarks: Unknown[] } {
  const remarks: Unknown[] = [];
  const judge = admissionOf(ways, context, remarks);
  return judge ? { findings: findings.map(judge), remarks: asOne(remarks) } : { findings: [...findings], remarks: [] };
}

/** What admission makes of a holder of one of these ways; null where it is asked about none of them. */
export function admissionOf(
  ways: readonly Way[],
  context: QuestionContext,
  remarks: Unknown[],
): ((finding: Finding) => Finding) | null {
  const gates = new Map(ways.flatMap(({ holding }) => gateOf(holding).map((gate) => [wayKey(holding), gate] as const)));
  if (gates.size === 0) return null;
  const asked = new Map([...gates].map(([key, gate]) => [key, oncePerReading(gate)]));
  return (finding) => {
    const gate = asked.get(wayKey(finding));
    return gate && finding.verdict !== 'no' ? findingAfterAdmission(finding, gate, context, remarks) : finding;
  };
}

/** A finding has the id and the object of its way. */
const wayKey = ({ id, object }: Pick<Finding, 'id' | 'object'>): string =>
  JSON.stringify([id, object.kind, object.namespace, object.name]);

const gateOf = ({ gate, connect }: Holding): Gate[] => (gate ? [gate] : connect ? [connectGate(connect)] : []);

/** The options of a CONNECT are the caller's choice. */
const connectGate = (connect: Connect): Gate => ({
  admits: (user, world) => admitsConnect(connect, user, world),
  isChosen,
});

/** What is taken for granted of the engines that are asked about the connections of these ways. */
export function connectAssumptions(ways: readonly Way[], world: World): string[] {
  const isAsked = ways.some(({ holding }) => holding.connect) && connectEngines(world).length > 0;
  return isAsked ? ENGINE_ASSUMPTIONS.flatMap(({ of }) => of({ world, users: [] })) : [];
}

/** Whether an unknown is such a remark. */
export const isAdmissionRemark = ({ affects }: Unknown): boolean => affects === AFFECTS;

const AFFECTS = 'whether one of them refuses what RBAC allows';

/** One line for all lists that were refused for the same reason. */
const asOne = (remarks: readonly Unknown[]): Unknown[] => {
  const [first, ...others] = distinctUnknowns(remarks);
  if (!first) return [];
  const what = others.length === 0 ? first.what : 'policies and webhooks of admission';
  return [{ ...first, what, affects: AFFECTS }];
};

/** Users of whom nothing else is read are asked about once. */
function oncePerReading(gate: Gate): Gate {
  const known = new Recall<Admission>();
  return {
    ...gate,
    admits: (user, world) =>
      known.find('', { namespace: '', user }, world, (reader) => gate.admits(reader.user, world)).value,
  };
}

function findingAfterAdmission(finding: Finding, gate: Gate, context: QuestionContext, remarks: Unknown[]): Finding {
  const { world, options } = context;
  const { subject } = finding;
  const { user, groups } = options.subject ? askedIdentity(options.subject, world, options) : identityOf(subject);
  const admission = gate.admits({ name: user, groups }, world);
  const { unread = [], known = [] } = Object.groupBy(admission.unknowns, (each) => (isList(each) ? 'unread' : 'known'));
  pushAll(remarks, unread);
  const isFinal = (refusal: Refusal): boolean => choicesOf(refusal, gate).length === 0;
  const refusals = admission.value === 'no' ? admission.evidence : [];
  const last = refusals.find(isFinal);
  if (last)
    return {
      ...finding,
      id: 'admission-refuses',
      verdict: 'no',
      leaning: null,
      reason: `${finding.reason}, but ${refusalWords(last)}`,
    };
  // What refuses unless something that was not read changes the object before: that was not read is no mere remark
  // then.
  const spoilt = admission.value === 'depends' && admission.evidence.some(isFinal) ? unread : [];
  const open = refusals[0] ? [otherwise(refusals[0], gate)] : [...known, ...spoilt];
  if (open.length === 0) return finding;
  const leaning = admission.value === 'no' ? 'no' : (admission.leaning ?? finding.leaning);
  return { ...finding, verdict: 'depends', leaning, unknowns: [...finding.unknowns, ...open] };
}

/** Policies and webhooks name themselves in what they say. */
function refusalWords({ layer, by, detail }: Refusal): string {
  if (layer === 'pod-security') return `Pod Security${by ? ` of namespace ${by.name}` : ''} refuses the pod: ${detail}`;
  return layer === 'scc' && by ? `${by.kind} ${by.name} does not fit the pod: ${detail}` : detail;
}

/** A list that was refused may hold anything; an object that was is one that this request surely meets. */
const isList = ({ kind, what }: Unknown): boolean => kind === 'unreadable' && !/^(namespace|pod) /.test(what);

/** What the caller may choose of what a refusal rests on, the labels among them under which nobody would look. */
const choicesOf = (refusal: Refusal, { isChosen: chosen }: Gate): string[] => [
  ...new Set([
    ...refusal.rests.filter(chosen),
    ...(refusal.exemptLabels && chosen('metadata.labels') ? ['metadata.labels'] : []),
  ]),
];

/** A refusal that rests on what the caller may choose. */
const otherwise = (refusal: Refusal, gate: Gate): Unknown => ({
  kind: 'opaque',
  what: 'whether the request can be made so that the policy lets it through',
  why: `${refusal.detail}; it looks at ${choicesOf(refusal, gate).join(', ')}`,
  affects: 'holders of the right',
});
