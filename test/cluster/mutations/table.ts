type Fields = Record<string, unknown>;

/** Policies that are bound to a namespace of their own, whose level of Pod Security `level` says. */
export interface Case {
  id: string;
  /** What is not said of `matchConstraints` is the creation of pods. */
  policies: readonly Fields[];
  level?: 'baseline' | 'restricted';
  /** Of the binding of each. */
  binding?: Fields;
  /** Parameters, in its namespace. */
  objects?: readonly Fields[];
  /** Another one than the pod itself: the server takes them in any order, so that only some answer is right. */
  isOpen?: true;
}

const json = (expression: string): Fields => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const apply = (expression: string): Fields => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const one = (id: string, mutation: Fields, more: Fields = {}, level?: Case['level']): Case => ({
  id,
  policies: [{ mutations: [mutation], ...more }],
  ...(level ? { level } : {}),
});
const each = (list: string, body: string): string =>
  `object.spec.${list}.map(c, Object.spec.${list}{name: c.name, ${body}})`;
const IGNORE = { failurePolicy: 'Ignore' };
const config = (name: string, data: Record<string, string>): Fields => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'NS' }, data },
});
const CONFIG = { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } };
const named = (name: string, action = 'Deny'): Fields => ({ paramRef: { name, parameterNotFoundAction: action } });
const POD = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

export const CASES: readonly Case[] = [
  // JSON Patches: what each operation does, and when it fails.
  one('replace-pid', json('[JSONPatch{op: "replace", path: "/spec/hostPID", value: false}]'), {}, 'baseline'),
  one('remove-pid', json('[JSONPatch{op: "remove", path: "/spec/hostPID"}]'), {}, 'baseline'),
  one('remove-pid-ignore', json('[JSONPatch{op: "remove", path: "/spec/hostPID"}]'), IGNORE, 'baseline'),
  one('add-pid', json('[JSONPatch{op: "add", path: "/spec/hostPID", value: true}]'), {}, 'baseline'),
  one(
    'host-where-there',
    json('object.spec.?hostNetwork.orValue(false) ? [JSONPatch{op: "remove", path: "/spec/hostNetwork"}] : []'),
    {},
    'baseline',
  ),
  one('no-patch', json('[JSONPatch{op: "test", path: "/spec/nothing", value: 1}]')),
  one('missing-parent', json('[JSONPatch{op: "add", path: "/metadata/annotations/a", value: "b"}]')),
  one('missing-parent-ignore', json('[JSONPatch{op: "add", path: "/metadata/annotations/a", value: "b"}]'), IGNORE),
  one(
    'labels-then-key',
    json(
      '[JSONPatch{op: "add", path: "/metadata/labels", value: {}}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a.b/c"), value: "x"}]',
    ),
  ),
  one(
    'test-holds',
    json(
      '[JSONPatch{op: "test", path: "/spec/hostPID", value: true}, JSONPatch{op: "replace", path: "/spec/hostPID", value: false}]',
    ),
    {},
    'baseline',
  ),
  one(
    'test-missing-is-null',
    json(
      '[JSONPatch{op: "test", path: "/spec/hostUsers", value: null}, JSONPatch{op: "add", path: "/spec/hostUsers", value: false}]',
    ),
  ),
  one('copy-image', json('[JSONPatch{op: "copy", from: "/spec/containers/0/image", path: "/metadata/name"}]')),
  one('copy-container', json('[JSONPatch{op: "copy", from: "/spec/containers/0", path: "/spec/containers/-"}]')),
  one(
    'copy-container-renamed',
    json(
      '[JSONPatch{op: "copy", from: "/spec/containers/0", path: "/spec/containers/-"}, JSONPatch{op: "replace", path: "/spec/containers/-1/name", value: "copy"}]',
    ),
  ),
  one(
    'move-image',
    json('[JSONPatch{op: "move", from: "/spec/containers/0/image", path: "/spec/containers/0/workingDir"}]'),
  ),
  one('move-missing', json('[JSONPatch{op: "move", from: "/spec/nothing", path: "/spec/hostname"}]')),
  one('unknown-operation', json('[JSONPatch{op: "merge", path: "/spec/hostPID", value: false}]')),
  one('unknown-field', json('[JSONPatch{op: "add", path: "/spec/hostPid", value: false}]'), IGNORE),
  one('wrong-type', json('[JSONPatch{op: "add", path: "/spec/hostPID", value: "yes"}]'), IGNORE),
  one('not-an-integer', json('[JSONPatch{op: "add", path: "/spec/priority", value: 1.5}]'), IGNORE),
  one(
    'index-at-end',
    json(
      '[JSONPatch{op: "add", path: "/spec/containers/" + string(size(object.spec.containers)), value: Object.spec.containers{name: "last", image: "x"}}]',
    ),
  ),
  one('index-beyond', json('[JSONPatch{op: "replace", path: "/spec/containers/9/image", value: "x"}]')),
  one('replace-dash', json('[JSONPatch{op: "replace", path: "/spec/containers/-", value: {"name": "x"}}]')),
  one('remove-first', json('[JSONPatch{op: "remove", path: "/spec/containers/0"}]')),
  one('empty-containers', json('[JSONPatch{op: "replace", path: "/spec/containers", value: []}]')),
  one('null-value', json('[JSONPatch{op: "replace", path: "/spec/securityContext", value: null}]')),
  one('no-value', json('[JSONPatch{op: "replace", path: "/spec/hostPID"}]'), {}, 'baseline'),
  one('whole-spec', json('[JSONPatch{op: "replace", path: "/spec", value: object.spec}]')),
  one('map-value', json('[JSONPatch{op: "add", path: "/spec/nodeSelector", value: {"a": "b"}}]')),
  one(
    'privilege-taken',
    json(
      'object.spec.containers.map(c, c.?securityContext.?privileged.orValue(false)).exists(p, p) ? [JSONPatch{op: "remove", path: "/spec/containers/0/securityContext"}] : []',
    ),
    {},
    'baseline',
  ),
  one(
    'privilege-given',
    json(
      '[JSONPatch{op: "add", path: "/spec/containers/0/securityContext", value: Object.spec.containers.securityContext{privileged: true}}]',
    ),
    {},
    'baseline',
  ),
  one(
    'volumes-emptied',
    json(
      'has(object.spec.volumes) && object.spec.volumes.exists(v, has(v.hostPath)) ? [JSONPatch{op: "replace", path: "/spec/volumes", value: object.spec.volumes.map(v, has(v.hostPath) ? {"name": dyn(v.name), "emptyDir": dyn({})} : {"name": dyn(v.name)})}] : []',
    ),
    {},
    'baseline',
  ),
  one(
    'volumes-removed-are-mounted',
    json('has(object.spec.volumes) ? [JSONPatch{op: "remove", path: "/spec/volumes"}] : []'),
  ),
  one(
    'wrong-path-in-type',
    json(
      '[JSONPatch{op: "add", path: "/spec/securityContext", value: Object.spec{securityContext: Object.spec.wrong{runAsUser: 1}}}]',
    ),
  ),
  one('fails', json('[JSONPatch{op: "add", path: "/spec/hostname", value: object.spec.nodeName}]')),
  one('fails-ignore', json('[JSONPatch{op: "add", path: "/spec/hostname", value: object.spec.nodeName}]'), IGNORE),
  one(
    'of-the-request',
    json(
      '[JSONPatch{op: "add", path: "/metadata/labels", value: {"by": request.userInfo.username, "in": namespaceObject.metadata.name, "op": request.operation}}]',
    ),
  ),
  one(
    'env-of-all',
    json(
      'object.spec.containers.map(c, JSONPatch{op: "add", path: "/spec/containers/0/env", value: [Object.spec.containers.env{name: "N", value: string(size(object.spec.containers))}]})',
    ),
  ),
  // Apply configurations: what is merged by which key, and what may not be set.
  one(
    'apply-pid',
    apply('Object{spec: Object.spec{hostPID: false, hostNetwork: false, hostIPC: false}}'),
    {},
    'baseline',
  ),
  one('apply-labels', apply('Object{metadata: Object.metadata{labels: {"team": "x"}, annotations: {"a/b": "c"}}}')),
  one(
    'apply-context',
    apply(
      'Object{spec: Object.spec{securityContext: Object.spec.securityContext{runAsNonRoot: true, seccompProfile: Object.spec.securityContext.seccompProfile{type: "RuntimeDefault"}}}}',
    ),
  ),
  one(
    'apply-each-container',
    apply(
      `Object{spec: Object.spec{containers: ${each('containers', 'securityContext: Object.spec.containers.securityContext{privileged: false, allowPrivilegeEscalation: false}')}}}`,
    ),
    {},
    'baseline',
  ),
  one(
    'apply-sidecar',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "side", image: "side", securityContext: Object.spec.containers.securityContext{privileged: true}}]}}',
    ),
    {},
    'baseline',
  ),
  one(
    'apply-sidecar-plain',
    apply(
      'Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: "mesh", image: "mesh:1", restartPolicy: "Always"}]}}',
    ),
  ),
  one(
    'apply-to-app',
    apply('Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", image: "mirror/app:1"}]}}'),
  ),
  one(
    'apply-order',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "first", image: "f"}, Object.spec.containers{name: "app", image: "a"}, Object.spec.containers{name: "last", image: "l"}]}}',
    ),
  ),
  one(
    'apply-reversed',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "sidecar", stdin: true}, Object.spec.containers{name: "app", tty: true}]}}',
    ),
  ),
  one(
    'apply-env',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", env: [Object.spec.containers.env{name: "A", value: "new"}, Object.spec.containers.env{name: "Z", value: "z"}]}]}}',
    ),
  ),
  one(
    'apply-port',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", ports: [Object.spec.containers.ports{containerPort: 80, name: "web"}, Object.spec.containers.ports{containerPort: 80, protocol: "UDP"}]}]}}',
    ),
  ),
  one(
    'apply-mount',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", volumeMounts: [Object.spec.containers.volumeMounts{mountPath: "/host", name: "tmp"}]}], volumes: [Object.spec.volumes{name: "tmp", emptyDir: Object.spec.volumes.emptyDir{}}]}}',
    ),
  ),
  one(
    'apply-volume',
    apply(
      'Object{spec: Object.spec{volumes: [Object.spec.volumes{name: "host", hostPath: Object.spec.volumes.hostPath{path: "/tmp/safe"}}]}}',
    ),
  ),
  one(
    'apply-limits',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", resources: Object.spec.containers.resources{limits: {"cpu": "1", "memory": "1Gi"}}}]}}',
    ),
  ),
  one(
    'apply-tolerations',
    apply('Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: "a", operator: "Exists"}]}}'),
  ),
  one('apply-node-selector', apply('Object{spec: Object.spec{nodeSelector: {"a": "b"}}}')),
  one(
    'apply-drop',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", securityContext: Object.spec.containers.securityContext{capabilities: Object.spec.containers.securityContext.capabilities{drop: ["ALL"]}}}]}}',
    ),
  ),
  one(
    'apply-args-ignore',
    apply('Object{spec: Object.spec{containers: [Object.spec.containers{name: "app", args: ["x"]}]}}'),
    IGNORE,
  ),
  one('apply-unknown-field', apply('Object{spec: Object.spec{hostPid: false}}')),
  one('apply-wrong-type', apply('Object{spec: Object.spec{hostPID: "no"}}')),
  one('apply-wrong-name', apply('Object{spec: Object.spec{securityContext: Object.spec.context{runAsUser: 1}}}')),
  one('apply-without-key', apply('Object{spec: Object.spec{containers: [Object.spec.containers{image: "x"}]}}')),
  one(
    'apply-twice',
    apply(
      'Object{spec: Object.spec{containers: [Object.spec.containers{name: "x", image: "a"}, Object.spec.containers{name: "x", image: "b"}]}}',
    ),
  ),
  one('apply-nothing', apply('Object{}')),
  one(
    'apply-optional',
    apply(
      'Object{spec: Object.spec{?hostPID: object.spec.?hostPID.orValue(false) ? optional.of(false) : optional.none()}}',
    ),
    {},
    'baseline',
  ),
  one('apply-finalizer', apply('Object{metadata: Object.metadata{finalizers: ["example.com/a"]}}')),
  one('apply-account', apply('Object{spec: Object.spec{serviceAccountName: "other"}}')),
  one(
    'apply-of-object',
    apply(
      'Object{metadata: Object.metadata{annotations: {"images": object.spec.containers.map(c, c.image).join(",")}}}',
    ),
  ),
  one(
    'apply-chosen',
    apply('object.spec.?hostPID.orValue(false) ? Object{spec: Object.spec{hostPID: false}} : Object{}'),
    {},
    'baseline',
  ),
  one(
    'restrict',
    apply(
      `Object{spec: Object.spec{hostPID: false, hostNetwork: false, securityContext: Object.spec.securityContext{runAsNonRoot: true, seccompProfile: Object.spec.securityContext.seccompProfile{type: "RuntimeDefault"}}}}`,
    ),
    {},
    'restricted',
  ),
  // Who is called: conditions, selectors, variables, parameters.
  {
    id: 'condition',
    level: 'baseline',
    policies: [
      {
        mutations: [json('[JSONPatch{op: "remove", path: "/spec/hostPID"}]')],
        matchConditions: [{ name: 'there', expression: 'has(object.spec.hostPID)' }],
      },
    ],
  },
  {
    id: 'condition-fails',
    policies: [
      {
        mutations: [json('[JSONPatch{op: "test", path: "/spec/nothing", value: 1}]')],
        matchConditions: [{ name: 'x', expression: 'object.spec.hostPID == true' }],
      },
    ],
  },
  {
    id: 'condition-fails-ignore',
    policies: [
      {
        ...IGNORE,
        mutations: [json('[JSONPatch{op: "add", path: "/spec/hostname", value: "x"}]')],
        matchConditions: [{ name: 'x', expression: 'object.spec.hostPID == true' }],
      },
    ],
  },
  {
    id: 'selected',
    level: 'baseline',
    policies: [
      {
        matchConstraints: { resourceRules: [POD], objectSelector: { matchLabels: { app: 'host' } } },
        mutations: [apply('Object{spec: Object.spec{hostPID: false, hostNetwork: false}}')],
      },
    ],
  },
  {
    id: 'excluded',
    policies: [
      {
        matchConstraints: { resourceRules: [POD], excludeResourceRules: [POD] },
        mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')],
      },
    ],
  },
  {
    id: 'of-deployments',
    policies: [
      {
        matchConstraints: { resourceRules: [{ ...POD, apiGroups: ['apps'], resources: ['deployments'] }] },
        mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')],
      },
    ],
  },
  {
    id: 'variables',
    policies: [
      {
        variables: [
          { name: 'names', expression: 'object.spec.containers.map(c, c.name)' },
          { name: 'first', expression: 'variables.names[0]' },
        ],
        mutations: [
          json('[JSONPatch{op: "add", path: "/spec/hostname", value: variables.first}]'),
          apply('Object{spec: Object.spec{subdomain: object.spec.hostname + "-sub"}}'),
        ],
      },
    ],
  },
  {
    id: 'params',
    objects: [config('limits', { name: 'x' })],
    binding: named('limits'),
    policies: [{ ...CONFIG, mutations: [apply('Object{spec: Object.spec{hostname: params.data.name}}')] }],
  },
  {
    id: 'params-missing',
    binding: named('nothing'),
    policies: [{ ...CONFIG, mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')] }],
  },
  {
    id: 'params-missing-allowed',
    binding: named('nothing', 'Allow'),
    policies: [{ ...CONFIG, mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')] }],
  },
  // Several: each sees what those before it made, fails by itself, and may be asked again.
  {
    id: 'in-order',
    policies: [
      {
        mutations: [
          json('[JSONPatch{op: "add", path: "/spec/hostname", value: "a"}]'),
          json('[JSONPatch{op: "replace", path: "/spec/hostname", value: object.spec.hostname + "b"}]'),
        ],
      },
    ],
  },
  {
    id: 'first-fails',
    policies: [
      {
        ...IGNORE,
        mutations: [
          json('[JSONPatch{op: "remove", path: "/spec/nothing"}]'),
          json('[JSONPatch{op: "add", path: "/spec/hostname", value: "b"}]'),
        ],
      },
    ],
  },
  {
    id: 'again',
    policies: [
      {
        reinvocationPolicy: 'IfNeeded',
        mutations: [
          json('[JSONPatch{op: "add", path: "/spec/hostname", value: object.spec.?hostname.orValue("") + "x"}]'),
        ],
      },
    ],
  },
  {
    id: 'not-again',
    policies: [
      {
        reinvocationPolicy: 'Never',
        mutations: [
          json('[JSONPatch{op: "add", path: "/spec/hostname", value: object.spec.?hostname.orValue("") + "x"}]'),
        ],
      },
    ],
  },
  {
    id: 'apart',
    policies: [
      { mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')] },
      { mutations: [apply('Object{spec: Object.spec{subdomain: "y"}}')] },
    ],
    level: 'baseline',
  },
  {
    id: 'follows',
    policies: [
      {
        reinvocationPolicy: 'IfNeeded',
        matchConditions: [{ name: 'named', expression: 'has(object.spec.hostname)' }],
        mutations: [apply('Object{spec: Object.spec{subdomain: "y"}}')],
      },
      { mutations: [apply('Object{spec: Object.spec{hostname: "x"}}')] },
    ],
  },
  {
    id: 'contradict',
    isOpen: true,
    policies: [
      { mutations: [apply('Object{spec: Object.spec{hostPID: true}}')] },
      { mutations: [apply('Object{spec: Object.spec{hostPID: false}}')] },
    ],
    level: 'baseline',
  },
  {
    id: 'sidecar-gets-token',
    policies: [
      {
        mutations: [
          apply('Object{spec: Object.spec{containers: [Object.spec.containers{name: "side", image: "side"}]}}'),
        ],
      },
    ],
  },
  // What the server itself adds, and adds again.
  one('priority', apply('Object{spec: Object.spec{priority: 5}}')),
  one('priority-class', apply('Object{spec: Object.spec{priorityClassName: "system-node-critical"}}')),
  one('host-network-given', json('[JSONPatch{op: "add", path: "/spec/hostNetwork", value: true}]')),
  one(
    'host-network-given-baseline',
    json('[JSONPatch{op: "add", path: "/spec/hostNetwork", value: true}]'),
    {},
    'baseline',
  ),
  one('account-removed', json('[JSONPatch{op: "remove", path: "/spec/serviceAccountName"}]')),
  one('account-changed', json('[JSONPatch{op: "replace", path: "/spec/serviceAccountName", value: "other"}]')),
  one('account-nobody', json('[JSONPatch{op: "replace", path: "/spec/serviceAccountName", value: "nobody"}]')),
  one('token-removed', json('[JSONPatch{op: "add", path: "/spec/automountServiceAccountToken", value: false}]')),
  one(
    'tolerates-all',
    json('[JSONPatch{op: "replace", path: "/spec/tolerations", value: [Object.spec.tolerations{operator: "Exists"}]}]'),
  ),
  one('volume-without-source', json('[JSONPatch{op: "add", path: "/spec/volumes/-", value: {"name": "v"}}]')),
  one(
    'limits-without-requests',
    apply(
      'Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: "i", image: "i", resources: Object.spec.initContainers.resources{limits: {"cpu": "1"}}}]}}',
    ),
  ),
  one('renamed', json('[JSONPatch{op: "replace", path: "/metadata/name", value: "other"}]')),
  one('moved', json('[JSONPatch{op: "replace", path: "/metadata/namespace", value: "default"}]')),
  one('deadline-of-zero', json('[JSONPatch{op: "add", path: "/spec/terminationGracePeriodSeconds", value: 0}]')),
  one(
    'image-of-digest',
    json(
      'object.spec.containers.filter(c, has(c.image)).size() == object.spec.containers.size() ? [JSONPatch{op: "replace", path: "/spec/containers/0/image", value: object.spec.containers[0].image.replace(":1", "")}] : [JSONPatch{op: "test", path: "/a", value: 1}]',
    ),
  ),
  one(
    'escape-tilde',
    json(
      '[JSONPatch{op: "add", path: "/metadata/annotations", value: {"a": "b"}}, JSONPatch{op: "add", path: "/metadata/annotations/" + jsonpatch.escapeKey("x/y"), value: "~1"}]',
    ),
  ),
  one('account-applied', apply('Object{spec: Object.spec{serviceAccount: "other"}}')),
  one('status-patched', json('[JSONPatch{op: "add", path: "/status/phase", value: "Running"}]')),
  // What the server validates afterwards.
  one('mended', json('[JSONPatch{op: "add", path: "/spec/restartPolicy", value: "Always"}]')),
  one('broken', json('[JSONPatch{op: "add", path: "/spec/restartPolicy", value: "Sometimes"}]')),
  one(
    'mended-image',
    apply(`Object{spec: Object.spec{containers: ${each('containers', 'image: "registry.example.com/app:1"')}}}`),
  ),
];
