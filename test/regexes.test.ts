import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { analyse } from 'scslre';
import ts from 'typescript';

/*
 * Whatever a regular expression of ours is matched against, somebody else may have written it: it has to be read in
 * time that is linear in its length. scslre finds those that are not: parts that can be traded for one another, and
 * what is tried anew at each place (eslint-plugin-regexp does it by it).
 */
const SOURCES = join(import.meta.dirname, '../src');
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

interface Pattern {
  place: string;
  source: string;
  flags: string;
}

/** Those that stand in the sources. */
const written = files.flatMap((file): Pattern[] => {
  const tree = ts.createSourceFile(file, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push({ place: placeOf(file, tree, node), ...parts(node.text) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
});

/** Those that are put together while a module is loaded, which are all that are put together: see the last test. */
const built = await builtWhileLoading();

test('there are many, of both sorts', () =>
  assert.ok(written.length > 300 && built.length > 15, `${written.length} and ${built.length}`));

test('each takes time that is linear in what it is matched against', () => {
  const slow = [...written, ...built].flatMap(({ place, source, flags }) =>
    analyse({ source, flags }).reports.map(({ type }) => `${place}: /${source}/${flags}: ${type}`),
  );
  assert.deepEqual(slow, []);
});

test('those that are slow would be found', () => {
  const slow = ['\\{\\{.*\\}\\}', '(?:a+)+$', '\\s+$', '^(\\d*)(\\d*)x$', '[^,]*,\\s*$'];
  assert.deepEqual(
    slow.filter((source) => analyse({ source, flags: '' }).reports.length === 0),
    [],
  );
});

/** What is made of more than constants, with the reason why it is no matter. */
const MADE_LATER: Record<string, string> = {
  'admission/engines/gatekeeper/psp/kind.ts': 'of the names of parameters, which are constants of the same folder',
  'rbac/spellings/resources.ts': 'of places that are constants of the same file',
};

test('none is made of what comes from elsewhere', () => {
  const made = files.filter((file) => {
    const tree = ts.createSourceFile(file, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.Latest, true);
    let isFound = false;
    const visit = (node: ts.Node, isInFunction: boolean): void => {
      const isMade =
        (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(tree) === 'RegExp';
      isFound ||= isMade && isInFunction;
      ts.forEachChild(node, (child) => visit(child, isInFunction || ts.isFunctionLike(node)));
    };
    visit(tree, false);
    return isFound;
  });
  assert.deepEqual(made, Object.keys(MADE_LATER));
});

function placeOf(file: string, tree: ts.SourceFile, node: ts.Node): string {
  return `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}

function parts(text: string): { source: string; flags: string } {
  const end = text.lastIndexOf('/');
  return { source: text.slice(1, end), flags: text.slice(end + 1) };
}

/** In a process of its own, where nothing of ours has been loaded before: this file mentions process.argv. */
async function builtWhileLoading(): Promise<Pattern[]> {
  const found: Pattern[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, given, newTarget) {
      const made: RegExp = Reflect.construct(target, given, newTarget);
      const caller = new Error().stack?.split('\n')[2] ?? '';
      const [, file] = /\/src\/([\w/.-]+)/.exec(caller) ?? [];
      if (file !== undefined && files.includes(file))
        found.push({ place: file, source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    for (const file of files) if (file !== 'main.ts') await import(pathToFileURL(join(SOURCES, file)).href);
  } finally {
    globalThis.RegExp = original;
  }
  return found;
}
