import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import type { Raw } from '../../../src/world/raw.ts';

/** One stream or proxied request, as it is sent and as admission sees its options. */
interface Connect {
  path: string;
  resource: string;
  subresource: string;
  kind: string;
  namespace: string;
  name: string;
  options: Raw;
}

const pod = (
  namespace: string,
  name: string,
  subresource: string,
  kind: string,
  query: string,
  options: Raw,
): Connect => ({
  ...{ path: `/api/v1/namespaces/${namespace}/pods/${name}/${subresource}${query}`, resource: 'pods' },
  ...{ subresource, kind, namespace, name, options },
});

export const CONNECTS: readonly Connect[] = ['a', 'b', 'sealed']
  .flatMap((namespace) => [
    pod(namespace, 'web', 'exec', 'PodExecOptions', '?command=id&stdout=1', { command: ['id'], stdout: true }),
    pod(namespace, 'web', 'exec', 'PodExecOptions', '?command=sh&command=-c&stdin=1&tty=1&stdout=1&container=app', {
      ...{ command: ['sh', '-c'], stdin: true, tty: true, stdout: true, container: 'app' },
    }),
    pod(namespace, 'db', 'attach', 'PodAttachOptions', '?stdout=1', { stdout: true }),
    pod(namespace, 'db', 'portforward', 'PodPortForwardOptions', '?ports=5432', { ports: [5432] }),
    pod(namespace, 'db', 'proxy', 'PodProxyOptions', '/', { path: '/' }),
    {
      path: `/api/v1/namespaces/${namespace}/services/web/proxy/metrics`,
      resource: 'services',
      subresource: 'proxy',
      kind: 'ServiceProxyOptions',
      namespace,
      name: 'web',
      options: { path: '/metrics' },
    },
  ])
  .concat([
    {
      path: '/api/v1/nodes/n1/proxy/pods',
      resource: 'nodes',
      subresource: 'proxy',
      kind: 'NodeProxyOptions',
      namespace: '',
      name: 'n1',
      options: { path: '/pods' },
    },
    {
      path: '/api/v1/nodes/n2/proxy/metrics',
      resource: 'nodes',
      subresource: 'proxy',
      kind: 'NodeProxyOptions',
      namespace: '',
      name: 'n2',
      options: { path: '/metrics' },
    },
  ]);

export function connectTo({
  resource,
  subresource,
  kind,
  namespace,
  name,
  options,
}: Connect): Omit<AdmissionRequest, 'user'> {
  return {
    ...{
      operation: 'CONNECT',
      kind: { group: '', version: 'v1', kind },
      resource: { group: '', version: 'v1', resource },
    },
    ...{ subresource, namespace, name, object: options, oldObject: null },
  };
}

const policy = (
  name: string,
  resources: readonly string[],
  validation: Raw,
  more: Raw = {},
  constraints: Raw = {},
): Raw[] => {
  const api = { apiVersion: 'admissionregistration.k8s.io/v1' };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources };
  return [
    {
      ...api,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: { matchConstraints: { resourceRules: [rule], ...constraints }, validations: [validation], ...more },
    },
    {
      ...api,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
};

/** No two of them refuse the same request, so that the server's first refusal is the only one. */
export const CONNECT_POLICIES: readonly Raw[] = [
  ...policy(
    'sealed',
    ['pods/exec', 'pods/attach'],
    {
      expression: "request.name == 'x'",
      messageExpression:
        "request.name == 'sentinel' ? 'sentinel' : 'no ' + request.kind.kind + ' into ' + namespaceObject.metadata.name",
    },
    {},
    { namespaceSelector: { matchLabels: { exec: 'never' } } },
  ),
  ...policy(
    'no-shell',
    ['pods/exec'],
    {
      expression: "!(object.command[0] in ['sh', 'bash'])",
      messageExpression:
        "'no shells: ' + object.command.join(' ') + (has(object.tty) ? ' on a terminal' : '') + (has(object.container) ? ' in ' + object.container : '')",
    },
    {},
    { namespaceSelector: { matchLabels: { env: 'prod' } } },
  ),
  ...policy('ports', ['pods/portforward'], {
    expression: "object.ports.all(p, p != 5432) || request.userInfo.username != 'jane'",
    message: 'not that port',
  }),
  ...policy('proxies', ['pods/proxy', 'services/*'], {
    expression: "request.namespace != 'b' || object.path == '/'",
    messageExpression: "'proxy of ' + object.path + ' ' + request.subResource",
  }),
  ...policy('nodes', ['*/proxy'], {
    expression: "!has(request.namespace) ? object.path.startsWith('/metrics') : true",
    messageExpression: "'nodes ' + string(namespaceObject == null)",
  }),
  ...policy('typed', ['pods/exec'], {
    expression:
      "request.namespace != 'b' || (has(object.kind) && object.kind == 'PodExecOptions' && object.apiVersion == 'v1' && !has(object.metadata))",
    message: 'options are typed',
  }),
  ...policy(
    'selected',
    ['pods/*'],
    { expression: 'false', message: 'options have no labels' },
    {},
    { objectSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } },
  ),
  ...policy('created', ['pods/exec'], {
    expression: "request.operation == 'CONNECT' && object != null && oldObject == null",
    message: 'CONNECT has no old object',
  }),
];
