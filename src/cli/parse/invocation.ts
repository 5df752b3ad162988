import type { ConnectFlags } from '../../cluster/connect/connection.ts';
import type { RenderOptions } from '../../render/options.ts';
import type { KindName } from '../../world/kinds.ts';
import type { Version } from '../../world/version.ts';
import type { Asks } from '../questions/question.ts';

/** What a command line asks for. */
export type Invocation = Help | { action: 'version' } | Misuse | Versions | Ask | Snapshot;

interface Help {
  action: 'help';
  /** Undefined: the whole program. */
  command: string | undefined;
}

/** A wrong command line, in kubectl's words. */
export interface Misuse {
  action: 'misuse';
  message: string;
  /** The command whose help to see. */
  command: string | undefined;
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
  /** The question, with what it is asked about. */
  asks: Asks;
  source: SourceChoice;
  /** What is assumed to be changed; null where the world is asked about as it is. */
  change: ChangeChoice | null;
  /** `-A`: the target's namespace is null. */
  allNamespaces: boolean;
  /** The subject as typed, since the namespace of `sa/builder` may be the context's. */
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

export type SourceChoice =
  | { kind: 'live' }
  | { kind: 'input'; path: string; complete: boolean; version: Version | null }
  | { kind: 'demo'; version: Version | null }
  /** Nothing is read. */
  | { kind: 'none'; version: Version | null };

/** Which version this program has, and which the cluster. */
export interface Versions extends Reads {
  action: 'versions';
  /** No cluster is asked. */
  isClientOnly: boolean;
  output: 'default' | 'json' | 'yaml';
}

/** `--with` and `--without`, before any file is read and any namespace is known. */
export interface ChangeChoice {
  /** Files whose objects would be applied; `-` is standard input. */
  files: readonly string[];
  removals: readonly NamedObject[];
}

/** An object as `--without` names it. */
export interface NamedObject {
  kind: KindName;
  isNamespaced: boolean;
  /** Null where the word gives none. */
  namespace: string | null;
  name: string;
}

export interface Snapshot extends Reads {
  action: 'snapshot';
  file: string;
}
