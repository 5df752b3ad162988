import { allow, allowUrls } from '../../helpers/cluster.ts';
import { everywhere, MERGE, passes, type RealRequest, refused, SHOP } from '../../helpers/real-requests.ts';

const LOG = [`GET ${SHOP}/pods/web/log`, ['get pods/log web in shop']] as const;
const DEBUG = `${SHOP}/pods/web/ephemeralcontainers`;
const patched = { body: {}, headers: MERGE };
const maps = (verbs: string) => everywhere(allow(verbs, 'configmaps'));
const pods = (verbs: string, resources: string, group = '') => everywhere(allow(verbs, resources, { groups: [group] }));
const urls = (verbs: string, url: string) => everywhere(allowUrls(verbs, url));

/** How methods and paths become verbs and resources. */
export const verbs: RealRequest[] = [
  passes('HEAD is get', maps('get'), `HEAD ${SHOP}/configmaps/there`, ['get configmaps there in shop']),
  refused('and of a collection list', maps('get'), `HEAD ${SHOP}/configmaps`, ['list configmaps in shop']),
  refused('OPTIONS on a resource has no verb', maps('get list options'), `OPTIONS ${SHOP}/configmaps`, [
    ' configmaps in shop',
  ]),
  passes('which only the star meets', maps('*'), `OPTIONS ${SHOP}/configmaps`, [' configmaps in shop']),

  refused('on a URL head is a verb of its own', urls('get', '/x'), 'HEAD /x', ['head /x']),
  passes('that can be granted', urls('head', '/x'), 'HEAD /x', ['head /x']),
  passes('a prefix', urls('get', '/x/*'), 'GET /x/y/z', ['get /x/y/z']),
  refused('whose slash belongs to it', urls('get', '/x/*'), 'GET /x', ['get /x']),
  refused('a star inside is literal', urls('get', '/x/*/z'), 'GET /x/y/z', ['get /x/y/z']),

  refused('a resource does not include its subresources', pods('get', 'pods'), ...LOG),
  passes('logs are get pods/log', pods('get', 'pods/log'), ...LOG),
  refused('pods/* is no wildcard', pods('*', 'pods/*'), ...LOG),
  passes('*/log is one', pods('get', '*/log'), ...LOG),
  refused('pods of the metrics API are others', pods('list', 'pods', 'metrics.k8s.io'), `GET ${SHOP}/pods`, [
    'list pods in shop',
  ]),

  passes(
    'an ephemeral container is patched in',
    pods('patch', 'pods/ephemeralcontainers'),
    `PATCH ${DEBUG}`,
    ['patch pods/ephemeralcontainers web in shop'],
    patched,
  ),
  passes(
    'or put',
    pods('update', 'pods/ephemeralcontainers'),
    `PUT ${DEBUG}`,
    ['update pods/ephemeralcontainers web in shop'],
    {
      body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
    },
  ),
  refused(
    'the right to patch pods is another',
    pods('patch update', 'pods'),
    `PATCH ${DEBUG}`,
    ['patch pods/ephemeralcontainers web in shop'],
    patched,
  ),
];
