import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { isRaw, type Raw } from '../../../src/world/raw.ts';
import type { Version } from '../../../src/world/version.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Case } from './cases.ts';
import { shrinkObject } from './shrink.ts';
import { ask, type Reply } from './stage.ts';
import { type Ours, ourWord, serversWord, type Word } from './verdict.ts';

/** A case with what the server said, and what we say: recorded, to be replayed. */
export interface Recorded extends Case {
  server: Version;
  word: Word;
  ours: Ours;
  /** The object that the server made of the pod; null where it refused. */
  made: Raw | null;
}

/**
 * Sends all cases and fails on the first that we judge otherwise, in a word or in the object that comes out, with the
 * least pod that shows it.
 */
export async function compare(plane: ControlPlane, server: Version, cases: readonly Case[]): Promise<Recorded[]> {
  const replies = await ask(plane, cases);
  const records = cases.map((each, index) => recorded(each, server, replies[index] as Reply));
  const wrong = records.find((record) => !agrees(record));
  if (wrong) {
    const again = async (pod: Raw) => {
      const candidate = { ...wrong, pod };
      const [reply] = await ask(plane, [candidate]);
      return recorded(candidate, server, reply as Reply);
    };
    const pod = await shrinkObject(wrong.pod, async (smaller) =>
      again(smaller).then(
        (record) => !agrees(record),
        () => false,
      ),
    );
    const { set, plan, word, ours, made } = await again(pod);
    assert.deepEqual(
      { object: canonical(ours.defaulted), word: ours.word },
      { object: canonical(made ?? ours.defaulted), word },
      `${plan}, in ${JSON.stringify(set.labels)}, on 1.${server.minor}: ${JSON.stringify(pod, null, 1)}`,
    );
  }
  return records;
}

const recorded = (each: Case, server: Version, reply: Reply): Recorded => ({
  ...each,
  server,
  word: serversWord(reply),
  ours: ourWord(each, server),
  made: reply.status < 300 ? reply.body : null,
});

const agrees = ({ word, ours, made }: Recorded): boolean =>
  isDeepStrictEqual(ours.word, word) &&
  (made === null || isDeepStrictEqual(canonical(made), canonical(ours.defaulted)));

/** Without what the server alone can know, and with one name for the token's volume. */
function canonical(object: Raw): unknown {
  const { status: _, ...rest } = object;
  const metadata = isRaw(object.metadata) ? object.metadata : {};
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVERS.has(key)));
  return JSON.parse(
    JSON.stringify({ ...rest, metadata: kept }).replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-xxxxx'),
  );
}

const SERVERS = new Set(['uid', 'creationTimestamp', 'managedFields', 'generation', 'namespace', 'resourceVersion']);
