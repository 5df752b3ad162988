import type { Answer, Finding, SubjectRef } from '../../answer/answer.ts';
import { Printable } from '../terminal/printable.ts';
import { objectWord } from './admit.ts';
import { partition } from './findings.ts';
import { WAYS_IN } from './ways-in.ts';

/** `-o name`: each holder once, as `--subject` takes it; of pods that are asked about those that are, or may be, admitted,
 * or open raw sockets. */
export function namesView(answers: readonly Answer[], showSystem: boolean): Printable[] {
  const admissions = answers.filter(({ question }) => question === 'admit');
  if (admissions.length > 0) return admissions.flatMap(({ findings }) => partition(findings).rows.map(objectWord));
  const pods = answers.filter(({ question }) => question === 'raw-sockets').flatMap(({ findings }) => findings);
  if (pods.length > 0) return podNames(pods);
  const findings = answers.flatMap((answer) =>
    answer.pod ? answer.findings.filter(({ id }) => WAYS_IN.has(id)) : answer.findings,
  );
  const { rows, accepted } = partition(findings);
  return [...new Set([...rows, ...(showSystem ? accepted : [])].map(({ subject }) => subjectName(subject)))].map(
    (name) => Printable.of(name),
  );
}

/** `pod/web-0`, as kubectl has it, of those that can, or may; without their namespaces, as there. */
const podNames = (findings: readonly Finding[]): Printable[] => {
  const open = findings.filter(({ id, answer }) => id === 'raw-sockets' && answer !== 'no');
  return [...new Set(open.map(({ object }) => `pod/${object.name}`))].map((name) => Printable.of(name));
};

/** `user/jane`, `group/ops`, `system:serviceaccount:ci:deployer`. */
export const subjectName = ({ kind, namespace, name }: Pick<SubjectRef, 'kind' | 'namespace' | 'name'>): string =>
  kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? ''}:${name}` : `${kind.toLowerCase()}/${name}`;
