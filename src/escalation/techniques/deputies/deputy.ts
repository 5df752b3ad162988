import type { Unknown } from '../../../answer/unknown.ts';
import type { Leaning } from '../../../answer/verdict.ts';
import type { Release } from './release.ts';

/** A custom resource by which somebody has the controller of a product act: a row of the table. */
export interface Deputy extends ResourceName {
  /** What people call the product: `Argo CD`. */
  product: string;
  /** Absent for a resource that is in a namespace. */
  clusterScoped?: true;
  /** The verbs of which one is enough; `create`, `update` and `patch` where it is absent. */
  verbs?: readonly Verb[];
  controller: Controller;
  effect: Effect;
  /** The namespaces of the resource in which the controller acts; any that its account may watch where it is absent. */
  where?: OwnNamespace;
  /** Something else that has to be there, or written by anybody who is held. */
  also?: Also;
  /** Objects of another kind that limit what the controller does, and are read for it. */
  limits?: Limits;
  /** The releases of the product in which it works, where these are not all. */
  releases?: { since: Release; fixed: Release };
  /** Where upstream's source or documentation says so. */
  references: readonly string[];
}

export type Verb = 'create' | 'update' | 'patch';

/** The verbs of which one is enough where a row says nothing else. */
export const VERBS: readonly Verb[] = ['create', 'update', 'patch'];

export interface ResourceName {
  group: string;
  /** The plural name, as in RBAC. */
  resource: string;
}

/** By what the pods of a controller are known. */
export interface Controller {
  /** The last parts of the repository of its image, whatever the registry: `argoproj/argocd`, or just `argocd`. */
  images: readonly string[];
  /** What its workload, its container or its pods' labels are called. */
  names: readonly string[];
  /** Other components of the product run from the same image, so that the name has to agree too. */
  isImageShared?: true;
  /** The distributions of Kubernetes that run it inside their own server, by what their version contains. */
  builtInto?: readonly string[];
}

/** The controller only looks at its own namespace. */
interface OwnNamespace {
  kind: 'own';
  /** From this release on a flag makes it look at others, which may be set where no object shows it. */
  opens?: { since: Release; by: string };
}

/** A condition that the attacker may meet by another write; what it depends on otherwise. */
export interface Also {
  /** Creating one of these is enough, in the namespace of the resource. */
  any: readonly (ResourceName & { clusterScoped?: true })[];
  /** Completes "can": `create a source of its own for it`. */
  words: string;
  /** The resource may refer to one in another namespace. */
  isAnywhere?: true;
  otherwise: Open;
}

/** What is not known, and which way that leans. */
export interface Open {
  unknown: Omit<Unknown, 'affects'>;
  leaning: Leaning;
}

/** Objects that limit what is done for the writer, with what they are judged by. */
export interface Limits extends ResourceName {
  version: string;
  kind: string;
  /** Whether an object, as the API has it, lets everything through. */
  isOpen: (raw: Readonly<Record<string, unknown>>) => boolean;
}

/** What the controller does for whoever writes the resource. */
export type Effect =
  /** It runs pods that the writer describes, in the namespace of the resource, as an account that the writer chooses. */
  | {
      kind: 'pods';
      /** What it makes of the resource: `pods`, or workloads of Kubernetes. */
      makes: readonly string[];
      /** The writer sets the security context and volumes, and so how much of the node the pod has. */
      isWhole: boolean;
    }
  /** It runs pods of the writer's in its own namespace, as an account that the writer chooses. */
  | { kind: 'own pods'; makes: readonly string[] }
  /** It writes the objects that the writer describes, by its own rights. */
  | {
      kind: 'manifests';
      /** The resources that it writes; every one where it is absent. */
      only?: readonly string[];
      /** Where this flag is set, it acts as an account of the namespace of the resource instead. */
      unlessFlag?: string;
    }
  /** It creates an account in the namespace of the resource, binds it to this ClusterRole and runs the writer's code. */
  | { kind: 'grants'; role: string }
  /** It sends tokens of accounts to an address that the writer chooses. */
  | { kind: 'tokens' }
  /** It runs commands of the writer's in pods. */
  | { kind: 'exec' }
  /** It copies Secrets to where the writer chooses. */
  | { kind: 'secrets' }
  /** It rewrites the objects that others write. */
  | { kind: 'mutates' }
  /** It issues certificates for names that the writer chooses. */
  | { kind: 'certificates' }
  /** It makes nodes that start with the writer's code. */
  | { kind: 'nodes' }
  /** It looks like one of these and is none. */
  | { kind: 'nothing'; because: string };

/** The name of a resource as people write it: `applications.argoproj.io`. */
export const nameOf = ({ group, resource }: ResourceName): string => `${resource}.${group}`;
