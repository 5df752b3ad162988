import type { Random } from '../../../helpers/random.ts';

/** A generated ValidatingAdmissionPolicy with a binding to some namespaces, or one that is not what it seems. */
export function policy(dice: Random, name: string, world: string, users: readonly string[]): object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const operations = dice.pick([['CREATE'], ['CREATE', 'UPDATE'], ['CREATE', 'UPDATE'], ['UPDATE'], ['*']]);
  const resources = dice.pick([['pods'], ['pods', 'pods/ephemeralcontainers'], ['pods/*'], ['*']]);
  const groups = resources[0] === '*' ? ['', 'apps', 'batch'] : [''];
  const resourceRules = [{ apiGroups: groups, apiVersions: ['v1'], operations, resources }];
  const isOfTemplates = dice.chance(0.15);
  const guard = dice.pick(isOfTemplates ? TEMPLATES : RULES);
  const rules = isOfTemplates
    ? [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }]
    : resourceRules;
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: dice.pick(['Fail', 'Fail', 'Ignore']),
        matchConstraints: {
          resourceRules: rules,
          ...(dice.chance(0.25) ? { objectSelector: dice.pick(OBJECT_SELECTORS) } : {}),
        },
        ...(dice.chance(0.3) ? { matchConditions: [{ name: 'who', expression: condition(dice, users) }] } : {}),
        // Of whatever else the rules cover there is no pod spec.
        validations: guard.map((expression) => ({
          expression: isOfTemplates ? expression : `request.kind.kind != 'Pod' || (${expression})`,
        })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: dice.chance(0.05) ? 'nowhere' : name,
        validationActions: dice.pick([['Deny'], ['Deny'], ['Deny'], ['Deny', 'Audit'], ['Warn'], ['Audit']]),
        matchResources: { namespaceSelector: { matchLabels: { world, ...dice.pick(TIERS) } } },
      },
    },
  ];
}

export const TIER_LABELS = [{}, { tier: 'a' }, { tier: 'b' }, { tier: 'c' }] as const;

const TIERS = [{ tier: 'a' }, { tier: 'b' }, { tier: 'a' }, {}] as const;

const condition = (dice: Random, users: readonly string[]): string =>
  dice.pick([
    `request.userInfo.username != '${dice.pick(users)}'`,
    "!('ops' in request.userInfo.groups)",
    "!request.userInfo.username.startsWith('system:serviceaccount:kube-system:')",
    "!request.userInfo.groups.exists(g, g == 'system:serviceaccounts')",
    "!authorizer.group('policy.example').resource('exemptions').check('use').allowed()",
    'authorizer.requestResource.check("delete").allowed() == false',
  ]);

const OBJECT_SELECTORS = [
  { matchExpressions: [{ key: 'exempt', operator: 'NotIn', values: ['true'] }] },
  { matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] },
  { matchLabels: { guarded: 'yes' } },
  { matchLabels: { app: 'whocan-escalate' } },
  { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
];

const NO_HOST =
  '!object.spec.?hostPID.orValue(false) && !object.spec.?hostNetwork.orValue(false) && !object.spec.?hostIPC.orValue(false)';
const NO_HOST_PATH = '!object.spec.?volumes.orValue([]).exists(v, has(v.hostPath))';
const NOT_PRIVILEGED = 'object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))';
const NO_CAPABILITIES = 'object.spec.containers.all(c, c.?securityContext.?capabilities.?add.orValue([]).size() == 0)';
const EPHEMERAL = 'object.spec.?ephemeralContainers.orValue([]).all(c, !c.?securityContext.?privileged.orValue(false))';
const TAME = [NO_HOST, NO_HOST_PATH, NOT_PRIVILEGED, NO_CAPABILITIES, EPHEMERAL];

/** What people write: lists of validations. */
const RULES: readonly (readonly string[])[] = [
  TAME,
  TAME,
  TAME,
  [TAME.join(' && ')],
  [NOT_PRIVILEGED],
  [NO_HOST, NOT_PRIVILEGED],
  [NO_HOST_PATH],
  [...TAME.slice(1)],
  ["object.spec.containers.all(c, c.image.startsWith('registry.example/'))"],
  ["object.spec.containers.all(c, c.image.matches('^registry\\\\.k8s\\\\.io/[a-z]+:[0-9.]+$'))"],
  ["object.spec.containers.all(c, !c.image.endsWith(':latest') && c.image.contains(':'))"],
  ["object.metadata.?labels.?team.orValue('') in ['shop', 'ci']"],
  ["has(object.metadata.labels) && 'owner' in object.metadata.labels"],
  [`object.metadata.?labels.?trusted.orValue('') == 'yes' || (${TAME.join(' && ')})`],
  [
    `object.spec.containers.all(c, c.image.startsWith('registry.trusted/')) || (${NO_HOST_PATH} && ${NOT_PRIVILEGED} && ${NO_HOST})`,
  ],
  [
    'object.spec.?securityContext.?runAsNonRoot.orValue(false) && object.spec.containers.all(c, c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false)',
  ],
  ['object.spec.containers.all(c, c.?securityContext.?runAsUser.orValue(0) >= 10000)'],
  ['object.spec.containers.all(c, has(c.resources) && has(c.resources.limits))'],
  ["object.spec.?serviceAccountName.orValue('default') == 'default'"],
  [`object.spec.?serviceAccountName.orValue('default') == 'robot' || (${TAME.join(' && ')})`],
  ['object.spec.containers.size() == 1'],
  ['object.spec.containers.all(c, has(c.livenessProbe))'],
  [`object.metadata.?annotations['reviewed-by'].hasValue() || (${TAME.join(' && ')})`],
  [`object.spec.?priorityClassName.orValue('') == 'system-node-critical' || (${NO_HOST_PATH})`],
  ['object.spec.notThere == 1'],
  ['false'],
];

/** Guards of the workload alone, whose pods they never see. */
const TEMPLATES: readonly (readonly string[])[] = [
  [
    'object.spec.template.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false)) && !object.spec.template.spec.?hostPID.orValue(false)',
  ],
  ['oldObject == null || object.spec.template == oldObject.spec.template'],
];
