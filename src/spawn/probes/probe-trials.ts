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
import { type Trial, tryProbes } from './strongest.ts';

// Namespaces that admission treats alike are an equivalence class. A cluster has hundreds of namespaces and few
// classes, so that probe pods are tried once for each class and the result holds in all its namespaces. An example:
// `dev` and `test` have the same labels, and no policy reads their names, so they are one class; `prod` enforces the
// baseline level of Pod Security, so it is a class of its own. Once a policy compares `request.namespace` with 'dev',
// `dev` and `test` are two classes. No list says which properties of a namespace matter: an evaluation notes whatever
// it reads of the namespace and of the user (`Reader`), and two namespaces are of one class if everything that was read
// is the same in both (`Recall`). The classes may therefore be others for another user, or for another kind of write.

/** The write by which somebody starts to make a pod: of a pod itself, or of a workload whose controller makes it. */
export interface FirstWrite {
  maker: PodMaker;
  operation: 'CREATE' | 'UPDATE';
}

/** An equivalence class of namespaces, with the trials that hold in each of them. */
export interface NamespaceClass {
  namespaces: readonly string[];
  trials: readonly Trial[];
}

/**
 * The trials of probe pods in the namespaces of one world: which privileges admission lets through. They are evaluated
 * once for each equivalence class of namespaces, and once for all users of whom every policy reads the same.
 */
export class ProbeTrials {
  readonly #world: World;
  readonly #recall: Recall<readonly Trial[]>;

  /**
   * `recall` may be shared by the trials of several worlds, provided that the worlds differ in nothing but what an
   * evaluation reads of the namespace that is asked about.
   */
  constructor(world: World, recall: Recall<readonly Trial[]> = new Recall()) {
    this.#world = world;
    this.#recall = recall;
  }

  /**
   * A trial of each probe in `namespace`, as `user`. It is the same array for all namespaces of a class, and may name
   * another namespace of the class: `refusalIn` and `podIn` put this one in its place.
   */
  of(write: FirstWrite, namespace: string, user: UserInfo, probes: readonly Probe[] = PROBES): readonly Trial[] {
    const evaluate = (reader: Reader): readonly Trial[] => this.#evaluate(write, reader, probes);
    return this.#recall.find(kindOf(write, probes), { namespace, user }, this.#world, evaluate).value;
  }

  /** The equivalence classes of many namespaces for `user`, in the order of the first namespace of each. */
  byClass(write: FirstWrite, namespaces: readonly string[], user: UserInfo): readonly NamespaceClass[] {
    const evaluate = () => (reader: Reader) => this.#evaluate(write, reader, PROBES);
    const found = this.#recall.spread(kindOf(write, PROBES), namespaces, user, this.#world, evaluate);
    return found.map((each) => ({ namespaces: each.namespaces, trials: each.found.value }));
  }

  #evaluate({ maker, operation }: FirstWrite, reader: Reader, probes: readonly Probe[]): Trial[] {
    const { namespace } = reader.origin;
    const after = (before: Before): Trial[] =>
      tryProbes(
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
    // The object that an update replaces was not read, and a policy may compare the two.
    return operation === 'UPDATE' ? agreed(after('same'), after('harmless')) : after('same');
  }
}

const kindOf = ({ maker: { group, resource }, operation }: FirstWrite, [first]: readonly Probe[]): string =>
  `${operation} ${resource}.${group} ${first?.id}`;

/**
 * The refusal of a trial as `namespace` says it: where a namespace of the class refuses, `namespace` is put in its
 * place.
 */
export const refusalIn = <R extends Pick<Refusal, 'by'>>(refusal: R, namespace: string): R =>
  refusal.by?.kind === 'Namespace' && refusal.by.name !== namespace
    ? { ...refusal, by: { ...refusal.by, name: namespace } }
    : refusal;

/** The pod of a trial, put into `namespace`, which is of the same equivalence class. */
export const podIn = ({ pod }: Trial, namespace: string): Raw => ({
  ...pod,
  metadata: { ...child(pod, 'metadata'), namespace },
});

/** An object that is updated was not read: it may have the privilege already, or no privilege at all. */
type Before = 'same' | 'harmless';

function asOperation(
  writes: AdmissionRequest[],
  operation: FirstWrite['operation'],
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

/** The trials that hold whatever was there before. Where the two disagree, the trial depends on what was there. */
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
  what: 'the object that is changed',
  why: 'a policy compares it with what it becomes, and it is not read as a whole',
  affects: 'whether the change is admitted',
};
/** The spec of a pod without any privilege, which is none of the probes. */
const ANOTHER = { ...HARMLESS.specs[0], containers: [{ name: 'app', image: 'registry.example/app:1' }] };
