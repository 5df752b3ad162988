import type { Source } from '../../../questions/ask.ts';
import { keepFlags } from '../../../world/kept/flags.ts';
import { kept } from '../../../world/kept/index.ts';
import { wordsIn } from '../../../world/kept/params.ts';
import type { Kind } from '../../../world/kinds.ts';
import type { Raw } from '../../../world/raw.ts';
import { World } from '../../../world/world.ts';
import { FORMAT, FORMAT_VERSION, type Header, type SnapshotRecord } from './format.ts';
import { LineFile } from './line-file.ts';
import { snapshotNeeds } from './needs.ts';

/** Opens a live source that shows each raw object to `onRaw` before it is reduced. */
export type OpenLive = (onRaw: (kind: Kind, raw: Raw) => void) => Source;

/**
 * Writes the whole cluster to `file`, as far as the caller may read it: the fields of every object that questions read,
 * and the outcome of every list. Returns the world that was read. Throws a UserError where the file cannot be written
 * or there is no server to ask.
 */
export async function writeSnapshot(file: string, open: OpenLive): Promise<World> {
  const lines = new LineFile(file);
  const write = (record: Header | SnapshotRecord | Raw): void => lines.write(record);
  const words = new Set<string>();
  const source = open((api, raw) => {
    const { group, version, kind } = api;
    const record = kept(api, raw, words);
    // Parameters are requested once the policies are read.
    if (HAVE_PARAMETERS.has(kind)) for (const word of wordsIn(record.spec)) words.add(word);
    // Objects in a list do not have their kind.
    const type = { apiVersion: group === '' ? version : `${group}/${version}`, kind };
    write({ ...type, ...record, ...type });
  });
  try {
    const facts = await source.facts(true);
    write(headerOf(facts));
    if (facts.discovery) write({ record: 'discovery', resources: facts.discovery });
    const world = new World(facts);
    for (let needs = snapshotNeeds(world); needs.length > 0; needs = snapshotNeeds(world))
      await source.read(needs, world);
    for (const { need, outcome } of world.outcomes()) write({ record: 'outcome', need, outcome });
    write({ record: 'end' });
    lines.commit();
    return world;
  } catch (error) {
    lines.discard();
    throw error;
  }
}

const HAVE_PARAMETERS: ReadonlySet<string> = new Set(['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy']);

function headerOf({ origin: _, discovery: __, ...facts }: World['facts']): Header {
  const { flags } = facts;
  return { format: FORMAT, version: FORMAT_VERSION, facts: { ...facts, flags: flags && keepFlags(flags) } };
}
