import { isChosen } from '../admission/chosen-fields.ts';
import { admitsConnect, CONNECT_KINDS, type Connect, guardsConnect } from '../admission/connect.ts';
import type { Admission } from '../admission/layer.ts';
import { paramNeeds } from '../admission/policies/params.ts';
import type { Finding } from '../answer/answer.ts';
import { distinctUnknowns, type Unknown } from '../answer/unknown.ts';
import { identityOf } from '../rbac/subjects.ts';
import { get, list, type Need } from '../world/needs.ts';
import type { World } from '../world/world.ts';
import { askedIdentity } from './asked-identity.ts';
import type { Options } from './question.ts';
import type { Way } from './ways.ts';

/** What has to be read to know whether admission lets tunnels and commands through: its policies, and where one looks at CONNECTs what it looks at. */
export function connectNeeds(namespace: string | null, world: World): Need[] {
  const lists = CONNECT_KINDS.map((kind) => list(kind));
  if (!guardsConnect(world)) return lists;
  return [
    ...lists,
    ...(namespace === null ? [list('namespaces')] : [get('namespaces', null, namespace)]),
    ...paramNeeds(world, namespace === null ? null : [namespace]),
  ];
}

/**
 * The holders as admission leaves them: whom a policy surely refuses holds the right for nothing; where that hangs on something, it depends. Lists that could
 * not be read change no verdict, and are told.
 */
export function afterAdmission(
  findings: readonly Finding[],
  ways: readonly Way[],
  world: World,
  options: Options,
): { findings: Finding[]; remarks: Unknown[] } {
  const connects = new Map(ways.flatMap(({ holding: { id, connect } }) => (connect ? [[id, connect] as const] : [])));
  if (connects.size === 0) return { findings: [...findings], remarks: [] };
  const remarks: Unknown[] = [];
  const admits = guardsConnect(world) ? admitsConnect : alikeForAll();
  const judged = findings.map((finding) => {
    const connect = connects.get(finding.id);
    return connect && finding.verdict !== 'no' ? judge(finding, connect, world, options, { admits, remarks }) : finding;
  });
  return { findings: judged, remarks: asOne(remarks) };
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

/** Where nothing looks at CONNECTs, who asks for one makes no difference. */
function alikeForAll(): typeof admitsConnect {
  const known = new Map<Connect, Admission>();
  return (connect, user, world) => {
    const admission = known.get(connect) ?? admitsConnect(connect, user, world);
    known.set(connect, admission);
    return admission;
  };
}

function judge(
  finding: Finding,
  connect: Connect,
  world: World,
  options: Options,
  { admits, remarks }: { admits: typeof admitsConnect; remarks: Unknown[] },
): Finding {
  const { subject } = finding;
  const { user, groups } = options.subject ? askedIdentity(options.subject, world, options) : identityOf(subject);
  const admission = admits(connect, { name: user, groups }, world);
  const { unreadable = [], known = [] } = Object.groupBy(admission.unknowns, ({ kind }) =>
    kind === 'unreadable' ? 'unreadable' : 'known',
  );
  remarks.push(...unreadable);
  const [refusal] = admission.evidence;
  if (admission.value === 'no' && refusal && !refusal.rests.some(isChosen)) {
    return { ...finding, id: 'admission-refuses', verdict: 'no', leaning: null, reason: `${finding.reason}, but ${refusal.detail}` };
  }
  const open = admission.value === 'no' && refusal ? [otherwise(refusal.detail, refusal.rests)] : known;
  if (open.length === 0) return finding;
  const leaning = admission.value === 'no' ? 'no' : (admission.leaning ?? finding.leaning);
  return { ...finding, verdict: 'depends', leaning, unknowns: [...finding.unknowns, ...open] };
}

/** A refusal that rests on what the caller says in the options. */
const otherwise = (detail: string, rests: readonly string[]): Unknown => ({
  kind: 'opaque',
  what: 'whether the request can be made so that the policy lets it through',
  why: `${detail}; it looks at ${rests.filter(isChosen).join(', ')}`,
  affects: 'holders of the right',
});
