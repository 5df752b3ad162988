import type { Answer, Finding } from '../../../src/answer/answer.ts';
import { UserError } from '../../../src/answer/user-error.ts';
import { debug } from '../../../src/questions/access/debug.ts';
import { admit } from '../../../src/questions/admit/admit.ts';
import type { PodFiles } from '../../../src/questions/admit/target.ts';
import { ask } from '../../../src/questions/ask.ts';
import { become } from '../../../src/questions/become/become.ts';
import { isAdmissionRemark } from '../../../src/questions/holders/connects.ts';
import { exec, logs, portForward, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { Options, Question, Result } from '../../../src/questions/question.ts';
import { rawSockets } from '../../../src/questions/raw-sockets/raw-sockets.ts';
import type { KindName } from '../../../src/world/kinds.ts';
import type { Subject } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { OPTIONS, objects, right } from '../../helpers/question.ts';
import type { Random } from '../../helpers/random.ts';
import { FACTS, FAULTS, type Fault, type Faults, partialFile, partialSource } from './server.ts';
import type { Scene } from './worlds.ts';

export type Origin = 'server' | 'file';

/** A question about a scene, as the program asks it. */
export interface Matter {
  name: string;
  /** Null where there is nothing to ask. `onKinds` is told what was read. */
  ask: (
    scene: Scene,
    faults: Faults,
    from: Origin,
    onKinds?: (kinds: ReadonlySet<KindName>) => void,
  ) => Promise<Result | null>;
}

function matter<T>(
  name: string,
  question: Question<T>,
  target: (scene: Scene) => T,
  options: (who: Subject) => Partial<Options> = () => ({}),
): Matter {
  return {
    name,
    async ask(scene, faults, from, onKinds) {
      const { objects: all, facts = FACTS } = scene;
      const source = from === 'file' ? partialFile(all, faults) : partialSource(all, faults, facts);
      if (!source) return null;
      const kinds = new Set<KindName>();
      const told: typeof source = {
        facts: (discovery) => source.facts(discovery),
        read(needs, world) {
          for (const { kind } of needs) kinds.add(kind);
          return source.read(needs, world);
        },
      };
      const result = await ask(question, target(scene), told, { ...OPTIONS, ...options(scene.who) });
      onKinds?.(kinds);
      return result;
    },
  };
}

const everybody = (namespace: string | null) => ({ subjects: [], pods: null, namespace, given: namespace });
const files = (...specs: Raw[]): PodFiles => ({
  objects: specs.map((spec, index) => ({
    kind: POD,
    raw: { apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${index}` }, spec },
    from: 'pod.yaml:1',
  })),
  ...{ namespaces: [], accounts: [], errors: [], warnings: [] },
});
const POD = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const CONTAINERS = [{ name: 'app', image: 'app' }];
const ROOT = [{ name: 'app', image: 'app', securityContext: { privileged: true } }];
const gate = (namespace: string, containers: Raw[]) => () => ({
  ...files({ containers }),
  namespace,
  given: namespace,
  level: null,
});
const foothold = (subject: Subject) => ({ kind: 'subject' as const, subject });
const asSubject = (who: Subject) => ({ subject: who });

export const MATTERS: readonly Matter[] = [
  matter('privileged SUBJECT', privileged, ({ who: subject }) => ({
    subjects: [subject],
    pods: null,
    namespace: null,
  })),
  matter('privileged system:masters', privileged, () => ({
    ...{ subjects: [{ kind: 'Group', namespace: null, name: 'system:masters' }], pods: null, namespace: null },
  })),
  matter('privileged -n dev', privileged, () => everybody('dev')),
  matter('privileged -n ci', privileged, () => everybody('ci')),
  matter('privileged -A', privileged, () => everybody(null)),
  matter('privileged POD', privileged, () => ({ subjects: [], pods: objects('dev', 'web'), namespace: 'dev' })),
  matter('SUBJECT', become, ({ who: subject }) => ({ starts: [foothold(subject)], goals: [] })),
  matter('SUBJECT --to cluster-admin', become, ({ who: subject }) => ({
    starts: [foothold(subject)],
    goals: [{ kind: 'cluster' as const }],
  })),
  matter('SUBJECT --to node/n1', become, ({ who: subject }) => ({
    starts: [foothold(subject)],
    goals: [{ kind: 'node' as const, name: 'n1' }],
  })),
  matter('pod web', pod, () => objects('dev', 'web')),
  matter('pod web --subject', pod, () => objects('dev', 'web'), asSubject),
  matter('who create pods -n dev', who, () => right('create pods', 'dev')),
  matter('who create pods -A', who, () => right('create pods')),
  matter('who create pods -n dev --subject', who, () => right('create pods', 'dev'), asSubject),
  matter('who create pods/exec -A --subject', who, () => right('create pods/exec'), asSubject),
  matter('who patch namespaces', who, () => right('patch namespaces')),
  matter('exec web', exec, () => objects('dev', 'web')),
  matter('exec web --subject', exec, () => objects('dev', 'web'), asSubject),
  matter('port-forward web', portForward, () => objects('dev', 'web')),
  matter('logs web', logs, () => objects('dev', 'web')),
  matter('proxy web', proxy, () => objects('dev', 'web')),
  matter('proxy service', proxy, () => objects('dev', 'services/web')),
  matter('proxy node', proxy, () => objects('dev', 'nodes/n1')),
  matter('debug web', debug, () => objects('dev', 'web')),
  matter('debug web --subject', debug, () => objects('dev', 'web'), asSubject),
  matter('raw-sockets -n dev', rawSockets, () => ({ refs: [], selector: null, namespace: 'dev' })),
  matter('raw-sockets -A', rawSockets, () => ({ refs: [], selector: null, namespace: null })),
  matter('raw-sockets web', rawSockets, () => objects('dev', 'web')),
  matter('raw-sockets -l', rawSockets, () => ({ refs: [], selector: 'app', namespace: 'dev' })),
  matter('exec -l', exec, () => ({ refs: [], selector: 'app', namespace: 'dev' })),
  matter('admit a plain pod', admit, gate('dev', CONTAINERS)),
  matter('admit a privileged pod', admit, gate('dev', ROOT)),
  matter('admit a privileged pod elsewhere', admit, gate('ci', ROOT)),
];

/** What of the partial answers the whole ones contradict: a sentence each. */
function contradictions(full: Result, partial: Result): string[] {
  if (partial.asked.length + partial.errors.length === 0) return ['nothing is answered, and no error is told'];
  return partial.asked.flatMap(({ answer }) => {
    const whole = full.asked.find((each) => JSON.stringify(each.answer.target) === JSON.stringify(answer.target));
    return whole ? ofAnswers(whole.answer, answer) : [];
  });
}

function ofAnswers(whole: Answer, partial: Answer): string[] {
  const found: string[] = [];
  // By design: policies that could not be read are remarked upon, and a door stays open.
  const isRemarked = partial.unknowns.some(isAdmissionRemark);
  if (partial.verdict !== 'depends' && partial.verdict !== whole.verdict && !(partial.verdict === 'yes' && isRemarked))
    found.push(`the verdict is ${partial.verdict}, and ${whole.verdict} where all is read`);
  if (partial.verdict === 'depends' && allUnknowns(partial).length === 0) found.push('depends on nothing');
  const [before, after] = [bySubject(whole), bySubject(partial)];
  for (const [subject, verdict] of after) {
    const was = before.get(subject) ?? 'no';
    // What a row says of its ways is no word on what a binding that was not read may add.
    const isTold = verdict === 'yes' ? isRemarked : hidesHolders(partial);
    if (verdict !== 'depends' && verdict !== was && !isTold)
      found.push(`${subject} is ${verdict}, and ${was} where all is read`);
  }
  for (const [subject, verdict] of before)
    if (verdict !== 'no' && !after.has(subject) && !hidesHolders(partial) && !hidesPods(partial))
      found.push(`${subject}, who is ${verdict} where all is read, is not mentioned`);
  for (const field of ['spawns', 'escapes', 'sockets'] as const) {
    const text = ofFacts(whole, partial, field);
    if (text) found.push(text);
  }
  return found;
}

const RANK = { no: 0, depends: 1, yes: 2 } as const;

/** The best of what is said of each subject, or of each object where the subjects are not what is asked about. */
function bySubject({ findings, question }: Answer): Map<string, Finding['verdict']> {
  const best = new Map<string, Finding['verdict']>();
  for (const { subject, object, verdict } of findings) {
    const key =
      question === 'raw-sockets' || question === 'admit'
        ? `${object.namespace}/${object.name}`
        : `${subject.kind} ${subject.namespace}/${subject.name}`;
    const before = best.get(key);
    if (before === undefined || RANK[verdict] > RANK[before]) best.set(key, verdict);
  }
  return best;
}

const allUnknowns = ({ unknowns, findings }: Answer) => [...unknowns, ...findings.flatMap((each) => each.unknowns)];

/** Whether bindings are said not to have been read, which may hold anybody. */
const hidesHolders = ({ unknowns }: Answer): boolean => hides(unknowns, /^(cluster)?rolebindings/);

/** Whether pods are said not to have been read, each of which is a row; or the one pod whose account is a row. */
const hidesPods = ({ unknowns, question }: Answer): boolean =>
  (question === 'raw-sockets' && hides(unknowns, /^pods|^namespaces/)) ||
  (question === 'pod' && hides(unknowns, /^pod dev\/web$/)) ||
  // Footholds: each is a way to somebody.
  (FOOTHOLDS.has(question) && hides(unknowns, /^(?:nodes|pods|serviceaccounts|namespaces|secrets)/));

const FOOTHOLDS: ReadonlySet<string> = new Set(['sa', 'user', 'group']);

const hides = (unknowns: Answer['unknowns'], what: RegExp): boolean =>
  unknowns.some((each) => each.kind === 'unreadable' && what.test(each.what));

function ofFacts(whole: Answer, partial: Answer, field: 'spawns' | 'escapes' | 'sockets'): string | null {
  if (!whole.pod || !partial.pod) return null;
  if (field === 'spawns') {
    const [before, after] = [whole.pod.spawns, partial.pod.spawns];
    if (!before || !after) return null;
    const isOpen = after.maybe !== null || ((after as { unknowns?: unknown[] }).unknowns?.length ?? 0) > 0;
    if (isOpen || after.strongest === before.strongest) return null;
    return `its account can spawn ${after.strongest}, and ${before.strongest} where all is read`;
  }
  const sure = (each: { verdict?: string; answer?: string }): string => each.verdict ?? each.answer ?? '';
  const key = (each: { id: string; container: string }): string => `${each.id}/${each.container}`;
  const after = new Map(partial.pod[field].map((each) => [key(each), sure(each)]));
  for (const each of whole.pod[field]) {
    const now = after.get(key(each));
    if (now === undefined && sure(each) === 'yes') return `${field}: ${key(each)} is not mentioned`;
    if (now === 'no' && sure(each) !== 'no') return `${field}: ${key(each)} is no, and ${sure(each)} where all is read`;
  }
  return null;
}

/** The answers, or the error where there is none; null where there is nothing to ask. */
export async function outcome(
  matter: Matter,
  scene: Scene,
  faults: Faults,
  from: Origin = 'server',
): Promise<Result | null> {
  try {
    return await matter.ask(scene, faults, from);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { asked: [], errors: [error], warnings: [] };
  }
}

/** What is asked, and what is wrong with which kinds. */
export interface Case {
  scene: Scene;
  matter: Matter;
  from: Origin;
  faults: Faults;
}

/** Asks about the same with everything read, and which kinds are read for it. Kept: many faults are tried on each. */
export async function whole(scene: Scene, matter: Matter, from: Origin): Promise<Whole | null> {
  let kinds: ReadonlySet<KindName> = new Set();
  const result = await matter.ask(scene, new Map(), from, (read) => {
    kinds = read;
  });
  return result && { result, kinds: [...kinds] };
}

export interface Whole {
  result: Result;
  kinds: readonly KindName[];
}

/** What is wrong with the partial answer, in sentences; null where there was nothing to ask. */
export async function wrongIn({ scene, matter, from, faults }: Case, { result }: Whole): Promise<string[] | null> {
  const partial = await outcome(matter, scene, faults, from);
  return partial && contradictions(result, partial);
}

/** Some kinds, each with a fault. */
export function someFaults(kinds: readonly KindName[], choose: Random): Faults {
  const hows = Object.keys(FAULTS) as Fault['how'][];
  // Half of the time with refusals alone, as they come from rights.
  const isRefused = choose.chance(0.5);
  const chosen = choose.some(kinds, 1, choose.chance(0.3) ? kinds.length : 2);
  return new Map(
    chosen.map((kind) => [kind, { how: isRefused ? 'refused' : choose.pick(hows), which: choose.pick(WHICH) }]),
  );
}

const WHICH = [0, 1, 2, 3, 4, 5];

export const describeCase = ({ scene, matter, from, faults }: Case): string =>
  `${matter.name}, ${scene.name}, from a ${from}: ${[...faults].map(([kind, { how, which }]) => `${kind} ${how} (${which})`).join(', ')}`;
