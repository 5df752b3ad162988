import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError, usageError } from '../answer/user-error.ts';
import type { Options } from '../questions/question.ts';
import { subjectKey } from '../rbac/subjects.ts';
import type { Subject } from '../world/objects.ts';
import { parseSubject } from './subject.ts';

/**
 * Who `--accept` names: subjects, and files (`@FILE`, or a word that is no subject but a file) with a subject a line and comments after
 * a `#`. `sa/NAME` is of the given namespace. Throws a usage error.
 */
export async function readAccepted(given: readonly string[], namespace: string): Promise<Options['accepts']> {
  const subjects = (await Promise.all(given.map((text) => readOne(text, namespace)))).flat();
  const keys = new Set(subjects.map((subject) => subjectKey(subject, null)));
  return (subject) => keys.has(subjectKey(subject, null) ?? '');
}

async function readOne(text: string, namespace: string): Promise<Subject[]> {
  if (text.startsWith('@')) return readSubjects(text.slice(1), namespace);
  try {
    return [parseSubject(text, namespace)];
  } catch (error) {
    if (existsSync(text)) return readSubjects(text, namespace);
    throw error;
  }
}

async function readSubjects(file: string, namespace: string): Promise<Subject[]> {
  const content = await readFile(file, 'utf8').catch((error: Error) => {
    throw usageError(`error: --accept ${file}: ${error.message}`);
  });
  return content.split(/\r?\n/).flatMap((line, index) => {
    const text = line.replace(/(^|\s)#.*$/, '').trim();
    try {
      return text === '' ? [] : [parseSubject(text, namespace)];
    } catch (error) {
      throw error instanceof UserError ? usageError(`${error.message} (${file}, line ${index + 1})`) : error;
    }
  });
}
