import type { Unknown } from '../answer/unknown.ts';
import { depends } from '../answer/verdict.ts';
import { child } from '../world/reduce/raw.ts';
import type { World } from '../world/world.ts';
import { podOf } from './attempt.ts';
import { isSpecial, layersReadUser, namespaceClass } from './classes.ts';
import type { Refusal } from './layer.ts';
import { manifestOf, type PodMaker, writesOf } from './makers.ts';
import { HARMLESS, PROBES, type Probe } from './probes.ts';
import type { AdmissionRequest, UserInfo } from './request.ts';
import { type Trial, trialsOf } from './strongest.ts';

/** How a pod comes about. */
export interface Way {
  maker: PodMaker;
  operation: 'CREATE' | 'UPDATE';
}

/**
 * What admission lets through in each namespace of a world, every distinct case judged once: of hundreds of namespaces most look alike, and most users
 * do to every policy.
 */
export class Judge {
  readonly #world: World;
  readonly #trials = new Map<string, { of: string; trials: Trial[] }>();
  readonly #told = new Map<string, readonly Trial[]>();
  readonly #classes = new Map<string, string>();
  #comparing: boolean | null = null;
  #usersDiffer: boolean | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** The privileges that a pod of `user` gets through in `namespace`, each tried. */
  trials({ maker, operation }: Way, namespace: string, user: UserInfo, probes: readonly Probe[] = PROBES): readonly Trial[] {
    const key = [maker.resource, operation, this.namespaceClass(namespace), this.userClass(user), probes[0]?.id].join('\n');
    const known = this.#trials.get(key);
    if (known) return known.of === namespace ? known.trials : this.#tell(known.trials, key, namespace);
    const after = (before: Before) =>
      trialsOf(
        { namespace, writes: (pod) => asOperation(writesOf(maker, pod, namespace, user), operation, before, maker) },
        this.#world,
        probes,
      );
    const same = after('same');
    const trials = operation === 'UPDATE' && this.#looksBack() ? agreed(same, after('harmless')) : same;
    this.#trials.set(key, { of: namespace, trials });
    return trials;
  }

  /** The trials of one namespace as those of another of its class. */
  #tell(trials: readonly Trial[], key: string, namespace: string): readonly Trial[] {
    const place = `${namespace}/${key}`;
    const known = this.#told.get(place) ?? trials.map((trial) => inNamespace(trial, namespace));
    this.#told.set(place, known);
    return known;
  }

  /** Equal where no layer can tell the namespaces apart. */
  namespaceClass(namespace: string): string {
    const known = this.#classes.get(namespace) ?? namespaceClass(namespace, this.#world);
    this.#classes.set(namespace, known);
    return known;
  }

  /** Equal where no layer can tell the users apart. */
  userClass(user: UserInfo): string {
    this.#usersDiffer ??= layersReadUser(this.#world);
    return this.#usersDiffer || isSpecial(user, this.#world) ? JSON.stringify([user.name, user.groups]) : '';
  }

  /** Whether anything may compare an object with what it was. */
  #looksBack(): boolean {
    const kinds = this.#world.kinds().filter((kind) => kind.includes('.'));
    this.#comparing ??= kinds.some((kind) => LOOKS_BACK.test(JSON.stringify(this.#world.list(kind))));
    return this.#comparing;
  }
}

function inNamespace({ probe, pod, admission }: Trial, namespace: string): Trial {
  const isByNamespace = ({ by }: Refusal): boolean => by?.kind === 'Namespace';
  const told = (refusal: Refusal): Refusal =>
    refusal.by && isByNamespace(refusal) ? { ...refusal, by: { ...refusal.by, name: namespace } } : refusal;
  return {
    probe,
    admission: admission.evidence.some(isByNamespace) ? { ...admission, evidence: admission.evidence.map(told) } : admission,
    // Of thousands few are looked at.
    get pod() {
      return { ...pod, metadata: { ...child(pod, 'metadata'), namespace } };
    },
  };
}

/** What an update replaces was not read: it may have had the privilege already, or nothing. */
type Before = 'same' | 'harmless';

function asOperation(writes: AdmissionRequest[], operation: Way['operation'], before: Before, maker: PodMaker): AdmissionRequest[] {
  const [first, ...others] = writes;
  if (!first || operation !== 'UPDATE') return writes;
  const oldObject = before === 'same' ? first.object : manifestOf(maker, podOf(ANOTHER, first.namespace));
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
const LOOKS_BACK = /oldObject/;
/** Nothing that is tried, and without any privilege. */
const ANOTHER = { ...HARMLESS.specs[0], containers: [{ name: 'app', image: 'registry.example/app:1' }] };
