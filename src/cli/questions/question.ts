import type { Readable } from 'node:stream';
import type { Question, Result } from '../../questions/question.ts';
import type { ObjectsTarget } from '../../questions/targets.ts';
import type { QuestionView } from '../../render/views/view.ts';
import type { Command } from '../parse/command.ts';
import type { Values } from '../parse/parser.ts';

/**
 * Everything that the command line has to know about one question: its words, its flags, its target and its modules.
 */
interface QuestionRow<Typed, Target, Read> extends Command {
  /** What the words after the name, and its flags, ask about. Throws a usage error. */
  parse: (words: readonly string[], values: Values) => Typed;
  /** What of that everybody has to know; without it, nothing is named. */
  named?: (typed: Typed) => Named;
  /** Reads files that are named, before anybody else is asked. Rejects with a UserError. */
  read?: (typed: Typed, stdin: Readable) => Promise<Read>;
  /** The target, once it is known in which namespace it is, and what the files hold. */
  place: (typed: Typed, place: Place, read: Read) => Target;
  /** Loads the question, with all that it is answered by. */
  load: () => Promise<Question<Target>>;
  /** Loads how its answers are shown. */
  view: () => Promise<QuestionView>;
  /** It looks at what pods are made of: those of an input file are kept whole. */
  keepsPodsWhole: boolean;
  /** It asks who holds something: those who can become a holder are found too, unless only direct holders are wanted. */
  findsIndirect?: true;
}

/** What a command line names, whatever the question. */
export interface Named {
  /** Pods, workloads, services and nodes. */
  objects?: Objects | null;
  /** Subjects as typed, where the question is about them. */
  subjects?: readonly string[];
  /** Files that the question itself is about; `-` is standard input. */
  files?: readonly string[];
  /** No cluster is asked, nor any file that stands for one. */
  isClusterless?: boolean;
}

/** Objects whose namespace is known later. */
export type Objects = Omit<ObjectsTarget, 'namespace'>;

/** The namespaces that a target may be in. */
interface Place {
  /** The namespace of a target that does not say. */
  home: string;
  /** The same; null under `-A`. */
  namespace: string | null;
  /** What `-n` says; null where it says nothing. */
  given: string | null;
}

/** A question of the program, whatever its target is made of. */
export interface QuestionCommand extends Command {
  keepsPodsWhole: boolean;
  findsIndirect?: true;
  view: () => Promise<QuestionView>;
  /** What a command line asks. Throws a usage error. */
  parse: (words: readonly string[], values: Values) => Asks;
}

/** A question with what it is asked about. */
export interface Asks {
  question: QuestionCommand;
  /** The target as typed. */
  target: unknown;
  named: Named;
  /** Reads the files that are named, if any. Rejects with a UserError. */
  ready: (stdin: Readable) => Promise<Ready>;
}

/** Has the question asked about its target. */
export type Ready = (place: Place, ask: Asker) => Promise<Result>;

type Asker = <Target>(load: () => Promise<Question<Target>>, target: Target) => Promise<Result>;

/** A row as the frame sees it, which knows no question's target. */
export function question<Typed, Target, Read = undefined>(
  row: QuestionRow<Typed, Target, Read>,
): QuestionCommand & {
  /** The same of a target that nobody typed. */
  about: (typed: Typed) => Asks;
} {
  const about = (typed: Typed): Asks => ({
    question: command,
    target: typed,
    named: row.named?.(typed) ?? {},
    ready: async (stdin) => {
      const read = (await row.read?.(typed, stdin)) as Read;
      return (place, ask) => ask(row.load, row.place(typed, place, read));
    },
  });
  const command = {
    ...row,
    parse: (words: readonly string[], values: Values) => about(row.parse(words, values)),
    about,
  };
  return command;
}
