import { isRaw, type Raw } from '../../world/raw.ts';
import { NEWEST, type Version } from '../../world/version.ts';
import { podTemplateOf } from '../pod-security/warnings.ts';
import { clone } from '../request/defaults/clone.ts';
import { applyPlugins } from '../request/defaults/plugins.ts';
import { defaultFields, defaultPod, defaultTemplate } from '../request/defaults/pod.ts';
import type { AdmissionRequest } from '../request/request.ts';

/**
 * An object as mutating policies see it: with the API's defaults, and for a new pod with the additions of the plug-ins
 * before them. Throws Malformed.
 */
export function seen(request: AdmissionRequest, object: Raw, version: Version = NEWEST): Raw {
  return isNewPod(request) ? defaultPod(object, version) : redefaulted(request, object);
}

/** An object with the API's defaults, which the server applies again after each change. Throws Malformed. */
export function redefaulted({ resource }: AdmissionRequest, object: Raw): Raw {
  if (isPods(resource)) return defaultFields(object);
  const template = podTemplateOf(resource, object);
  return template ? putTemplate(object, template, defaultTemplate(template)) : clone(object);
}

/** A new pod with the additions of the plug-ins, which the server calls again after a change. */
export function readmitted(object: Raw): Raw {
  const again = clone(object);
  applyPlugins(again);
  return again;
}

/** A copy of `object` in which `template` is replaced. Searches no deeper than the template of a CronJob. */
function putTemplate(object: Raw, template: Raw, by: Raw): Raw {
  const entries = Object.entries(object).map(([field, value]) => {
    if (value === template) return [field, by];
    return [field, TOWARDS.has(field) && isRaw(value) ? putTemplate(value, template, by) : value];
  });
  return Object.fromEntries(entries);
}

const isPods = ({ group, resource }: AdmissionRequest['resource']): boolean => group === '' && resource === 'pods';

export const isNewPod = ({ operation, resource, subresource }: AdmissionRequest): boolean =>
  operation === 'CREATE' && subresource === '' && isPods(resource);

const TOWARDS: ReadonlySet<string> = new Set(['spec', 'jobTemplate']);
