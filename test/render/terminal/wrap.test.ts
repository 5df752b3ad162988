import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { painter } from '../../../src/render/terminal/paint.ts';
import { Printable, sentence } from '../../../src/render/terminal/printable.ts';
import { table } from '../../../src/render/terminal/table.ts';
import { drawTree } from '../../../src/render/terminal/tree.ts';

const lines = (text: string | Printable, width: number, hang = 0): string[] =>
  (text instanceof Printable ? text : Printable.of(text)).wrapped(width, hang).map(({ shown }) => shown);

describe('sentences are broken between words', () => {
  const cases: [text: string, width: number, hang: number, expected: string[], why: string][] = [
    ['one two three', 20, 2, ['one two three'], 'what fits is left alone'],
    ['one two three', 9, 2, ['one two', '  three'], 'a hanging indent'],
    ['one two three', 7, 0, ['one two', 'three'], 'to the last column'],
    ['one two', 6, 0, ['one', 'two'], 'no column more'],
    ['  one two', 6, 4, ['  one', '    two'], 'what a line begins with stays'],
    ['a  b', 3, 0, ['a', 'b'], 'a gap is no part of a line'],
    ['a  b c', 4, 0, ['a  b', 'c'], 'but stays within one'],
    ['unbreakable', 5, 2, ['unbreakable'], 'a word is never broken'],
    ['x unbreakable y', 5, 2, ['x', '  unbreakable', '  y'], 'and stands alone'],
    ['山田 山田 山田', 9, 0, ['山田 山田', '山田'], 'columns are counted, not characters'],
  ];
  for (const [text, width, hang, expected, why] of cases)
    test(why, () => assert.deepEqual(lines(text, width, hang), expected));

  test('whatever the text, nothing is lost and nothing is wider than its words', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 0, max: 3 }), (all, width, hang) => {
        const wrapped = lines(all.join(' '), width, hang);
        assert.deepEqual(
          wrapped.flatMap((line) => line.trim().split(' ')),
          all,
        );
        for (const line of wrapped) assert.ok(line.length <= width || line.trim().split(' ').length === 1, line);
      }),
    );
  });
});

test('a style is closed where a line ends, and opened again', () => {
  const paint = painter(true);
  assert.deepEqual(lines(paint('faint', Printable.of('one two')), 4, 1), [
    '\u001b[2mone\u001b[22m',
    ' \u001b[2mtwo\u001b[22m',
  ]);
  assert.deepEqual(lines(sentence`${paint('yes', Printable.of('yes'))}: a b`, 6, 0), [
    '\u001b[31myes\u001b[39m: a',
    'b',
  ]);
});

describe('commands go on as a shell reads them', () => {
  const command = (text: string): Printable => Printable.verbatim(text).unbroken();
  const cases: [text: string, width: number, expected: string[], why: string][] = [
    ['kubectl get pod x', 20, ['kubectl get pod x'], 'what fits is left alone'],
    ['kubectl get pod x -n some', 20, ['kubectl get pod x \\', '    -n some'], 'behind a backslash'],
    ["kubectl get 'a b' 'c d' e", 20, ["kubectl get 'a b' \\", "    'c d' e"], 'never within quotes'],
    ["kubectl a'b c'd $'e \\' f' g h", 20, ["kubectl a'b c'd \\", "    $'e \\' f' g h"], 'whatever the quotes'],
    [
      `printf %s '${'x'.repeat(30)}' | kubectl create`,
      20,
      [`printf %s '${'x'.repeat(30)}' | kubectl create`],
      'where a word does not fit, all is one line',
    ],
  ];
  for (const [text, width, expected, why] of cases)
    test(why, () => assert.deepEqual(lines(command(text), width, 2), expected));

  test('a sentence before it is broken before it', () =>
    assert.deepEqual(lines(sentence`check: ${command('kubectl get x')}`, 16, 2), ['check:', '  kubectl get x']));
});

describe('trees', () => {
  const leaf = (text: string | Printable) => ({
    line: text instanceof Printable ? text : Printable.of(text),
    children: [],
  });
  const tree = (ascii: boolean, width: number) =>
    drawTree(
      {
        line: Printable.of('root'),
        children: [{ line: Printable.of('one two three four'), children: [leaf('five')] }, leaf('six')],
      },
      { width, ascii },
    ).map(({ shown }) => shown);
  test('are drawn', () => assert.deepEqual(tree(false, 80), ['root', '├─one two three four', '│ └─five', '└─six']));
  test('in ASCII too', () => assert.deepEqual(tree(true, 80), ['root', '|-one two three four', '| `-five', '`-six']));
  test('nothing of them stands in the middle of a command', () => {
    const command = Printable.verbatim('kubectl auth can-i create pods --as=system:admin').unbroken();
    const drawn = drawTree(
      { line: Printable.of('r'), children: [leaf(command), leaf('x')] },
      { width: 30, ascii: false },
    );
    assert.deepEqual(
      drawn.map(({ shown }) => shown),
      ['r', '├─kubectl auth can-i create \\', '     pods --as=system:admin', '└─x'],
    );
  });
});

describe('tables', () => {
  const rows = [
    { name: 'a', why: 'one two three four five six seven eight nine ten', role: 'x' },
    { name: 'b'.repeat(12), why: 'z', role: 'y'.repeat(30) },
  ];
  type Row = (typeof rows)[number];
  const name = { title: 'NAME', value: (row: Row) => Printable.of(row.name) };
  const role = {
    title: 'ROLE',
    worth: 1,
    value: (row: Row) => Printable.of(row.role),
    brief: (row: Row) => Printable.of(row.role.slice(0, 3)),
  };
  const why = { title: 'WHY', prose: true, value: (row: Row) => Printable.of(row.why) };
  const shown = (width: number, columns = [name, role, why]): string[] =>
    table(columns, rows, true, width).map((line) => line.shown);
  test('in a pipe all is whole', () => {
    assert.equal(shown(Number.POSITIVE_INFINITY).length, 3);
    assert.match(shown(Number.POSITIVE_INFINITY)[1] ?? '', /^a {13}x {31}one .* ten$/);
  });
  test('sentences are broken within their column', () => {
    const [title = '', first = '', second = ''] = shown(80);
    assert.equal(title.indexOf('WHY'), first.indexOf('one'));
    assert.match(second, /^ +\S/);
    assert.equal(second.search(/\S/), first.indexOf('one'));
  });
  test('values are shortened before columns are left out', () => assert.match(shown(52)[0] ?? '', /^NAME +ROLE +WHY$/));
  test('what is worth less is left out', () => assert.match(shown(46)[0] ?? '', /^NAME +WHY$/));
  test('a long value is whole, and its row goes on below', () => {
    const long = [{ name: 'n'.repeat(40), why: 'w', role: 'r' }, ...rows];
    const columns = [name, { title: 'ROLE', value: (row: Row) => Printable.of(row.role.slice(0, 9)) }];
    const text = table(columns, long, true, 40).map((line) => line.shown);
    assert.ok(text.includes('n'.repeat(40)));
    assert.match(text[text.indexOf('n'.repeat(40)) + 1] ?? '', /^ +r$/);
  });
});
