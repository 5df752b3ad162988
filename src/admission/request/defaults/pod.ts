import { child, children, type Raw } from '../../../world/raw.ts';
import { compareVersions, NEWEST, type Version } from '../../../world/version.ts';
import { CONTAINER_LISTS } from '../../pod-security/pod.ts';
import { flag, integer } from '../fields.ts';
import { copyAppArmorAnnotations } from './app-armor.ts';
import { clone, fill, fillAbsent, omitZero } from './clone.ts';
import { defaultContainer, defaultHostPorts, defaultRequests, defaultSecurityContext } from './container.ts';
import { dropDisabledFields } from './disabled-fields.ts';
import { applyPlugins } from './plugins.ts';
import { defaultVolume } from './volume.ts';

/**
 * A copy of a pod as admission sees it when it is created: with the API's defaults and the additions of the plug-ins
 * that are on by default (an account and its token, tolerations, a priority), without the fields that a server of this
 * version drops, and with AppArmor annotations copied to fields. Throws Malformed for a pod that the server could not
 * decode.
 */
export function defaultPod(pod: Raw, server: Version = NEWEST): Raw {
  const defaulted = defaultFields(pod);
  applyPlugins(defaulted);
  dropDisabledFields(defaulted, server);
  if (compareVersions(server, APP_ARMOR_FIELDS) >= 0) copyAppArmorAnnotations(defaulted);
  return defaulted;
}

/** A pod with only the API's defaults, like a pod that is updated. Mirrors kubernetes pkg/apis/core/v1/defaults.go. */
export function defaultFields(pod: Raw): Raw {
  const defaulted = clone(pod);
  const metadata = child(defaulted, 'metadata');
  for (const map of ['labels', 'annotations'])
    if (metadata[map] !== undefined && isEmpty(child(metadata, map))) delete metadata[map];
  const spec = child(defaulted, 'spec');
  defaulted.spec = spec;
  if ((integer(spec, 'terminationGracePeriodSeconds') ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  for (const list of ['initContainers', 'containers']) children(spec, list).forEach(defaultRequests);
  if (flag(spec, 'hostNetwork') === true)
    for (const list of ['initContainers', 'containers']) children(spec, list).forEach(defaultHostPorts);
  fillAbsent(spec, { enableServiceLinks: true });
  defaultSpec(spec);
  return defaulted;
}

/** A pod template (`{ metadata, spec }`) with the API's defaults, of which a template gets fewer than a pod. */
export function defaultTemplate(template: Raw): Raw {
  const defaulted = clone(template);
  const spec = child(defaulted, 'spec');
  defaulted.spec = spec;
  defaultSpec(spec);
  return defaulted;
}

function defaultSpec(spec: Raw): void {
  omitZero(spec, OMITTED);
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  fill(spec, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' });
  fillAbsent(spec, { terminationGracePeriodSeconds: 30, securityContext: {} });
  defaultSecurityContext(child(spec, 'securityContext'));
  children(spec, 'volumes').forEach(defaultVolume);
  for (const list of CONTAINER_LISTS) children(spec, list).forEach(defaultContainer);
}

const isEmpty = (map: Raw): boolean => Object.keys(map).length === 0;

const OMITTED = [
  ...[
    'hostNetwork',
    'hostPID',
    'hostIPC',
    'nodeName',
    'hostname',
    'subdomain',
    'priorityClassName',
    'serviceAccountName',
    'serviceAccount',
  ],
];

const APP_ARMOR_FIELDS: Version = { major: 1, minor: 30 };
