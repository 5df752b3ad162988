import { policyMetadata as metadata } from './metadata.ts';
import { fields, keep, map, out, outAsWhole, presence, type Shape, tree } from './shape.ts';
import { locationOf } from './url.ts';

/*
 * What is kept of the objects that configure admission: their own text, as far as it decides anything. Patterns may be
 * about arguments and variables, and then contain their required values. Text that a policy would write into an object
 * or send somewhere is left out.
 */

/**
 * The text of a pattern or condition. Data of Secrets and ConfigMaps is left out, and so are requests to other
 * services.
 */
const text: Shape = tree((key) => (DATA.has(key) ? out : ELSEWHERE.has(key) ? presence : undefined));

const DATA: ReadonlySet<string> = new Set(['data', 'stringData', 'binaryData']);
const ELSEWHERE: ReadonlySet<string> = new Set(['apiCall', 'imageRegistry', 'imageRegistryCredentials']);

const object = (spec: Shape): Shape => fields({ apiVersion: keep, kind: keep, metadata, spec });

const named = fields({ name: keep, expression: keep });
const conditions = named;
const variables = named;
const validations = fields({ expression: keep, message: keep, messageExpression: keep, reason: keep });
const auditAnnotations = fields({ key: keep, valueExpression: keep });
const paramKind = fields({ apiVersion: keep, kind: keep });
const cel = {
  paramKind,
  matchConstraints: text,
  matchConditions: conditions,
  variables,
  validations,
  auditAnnotations,
  failurePolicy: keep,
};

const admissionPolicy = object(
  fields(
    {
      ...cel,
      reinvocationPolicy: keep,
      mutations: fields({
        patchType: keep,
        applyConfiguration: fields({ expression: keep }),
        jsonPatch: fields({ expression: keep }),
      }),
    },
    outAsWhole,
  ),
);

const admissionBinding = object(
  fields({ policyName: keep, paramRef: text, matchResources: text, validationActions: keep }, outAsWhole),
);

const webhookConfiguration: Shape = fields({
  apiVersion: keep,
  kind: keep,
  metadata,
  webhooks: fields(
    {
      name: keep,
      clientConfig: fields({ url: locationOf, service: fields({ namespace: keep, name: keep, port: keep }) }),
      rules: text,
      namespaceSelector: text,
      objectSelector: text,
      matchConditions: conditions,
      matchPolicy: keep,
      failurePolicy: keep,
      reinvocationPolicy: keep,
      sideEffects: keep,
      timeoutSeconds: keep,
      admissionReviewVersions: keep,
    },
    outAsWhole,
  ),
});

/** A variable that a rule loads from elsewhere: only its name is kept, since its value is not known here either. */
const context = fields({ name: keep, variable: fields({ jmesPath: keep, value: text, default: text }) }, presence);

const loop: Shape = (value) =>
  fields(
    {
      list: keep,
      elementScope: keep,
      context,
      preconditions: text,
      pattern: text,
      anyPattern: text,
      deny: text,
      foreach: (inner) => loop(inner),
    },
    outAsWhole,
  )(value);

const validate = fields(
  {
    message: keep,
    failureAction: keep,
    failureActionOverrides: text,
    allowExistingViolations: keep,
    pattern: text,
    anyPattern: text,
    deny: text,
    foreach: loop,
    podSecurity: text,
    cel: fields({ ...cel, expressions: validations, generate: keep, paramRef: text }, outAsWhole),
    manifests: presence,
    assert: presence,
  },
  outAsWhole,
);

const inside = fields({}, outAsWhole);

const rule = fields(
  {
    name: keep,
    match: text,
    exclude: text,
    context,
    preconditions: text,
    celPreconditions: conditions,
    validate,
    mutate: inside,
    generate: inside,
    verifyImages: fields({ image: keep, imageReferences: keep, skipImageReferences: keep }, outAsWhole),
    imageExtractors: presence,
    skipBackgroundRequests: keep,
  },
  outAsWhole,
);

const webhookOptions = fields({ failurePolicy: keep, timeoutSeconds: keep, matchConditions: conditions }, outAsWhole);

const kyvernoPolicy = object(
  fields(
    {
      rules: rule,
      validationFailureAction: keep,
      validationFailureActionOverrides: text,
      admission: keep,
      background: keep,
      failurePolicy: keep,
      applyRules: keep,
      webhookConfiguration: webhookOptions,
    },
    outAsWhole,
  ),
);

const kyvernoException = object(
  fields({ exceptions: text, match: text, conditions: text, podSecurity: text, background: keep }, outAsWhole),
);

const kyvernoCelPolicy = object(
  fields(
    {
      ...cel,
      validationActions: keep,
      evaluation: text,
      autogen: text,
      webhookConfiguration: webhookOptions,
      matchImageReferences: text,
    },
    outAsWhole,
  ),
);

const schema = fields({ openAPIV3Schema: fields({ properties: map(() => presence) }) });

const constraintTemplate = object(
  fields({
    crd: fields({ spec: fields({ names: fields({ kind: keep }), validation: schema }) }),
    targets: fields({
      target: keep,
      rego: keep,
      libs: presence,
      code: fields({
        engine: keep,
        source: fields({ rego: keep, ...cel, matchCondition: conditions, generateVAP: keep }, outAsWhole),
      }),
    }),
  }),
);

const constraint = object(
  fields({ match: text, enforcementAction: keep, scopedEnforcementActions: text, parameters: text }, outAsWhole),
);

const gatekeeperConfig = object(fields({ match: text }, outAsWhole));

const strategy = fields({
  type: keep,
  uid: keep,
  uidRangeMin: keep,
  uidRangeMax: keep,
  ranges: fields({ min: keep, max: keep }),
  seLinuxOptions: fields({ level: keep, role: keep, type: keep, user: keep }),
});

const SCC = [
  ...[
    'priority',
    'users',
    'groups',
    'volumes',
    'allowPrivilegedContainer',
    'allowHostNetwork',
    'allowHostPID',
    'allowHostIPC',
  ],
  ...[
    'allowHostPorts',
    'allowHostDirVolumePlugin',
    'allowedCapabilities',
    'defaultAddCapabilities',
    'requiredDropCapabilities',
  ],
  ...['readOnlyRootFilesystem', 'allowPrivilegeEscalation', 'defaultAllowPrivilegeEscalation', 'seccompProfiles'],
  ...['allowedUnsafeSysctls', 'forbiddenSysctls', 'userNamespaceLevel'],
];

const securityContextConstraints: Shape = fields({
  apiVersion: keep,
  kind: keep,
  metadata,
  ...Object.fromEntries(SCC.map((field) => [field, keep])),
  ...Object.fromEntries(
    ['runAsUser', 'runAsGroup', 'seLinuxContext', 'fsGroup', 'supplementalGroups'].map((field) => [field, strategy]),
  ),
  allowedFlexVolumes: fields({ driver: keep }),
});

const amounts = map(() => keep);

const resourceQuota: Shape = fields({
  apiVersion: keep,
  kind: keep,
  metadata,
  spec: fields({ hard: amounts, scopes: keep, scopeSelector: text }),
  status: fields({ hard: amounts, used: amounts }),
});

const limitRange = object(
  fields({
    limits: fields({
      type: keep,
      max: amounts,
      min: amounts,
      default: amounts,
      defaultRequest: amounts,
      maxLimitRequestRatio: amounts,
    }),
  }),
);

const ADMISSION = 'admissionregistration.k8s.io';

/** The shapes by `schema.GroupKind`. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  [`ValidatingAdmissionPolicy.${ADMISSION}`, admissionPolicy],
  [`MutatingAdmissionPolicy.${ADMISSION}`, admissionPolicy],
  [`ValidatingAdmissionPolicyBinding.${ADMISSION}`, admissionBinding],
  [`MutatingAdmissionPolicyBinding.${ADMISSION}`, admissionBinding],
  [`ValidatingWebhookConfiguration.${ADMISSION}`, webhookConfiguration],
  [`MutatingWebhookConfiguration.${ADMISSION}`, webhookConfiguration],
  ['ResourceQuota.', resourceQuota],
  ['LimitRange.', limitRange],
  ['PodSecurityPolicy.policy', fields({ apiVersion: keep, kind: keep, metadata })],
  ['ClusterPolicy.kyverno.io', kyvernoPolicy],
  ['Policy.kyverno.io', kyvernoPolicy],
  ['PolicyException.kyverno.io', kyvernoException],
  ...['ValidatingPolicy', 'NamespacedValidatingPolicy', 'ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'].map(
    (kind): [string, Shape] => [`${kind}.policies.kyverno.io`, kyvernoCelPolicy],
  ),
  ['ConstraintTemplate.templates.gatekeeper.sh', constraintTemplate],
  ['Config.config.gatekeeper.sh', gatekeeperConfig],
  ['SecurityContextConstraints.security.openshift.io', securityContextConstraints],
]);

/**
 * The shape of an object that configures admission. It is applied to objects of a cluster and of a snapshot alike, so
 * that both decide the same.
 */
export const policyShape = (kind: string, group: string): Shape | undefined =>
  group === 'constraints.gatekeeper.sh' ? constraint : SHAPES.get(`${kind}.${group}`);
