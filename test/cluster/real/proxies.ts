import { allow } from '../../helpers/cluster.ts';
import { everywhere, inShop, passes, type RealRequest, refused, SHOP } from '../../helpers/real-requests.ts';
import { WEBSOCKET } from './streams.ts';

const SPELLINGS = ['n1', 'n1:10250', 'n1:', ':n1:', 'http:n1:', 'https:n1:10250', ':n1:10250'];
const PROXIED = [
  ['nodes', '/api/v1/nodes', ''],
  ['pods', `${SHOP}/pods`, ' in shop'],
  ['services', `${SHOP}/services`, ' in shop'],
] as const;

/** RBAC is asked about the name as it is spelled in the path. */
const spellings = PROXIED.flatMap(([resource, path, where]) =>
  SPELLINGS.flatMap((spelling): RealRequest[] => {
    const get = [`GET ${path}/${spelling}/proxy/healthz`, [`get ${resource}/proxy ${spelling}${where}`]] as const;
    const only = (names: string[]) => everywhere(allow('get', `${resource}/proxy`, { names }));
    return [
      passes('in this spelling', only([spelling]), ...get),
      refused('which no other includes', only(SPELLINGS.filter((each) => each !== spelling)), ...get),
      passes('by any name', only([]), ...get),
    ];
  }),
);

const METHODS = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const NODE = '/api/v1/nodes/n1/proxy';

/** Each method is a verb, and all of them are forwarded. */
const methods = Object.entries(METHODS).flatMap(([method, verb]) => [
  passes(`${verb} nodes/proxy`, everywhere(allow(verb, 'nodes/proxy')), `${method} ${NODE}/run/shop/web/app`, [
    `${verb} nodes/proxy n1`,
  ]),
  refused('the right on nodes is another', everywhere(allow('*', 'nodes')), `${method} ${NODE}/run/shop/web/app`, [
    `${verb} nodes/proxy n1`,
  ]),
]);

const get = everywhere(allow('get', 'nodes/proxy'));
const withPort = everywhere(allow('get', 'nodes/proxy', { names: ['n1:10250'] }));

/** Proxies to what is not there: who passes is told that. */
export const proxies: RealRequest[] = [
  ...spellings,
  ...methods,
  passes('an upgrade is get at any version', get, `GET ${NODE}/exec/shop/web/app`, ['get nodes/proxy n1'], {
    headers: WEBSOCKET,
  }),
  passes('a colon may be escaped', withPort, 'GET /api/v1/nodes/n1%3A10250/proxy/', ['get nodes/proxy n1:10250']),
  refused('a RoleBinding grants no node', inShop(allow('*', 'nodes/proxy')), `GET ${NODE}/`, ['get nodes/proxy n1']),
  passes('a RoleBinding grants pods', inShop(allow('get', 'pods/proxy')), `GET ${SHOP}/pods/web/proxy/`, [
    'get pods/proxy web in shop',
  ]),
  passes('the old path has a verb of its own', everywhere(allow('proxy', 'nodes')), 'GET /api/v1/proxy/nodes/n1', [
    'proxy nodes n1',
  ]),
  refused('which nodes/proxy does not include', everywhere(allow('*', 'nodes/proxy')), 'GET /api/v1/proxy/nodes/n1', [
    'proxy nodes n1',
  ]),
];
