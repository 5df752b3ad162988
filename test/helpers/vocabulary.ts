/** The words of generated worlds. What is listed twice is twice as likely. */

export const ROLE_NAMES = ['reader', 'deployer', 'ops', 'builder'];

/** The same words for users, groups and accounts, so that only the kind tells them apart. */
export const BARE_NAMES = ['jane', 'Jane', 'builder', 'ops', '*', 'team:blue', 'a b'];
export const ACCOUNTS = ['default', 'builder', 'jane', 'ops'];

export const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...[
    'impersonate',
    'bind',
    'escalate',
    'use',
    'approve',
    'sign',
    'attest',
    'impersonate:user-info',
    'frobnicate',
    'Get',
    '',
    '*',
    '*',
  ],
];
export const GROUPS = ['', '', 'apps', 'metrics.k8s.io', 'rbac.authorization.k8s.io', 'Apps', '*', '*'];
export const RESOURCES = [
  ...[
    'pods',
    'pods',
    'Pods',
    'nodes',
    'namespaces',
    'deployments',
    'users',
    'pods/exec',
    'pods/log',
    'pods/proxy',
    'nodes/proxy',
  ],
  ...[
    'deployments/scale',
    '*/exec',
    '*/log',
    '*/scale',
    '*/proxy',
    'pods/*',
    'nodes/*',
    '*/*',
    '*',
    '*',
    'pods/',
    '/exec',
  ],
];
export const NAMES = ['web', 'web', 'db', 'Web', '', '', '*', 'web*', 'https:web:443'];
export const URL_VERBS = ['get', 'post', 'head', 'Get', '*'];
export const URLS = [
  ...[
    '*',
    '/metrics',
    '/metrics/*',
    '/metrics/*',
    '/logs*',
    '/debug/**',
    '/debug/**',
    '/x/***',
    '/apis/*/status',
    '/apis/*/status',
  ],
  ...['/apis/*/x*', '/apis/*/x*', '/', 'metrics', '/Metrics'],
];
