import type { AttackText, FixText, SafeText } from './command.ts';
import type { Unknown } from './unknown.ts';
import type { Leaning, Truth } from './verdict.ts';

/** The machine-readable answer: what `-o json` prints. Fields are added, never renamed or removed. */
export interface Answer {
  apiVersion: 'whocan-escalate/v1alpha1';
  kind: 'Answer';
  question: string;
  target: TargetRef | null;
  /** `namespace` null: the whole cluster. */
  scope: { namespace: string | null; selector: string | null };
  /**
   * Who alone is asked about, with the groups that a user was taken to be in besides those that the server adds to
   * everybody; absent: everybody is.
   */
  subject?: Omit<SubjectRef, 'members'> & { groups: string[] };
  verdict: Truth;
  leaning: Leaning;
  summary: string;
  /**
   * Who holds it, worst first. Of `admit`, `raw-sockets` and `privileged` also what is refused or harmless, with the
   * verdict no.
   */
  findings: Finding[];
  /** Who does not hold it, but for one part of a grant or for a policy that refuses it: each with the verdict no. */
  nearMisses: Finding[];
  unknowns: Unknown[];
  assumptions: string[];
  source: SourceRef;
  /**
   * Of one subject, where the answer is not yes: rights by which it can become somebody else, whom the answer is not
   * about.
   */
  notFollowed?: Unfollowed[];
  /** `pod`: the facts of the incident card. */
  pod?: PodFacts;
  /** `raw-sockets`, `pod`: what is known of the network that sockets open on. Context: no verdict rests on it. */
  network?: NetworkFacts;
  /** `raw-sockets`: of each pod the worst of its containers. */
  pods?: { namespace: string | null; name: string; answer: NonNullable<Finding['answer']> }[];
  /** `--verify`: what the server said about these findings. */
  verification?: Verification;
  /**
   * `-o json` of `privileged` with more than a thousand findings: what many of them have in common, once and by name,
   * the namespaces of an equivalence class among it. An object with `same` has, besides its own fields, those of each
   * entry that it names; an entry may have a `same` of its own. In a finding `id`, `verdict` and `subject` always stand
   * in place. A step without `identity`, or a grant without `subject`, is the finding's subject's; a step without
   * `uses` uses none. Commands are left out (null): an answer about one subject has them.
   */
  shared?: Readonly<Record<string, object>>;
}

/** The entries of `Answer.shared` whose fields an object has as well. */
export interface SharedParts {
  same: readonly string[];
}

/** A right by which a subject can become somebody else: `create pods`. */
export interface Unfollowed {
  right: string;
  /** Null: in the whole cluster. */
  namespace: string | null;
}

/** A right by which a subject can become somebody else: `create pods`. */
export interface Unfollowed {
  right: string;
  /** Null: in the whole cluster. */
  namespace: string | null;
}

export interface AnswerList {
  apiVersion: 'whocan-escalate/v1alpha1';
  kind: 'AnswerList';
  items: Answer[];
}

export interface TargetRef {
  kind: string;
  namespace: string | null;
  name: string;
}

export interface Finding {
  /** Technique, check or kind of near miss. */
  id: string;
  verdict: Truth;
  leaning: Leaning;
  /** Holds the right itself; false: by becoming somebody who does. */
  direct: boolean;
  /** Named by `--accept`, or identical to what upstream itself creates. */
  accepted: boolean;
  subject: SubjectRef;
  object: TargetRef & { container: string | null };
  /** Where it holds. `namespace` null: cluster-wide; `names`: only for these resourceNames. */
  scope: { namespace: string | null; names: string[] | null };
  reason: string;
  evidence: EvidenceStep[];
  unknowns: Unknown[];
  /** Commands that end it, an object each: every one as a dry run first, then the same without. */
  fix: readonly FixText[];
  /** What they do to what runs, and what no command can change. */
  fixNotes?: readonly string[];
  /**
   * The subject is a service account that does not exist, or whose namespace does not either, or the group of the
   * accounts of such a namespace: whoever creates it has this. Not there where the subject exists, or nobody looked.
   */
  absent?: 'account' | 'namespace';
  /**
   * `who create`: not by a POST, but by these requests, which name what they create: server-side apply, or a PUT of an
   * object that is not there.
   */
  onlyBy?: ('server-side apply' | 'PUT')[];
  /** `privileged`: what pod the subject gets by this way. */
  spawn?: SpawnFacts;
  /** `admit`: what refuses the pod, or may. */
  violations?: Violation[];
  /** `admit`: the object itself is accepted, and only its pods are refused, when a controller makes them. */
  refusedLater?: boolean;
  /** `admit`: where the object is written: `web.yaml:12`. */
  from?: string;
  /**
   * `raw-sockets`: whether a process of the container has the capability; `via-binary`: only by a setuid-root or
   * file-capability program.
   */
  answer?: 'yes' | 'via-binary' | 'no' | 'unknown';
  /** `raw-sockets`: what the answer comes from. */
  container?: ContainerNotes;
}

export interface ContainerNotes {
  kind: 'init' | 'sidecar' | 'regular' | 'ephemeral';
  /** `finished`: it has ended and does not start again, and its answer is no. */
  state: 'running' | 'waiting' | 'finished';
  workload: { kind: string; name: string };
  node: string | null;
  /** `containerd 2.2`; several where it is not known. */
  runtime: string;
  /**
   * Where the capability comes from: `default of containerd 2.2`, `added`, `privileged`; null where it is not there.
   */
  source: string | null;
  /** Of its first process; null where the image says it. */
  uid: number | null;
  noNewPrivileges: boolean;
  /** Whose interfaces its sockets are on. */
  network: 'pod' | 'node';
  /** What is written to drop a capability, and drops none. */
  ineffectiveDrops: string[];
  /** Other pods on its node that have not ended; null where that was not read. */
  neighbours: number | null;
  /** Changes that people try, and why they are not enough. */
  notEnough: { change: string; because: string }[];
}

export interface NetworkFacts {
  /**
   * What is known of the network plug-in; empty where nothing gives it away. `daemonSet` null: a distribution brings it
   * along.
   */
  plugins: {
    name: string;
    daemonSet: TargetRef | null;
    wiring: 'bridge' | 'routed' | 'checked' | 'unknown';
    effect: string;
  }[];
  /** Why nothing is known of it; null where something is. */
  unknown: string | null;
}

export interface Violation {
  /** Of Pod Security the id of the check; else the policy or rule. */
  check: string;
  /** `host namespaces`. */
  reason: string;
  /** `hostPID=true`. */
  detail: string;
}

export interface SpawnFacts {
  /**
   * `node root`, `host namespaces only`, `root in a container`, `restricted`: for sure; null where no pod at all is
   * sure.
   */
  strongest: string | null;
  /** Stronger still, where that depends. */
  maybe: string | null;
  /** Where it is so; null where it is a matter of no namespace. */
  namespaces: readonly string[] | null;
  /** The privileges that pass, by technique. */
  escapes: string[];
  /** What refuses the privileges that don't. */
  refusals: { layer: string; by: TargetRef | null; check: string; reason: string; detail: string }[];
  /** Accounts that such a pod may run as: how many (null: not known), and those that may do everything. */
  accounts: { count: number | null; powerful: string[] };
}

export interface SubjectRef {
  kind: string;
  namespace: string | null;
  name: string;
  /** How many service accounts a group of accounts holds; null where the cluster does not know the members. */
  members: number | null;
}

export interface EvidenceStep {
  id: string;
  technique: string;
  step: string;
  identity: SubjectRef | null;
  gains: TargetRef | null;
  uses: string[];
  grants: GrantRef[];
  /** Checks the step, and is safe to paste: it reads, or is a dry run as the subject. */
  command: SafeText | null;
  /** `--show-attack`: does what the step says, to be run as `identity`. */
  attack?: AttackText;
}

export interface ObjectRef {
  kind: string;
  namespace: string | null;
  name: string;
  created: string | null;
  changed: string | null;
  manager: string | null;
}

export interface GrantRef {
  binding: ObjectRef;
  /** `created` and its like are null where the role was not read. */
  role: ObjectRef;
  /** Index into the role's rules; null where the role does not exist or could not be read. */
  rule: number | null;
  /** The ClusterRoles that an aggregated rule comes from. */
  aggregatedFrom: string[] | null;
  subject: { kind: string; namespace: string | null; name: string };
  /** The rule's own words: `create pods/portforward`. */
  allows: string | null;
}

export interface SourceRef {
  context: string | null;
  /** `v1.37.2`; null where nothing says it. */
  server: string | null;
  effectiveVersion: string;
  readAt: string;
  objects: number;
}

export interface PodFacts {
  phase: string | null;
  node: string | null;
  /** Null for a mirror pod, which has none. */
  serviceAccount: string | null;
  /** Whether a container holds a token, and the paths where it is mounted. */
  token: { mounted: boolean; containers: { container: string; path: string }[] };
  owner: TargetRef | null;
  containers: string[];
  created: string | null;
  /**
   * How far its code gets by the pod's own privileges: `node root`, `root in a container`, …; null where the spec was
   * not read.
   */
  strength: string | null;
  /**
   * Stronger still, where that depends: on what is behind a claim, for example. Null where nothing stronger is
   * possible.
   */
  strengthMaybe: string | null;
  /** What pod its account can get onto the cluster; null for a pod without one. */
  spawns: PodSpawns | null;
  /**
   * What its containers can do to the node and to other pods, worst first; what is there and is stopped has the verdict
   * no.
   */
  escapes: PodEscape[];
  /**
   * What its containers can do on the network: whether they open raw sockets, and where they pretend to be others
   * without.
   */
  sockets: PodSocket[];
  /** Other pods on its node that have not ended; null where that was not read. */
  neighbours: number | null;
}

export interface PodSocket {
  /** `raw-sockets`, `net-admin-spoof`. */
  id: string;
  container: string;
  answer: NonNullable<Finding['answer']>;
  leaning: Leaning;
  reason: string;
  /** Whose interfaces. */
  network: 'pod' | 'node';
  unknowns: Unknown[];
}

export interface PodEscape {
  /** Technique: `priv-container`, `hostpath-kubelet`, … */
  id: string;
  container: string;
  /** `node root`, `node data`, `node network`, `other pods`, `the pod`; `help`: no way by itself. */
  gain: string;
  verdict: Truth;
  leaning: Leaning;
  /** What is there, what it gives, what bounds it. */
  reason: string;
  unknowns: Unknown[];
}

export interface PodSpawns {
  /** The strongest that is sure, and a stronger one that depends. */
  strongest: string | null;
  maybe: string | null;
  /** Whether one of them is stronger than the pod itself. */
  stronger: boolean;
  namespaces: string[];
  /** Techniques. */
  ways: string[];
  /** Why nothing stronger; null where the node is reached. */
  because: string | null;
  /** What could not be read and may give the account more: bindings, namespaces. */
  unknowns: Unknown[];
}

export interface Verification {
  asked: number;
  agreed: number;
  /** Questions that the server did not answer: no right to ask, or it failed. */
  unanswered: number;
  contradictions: {
    question: string;
    expected: 'yes' | 'no';
    server: 'yes' | 'no';
    reason: string;
    likelyCause: string;
  }[];
  note: string | null;
}
