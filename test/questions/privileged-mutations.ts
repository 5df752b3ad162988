import { type Mutation, mistakes } from '../helpers/mutate.ts';

/** Deliberate mistakes in how a subject's way to a pod is judged, each of which some trap has to notice. */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('spawn/probes/attempt.ts', [
    ['only the first variant is tried', 'for (const spec of specs) {', 'for (const spec of specs.slice(0, 1)) {'],
    [
      'no suggestion is tried',
      "plain.admission.value === 'depends' ? asSuggested",
      "plain.admission.value === 'yes' ? asSuggested",
    ],
    [
      'nobody looks away',
      "admission.value === 'yes' ? null : exemptLabelsOf(admission.evidence)",
      "admission.value !== 'yes' ? null : exemptLabelsOf(admission.evidence)",
    ],
    [
      'only refusals are escaped',
      "admission.value === 'yes' ? null : exemptLabelsOf(admission.evidence)",
      "admission.value !== 'no' ? null : exemptLabelsOf(admission.evidence)",
    ],
    ['a refusal is always the last word', "if (admission.value !== 'no') return admission;\n", 'return admission;\n'],
    [
      'what harmless pods are refused for counts against the privilege',
      '|| (refusal.rests.some(isWritten) && isHarmlessRefused(refusal))',
      '',
    ],
    [
      'whatever harmless pods are refused for is open',
      'refusal.rests.some(isWritten) && isHarmlessRefused',
      'isHarmlessRefused',
    ],
    ['the image stays', 'image === undefined ? spec : withImage(spec, image)', 'spec'],
    ['the user stays', 'if (user === undefined || own.runAsUser === 0) return spec;', 'if (user !== 0) return spec;'],
    ['nothing leans', "admission.evidence.every(isAboutOtherThings) ? 'yes' : null", 'null'],
  ]),
  ...mistakes('spawn/probes/strongest.ts', [
    ['any strength is as good', 'rankOf(a) < rankOf(b)', 'rankOf(a) !== rankOf(b)'],
    ['the weakest is the strongest', 'b === null || rankOf(a) < rankOf(b)', 'b === null || rankOf(a) > rankOf(b)'],
    ['the namespaces of the host are no way to the node', " || strength === 'host namespaces only'", ''],
    ['root in a container is a way to the node', "strength === 'host namespaces only'", "strength !== 'restricted'"],
    [
      'what may pass is forgotten',
      'if (!open || !isStronger(open.probe.strength, sure)) return',
      'if (open || !open) return',
    ],
    ['a policy has one reason', ', check, rests.toSorted()]', ', check]'],
    ['of several the first is as likely', '(rateOf(each) > rateOf(best) ? each : best)', 'best'],
    ['the strongest alone is likely', ' || (!reachesNode(sure) && reachesNode(a) && reachesNode(b))', ''],
    ['the less likely is more', 'return rateOf(a) > rateOf(b);', 'return rateOf(a) < rateOf(b);'],
  ]),
  ...mistakes('admission/policies/layer.ts', [
    [
      'policies that nobody could list refuse as likely as not',
      "world.list(VALIDATING).length === 0 ? 'yes' : null",
      'null',
    ],
    ['policies that are there are as good as none', "world.list(VALIDATING).length === 0 ? 'yes' : null", "'yes'"],
  ]),
  ...mistakes('spawn/probes/probe-trials.ts', [
    ['all kinds are alike', '`${operation} ${resource}.${group} ${first?.id}`', '`${operation} ${first?.id}`'],
    ['the namespace that refuses is another one', '{ ...refusal, by: { ...refusal.by, name: namespace } }', 'refusal'],
    ['the pod of another namespace is told', "{ ...pod, metadata: { ...child(pod, 'metadata'), namespace } }", 'pod'],
  ]),
  ...mistakes('spawn/probes/suggestions.ts', [
    ['images are no hint', '...images.slice(0, MOST_VALUES), ', ''],
    ['labels are no hint', '...labels, ...usersIn', '...usersIn'],
    ['users are no hint', ', ...usersIn(JSON.stringify(wishes))]', ']'],
  ]),
  ...mistakes('admission/request/chosen-fields.ts', [
    ['everything is chosen', '!FIXED.some((pattern) => pattern.test(normalized(path)))', 'path !== null'],
    ['nothing is chosen', '!FIXED.some((pattern) => pattern.test(normalized(path)))', 'path === null'],
  ]),
  ...mistakes('spawn/writes/makers.ts', [
    ['a controller asks as its author', 'if (each.controller !== null) user = controllerUser(each.controller);', ''],
    ['the workload alone is judged', 'each.makes === null ? undefined : makerOf(each.makes)', 'undefined'],
    ['the template of a job changes', "['job-controller', 'pods'], 'immutable'", "['job-controller', 'pods'], 'yes'"],
    [
      'the template of a deployment does not change',
      "['deployment-controller', 'replicasets'], 'yes'",
      "['deployment-controller', 'replicasets'], 'immutable'",
    ],
  ]),
  ...mistakes('spawn/rights/holder.ts', [
    [
      'one name is every name',
      '(right.names === null || (name !== null && right.names.includes(name)))',
      'right !== null',
    ],
    [
      'a RoleBinding counts for what is cluster-scoped',
      "names: 'any', reach: clusterScoped ? 'request' : 'anywhere'",
      "names: 'any', reach: clusterScoped ? 'anywhere' : 'anywhere'",
    ],
    [
      'a name is as good as all',
      'names === null || !unlimited.has(namespace)',
      'names === null || unlimited.has(namespace)',
    ],
    [
      'superusers need a binding',
      'if (holder.identity.groups.includes(MASTERS)) return',
      'if (holder.identity.groups.length < 0) return',
    ],
  ]),
  ...mistakes('spawn/rights/everybody.ts', [
    ["what a group may do is nobody's", '...identityKeys(identity).map((each) => found.shared.get(each))', '...[]'],
  ]),
  ...mistakes('spawn/outcomes/existing.ts', [
    [
      'what could not be seen is not there',
      'if (there.length === 0 && unread.length === 0) return null;',
      'if (there.length === 0) return null;',
    ],
    ['an unseen workload becomes anything', 'and(trial.admission, depends(unread))', 'depends(unread)'],
    ['a pod of another shape is none', '=> strengthOf(way, pod, world) === null)', '=> pod === null)'],
    ['what was seen is all there is', 'each.some((unknowns) => unknowns.length > 0) ? listed : []', '[]'],
    ['every name is meant', 'right.names === null || right.names.includes(name)', 'right !== null'],
    ['pods that ended are changed', "phase !== 'Succeeded' && phase !== 'Failed'", 'true'],
    ['pods of manifests do not run', "phase === 'Running' || phase === null", "phase === 'Running'"],
    [
      'pods that do not run get containers',
      "on === 'running pod' ? phase === 'Running' || phase === null :",
      "on === 'running pod' ? true :",
    ],
  ]),
  ...mistakes('spawn/outcomes/existing.ts', [
    [
      'only the first variant of a container is tried',
      'for (const variant of variants) {',
      'for (const variant of variants.slice(0, 1)) {',
    ],
    [
      'of pods that are refused the first has all reasons',
      'noFor([...distinct.values()])',
      'noFor([...distinct.values()].slice(0, 1))',
    ],
  ]),
  ...mistakes('spawn/outcomes/unseen.ts', [
    [
      'an unseen pod is changed whatever it is',
      'admission: and(trial.admission, depends(unknowns))',
      'admission: depends(unknowns)',
    ],
    [
      'a pod that was not seen has no claim',
      'isNodeClaimed(world) && !probes',
      'isNodeClaimed(world) === null && !probes',
    ],
    [
      'volumes that could not be read are none of a node',
      " || unseen(world, list('persistentvolumes'), '').length > 0",
      '',
    ],
    ['a container more is another image', "way.on === 'pod' ? withOtherImage", "way.on !== 'pod' ? withOtherImage"],
  ]),
  ...mistakes('spawn/bypasses/bypasses.ts', [
    ['what has to be done first is never refused', 'allOf([each.admission, ...open])', 'each.admission'],
    [
      'only what creates goes around',
      'for (const outcome of here) {',
      "for (const outcome of here.filter(({ way }) => way.on === 'nothing')) {",
    ],
    ['one of two is enough', 'if (alone.length > 0) return alone;', 'return steps.map((step) => result([step]));'],
    ['what does not help is told', 'if (!isBetter(all.outcome.strongest, best)) return [];', ''],
    [
      'what is only likelier is no better',
      'isMore(now.maybe, before.maybe)',
      'isStronger(now.maybe.strength, before.maybe?.strength ?? null)',
    ],
  ]),
  ...mistakes('spawn/bypasses/steps/relabel.ts', [
    ['what is not sure comes first', '.toSorted((a, b) => likelihoodOf(b.admission) - likelihoodOf(a.admission))', ''],
    [
      'of what is not sure the first is as good',
      'likelihoodOf(b.admission) - likelihoodOf(a.admission)',
      "Number(a.admission.value !== 'yes') - Number(b.admission.value !== 'yes')",
    ],
    ['only Pod Security is relabelled away', '...mergeAll(changes)', ''],
    [
      'a namespace that was not read is none',
      "return 'unknown' in known ? {",
      "return 'unknown' in known && world === null ? {",
    ],
    ['a namespace that was not read has no other labels', '...(doubt ? { doubt } : {})', ''],
    ['finalize is forgotten', "  { subresource: 'finalize', verbs: ['update'] },\n", ''],
  ]),
  ...mistakes('spawn/bypasses/steps/weaken.ts', [
    ['policies alone', '[[own], ...(bindings.length > 0 ? [bindings] : [])]', '[[own]]'],
    ['no right is needed', 'if (held.length < objects.length) return [];', ''],
  ]),
  ...mistakes('spawn/bypasses/steps/volume.ts', [
    ['claims come by themselves', 'if (!volumes || !claims) return [];', 'if (!volumes) return [];'],
  ]),
  ...mistakes('spawn/other-ways/new-namespace.ts', [
    [
      'pods in one namespace are pods in a new one',
      'right.namespace === null && right.names === null',
      'right.names === null',
    ],
    ['the namespace itself is never refused', 'and(each.admission, admission)', 'each.admission'],
  ]),
  ...mistakes('spawn/other-ways/node-proxy.ts', [
    ['get is as good as create', "...(verb === 'get' ? [KUBELET_REACHED] : [])", '...[]'],
    ['pods of manifests run nowhere', 'node !== null : phase === null);', 'node !== null : false);'],
    ['a right over some nodes reaches pods to come', 'nodes === null || node !== null;', 'true;'],
    ['every node is meant', 'nodes?.has(node) !== false', 'true'],
    [
      'pods that could not be read can do nothing',
      "target?.strength === 'node root' ? [] : unseenPods(names, world)",
      '[]',
    ],
    ['a pod that nobody understands can do nothing', ', ...oddPods(odd, affects)]', ']'],
    ['no webhook is asked', "value === 'depends' ? onlyIf", "value === 'no' ? onlyIf"],
  ]),
  ...mistakes('spawn/other-ways/pod-binding.ts', [
    [
      'binding where nothing reaches the node is told',
      'namespace === undefined || !reaches',
      'namespace === undefined',
    ],
  ]),
  ...mistakes('spawn/outcomes/outcomes.ts', [
    ['pods of other namespaces are alike', '`${id}/${strength}=${value}', '`${id}=${value}'],
  ]),
  ...mistakes('questions/privileged/context.ts', [
    ['whatever it comes to is told alike', '`${number} ${outcome.namespaces[0]}`', "''"],
    ['any reason does', 'known.get(words) ?? reasonFor', '[...known.values()][0] ?? reasonFor'],
  ]),
  ...mistakes('questions/privileged/rows.ts', [
    ['what may be is not told', 'if (maybe && reachesNode(maybe.strength))\n', 'if (maybe === undefined)\n'],
  ]),
  ...mistakes('questions/privileged/privileged.ts', [
    [
      'namespaces that could not be listed do not matter',
      'return unread.length > 0 && holders.some',
      'return unread.length < 0 && holders.some',
    ],
    ['superusers create, and change nothing', 'created : findingsOf(holder, context);', 'created : created;'],
    ['of superusers the first way is told', 'likelihoodOf(asVerdict(b)) - likelihoodOf(asVerdict(a))', '0'],
    [
      'a pod that could not be read is not told of',
      '[...errors, ...unread, ...answered.errors]',
      '[...errors, ...answered.errors]',
    ],
    ['a static pod is not told of', '[...answered.asked, ...without]', 'answered.asked'],
  ]),
  ...mistakes('questions/privileged/needs.ts', [
    ['a namespace that nobody understands is not there', '[...new Set([...listed, ...misshapen])]', 'listed'],
  ]),
  ...mistakes('spawn/other-ways/mutation.ts', [
    ['webhooks that could not be read are not there', 'isThere || unread.length > 0 ? changed', 'isThere ? changed'],
    [
      'webhooks that could not be read are there',
      'created.length > 0 || isThere ? found',
      'created.length >= 0 ? found',
    ],
  ]),
  ...mistakes('spawn/other-ways/other-way.ts', [
    ['what is sure is all that there may be', 'maybe?.strength ?? sure', 'sure ?? maybe?.strength ?? null'],
  ]),
  ...mistakes('spawn/other-ways/other-account.ts', [
    [
      'whom admission may let through is nobody',
      '?.strongest.maybe ?? null)) possible = found;',
      '?.strongest.maybe ?? null)) continue;',
    ],
    [
      'of those whom admission may let through the first is told',
      'isMore(strongest.maybe, possible?.strongest.maybe ?? null)',
      'possible === null',
    ],
    ['accounts of roles that could not be read are nobody', ', ...boundToUnread(scope, seen.length)]', ']'],
  ]),
];
