import type { EvidenceStep, Finding } from '../../answer/answer.ts';
import type { AttackText } from '../../answer/command.ts';
import { getObject } from '../../answer/command.ts';
import type { GrantRef, ObjectRef, SubjectRef } from '../../answer/refs.ts';
import { join, type Printable, sentence } from '../terminal/printable.ts';
import { printed, safeCommand } from '../terminal/shell.ts';
import { drawTree, type Tree } from '../terminal/tree.ts';
import type { View } from './view.ts';
import { day, gainWord, namespaceWord, objectPath, subjectWord, verdictWord } from './words.ts';

/**
 * What a finding rests on, as a tree from the subject over binding, role and rule to what it gains. Every hop is a
 * command to copy.
 */
export function explainTree(finding: Finding, view: View): Printable[] {
  const { paint } = view;
  const { subject, verdict, leaning, reason, evidence } = finding;
  const [only, ...others] = evidence;
  const steps =
    only && others.length === 0
      ? stepChildren(only, finding, view)
      : evidence.map((step) => stepTree(step, finding, view));
  const mark = paint(verdict, verdictWord(verdict, leaning));
  const why = verdict === 'yes' && evidence.some(({ grants }) => grants.length > 0) ? '' : `: ${reason}`;
  return drawTree(
    {
      line: sentence`${paint('heading', subjectWord(subject))}  ${mark}${toWhat(finding)}${why}`,
      children: steps,
    },
    view,
  );
}

/** `, to sa/ops/root`, or where it holds and for which names: `  in shop, only web`. */
function toWhat({ object, scope: { namespace, names }, direct, spawn, steps }: Finding): Printable {
  if (steps !== undefined) return sentence`, to ${gainWord(object)}`;
  const places =
    spawn?.namespaces && spawn.namespaces.length > 1
      ? sentence`${spawn.namespaces.join(', ')}`
      : namespaceWord(namespace);
  const where = names === null ? places : sentence`${places}, only ${names.join(', ')}`;
  return sentence`${direct ? '' : ', by becoming somebody who can'}  in ${where}`;
}

const stepTree = (step: EvidenceStep, finding: Finding, view: View): Tree => ({
  line: sentence`${step.id} ${step.technique}: ${step.step}${step.uses.length > 0 ? ` (with ${step.uses.join(', ')})` : ''}`,
  children: stepChildren(step, finding, view),
});

function stepChildren(step: EvidenceStep, finding: Finding, view: View): Tree[] {
  const { grants } = step;
  const gained = gainLine(step, finding);
  const outcome = [
    ...(gained === null ? [] : [leaf(gained)]),
    ...(step.command === null ? [] : [leaf(printed(step.command))]),
    ...(step.attack === undefined ? [] : [attackTree(step.attack, step.identity ?? finding.subject, view)]),
  ];
  if (grants.length === 0) return outcome;
  return grants.map((grant, index) => grantTree(grant, finding, index === 0 ? outcome : [], view));
}

/** What a step gives; where a line above says what is done, only that. */
function gainLine({ step, gains }: EvidenceStep, { steps, evidence }: Finding): Printable | null {
  if (evidence.length > 1 && steps !== undefined) return gains && sentence`gains ${gainWord(gains)}`;
  if (!gains) return sentence`${step}`;
  return sentence`${step}: gains ${steps === undefined ? sentence`${gains.kind} ${objectPath(gains)}` : gainWord(gains)}`;
}

/** Marked for what it is: whom it is for, where, and that it is done for real. */
const attackTree = (attack: AttackText, subject: SubjectRef, { paint, cluster }: View): Tree => ({
  line: paint('yes', sentence`ATTACK, to be run as ${subjectWord(subject)} in ${cluster}: it changes the cluster:`),
  children: [leaf(printed(attack))],
});

/** `outcome` is the same for all grants of a step, and stands under the first. */
const grantTree = (grant: GrantRef, { subject }: Finding, outcome: Tree[], view: View): Tree => ({
  line: sentence`${hop(grant.binding, view)}${isSame(grant.subject, subject, grant.binding) ? '' : sentence`, which names ${subjectWord(grant.subject)}`}`,
  children: [{ line: hop(grant.role, view), children: [{ line: ruleLine(grant), children: outcome }] }],
});

function ruleLine({ rule, allows, aggregatedFrom }: GrantRef): Printable {
  if (rule === null || allows === null) return sentence`no such role is there, or it could not be read`;
  return sentence`rule ${rule} allows ${allows}${aggregatedFrom?.length ? `, aggregated from ${aggregatedFrom.join(', ')}` : ''}`;
}

/** `kubectl get rolebinding ops -n shop  (created 2024-03-01, changed 2024-05-02 by helm)`. */
function hop(object: ObjectRef, view: View): Printable {
  const { created, changed, manager } = object;
  const command = safeCommand(getObject(object.kind, object.name, object.namespace), view.kubectl);
  const by = manager === null ? '' : ` by ${manager}`;
  const dates = [
    ...(created === null ? [] : [sentence`created ${day(created)}`]),
    ...(changed === null ? [] : [sentence`changed ${day(changed)}${by}`]),
  ];
  return dates.length === 0 ? command : sentence`${command}  (${join(dates, ', ')})`;
}

/** An account without a namespace is of the binding's. */
const isSame = (entry: GrantRef['subject'], subject: Finding['subject'], binding: ObjectRef): boolean =>
  entry.kind === subject.kind &&
  entry.name === subject.name &&
  (entry.kind !== 'ServiceAccount' || (entry.namespace ?? binding.namespace) === subject.namespace);

const leaf = (line: Printable): Tree => ({ line, children: [] });
