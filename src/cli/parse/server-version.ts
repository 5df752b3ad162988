import { compareVersions, formatVersion, NEWEST, parseVersion, type Version } from '../../world/version.ts';
import { invalidValue } from './spelling.ts';

/**
 * What `--server-version` says. Throws a usage error for what is no version of Kubernetes, or none whose rules are
 * known here.
 */
export function serverVersionFlag(text: string): Version {
  const invalid = (why: string) => invalidValue('--server-version', text, why);
  const version = parseVersion(text);
  if (!version) throw invalid(`must be a version of Kubernetes such as 1.34${hint(text)}`);
  if (compareVersions(version, NEWEST) > 0)
    throw invalid(`the newest version of Kubernetes whose rules are known here is ${formatVersion(NEWEST)}`);
  if (compareVersions(version, FIRST) < 0)
    throw invalid(`RBAC is v1 since Kubernetes ${formatVersion(FIRST)}: older servers are not known here`);
  return version;
}

/** OpenShift counts otherwise: since 4.3 its minor is that of Kubernetes less 13. */
function hint(text: string): string {
  const minor = Number(/^v?4\.(\d+)(\.|$)/.exec(text.trim())?.[1]);
  const version = { major: 1, minor: minor + 13 };
  return minor >= 3 && compareVersions(version, NEWEST) <= 0
    ? `: OpenShift 4.${minor} has Kubernetes ${formatVersion(version)}`
    : '';
}

const FIRST: Version = { major: 1, minor: 8 };
