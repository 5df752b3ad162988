import { before } from '../../../answer/ends.ts';
import { child, children, Malformed, type Raw, requiredText, text, texts } from '../../../world/raw.ts';
import type { ApiResource } from '../../../world/resources.ts';
import { understoodOr } from '../../../world/understood.ts';
import { pathTo } from '../../lists/need-path.ts';
import type { ApiClient } from '../../transport/transport.ts';
import type { Discovered } from './discovered.ts';
import { resourceName } from './resource-name.ts';

/**
 * The resources of a server that answers with plain lists: APIVersions under `/api`, APIGroupList under `/apis`, then
 * one APIResourceList for each version, preferred ones first. A version that cannot be read is left out without a
 * retry, and its group may have more resources.
 */
export async function plainResources(client: ApiClient, root: string, document: Raw): Promise<Discovered> {
  const isCore = root === '/api';
  if (document.kind !== (isCore ? 'APIVersions' : 'APIGroupList')) throw new Malformed('no discovery');
  const versions = isCore
    ? requiredTexts(document, 'versions')
    : requiredChildren(document, 'groups').flatMap(groupVersions);
  const paths = versions.map((version) => pathTo(root.slice(1), ...version.split('/', 3)));
  const lists = await Promise.all(paths.map((path) => (path === null ? null : client.get(path, { retry: false }))));
  const read = lists.map((list, index) => {
    const version = versions[index] ?? '';
    return {
      resources: list?.ok ? resourcesOf(version, list.value) : null,
      group: version.includes('/') ? before(version, '/') : '',
    };
  });
  return {
    resources: read.flatMap(({ resources }) => resources ?? []),
    open: read.flatMap((each) => (each.resources ? [] : [each.group])),
  };
}

/** A server sends every list, even if it is empty, so that a document without one is no discovery document. */
function requiredChildren(raw: Raw, field: string): Raw[] {
  if (!Array.isArray(raw[field])) throw new Malformed(`${field} is missing`);
  return children(raw, field);
}

function requiredTexts(raw: Raw, field: string): readonly string[] {
  if (!Array.isArray(raw[field])) throw new Malformed(`${field} is missing`);
  return texts(raw, field);
}

/** The versions of a group, such as `apps/v1`, with the preferred one first. */
function groupVersions(group: Raw): string[] {
  const preferred = text(child(group, 'preferredVersion'), 'groupVersion');
  const all = children(group, 'versions').map((each) => requiredText(each, 'groupVersion'));
  return all.sort((a, b) => Number(b === preferred) - Number(a === preferred));
}

/**
 * The resources of a list, in which subresources have entries of their own such as `pods/log`. Null where it is
 * malformed.
 */
function resourcesOf(groupVersion: string, list: Raw): ApiResource[] | null {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return understoodOr(
    () => {
      if (list.kind !== 'APIResourceList') return null;
      const entries = requiredChildren(list, 'resources').map((raw) => ({
        raw,
        path: requiredText(raw, 'name').split('/'),
      }));
      return entries
        .filter(({ path }) => path.length === 1)
        .map(({ raw, path: [resource = ''] }) => ({
          group,
          version,
          resource: resourceName(group, version, resource),
          kind: requiredText(raw, 'kind'),
          singular: text(raw, 'singularName') || requiredText(raw, 'kind').toLowerCase(),
          shortNames: texts(raw, 'shortNames'),
          namespaced: raw.namespaced === true,
          verbs: texts(raw, 'verbs'),
          subresources: Object.fromEntries(
            entries.flatMap(({ raw: each, path: [parent, sub] }) =>
              parent === resource && sub ? [[sub, texts(each, 'verbs')]] : [],
            ),
          ),
        }));
    },
    () => null,
  );
}
