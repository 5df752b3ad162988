import type { LevelVersion } from '../../admission/pod-security/level.ts';
import type { ConnectFlags } from '../../cluster/connect/connection.ts';
import type { ObjectsTarget, WhoTarget } from '../../questions/targets.ts';
import type { RenderOptions } from '../../render/options.ts';
import type { Version } from '../../world/version.ts';
import type { CommandName, ObjectsQuestion } from './commands.ts';
import type { NamedSubjects } from './targets.ts';

/** What a command line asks for. */
export type Invocation = Help | { action: 'version' } | Misuse | Ask | Snapshot;

export interface Help {
  action: 'help';
  /** Undefined: the whole program. */
  command: CommandName | undefined;
}

/** A wrong command line, in kubectl's words. */
export interface Misuse {
  action: 'misuse';
  message: string;
  /** The command whose help to see. */
  command: CommandName | undefined;
}

/** What every command that reads takes. */
export interface Reads {
  connect: ConnectFlags;
  /** Milliseconds for one request, 0 for no limit; undefined where the default is to hold. */
  requestTimeout: number | undefined;
  color: 'auto' | 'always' | 'never';
  quiet: boolean;
  verbosity: number;
}

export interface Ask extends Reads {
  action: 'ask';
  asks: Asks;
  source: SourceChoice;
  /** `-A`: the target's namespace is null. */
  allNamespaces: boolean;
  /** As typed, since the namespace of `sa/builder` may be the context's. */
  subject: string | undefined;
  subjectGroups: string[];
  /** Subjects and files of subjects, as typed. */
  accept: string[];
  direct: boolean;
  expand: boolean;
  verify: boolean;
  view: Pick<RenderOptions, 'output' | 'explain' | 'showAttack' | 'showSystem' | 'noHeaders' | 'asList'>;
  exitCode: boolean;
  strict: boolean;
}

/** A question with its target, whose namespace is known later. */
export type Asks =
  | { question: ObjectsQuestion; target: Omit<ObjectsTarget, 'namespace'> }
  | { question: 'who'; target: Omit<WhoTarget, 'namespace'> }
  | { question: 'privileged'; target: NamedSubjects }
  | { question: 'raw-sockets'; target: Omit<ObjectsTarget, 'namespace'> }
  | { question: 'admit'; target: { paths: readonly string[]; level: LevelVersion | null } };

export type SourceChoice =
  | { kind: 'live' }
  | { kind: 'input'; path: string; complete: boolean; version: Version | null }
  | { kind: 'demo'; version: Version | null }
  /** Nothing is read. */
  | { kind: 'none'; version: Version | null };

export interface Snapshot extends Reads {
  action: 'snapshot';
  file: string;
}
