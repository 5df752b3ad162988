import type { Raw } from '../../../../src/world/raw.ts';

/** The Rego of a template as the library's reads the same fields; `parameters` are those of its schema. */
interface Source {
  package: string;
  parameters: readonly string[];
  rego: string;
  /** Leaves containers of exempt images alone. */
  exempts?: boolean;
}

const EACH = `
containers_of[c] { c := input.review.object.spec.containers[_] }
containers_of[c] { c := input.review.object.spec.initContainers[_] }
containers_of[c] { c := input.review.object.spec.ephemeralContainers[_] }
`;
const IMPORT = 'import data.lib.exempt_container.is_exempt\n';
const EXEMPT = `package lib.exempt_container

is_exempt(container) {
  listed := object.get(object.get(input, "parameters", {}), "exemptImages", [])[_]
  covers(listed, container.image)
}
covers(listed, image) { not endswith(listed, "*"); listed == image }
covers(listed, image) { endswith(listed, "*"); startswith(image, trim_suffix(listed, "*")) }
`;

const eachContainer = (rule: string, rest = ''): string => `${IMPORT}
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  ${rule}
  msg := sprintf("refused: %v", [c.name])
}
${rest}${EACH}`;

/** Written for these tests, to the same effect as the library's. */
export const SOURCES: Readonly<Record<string, Source>> = {
  K8sPSPPrivilegedContainer: {
    package: 'k8spspprivileged',
    parameters: ['exemptImages'],
    rego: eachContainer('c.securityContext.privileged'),
  },
  K8sPSPAllowPrivilegeEscalationContainer: {
    package: 'k8spspallowprivilegeescalationcontainer',
    parameters: ['exemptImages'],
    rego: eachContainer('not c.securityContext.allowPrivilegeEscalation == false'),
  },
  K8sPSPReadOnlyRootFilesystem: {
    package: 'k8spspreadonlyrootfilesystem',
    parameters: ['exemptImages'],
    rego: eachContainer('not c.securityContext.readOnlyRootFilesystem == true'),
  },
  K8sPSPProcMount: {
    package: 'k8spspprocmount',
    parameters: ['exemptImages', 'procMount'],
    rego: eachContainer(
      'c.securityContext.procMount\n  not fine(c)',
      'fine(c) { lower(c.securityContext.procMount) == "default" }\nfine(_) { lower(input.parameters.procMount) == "unmasked" }\n',
    ),
  },
  K8sPSPCapabilities: {
    package: 'capabilities',
    parameters: ['exemptImages', 'allowedCapabilities', 'requiredDropCapabilities'],
    rego: `${IMPORT}
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  allowed := {x | x := lower(input.parameters.allowedCapabilities[_])}
  not allowed["*"]
  added := {x | x := lower(c.securityContext.capabilities.add[_])}
  count(added - allowed) > 0
  msg := sprintf("adds: %v", [c.name])
}
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  wanted := {x | x := lower(input.parameters.requiredDropCapabilities[_])}
  dropped := {x | x := lower(c.securityContext.capabilities.drop[_])}
  all := {"all"}
  count(wanted - dropped) > 0
  count(all - dropped) > 0
  msg := sprintf("keeps: %v", [c.name])
}
${EACH}`,
  },
  K8sPSPHostProbesLifecycle: {
    package: 'k8spsphostprobeslifecycle',
    parameters: ['exemptImages'],
    rego: `${IMPORT}
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  handler(c)[_].httpGet.host != ""
  msg := sprintf("host: %v", [c.name])
}
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  handler(c)[_].tcpSocket.host != ""
  msg := sprintf("host: %v", [c.name])
}
handler(c) = all {
  probes := {p | p := c.livenessProbe} | {p | p := c.readinessProbe} | {p | p := c.startupProbe}
  hooks := {h | h := c.lifecycle.postStart} | {h | h := c.lifecycle.preStop}
  all := probes | hooks
}
${EACH}`,
  },
  K8sPSPAutomountServiceAccountTokenPod: {
    package: 'k8sautomountserviceaccounttoken',
    parameters: [],
    rego: `
violation[{"msg": "mounts"}] { mounts(input.review.object.spec) }
mounts(spec) { spec.automountServiceAccountToken == true }
mounts(spec) {
  not has(spec, "automountServiceAccountToken")
  containers_of[_].volumeMounts[_].mountPath == "/var/run/secrets/kubernetes.io/serviceaccount"
}
has(x, k) { _ = x[k] }
${EACH}`,
  },
  K8sPSPHostNamespace: {
    package: 'k8spsphostnamespace',
    parameters: [],
    rego: `
violation[{"msg": "shares"}] { shares(input.review.object) }
shares(o) { o.spec.hostPID }
shares(o) { o.spec.hostIPC }
`,
  },
  K8sPSPHostNetworkingPorts: {
    package: 'k8spsphostnetworkingports',
    parameters: ['exemptImages', 'hostNetwork', 'min', 'max'],
    rego: `${IMPORT}
violation[{"msg": "network"}] { shares(input.review.object) }
shares(o) { not input.parameters.hostNetwork; o.spec.hostNetwork }
shares(_) { hostPort := port[_]; hostPort < input.parameters.min }
shares(_) { hostPort := port[_]; hostPort > input.parameters.max }
port[p] { c := containers_of[_]; not is_exempt(c); p := c.ports[_].hostPort }
${EACH}`,
  },
  K8sPSPHostFilesystem: {
    package: 'k8spsphostfilesystem',
    parameters: ['allowedHostPaths'],
    rego: `
violation[{"msg": msg}] {
  volume := input.review.object.spec.volumes[_]
  volume.hostPath
  not allowed(volume)
  msg := sprintf("hostPath: %v", [volume.name])
}
allowed(volume) { a := input.parameters.allowedHostPaths[_]; under(a.pathPrefix, volume.hostPath.path); not a.readOnly == true }
allowed(volume) { a := input.parameters.allowedHostPaths[_]; under(a.pathPrefix, volume.hostPath.path); a.readOnly; not writes(volume.name) }
writes(name) { m := containers_of[_].volumeMounts[_]; m.name == name; not m.readOnly }
under(prefix, path) { a := parts(prefix); b := parts(path); count(a) <= count(b); not differs(a, b) }
differs(a, b) { a[i] != b[i] }
parts(p) = out { p != "/"; out := split(trim(p, "/"), "/") }
parts("/") = []
${EACH}`,
  },
  K8sPSPHostProcess: {
    package: 'k8spsphostprocess',
    parameters: ['exemptImages'],
    rego: `${IMPORT}
violation[{"msg": "pod"}] { input.review.object.spec.securityContext.windowsOptions.hostProcess == true }
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  c.securityContext.windowsOptions.hostProcess == true
  msg := sprintf("container: %v", [c.name])
}
${EACH}`,
  },
  K8sPSPVolumeTypes: {
    package: 'k8spspvolumetypes',
    parameters: ['volumes'],
    rego: `
violation[{"msg": msg}] {
  types := {x | input.review.object.spec.volumes[_][x]; x != "name"}
  type := types[_]
  not allowed(type)
  msg := sprintf("volume: %v", [type])
}
allowed(_) { input.parameters.volumes[_] == "*" }
allowed(type) { input.parameters.volumes[_] == type }
`,
  },
  K8sPSPFlexVolumes: {
    package: 'k8spspflexvolumes',
    parameters: ['allowedFlexVolumes'],
    rego: `
violation[{"msg": msg}] {
  volume := input.review.object.spec.volumes[_]
  volume.flexVolume
  not allowed(volume)
  msg := sprintf("flex: %v", [volume.name])
}
allowed(volume) { input.parameters.allowedFlexVolumes[_].driver == volume.flexVolume.driver }
`,
  },
  K8sPSPSeccomp: {
    package: 'k8spspseccomp',
    parameters: ['exemptImages', 'allowedProfiles', 'allowedLocalhostFiles'],
    rego: seccomp(),
  },
  K8sPSPSeccompV2: {
    package: 'k8spspseccomp',
    parameters: ['exemptImages', 'allowedProfiles', 'allowedLocalhostFiles', 'allowAnnotations'],
    rego: seccomp(),
  },
  K8sPSPAppArmor: {
    package: 'k8spspapparmor',
    parameters: ['exemptImages', 'allowedProfiles'],
    rego: eachContainer(
      'not good(c)',
      `
good(c) { profile(c) == input.parameters.allowedProfiles[_] }
annotation(c) = out { out := input.review.object.metadata.annotations[sprintf("container.apparmor.security.beta.kubernetes.io/%v", [c.name])] }
profile(c) = out { out := named(c.securityContext.appArmorProfile) }
profile(c) = out { not c.securityContext.appArmorProfile; out := annotation(c) }
profile(c) = out { not c.securityContext.appArmorProfile; not annotation(c); out := named(input.review.object.spec.securityContext.appArmorProfile) }
profile(c) = "runtime/default" {
  not c.securityContext.appArmorProfile
  not annotation(c)
  not input.review.object.spec.securityContext.appArmorProfile
}
named(p) = "runtime/default" { p.type == "RuntimeDefault" }
named(p) = "unconfined" { p.type == "Unconfined" }
named(p) = out { p.type == "Localhost"; out := sprintf("localhost/%v", [p.localhostProfile]) }
`,
    ),
  },
  K8sPSPSELinuxV2: {
    package: 'k8spspselinux',
    parameters: ['exemptImages', 'allowedSELinuxOptions'],
    rego: `${IMPORT}
violation[{"msg": "pod"}] { o := input.review.object.spec.securityContext.seLinuxOptions; not allowed(o) }
violation[{"msg": msg}] {
  c := containers_of[_]
  not is_exempt(c)
  o := c.securityContext.seLinuxOptions
  not allowed(o)
  msg := sprintf("container: %v", [c.name])
}
allowed(o) {
  params := input.parameters.allowedSELinuxOptions[_]
  agrees("level", o, params)
  agrees("role", o, params)
  agrees("type", o, params)
  agrees("user", o, params)
}
agrees(field, options, params) { params[field] == options[field] }
agrees(field, options, _) { not has(options, field) }
has(x, k) { _ = x[k] }
${EACH}`,
  },
  K8sPSPForbiddenSysctls: {
    package: 'k8spspforbiddensysctls',
    parameters: ['forbiddenSysctls', 'allowedSysctls'],
    rego: `
violation[{"msg": msg}] {
  name := input.review.object.spec.securityContext.sysctls[_].name
  matches(input.parameters.forbiddenSysctls[_], name)
  msg := sprintf("forbidden: %v", [name])
}
violation[{"msg": msg}] {
  name := input.review.object.spec.securityContext.sysctls[_].name
  not allowed(name)
  msg := sprintf("not allowed: %v", [name])
}
allowed(name) { matches(input.parameters.allowedSysctls[_], name) }
matches(pattern, name) { pattern == name }
matches(pattern, name) { endswith(pattern, "*"); startswith(name, trim_suffix(pattern, "*")) }
`,
  },
  K8sPSPAllowedUsers: { package: 'k8spspallowedusers', parameters: ['exemptImages', ...fieldNames()], rego: users() },
  K8sPSPFSGroup: {
    package: 'k8spspfsgroup',
    parameters: ['rule', 'ranges'],
    rego: `
violation[{"msg": "fsGroup"}] { not allowed(input.review.object.spec) }
allowed(_) { input.parameters.rule == "RunAsAny" }
allowed(spec) { input.parameters.rule == "MustRunAs"; within(spec.securityContext.fsGroup) }
allowed(spec) { input.parameters.rule == "MayRunAs"; not has(spec) }
allowed(spec) { input.parameters.rule == "MayRunAs"; within(spec.securityContext.fsGroup) }
within(group) { range := input.parameters.ranges[_]; range.min <= group; range.max >= group }
has(spec) { spec.securityContext.fsGroup }
`,
  },
};

function fieldNames(): string[] {
  return ['runAsUser', 'runAsGroup', 'supplementalGroups', 'fsGroup'];
}

function seccomp(): string {
  return eachContainer(
    'not any_profile\n  p := profile(c)\n  not good(p)',
    `
profile(c) = out { out := canonical(c.securityContext.seccompProfile) }
profile(c) = out { not c.securityContext.seccompProfile; out := canonical(input.review.object.spec.securityContext.seccompProfile) }
profile(c) = "not configured" { not c.securityContext.seccompProfile; not input.review.object.spec.securityContext.seccompProfile }
canonical(p) = "runtime/default" { p.type == "RuntimeDefault" }
canonical(p) = "unconfined" { p.type == "Unconfined" }
canonical(p) = out { p.type == "Localhost"; out := sprintf("localhost/%s", [p.localhostProfile]) }
any_profile { input.parameters.allowedProfiles[_] == "*" }
names[x] { x := input.parameters.allowedProfiles[_] }
names["runtime/default"] { input.parameters.allowedProfiles[_] == "RuntimeDefault" }
names["unconfined"] { input.parameters.allowedProfiles[_] == "Unconfined" }
names[x] { input.parameters.allowedProfiles[_] == "Localhost"; f := object.get(input.parameters, "allowedLocalhostFiles", [])[_]; x := sprintf("localhost/%v", [f]) }
good(p) { names[p] }
good(p) { names["localhost/*"]; startswith(p, "localhost/") }
`,
  );
}

function users(): string {
  return `${IMPORT}
violation[{"msg": msg}] {
  field := ["runAsUser", "runAsGroup", "supplementalGroups", "fsGroup"][_]
  c := containers_of[_]
  not is_exempt(c)
  params := input.parameters[field]
  wrong(field, params, c)
  msg := sprintf("%v: %v", [field, c.name])
}
wrong("runAsUser", params, c) { user := value("runAsUser", c); not user_ok(params, user) }
wrong("runAsUser", params, c) { not has_value("runAsUser", c); params.rule == "MustRunAs" }
wrong("runAsUser", params, c) { params.rule == "MustRunAsNonRoot"; not has_value("runAsUser", c); not value("runAsNonRoot", c) }
wrong(field, params, c) { field != "runAsUser"; v := value(field, c); not is_array(v); not group_ok(params, v) }
wrong(field, params, c) { field != "runAsUser"; v := value(field, c); is_array(v); group := v[_]; not group_ok(params, group) }
wrong(field, params, c) { field != "runAsUser"; not has_value(field, c); params.rule == "MustRunAs" }
user_ok(params, _) { params.rule == "RunAsAny" }
user_ok(params, user) { params.rule == "MustRunAsNonRoot"; user != 0 }
user_ok(params, user) { params.rule == "MustRunAs"; within(user, params.ranges) }
group_ok(params, _) { params.rule == "RunAsAny" }
group_ok(params, group) { params.rule == "MayRunAs"; within(group, params.ranges) }
group_ok(params, group) { params.rule == "MustRunAs"; within(group, params.ranges) }
within(v, ranges) { range := ranges[_]; v >= range.min; v <= range.max }
has_value(field, c) { _ = value(field, c) }
value(field, c) = out { out := c.securityContext[field] }
value(field, c) = out { not has(c, field); out := input.review.object.spec.securityContext[field] }
has(c, field) { _ = c.securityContext[field] }
${EACH}`;
}

/** A ConstraintTemplate of this kind; `more` replaces parts of its source. */
export function templateOf(kind: string, more: Partial<Source> = {}, metadata: object = {}): Raw {
  const source = { ...SOURCES[kind], ...more } as Source;
  const properties = Object.fromEntries(
    source.parameters.map((each) => [each, { 'x-kubernetes-preserve-unknown-fields': true }]),
  );
  return {
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    metadata: {
      name: kind.toLowerCase(),
      annotations: { 'metadata.gatekeeper.sh/title': kind, description: kind },
      ...metadata,
    },
    spec: {
      crd: { spec: { names: { kind }, validation: { openAPIV3Schema: { type: 'object', properties } } } },
      targets: [
        { target: 'admission.k8s.gatekeeper.sh', rego: `package ${source.package}\n${source.rego}`, libs: [EXEMPT] },
      ],
    },
  };
}

export const constraintOf = (kind: string, parameters: object = {}, spec: object = {}, name = 'it'): Raw => ({
  apiVersion: 'constraints.gatekeeper.sh/v1beta1',
  kind,
  metadata: { name },
  spec: { match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] }, parameters, ...spec },
});
