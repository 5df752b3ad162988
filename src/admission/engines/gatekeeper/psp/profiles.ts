import { child, children, isRaw, type Raw, text, textMap, texts } from '../../../../world/raw.ts';
import { isVoid, type PspKind, perContainer, type Subject, securityOf, Undecidable, type Violation } from './kind.ts';

/** Constraints on seccomp, AppArmor, SELinux and sysctls. */
export const PROFILE_KINDS: readonly PspKind[] = [
  {
    kind: 'K8sPSPSeccomp',
    package: 'k8spspseccomp',
    parameters: ['exemptImages', 'allowedProfiles', 'allowedLocalhostFiles'],
    reads: ['parameters.allowedProfiles[_]', 'securityContext.seccompProfile', '"allowedLocalhostFiles"'],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.seccompProfile', ({ name, raw }) => seccomp(subject, name, raw)),
  },
  {
    kind: 'K8sPSPSeccompV2',
    package: 'k8spspseccomp',
    parameters: ['exemptImages', 'allowedProfiles', 'allowedLocalhostFiles', 'allowAnnotations'],
    reads: ['parameters.allowedProfiles[_]', 'securityContext.seccompProfile', '"allowedLocalhostFiles"'],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.seccompProfile', ({ name, raw }) => seccomp(subject, name, raw)),
  },
  {
    kind: 'K8sPSPAppArmor',
    package: 'k8spspapparmor',
    parameters: ['exemptImages', 'allowedProfiles'],
    reads: [
      'parameters.allowedProfiles[_]',
      'metadata.annotations[',
      'container.apparmor.security.beta.kubernetes.io/',
    ],
    rules: [1],
    violations: (subject) =>
      perContainer(subject, 'securityContext.appArmorProfile', ({ name, raw }) =>
        isVoid(subject, 'allowedProfiles') ||
        texts(subject.parameters, 'allowedProfiles').includes(appArmor(subject, name, raw) ?? '')
          ? null
          : `AppArmor profile is not allowed, container: ${name}`,
      ),
  },
  {
    kind: 'K8sPSPSELinuxV2',
    package: 'k8spspselinux',
    parameters: ['exemptImages', 'allowedSELinuxOptions'],
    reads: ['parameters.allowedSELinuxOptions[_]', 'securityContext.seLinuxOptions', 'params[field]==options[field]'],
    rules: [2],
    violations: (subject) => [
      ...(allowsOptions(subject, securityOf(subject.spec).seLinuxOptions)
        ? []
        : [{ detail: 'SELinux options is not allowed', rests: ['spec.securityContext.seLinuxOptions'] }]),
      ...perContainer(subject, 'securityContext.seLinuxOptions', ({ name, raw }) =>
        allowsOptions(subject, securityOf(raw).seLinuxOptions)
          ? null
          : `SELinux options is not allowed, container ${name}`,
      ),
    ],
  },
  {
    kind: 'K8sPSPForbiddenSysctls',
    package: 'k8spspforbiddensysctls',
    parameters: ['forbiddenSysctls', 'allowedSysctls'],
    reads: ['securityContext.sysctls[_].name', 'parameters.forbiddenSysctls[_]'],
    rules: [1, 2],
    violations: sysctls,
  },
];

/** Versions of the template treat old annotations differently, and the server ignores them since 1.27. */
function seccomp({ object, spec, parameters, features }: Subject, name: string, container: Raw): string | null {
  const allowed = texts(parameters, 'allowedProfiles');
  if (allowed.includes('*')) return null;
  const own = securityOf(container).seccompProfile ?? securityOf(spec).seccompProfile;
  const annotations = Object.keys(textMap(child(object, 'metadata'), 'annotations'));
  if (!isRaw(own) && annotations.some((each) => each.includes('seccomp.security.alpha.kubernetes.io/')))
    throw new Undecidable('what the template makes of seccomp annotations');
  const profile = isRaw(own) ? seccompName(own) : 'not configured';
  const names = new Set([...allowed, ...allowed.flatMap((each) => TRANSLATIONS.get(each) ?? [])]);
  if (!profile.startsWith('localhost/'))
    return names.has(profile) ? null : `Seccomp profile '${profile}' is not allowed for container '${name}'`;
  const files = allowed.includes('Localhost') ? texts(parameters, 'allowedLocalhostFiles') : [];
  const isAllowed =
    names.has('localhost/*') ||
    files.includes('*') ||
    names.has(profile) ||
    files.includes(profile.slice('localhost/'.length));
  return isAllowed && features.rego !== ''
    ? null
    : `Seccomp profile '${profile}' is not allowed for container '${name}'`;
}

function seccompName(profile: Raw): string {
  const type = text(profile, 'type') ?? '';
  return type === 'Localhost'
    ? `localhost/${text(profile, 'localhostProfile') ?? ''}`
    : (TRANSLATIONS.get(type)?.[0] ?? type);
}

const TRANSLATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['RuntimeDefault', ['runtime/default', 'docker/default']],
  ['Unconfined', ['unconfined']],
]);

/** Older templates only know the annotation; they treat a profile that is not written there as no profile. */
function appArmor({ object, spec, features }: Subject, name: string, container: Raw): string | null {
  const annotations = textMap(child(object, 'metadata'), 'annotations');
  const key = `container.apparmor.security.beta.kubernetes.io/${name}`;
  const annotation = Object.hasOwn(annotations, key) ? (annotations[key] ?? null) : null;
  if (!features.rego.includes('appArmorProfile')) return annotation;
  const own = securityOf(container).appArmorProfile;
  if (isRaw(own)) return appArmorName(own);
  if (annotation !== null) return annotation;
  const podWide = securityOf(spec).appArmorProfile;
  return isRaw(podWide) ? appArmorName(podWide) : 'runtime/default';
}

function appArmorName(profile: Raw): string | null {
  switch (text(profile, 'type')) {
    case 'RuntimeDefault':
      return 'runtime/default';
    case 'Unconfined':
      return 'unconfined';
    case 'Localhost':
      return `localhost/${text(profile, 'localhostProfile') ?? ''}`;
    default:
      return null;
  }
}

/** One of the allowed sets has to agree in every field that is set. */
function allowsOptions(subject: Subject, options: unknown): boolean {
  if (!isRaw(options) || isVoid(subject, 'allowedSELinuxOptions')) return true;
  return children(subject.parameters, 'allowedSELinuxOptions').some((allowed) =>
    ['level', 'role', 'type', 'user'].every(
      (field) => options[field] === undefined || options[field] === allowed[field],
    ),
  );
}

/** Later versions also refuse sysctls that are not allowed; some of them only do so where an allowed one is listed. */
function sysctls(subject: Subject): Violation[] {
  const { spec, parameters, features } = subject;
  const names = children(securityOf(spec), 'sysctls').map((each) => text(each, 'name') ?? '');
  const forbidden = texts(parameters, 'forbiddenSysctls');
  const allowed = texts(parameters, 'allowedSysctls');
  const checksAllowed = features.rego.includes('parameters.allowedSysctls[_]') && !isVoid(subject, 'allowedSysctls');
  const mayBeAbsent =
    parameters.allowedSysctls === undefined && features.rego.includes('notinput.parameters.allowedSysctls');
  const isAllowed = (name: string): boolean => !checksAllowed || mayBeAbsent || matches(allowed, name);
  return names
    .filter((name) => matches(forbidden, name) || !isAllowed(name))
    .map((name) => ({ detail: `The sysctl ${name} is not allowed`, rests: ['spec.securityContext.sysctls'] }));
}

const matches = (patterns: readonly string[], name: string): boolean =>
  patterns.some((each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))));
