import resources from '../../world/resources.json' with { type: 'json' };

/** The verbs that RBAC knows, those that are asked about most first. */
export const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['bind', 'escalate', 'impersonate', 'approve', 'sign', 'use', 'proxy'],
];

/** Every built-in resource and subresource, as `who` takes them. */
export const resourceNames = (): string[] => [
  ...new Set(
    resources.flatMap(({ resource, subresources }) => [
      resource,
      ...Object.keys(subresources).map((name) => `${resource}/${name}`),
    ]),
  ),
];
