import type { Pod } from '../../world/objects.ts';
import { type Contained, containersOf } from '../container.ts';
import { type Escape, GAINS, type Opening, type Place } from './escape.ts';
import { ESCAPES } from './index.ts';

/** An opening, and the container in which it is. */
export interface Found extends Opening {
  /** The id of the escape. */
  id: string;
  container: string;
}

/**
 * What the containers of a pod that run or may start can do to the node and to other pods, worst first. Something that
 * is present and stopped is included with the verdict no. Pure.
 */
export function escapesOf(pod: Pod, place: Place): Found[] {
  const counted = containersOf(pod).filter(({ state }) => state !== 'finished');
  const onWindows = place.environments.every(({ os }) => os === 'windows');
  const ways = ESCAPES.filter(({ windows }) => windows || !onWindows);
  const found = ways.flatMap((way) => counted.flatMap((container) => openings(way, container, place)));
  const distinct = new Map(
    found.map((each) => [JSON.stringify([each.id, each.container, each.gain, each.reason]), each]),
  );
  return [...distinct.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

const openings = (way: Escape, container: Contained, place: Place): Found[] =>
  way.find(container, place).map((opening) => ({
    id: way.id,
    container: container.facts.name,
    ...(container.settings.neverStarts ? neverStarted(opening) : opening),
  }));

const neverStarted = ({ gain, reason }: Opening): Opening => ({
  ...{ gain, verdict: 'no', leaning: null, unknowns: [] },
  reason: `${reason}; the kubelet does not start it: runAsNonRoot with user 0`,
});

/** The order: likely openings come first, then stronger gains, then certain ones. */
function rankOf({ verdict, leaning, gain }: Opening): number {
  const doubt = verdict === 'no' ? 2 : leaning === 'no' ? 1 : 0;
  return 100 * doubt + 4 * GAINS.indexOf(gain) + (verdict === 'yes' ? 0 : leaning === 'yes' ? 1 : 2);
}
