import type { Finding } from '../../../answer/answer.ts';
import { before } from '../../../answer/ends.ts';
import type { PodAction } from '../../../answer/facts/pod.ts';
import { latest } from '../../../answer/latest.ts';
import type { GrantRef } from '../../../answer/refs.ts';
import { briefSubject, nameSubject } from '../../../answer/words.ts';
import { type Identity, identityOf } from '../../../rbac/subjects.ts';
import type { Subject } from '../../../world/objects.ts';
import type { World } from '../../../world/world.ts';
import { contextOf } from '../../context.ts';
import type { Change } from '../../fixes/change.ts';
import { entryOf } from '../../fixes/entry.ts';
import { entriesInto } from '../entries.ts';
import type { Scene } from './scene.ts';

/** Whoever gets in by the grant that was changed last is shut out. `taken`: the changes that are proposed already. */
export function closeDoor(scene: Scene, taken: ReadonlySet<string>): PodAction[] {
  const { world, options } = scene.context;
  const [last] = doorsOf(scene)
    .flatMap((door) => {
      const change = entryOf(door.grant, world);
      return change && !taken.has(change.key) && !isOwn(door.grant, world) ? [{ ...door, change }] : [];
    })
    .toSorted((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  if (!last) return [];
  const { change, date, finding } = last;
  const who = nameSubject(finding.subject);
  const isShut = isShutOut(finding, change, scene);
  return [
    {
      id: 'close-door',
      object: change.object,
      summary: `${isShut ? 'shut out' : 'close one way in of'} ${briefSubject(finding.subject)} (changed ${before(date, 'T')}): open sessions stay; ${change.loses(scene.context.rbac)}`,
      ends: `${isShut ? `new sessions of ${who}` : `what this binding allows, while ${who} still gets in by another`}, within seconds; open sessions go on${notBy(finding)}`,
      destroys: change.also(scene.context.rbac),
      commands: change.texts(options.kubectl),
    },
  ];
}

interface Door {
  finding: Finding;
  grant: GrantRef;
  date: string;
}

/** The grants by which somebody surely gets in. Whoever reads the logs is not inside. */
const doorsOf = ({ entries }: Scene): Door[] =>
  entries
    .filter((each) => isInside(each) && !each.accepted)
    .flatMap((finding) =>
      finding.evidence.flatMap(({ grants }) =>
        grants.flatMap((grant) => {
          const date = latest(grant);
          return date === null ? [] : [{ finding, grant, date }];
        }),
      ),
    );

const isInside = ({ id, verdict, steps }: Finding): boolean =>
  verdict === 'yes' && steps === undefined && id !== 'pod-log-read';

/** Whether the entry is what the caller's own rights come from: nobody shuts himself out. */
function isOwn({ subject }: GrantRef, { facts }: World): boolean {
  const user = facts.self?.user;
  if (!user) return false;
  const { user: name, groups } = entryIdentity(subject);
  return name === null ? groups.some((group) => user.groups.includes(group)) : name === user.name;
}

/** A group has itself for its first group, and those that Kubernetes adds behind it. */
const entryIdentity = (subject: Subject): Identity =>
  subject.kind === 'Group' ? { user: null, groups: [subject.name] } : identityOf(subject);

/** Whether somebody does not get in any more without the entry, by asking again. */
function isShutOut({ subject }: Finding, change: Change, { target, context: { world, options } }: Scene): boolean {
  const { indirect: _, ...direct } = options;
  const left = entriesInto(target, contextOf(change.madeIn(world), direct)).findings;
  return !left.some(
    (each) =>
      isInside(each) &&
      each.subject.kind === subject.kind &&
      each.subject.namespace === subject.namespace &&
      each.subject.name === subject.name,
  );
}

/** What does not shut somebody out, though people take it to. */
function notBy({ subject: { kind } }: Finding): string {
  const certificate = kind === 'ServiceAccount' ? '' : ', a certificate cannot be revoked';
  return `${certificate}, and a deny-all NetworkPolicy stops neither exec nor port-forward`;
}
