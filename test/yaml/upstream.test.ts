import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { ParseError } from '../../src/cluster/input/parse-error.ts';
import { Empty, readPieces } from '../../src/cluster/input/pieces.ts';
import { DOCUMENTS } from './documents.ts';
import upstream from './upstream.json' with { type: 'json' };

/** What kubectl takes and we refuse, with the reason. Nothing may be read as another value than kubectl reads. */
const REFUSED: Readonly<Record<string, string>> = {
  'the scalar "\u2028"': 'such line breaks are of YAML 1.1 alone, and js-yaml takes them for text',
  NEL: 'such line breaks are of YAML 1.1 alone, and js-yaml takes them for text',
  'the flow "{a:}"': 'kubectl reads the key `a:`, which nobody means',
  'the flow "[-]"': 'js-yaml takes a dash before a bracket for an entry',
  'an end with a text': 'js-yaml looks at what comes after the end of a document',
  'a directive after a document': 'js-yaml looks at what comes after the end of a document',
  'JSON and YAML': 'a file that begins as JSON is split as JSON, so that its lists are read item by item',
  'JSON with a comma too many': 'a file that begins as JSON is read as JSON alone',
  'JSON with a comment': 'a file that begins as JSON is read as JSON alone',
};

type Outcome = { documents: unknown[] } | { refused: string };

async function ours(text: string): Promise<Outcome> {
  const documents: unknown[] = [];
  try {
    for await (const { type, value } of readPieces(Readable.from([Buffer.from(text)]), false)) {
      if (type === 'broken') return { refused: String(value) };
      documents.push(value);
    }
  } catch (error) {
    if (error instanceof Empty) return { documents: [] };
    if (error instanceof ParseError) return { refused: error.message };
    throw error;
  }
  return { documents };
}

/** Keys in one order, and numbers as JSON writes them. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))
      : each,
  );

test('what is refused is among the documents', () => {
  const known = DOCUMENTS.map(([why]) => why);
  assert.deepEqual(
    Object.keys(REFUSED).filter((why) => !known.includes(why)),
    [],
  );
});

test('the facts are of these documents', () => {
  assert.deepEqual(
    upstream.map(({ why, text }) => [why, text]),
    DOCUMENTS.map((each) => [...each]),
  );
  assert.ok(DOCUMENTS.length >= 400);
});

for (const { why, text, ...expected } of upstream as ({ why: string; text: string } & Outcome)[])
  test(`as kubectl reads it: ${why}`, async () => {
    const found = await ours(text);
    if ('refused' in expected)
      return assert.ok(
        'refused' in found || found.documents.length === 0,
        `kubectl refuses it: ${expected.refused}; read as ${JSON.stringify(found)}`,
      );
    if (Object.hasOwn(REFUSED, why)) return assert.ok('refused' in found, `it is read: ${JSON.stringify(found)}`);
    assert.equal(canonical(found), canonical(expected));
  });
