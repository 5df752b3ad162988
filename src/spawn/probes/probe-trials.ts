import type { Refusal } from '../../admission/layer.ts';
import { type Reader, readBy } from '../../admission/request/reading/reader.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { depends } from '../../answer/verdict.ts';
import { child, type Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { manifestOf, type PodMaker, writesOf } from '../writes/makers.ts';
import { podOf } from './attempt.ts';
import { HARMLESS, PROBES, type Probe } from './probes.ts';
import { type Trial, trialsOf } from './strongest.ts';

/** How a pod comes about. */
export interface Way {
  maker: PodMaker;
  operation: 'CREATE' | 'UPDATE';
}

/** The trials of namespaces in which every evaluation read the same. */
export interface Spread {
  namespaces: readonly string[];
  trials: readonly Trial[];
}

/**
 * What admission lets through in each namespace of a world, every distinct case judged once: of hundreds of namespaces
 * most look alike, and most users do to every policy. Cases are distinct where an evaluation read something of the
 * namespace or the user that is another thing there.
 */
export class Judge {
  readonly #world: World;
  readonly #recall: Recall<readonly Trial[]>;

  /**
   * `recall`: shared by judges of worlds that differ in nothing but what is read of the namespace that they are asked
   * about.
   */
  constructor(world: World, recall: Recall<readonly Trial[]> = new Recall()) {
    this.#world = world;
    this.#recall = recall;
  }

  /**
   * The privileges that a pod of `user` gets through in `namespace`, each tried. The trials are one list for all
   * namespaces that are alike, and may name another of them: `refusalIn` and `podIn` tell what they say of this one.
   */
  trials(way: Way, namespace: string, user: UserInfo, probes: readonly Probe[] = PROBES): readonly Trial[] {
    const evaluate = (reader: Reader): readonly Trial[] => this.#evaluate(way, reader, probes);
    return this.#recall.find(kindOf(way, probes), { namespace, user }, this.#world, evaluate).value;
  }

  /** The same in many namespaces: those together where nothing that was read tells them apart. */
  spread(way: Way, namespaces: readonly string[], user: UserInfo): readonly Spread[] {
    const evaluate = () => (reader: Reader) => this.#evaluate(way, reader, PROBES);
    const found = this.#recall.spread(kindOf(way, PROBES), namespaces, user, this.#world, evaluate);
    return found.map((each) => ({ namespaces: each.namespaces, trials: each.found.value }));
  }

  #evaluate({ maker, operation }: Way, reader: Reader, probes: readonly Probe[]): Trial[] {
    const { namespace } = reader.origin;
    const after = (before: Before): Trial[] =>
      trialsOf(
        {
          ...{ namespace, reader },
          writes: (pod) => {
            const writes = asOperation(writesOf(maker, pod, namespace, reader.user), operation, before, maker, reader);
            return writes.map((write) => readBy(write, reader));
          },
        },
        this.#world,
        probes,
      );
    // What an update replaces was not read, and something may compare the two.
    return operation === 'UPDATE' ? agreed(after('same'), after('harmless')) : after('same');
  }
}

const kindOf = ({ maker: { group, resource }, operation }: Way, [first]: readonly Probe[]): string =>
  `${operation} ${resource}.${group} ${first?.id}`;

/** A refusal as it is in one of the namespaces that are alike: where the namespace itself refuses, it is that one. */
export const refusalIn = <R extends Pick<Refusal, 'by'>>(refusal: R, namespace: string): R =>
  refusal.by?.kind === 'Namespace' && refusal.by.name !== namespace
    ? { ...refusal, by: { ...refusal.by, name: namespace } }
    : refusal;

/** The pod of a trial as it is in one of the namespaces that are alike. */
export const podIn = ({ pod }: Trial, namespace: string): Raw => ({
  ...pod,
  metadata: { ...child(pod, 'metadata'), namespace },
});

/** What an update replaces was not read: it may have had the privilege already, or nothing. */
type Before = 'same' | 'harmless';

function asOperation(
  writes: AdmissionRequest[],
  operation: Way['operation'],
  before: Before,
  maker: PodMaker,
  reader: Reader,
): AdmissionRequest[] {
  const [first, ...others] = writes;
  if (!first || operation !== 'UPDATE') return writes;
  const oldObject =
    before === 'same' ? first.object : manifestOf(maker, podOf(ANOTHER, first.namespace, undefined, reader));
  return [{ ...first, operation, oldObject }, ...others];
}

/** What holds whatever was there before; else it depends on that. */
const agreed = (some: readonly Trial[], others: readonly Trial[]): Trial[] =>
  some.map((trial, index) => {
    const other = others[index] ?? trial;
    if (other.admission.value === trial.admission.value) return trial;
    const evidence = [...trial.admission.evidence, ...other.admission.evidence];
    const unknowns = [...trial.admission.unknowns, ...other.admission.unknowns, BEFORE];
    return { ...trial, admission: depends(unknowns, null, evidence) };
  });

const BEFORE: Unknown = {
  kind: 'opaque',
  what: 'what the object is like that is changed',
  why: 'a policy compares it with what it becomes, and it is not read as a whole',
  affects: 'whether the change is admitted',
};
/** Nothing that is tried, and without any privilege. */
const ANOTHER = { ...HARMLESS.specs[0], containers: [{ name: 'app', image: 'registry.example/app:1' }] };
