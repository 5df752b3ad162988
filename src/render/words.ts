import type { Finding, GrantRef, SubjectRef, TargetRef } from '../answer/answer.ts';
import type { Leaning, Truth } from '../answer/verdict.ts';
import type { Printable } from './escape.ts';
import { cell } from './escape.ts';

/** `ServiceAccount/ci/deployer`, `User/jane`: a subject as one word. */
export const subjectWord = ({ kind, namespace, name }: Omit<SubjectRef, 'members'>): Printable =>
  cell([kind, ...(namespace === null ? [] : [namespace]), name].join('/'));

/** `shop/web-0`, `worker-1`. */
export const objectPath = ({ namespace, name }: Pick<TargetRef, 'namespace' | 'name'>): string =>
  namespace === null ? name : `${namespace}/${name}`;

/** `yes`, `no`, `depends`, `depends:yes` where it leans. */
export const verdictWord = (verdict: Truth, leaning: Leaning): Printable => cell(leaning === null ? verdict : `${verdict}:${leaning}`);

/** `<cluster>`, `shop`. The brackets keep it apart from a namespace of that name. */
export const namespaceWord = (namespace: string | null): Printable => cell(namespace ?? '<cluster>');

/** The day of an RFC 3339 date. */
export const day = (date: string | null): Printable => cell(date === null ? '<unknown>' : date.replace(/T.*$/s, ''));

export const grantsOf = ({ evidence }: Finding): GrantRef[] => evidence.flatMap(({ grants }) => grants);
