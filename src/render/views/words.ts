import type { Finding } from '../../answer/answer.ts';
import { before } from '../../answer/ends.ts';
import { latest } from '../../answer/latest.ts';
import type { GrantRef, SubjectRef, TargetRef } from '../../answer/refs.ts';
import type { Leaning, Truth } from '../../answer/verdict.ts';
import { age, isRecent } from '../terminal/age.ts';
import type { Printable } from '../terminal/printable.ts';
import { cell, sentence } from '../terminal/printable.ts';

/** `sa/ci/deployer`, `user/jane`: a subject as one word, and as `--subject` takes it. */
export const subjectWord = ({ kind, namespace, name }: Omit<SubjectRef, 'members'>): Printable =>
  cell(
    [kind === 'ServiceAccount' ? 'sa' : kind.toLowerCase(), ...(namespace === null ? [] : [namespace]), name].join('/'),
  );

/** `cluster-admin`, `node/n1`, `sa/ci/deployer`, `secrets/shop`: what somebody comes to control. */
export function gainWord({ kind, namespace, name }: Pick<TargetRef, 'kind' | 'namespace' | 'name'>): Printable {
  if (kind === 'Cluster') return cell('cluster-admin');
  if (kind === 'Secret' && name === '')
    return namespace === null ? cell('secrets') : sentence`secrets/${cell(namespace)}`;
  if (kind === 'ServiceAccount' || kind === 'User' || kind === 'Group') return subjectWord({ kind, namespace, name });
  return cell([kind.toLowerCase(), ...(namespace === null ? [] : [namespace]), name === '' ? '*' : name].join('/'));
}

/** `sa/a/ghost(no such account)`: the subject of a finding as rows name it, marked where it does not exist. */
export const holderWord = ({ absent, subject }: Finding, word: Printable = subjectWord(subject)): Printable =>
  absent === undefined ? word : sentence`${word}(no such ${absent})`;

/** `shop/web-0`, `worker-1`. */
export const objectPath = ({ namespace, name }: Pick<TargetRef, 'namespace' | 'name'>): string =>
  namespace === null ? name : `${namespace}/${name}`;

/** `yes`, `no`, `depends`; where it leans, `probably` and `unlikely`. */
export const verdictWord = (verdict: Truth, leaning: Leaning): Printable =>
  cell(leaning === null ? verdict : LEANS[leaning]);

export const LEANS = { yes: 'probably', no: 'unlikely' } as const;

/** `<cluster>`, `shop`. The brackets keep it apart from a namespace of that name. */
export const namespaceWord = (namespace: string | null): Printable => cell(namespace ?? '<cluster>');

/** `5d`, `<unknown>`: how long ago that was when the cluster was read, as kubectl writes it. */
export const ageWord = (date: string | null, now: string): Printable => cell(age(date, now) ?? '<unknown>');

/** The same, marked where it may be part of what is going on. */
export const changeWord = (date: string | null, now: string): Printable =>
  isRecent(date, now) ? sentence`${ageWord(date, now)}(recent)` : ageWord(date, now);

/** What such a column is worth: most where something is part of what is going on. */
export const worthOfChange = (grants: readonly (GrantRef | undefined)[], now: string): number =>
  grants.some((grant) => grant && isRecent(latest(grant), now)) ? 5 : 2;

/** The day of an RFC 3339 date. */
export const day = (date: string | null): Printable => cell(date === null ? '<unknown>' : before(date, 'T'));

export const grantsOf = ({ evidence }: Finding): GrantRef[] => evidence.flatMap(({ grants }) => grants);
