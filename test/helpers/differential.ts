import * as rbac from '../../src/rbac/rbac.ts';
import type { Request } from '../../src/rbac/request.ts';
import * as subjects from '../../src/rbac/subjects.ts';
import type { World } from '../../src/world/world.ts';
import type { Answer, Stage } from './staging.ts';
import type { Tuple, Who } from './tuples.ts';
import { type GeneratedWorld, generateWorld } from './worlds.ts';

/** What is put to the test: the engine itself, or a mutant of it. */
export type Engine = Pick<typeof rbac, 'Rbac'> &
  Pick<typeof subjects, 'identityOf' | 'identityKeys' | 'subjectKey' | 'MASTERS'>;
export const ENGINE: Engine = { ...rbac, ...subjects };

/** A world with what the server said to each of its tuples. */
export interface Sample {
  generated: GeneratedWorld;
  world: World;
  truths: Truth[];
  /** Requests, each put to everybody in the world. */
  lists: { request: Request; holders: { who: Who; allowed: boolean }[] }[];
  refused: number;
}

interface Truth extends Answer {
  tuple: Tuple;
}

export const comparisonsOf = ({ truths, lists }: Sample): number =>
  truths.length + lists.reduce((sum, { holders }) => sum + holders.length, 0);

/** Random worlds, played on the server one after the other until there are as many comparisons as wanted. */
export async function* samples(stage: Stage, seed: number, comparisons: number): AsyncGenerator<Sample> {
  for (let done = 0; done < comparisons; seed += 1) {
    const sample = await play(stage, generateWorld(seed, TUPLES));
    done += comparisonsOf(sample);
    yield sample;
  }
}

async function play(stage: Stage, generated: GeneratedWorld): Promise<Sample> {
  const { world, refused } = await stage.play(generated);
  const ask = ({ subject, groups }: Who, request: Request) => stage.ask(subjects.identityOf(subject, groups), request);
  const { tuples, people } = generated;
  const [truths, lists] = await Promise.all([
    Promise.all(tuples.map(async (tuple) => ({ tuple, ...(await ask(tuple.who, tuple.request)) }))),
    Promise.all(
      tuples.slice(0, LISTS).map(async ({ request }) => ({
        request,
        holders: await Promise.all(people.map(async (who) => ({ who, allowed: (await ask(who, request)).allowed }))),
      })),
    ),
  ]);
  return { generated, world, truths, lists, refused };
}

/** One thing that the server says otherwise. */
export interface Contradiction {
  truth: Truth;
  why: string;
}

/** The tuples whose answer, grant or missing roles are not what the server says. Pure. */
export function contradictions(
  { Rbac, identityOf }: Engine,
  { world, truths }: Pick<Sample, 'world' | 'truths'>,
): Contradiction[] {
  const engine = new Rbac(world);
  return truths.flatMap((truth) => {
    const why = contradiction(engine, identityOf(truth.tuple.who.subject, truth.tuple.who.groups), truth);
    return why === null ? [] : [{ truth, why }];
  });
}

function contradiction(
  engine: rbac.Rbac,
  identity: subjects.Identity,
  { tuple: { request }, allowed, reason }: Truth,
): string | null {
  const answer = engine.allows(identity, request);
  if (answer !== allowed)
    return `the server says ${allowed ? 'yes' : 'no'} (${reason}), we say ${answer ? 'yes' : 'no'}`;
  const { grants, open } = engine.grantsOf(identity, { request });
  const described = grants.map(describe);
  if (reason.startsWith(BY_RBAC) && !described.includes(reason.slice(BY_RBAC.length)))
    return `${reason}, not by ${described.join('; ')}`;
  const missing = new Set(open.map(({ binding }) => `${binding.roleRef.kind.toLowerCase()} ${binding.roleRef.name}`));
  const named = new Set([...reason.matchAll(NOT_FOUND)].map(([, kind, name]) => `${kind} ${name}`));
  return allowed || missing.symmetricDifference(named).size === 0
    ? null
    : `${reason}; we miss ${[...missing].join(', ')}`;
}

/** How many tuples have another answer than the server's. */
export function flips({ Rbac, identityOf }: Engine, { world, truths }: Sample): number {
  const engine = new Rbac(world);
  return truths.filter(
    ({ tuple: { who, request }, allowed }) => engine.allows(identityOf(who.subject, who.groups), request) !== allowed,
  ).length;
}

/**
 * Those whom a list of holders has wrong: the server allows it exactly to those to whom an entry applies, and to
 * system:masters.
 */
export function wronglyListed(
  { Rbac, identityOf, identityKeys, subjectKey, MASTERS }: Engine,
  { world, lists }: Sample,
): string[] {
  const engine = new Rbac(world);
  return lists.flatMap(({ request, holders }) => {
    const { grants } = engine.holders({ request });
    const keys = new Set(grants.map(({ subject, binding }) => subjectKey(subject, binding.namespace)));
    const listed = (identity: subjects.Identity) =>
      identity.groups.includes(MASTERS) || identityKeys(identity).some((key) => keys.has(key));
    return holders
      .filter(({ who, allowed }) => listed(identityOf(who.subject, who.groups)) !== allowed)
      .map(({ who, allowed }) => `${JSON.stringify(who)} ${allowed ? 'may' : 'may not'} ${JSON.stringify(request)}`);
  });
}

/** A grant in the words of the server. Mirrors kubernetes pkg/registry/rbac/validation/rule.go. */
function describe({ binding, subject }: rbac.Grant): string {
  const inNamespace = binding.namespace === null ? '' : `/${binding.namespace}`;
  const account = subject.kind === 'ServiceAccount' ? `/${subject.namespace ?? binding.namespace}` : '';
  const { kind, name } = binding.roleRef;
  return `${binding.kind} "${binding.name}${inNamespace}" of ${kind} "${name}" to ${subject.kind} "${subject.name}${account}"`;
}

const BY_RBAC = 'RBAC: allowed by ';
const NOT_FOUND = /(role|clusterrole)\.rbac\.authorization\.k8s\.io "([^"]+)" not found/g;
const TUPLES = 480;
const LISTS = 4;
