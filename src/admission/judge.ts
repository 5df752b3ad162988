import { child, type Raw } from '../world/reduce/raw.ts';
import type { World } from '../world/world.ts';
import { isSpecial, layersReadUser, namespaceClass } from './classes.ts';
import { type PodMaker, writesOf } from './makers.ts';
import { PROBES, type Probe } from './probes.ts';
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
  #usersDiffer: boolean | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** The privileges that a pod of `user` gets through in `namespace`, each tried. */
  trials({ maker, operation }: Way, namespace: string, user: UserInfo, probes: readonly Probe[] = PROBES): readonly Trial[] {
    const key = [maker.resource, operation, this.namespaceClass(namespace), this.userClass(user), probes[0]?.id].join('\n');
    const known = this.#trials.get(key);
    if (known) return known.of === namespace ? known.trials : this.#tell(known.trials, key, namespace);
    const writes = (pod: Raw): AdmissionRequest[] => asOperation(writesOf(maker, pod, namespace, user), operation);
    const trials = trialsOf({ namespace, writes }, this.#world, probes);
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
}

function inNamespace({ probe, pod, admission }: Trial, namespace: string): Trial {
  const evidence = admission.evidence.map((refusal) =>
    refusal.by?.kind === 'Namespace' ? { ...refusal, by: { ...refusal.by, name: namespace } } : refusal,
  );
  return { probe, pod: { ...pod, metadata: { ...child(pod, 'metadata'), namespace } }, admission: { ...admission, evidence } };
}

/** An update replaces what was there before by the pod in question: of that nothing is known but that it was admitted once. */
function asOperation(writes: AdmissionRequest[], operation: Way['operation']): AdmissionRequest[] {
  const [first, ...others] = writes;
  return first && operation === 'UPDATE' ? [{ ...first, operation, oldObject: first.object }, ...others] : writes;
}
