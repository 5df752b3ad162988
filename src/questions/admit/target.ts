import type { LevelVersion } from '../../admission/pod-security/level.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { UserError } from '../../answer/user-error.ts';
import type { Namespace, ServiceAccount } from '../../world/objects.ts';
import type { Raw } from '../../world/raw.ts';
import type { PodKind } from './kinds.ts';

/** An object that is a pod or has a template of one, as a file has it. */
export interface PodObject {
  kind: PodKind;
  raw: Raw;
  /** `web.yaml:12`; `STDIN:1`. */
  from: string;
}

/** What the files hold. */
export interface PodFiles {
  objects: readonly PodObject[];
  /** Namespaces and accounts that would be there too, once all is applied. */
  namespaces: readonly Namespace[];
  accounts: readonly ServiceAccount[];
  /** Objects that cannot be asked about. */
  errors: readonly UserError[];
  warnings: readonly string[];
  /** What of directories could not be read: what may hold pods, and what does not. */
  unread?: { unknowns: readonly Unknown[]; remarks: readonly Unknown[] };
}

export interface AdmitTarget extends PodFiles {
  /** The namespace of an object that names none. */
  namespace: string;
  /** `-n` as typed: an object may not say another one. Null where it was not. */
  given: string | null;
  /** Pod Security alone, whatever the cluster: null where it is asked what the namespace admits. */
  level: LevelVersion | null;
}
