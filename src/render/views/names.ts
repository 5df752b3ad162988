import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { Printable } from '../terminal/printable.ts';
import { partition } from './findings.ts';

/** `-o name`: each holder once, as `--subject` takes it. */
export function holderNames(findings: readonly Finding[], showSystem: boolean): Printable[] {
  const { rows, accepted } = partition(findings);
  return [...new Set([...rows, ...(showSystem ? accepted : [])].map(({ subject }) => subjectName(subject)))].map(
    (name) => Printable.of(name),
  );
}

/** `user/jane`, `group/ops`, `system:serviceaccount:ci:deployer`. */
export const subjectName = ({ kind, namespace, name }: Pick<SubjectRef, 'kind' | 'namespace' | 'name'>): string =>
  kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? ''}:${name}` : `${kind.toLowerCase()}/${name}`;
