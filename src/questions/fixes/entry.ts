import { type FixText, fixes, fixTexts } from '../../answer/command.ts';
import type { GrantRef } from '../../answer/refs.ts';
import { briefSubject, count, nameSubject } from '../../answer/words.ts';
import { isBootstrap } from '../../rbac/bootstrap.ts';
import type { Grant, Rbac } from '../../rbac/rbac.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Binding, Rule } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { describeRule } from '../holders/evidence.ts';
import type { Change } from './change.ts';

/** An entry of a binding goes; the binding goes with its only entry. What Kubernetes itself grants stays: null. */
export function entryChange(grant: Grant): Change | null {
  const { binding, subject } = grant;
  const entry = binding.subjects.indexOf(subject);
  return entry < 0 || isUpstreamGrant(grant) ? null : changeOf(binding, entry);
}

/** The same for a grant as answers show it; null where its binding, or the entry, is no longer there. */
export function entryOf({ binding: { namespace, name }, subject }: GrantRef, world: World): Change | null {
  const binding = world.find(namespace === null ? 'clusterrolebindings' : 'rolebindings', namespace, name);
  const entry = binding?.subjects.findIndex(
    (each) => each.kind === subject.kind && each.namespace === subject.namespace && each.name === subject.name,
  );
  return binding && entry !== undefined && entry >= 0 && !isBootstrap(binding) ? changeOf(binding, entry) : null;
}

function changeOf(binding: Binding, entry: number): Change {
  const { kind, namespace, name } = binding;
  const subject = subjectIn(binding, entry);
  return {
    key: `${kind} ${namespace} ${name} ${entry}`,
    object: { kind, namespace, name },
    words: `${nameSubject(binding)} (${subject})`,
    madeIn: (world) => without(binding, entry, world),
    texts: (kubectl) => textsFor(binding, entry, kubectl),
    who: subjectIn(binding, entry, briefSubject),
    loses: (rbac) => `loses ${count(rulesOf(binding, rbac).length, 'rule')}`,
    also: (rbac) => `${nameSubject(binding)} is also what lets ${subject} ${rulesBehind(binding, rbac)}`,
  };
}

function without(binding: Binding, entry: number, world: World): World {
  const kind = binding.namespace === null ? 'clusterrolebindings' : 'rolebindings';
  const now = world.find(kind, binding.namespace, binding.name) ?? binding;
  const gone = binding.subjects[entry];
  const subjects = now.subjects.filter((each) => each !== gone);
  return subjects.length === 0 ? world.fork(kind, { drop: [now] }) : world.fork(kind, { put: [{ ...now, subjects }] });
}

function textsFor({ kind, namespace, name, subjects }: Binding, entry: number, kubectl: readonly string[]): FixText[] {
  const object = `${kind.toLowerCase()}/${name}`;
  const place = namespace === null ? [] : ['-n', namespace];
  if (subjects.length === 1) return fixTexts(fixes('delete', object, ...place), kubectl);
  const path = `/subjects/${entry}`;
  // The test makes the patch fail where somebody has changed the binding since.
  const patch = [
    { op: 'test', path: `${path}/name`, value: subjects[entry]?.name ?? '' },
    { op: 'remove', path },
  ];
  return fixTexts(fixes('patch', object, ...place, '--type=json', '-p', JSON.stringify(patch)), kubectl);
}

/** What the entry is used for besides: the rules of the role. */
function rulesBehind(binding: Binding, rbac: Rbac): string {
  const rules = rulesOf(binding, rbac).map(describeRule);
  const shown =
    rules.length > MOST_RULES ? [...rules.slice(0, MOST_RULES), `${rules.length - MOST_RULES} more rules`] : rules;
  return shown.join('; ');
}

const MOST_RULES = 4;

function rulesOf(binding: Binding, rbac: Rbac): readonly Rule[] {
  const role = rbac.roleOf(binding);
  return typeof role === 'string' ? [] : rbac.rulesOf(role);
}

/** `ServiceAccount shop/web`. */
function subjectIn(binding: Binding, entry: number, words = nameSubject): string {
  const subject = binding.subjects[entry];
  if (!subject) return '';
  const namespace = subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null;
  return words({ ...subject, namespace });
}
