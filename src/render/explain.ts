import type { EvidenceStep, Finding, GrantRef, ObjectRef } from '../answer/answer.ts';
import { join, type Printable, sentence } from './escape.ts';
import type { Paint } from './paint.ts';
import { kubectlGet } from './shell.ts';
import { drawTree, type Tree } from './tree.ts';
import { day, namespaceWord, objectPath, subjectWord, verdictWord } from './words.ts';

/** What a finding rests on, as a tree from the subject over binding, role and rule to what it gains. Every hop is a command to copy. */
export function explainTree(finding: Finding, paint: Paint): Printable[] {
  const { subject, verdict, leaning, scope, direct, reason, evidence, fix, spawn } = finding;
  const [only, ...others] = evidence;
  const steps = only && others.length === 0 ? stepChildren(only, finding) : evidence.map((step) => stepTree(step, finding));
  const mark = sentence`${paint(verdict, verdictWord(verdict, leaning))}${direct ? '' : ', by becoming somebody who can'}`;
  const places =
    spawn?.namespaces && spawn.namespaces.length > 1 ? sentence`${spawn.namespaces.join(', ')}` : namespaceWord(scope.namespace);
  const where = scope.names === null ? places : sentence`${places}, only ${scope.names.join(', ')}`;
  const why = verdict === 'yes' && evidence.some(({ grants }) => grants.length > 0) ? '' : `: ${reason}`;
  return drawTree({
    line: sentence`${paint('heading', subjectWord(subject))}  ${mark}  in ${where}${why}`,
    children: [...steps, ...fix.map((text) => leaf(sentence`fix: ${text}`))],
  });
}

const stepTree = (step: EvidenceStep, finding: Finding): Tree => ({
  line: sentence`${step.id} ${step.technique}: ${step.step}${step.uses.length > 0 ? ` (with ${step.uses.join(', ')})` : ''}`,
  children: stepChildren(step, finding),
});

function stepChildren(step: EvidenceStep, finding: Finding): Tree[] {
  const { gains, grants } = step;
  const outcome = [
    leaf(gains ? sentence`${step.step}: gains ${gains.kind} ${objectPath(gains)}` : sentence`${step.step}`),
    ...(step.command === null ? [] : [leaf(sentence`${step.command}`)]),
  ];
  if (grants.length === 0) return outcome;
  return grants.map((grant, index) => grantTree(grant, finding, index === 0 ? outcome : []));
}

/** `outcome` is the same for all grants of a step, and stands under the first. */
const grantTree = (grant: GrantRef, { subject }: Finding, outcome: Tree[]): Tree => ({
  line: sentence`${hop(grant.binding)}${isSame(grant.subject, subject, grant.binding) ? '' : sentence`, which names ${subjectWord(grant.subject)}`}`,
  children: [{ line: hop(grant.role), children: [{ line: ruleLine(grant), children: outcome }] }],
});

function ruleLine({ rule, allows, aggregatedFrom }: GrantRef): Printable {
  if (rule === null || allows === null) return sentence`no such role is there, or it could not be read`;
  return sentence`rule ${rule} allows ${allows}${aggregatedFrom?.length ? `, aggregated from ${aggregatedFrom.join(', ')}` : ''}`;
}

/** `kubectl get rolebinding ops -n shop  (created 2024-03-01, changed 2024-05-02 by helm)`. */
function hop(object: ObjectRef): Printable {
  const { created, changed, manager } = object;
  const by = manager === null ? '' : ` by ${manager}`;
  const dates = [
    ...(created === null ? [] : [sentence`created ${day(created)}`]),
    ...(changed === null ? [] : [sentence`changed ${day(changed)}${by}`]),
  ];
  return dates.length === 0 ? kubectlGet(object) : sentence`${kubectlGet(object)}  (${join(dates, ', ')})`;
}

/** An account without a namespace is of the binding's. */
const isSame = (entry: GrantRef['subject'], subject: Finding['subject'], binding: ObjectRef): boolean =>
  entry.kind === subject.kind &&
  entry.name === subject.name &&
  (entry.kind !== 'ServiceAccount' || (entry.namespace ?? binding.namespace) === subject.namespace);

const leaf = (line: Printable): Tree => ({ line, children: [] });
