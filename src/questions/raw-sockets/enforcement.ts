import { defaultsOf } from '../../admission/pod-security/cluster-default.ts';
import { evaluatePod } from '../../admission/pod-security/evaluate.ts';
import { enforcedIn, labelsOfNamespace } from '../../admission/pod-security/layer.ts';
import { type Level, parseLevel, parsePolicyVersion } from '../../admission/pod-security/level.ts';
import type { ContainerContext } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';

/** Whether Pod Security could keep such a container out of its namespace, and does: a sentence. */
export function enforcementOf(namespace: string, context: ContainerContext, world: World): string {
  const key = JSON.stringify([namespace, context.privileged, context.add, context.drop]);
  const known = KNOWN(world);
  const sentence = known.get(key) ?? sentenceOf(namespace, context, world);
  known.set(key, sentence);
  return sentence;
}

const KNOWN = oncePerState(() => new Map<string, string>());

function sentenceOf(namespace: string, context: ContainerContext, world: World): string {
  const { offBecause } = defaultsOf(world);
  if (offBecause !== null) return `Pod Security looks at no pod here: ${offBecause}`;
  if ('unknown' in labelsOfNamespace(namespace, world))
    return `Pod Security: the labels of namespace ${namespace} could not be read; restricted refuses it`;
  const [level = '', version = ''] = enforcedIn(namespace, world).split(':');
  const enforced = parseLevel(level) ?? 'restricted';
  const refuses = (each: Level): boolean => refusesCapabilities(each, version, context, world);
  if (refuses(enforced))
    return `Pod Security: namespace ${namespace} enforces ${enforced}, which refuses such a pod now: this one is older, or exempt`;
  const able = (['baseline', 'restricted'] as const).find(refuses);
  const lets = `namespace ${namespace} enforces ${enforced}, which lets it in`;
  return able === undefined
    ? `Pod Security: ${lets}, and no level of ${version} refuses it`
    : `Pod Security: ${lets}; ${able} would refuse it`;
}

/**
 * Whether a level refuses the capability: only the checks of capabilities and of privileged containers count, whatever
 * else the pod does.
 */
function refusesCapabilities(
  level: Level,
  version: string,
  { privileged, add, drop }: ContainerContext,
  world: World,
): boolean {
  const container = {
    name: 'c',
    image: 'i',
    securityContext: { privileged, capabilities: { add: [...add], drop: [...drop] } },
  };
  const pod = { metadata: { name: 'p' }, spec: { containers: [container] } };
  const { violations } = evaluatePod(
    pod,
    level,
    parsePolicyVersion(version) ?? 'latest',
    world.facts.version ?? NEWEST,
  );
  return violations.some(({ check }) => check === 'privileged' || check.startsWith('capabilities'));
}
