import { existsSync, readFileSync } from 'node:fs';
import { before } from '../../answer/ends.ts';
import { UserError, usageError } from '../../answer/user-error.ts';
import type { Options } from '../../questions/question.ts';
import { subjectKey } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import { parseSubject } from '../parse/subject.ts';

/**
 * Who `--accept` names: subjects, and files (`@FILE`, or a word that is no subject but a file) with a subject a line
 * and comments after a `#`. `sa/NAME` is of the given namespace. Throws a usage error.
 */
export function readAccepted(given: readonly string[], namespace: string): Options['accepts'] {
  const subjects = given.flatMap((text) => readOne(text, namespace));
  const keys = new Set(subjects.map((subject) => subjectKey(subject, null)));
  return (subject) => keys.has(subjectKey(subject, null) ?? '');
}

function readOne(text: string, namespace: string): Subject[] {
  if (text.startsWith('@')) return readSubjects(text.slice(1), namespace);
  try {
    return [parseSubject(text, namespace)];
  } catch (error) {
    if (existsSync(text)) return readSubjects(text, namespace);
    throw error;
  }
}

function readSubjects(file: string, namespace: string): Subject[] {
  return contentOf(file)
    .split(/\r?\n/)
    .flatMap((line, index) => {
      const text = before(line, /(?:^|\s)#/).trim();
      try {
        return text === '' ? [] : [parseSubject(text, namespace)];
      } catch (error) {
        throw error instanceof UserError ? usageError(`${error.message} (${file}, line ${index + 1})`) : error;
      }
    });
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`error: --accept ${file}: ${(error as Error).message}`);
  }
}
