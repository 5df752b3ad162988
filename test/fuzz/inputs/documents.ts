import { dump } from 'js-yaml';
import { FORMAT, FORMAT_VERSION } from '../../../src/cluster/input/snapshot/format.ts';
import { kept } from '../../../src/world/kept/index.ts';
import { ALL_KINDS, kindOf } from '../../../src/world/kinds.ts';
import { kindOfNeed, list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { isRaw } from '../../../src/world/raw.ts';
import type { Random } from '../../helpers/random.ts';
import { FACTS } from '../../questions/partial/server.ts';
import type { Input } from '../ask.ts';
import { mangleNames, mangleStructure, mangleText } from '../mangle.ts';
import { questionAbout, weighted } from './questions.ts';
import { type Scene, TOPICS } from './scenes.ts';

/** How objects are written. */
const FORMATS: readonly (readonly [weight: number, write: (objects: readonly unknown[]) => string])[] = [
  [5, (objects) => objects.map((each) => JSON.stringify(each)).join('\n')],
  [
    4,
    (objects) =>
      JSON.stringify({ apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }, null, 4),
  ],
  [1, (objects) => objects.map((each) => `---\n${dump(each, { skipInvalid: true })}`).join('')],
  [
    1,
    (objects) =>
      dump(
        { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } },
        { skipInvalid: true },
      ),
  ],
  [2, snapshot],
];

/**
 * A file of objects, of which some are not what they should be, or whose bytes are not, and a question that reads them.
 */
export function documentOf(topic: string, choose: Random): Input {
  const { objects, odd } = choose.pick(TOPICS[topic] ?? []);
  const isText = choose.chance(0.2);
  const changed = isText ? objects : mangled({ objects, odd }, choose);
  const text = weighted(FORMATS, choose)(changed);
  return {
    words: [...questionAbout(topic, choose), ...wordsOf(choose)],
    stdin: isText ? mangleText(text, choose) : Buffer.from(text),
    ...(choose.chance(0.1) ? { columns: choose.pick([1, 30, 80, 200]) } : {}),
  };
}

/** How the file is read. */
const wordsOf = (choose: Random): string[] => [
  '--input',
  '-',
  ...(choose.chance(0.7) ? ['--complete', '--server-version', '1.37'] : []),
];

function mangled({ objects, odd }: Scene, choose: Random): unknown[] {
  const places = odd.length > 0 ? odd : [...objects.keys()];
  if (choose.chance(0.3)) return mangleNames(objects, objects[choose.pick(places)], choose);
  const chosen = new Set(choose.some(places, 1, 2));
  return objects.map((each, index) => (chosen.has(index) ? oddOne(each, choose) : each));
}

/** Mostly what says that it is an object of Kubernetes stays: without, nothing else of it is looked at. */
function oddOne(raw: Raw, choose: Random): unknown {
  const changed = mangleStructure(raw, choose);
  if (!isRaw(changed) || choose.chance(0.1)) return changed;
  const { apiVersion, kind, metadata } = raw;
  return { ...changed, apiVersion, kind, ...(isRaw(changed.metadata) ? {} : { metadata }) };
}

/** A snapshot as we write it, of what has still a kind. */
function snapshot(objects: readonly unknown[]): string {
  const { origin: _, discovery: __, ...facts } = FACTS;
  const lines = objects.map((each) => (isRaw(each) ? keptOf(each) : each));
  const outcomes = ALL_KINDS.map((kind) => ({ record: 'outcome', need: list(kind), outcome: { read: true } }));
  return [{ format: FORMAT, version: FORMAT_VERSION, facts }, ...lines, ...outcomes, { record: 'end' }]
    .map((each) => `${JSON.stringify(each)}\n`)
    .join('');
}

function keptOf(raw: Raw): unknown {
  const { apiVersion, kind } = raw;
  const name = typeof apiVersion === 'string' && typeof kind === 'string' ? kindOf(apiVersion, kind) : null;
  return name === null ? raw : { ...kept(kindOfNeed({ kind: name }), raw, new Set()), apiVersion, kind };
}
