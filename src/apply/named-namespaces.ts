import { parseAccountUser } from '../rbac/subjects.ts';
import { isRaw, type Raw } from '../world/raw.ts';

/**
 * The namespaces that an object names: its own, those of the subjects of a binding, and those of the services that a
 * webhook, a conversion or an APIService calls. An object without the API's shape names none. Pure.
 */
export function namespacesNamedBy(raw: Raw): string[] {
  const own =
    raw.kind === 'Namespace' && raw.apiVersion === 'v1' ? at(raw, 'metadata').name : at(raw, 'metadata').namespace;
  const subjects = rawsIn(raw.subjects).flatMap(namespaceOfSubject);
  const spec = at(raw, 'spec');
  const services = [
    spec.service,
    at(at(at(spec, 'conversion'), 'webhook'), 'clientConfig').service,
    ...rawsIn(raw.webhooks).map((each) => at(each, 'clientConfig').service),
  ];
  const named = [own, ...subjects, ...services.map((each) => (isRaw(each) ? each.namespace : null))];
  return [...new Set(named.filter((name): name is string => typeof name === 'string' && name !== ''))];
}

function namespaceOfSubject({ kind, name, namespace }: Raw): unknown[] {
  if (kind === 'ServiceAccount') return [namespace];
  if (typeof name !== 'string') return [];
  if (kind === 'User') return [parseAccountUser(name)?.namespace];
  return kind === 'Group' && name.startsWith(ACCOUNTS) ? [name.slice(ACCOUNTS.length)] : [];
}

const at = (raw: Raw, field: string): Raw => {
  const value = raw[field];
  return isRaw(value) ? value : {};
};

const rawsIn = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isRaw) : []);

const ACCOUNTS = 'system:serviceaccounts:';
