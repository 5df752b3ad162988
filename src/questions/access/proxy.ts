import type { Finding } from '../../answer/answer.ts';
import { changes } from '../../answer/command.ts';
import { plainName, spelledAs } from '../../rbac/proxy-name.ts';
import { get, type Need } from '../../world/needs.ts';
import { unreadable } from '../../world/world.ts';
import { answerEach } from '../answer-each.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { namedNeeds } from '../existence.ts';
import { accountNeeds } from '../holders/absent-accounts.ts';
import { accessAssumptions } from '../holders/access-assumptions.ts';
import { answerWays, type Matter } from '../holders/answer-ways.ts';
import { connectNeeds } from '../holders/connects.ts';
import { memberNeeds } from '../holders/members.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import type { Way } from '../holders/way.ts';
import { glimpse } from '../holders/ways.ts';
import type { Asked, Question, Result } from '../question.ts';
import type { ObjectsTarget } from '../targets.ts';
import { podQuestion } from './pod-access.ts';
import { PROXY, PROXY_VERBS } from './pod-subresources.ts';
import { refuseMissing } from './pods.ts';

/** Who can send HTTP requests to a pod, a service or a node through the API server. */
export const proxy: Question<ObjectsTarget> = {
  name: 'proxy',
  discovery: () => false,
  needs: (target, world, options) => {
    const { pods, others } = split(target);
    return [
      ...(pods ? podProxy.needs(pods, world, options) : []),
      ...others.flatMap((each) => otherNeeds(each, contextOf(world, options))),
      ...(others.length > 0
        ? [
            ...rbacNeeds(world, target.namespace),
            ...connectNeeds(target.namespace, world),
            ...subjectNeeds(options.subject, world),
          ]
        : []),
    ];
  },
  answer: (target, world, options) => {
    const { pods, others } = split(target);
    const first: Result = pods ? podProxy.answer(pods, world, options) : { asked: [], errors: [], warnings: [] };
    const then = answerEach(others, (other) => answerOther(other, contextOf(world, options)));
    return { ...first, asked: [...first.asked, ...then.asked], errors: [...first.errors, ...then.errors] };
  },
};

const podProxy = podQuestion(PROXY);

/** A service or a node, which no other question takes. */
interface Other {
  kind: 'services' | 'nodes';
  namespace: string | null;
  name: string;
  /** The name as typed. */
  spelling: string;
}

function split(target: ObjectsTarget): { pods: ObjectsTarget | null; others: Other[] } {
  const isOther = (kind: string): kind is Other['kind'] => kind === 'services' || kind === 'nodes';
  const refs = target.refs.filter(({ kind }) => !isOther(kind));
  const others = target.refs.flatMap(({ kind, name }): Other[] =>
    isOther(kind)
      ? [{ kind, namespace: kind === 'nodes' ? null : target.namespace, name: plainName(name), spelling: name }]
      : [],
  );
  return { pods: refs.length > 0 || target.selector !== null ? { ...target, refs } : null, others };
}

function otherNeeds(other: Other, context: QuestionContext): Need[] {
  const { world, options } = context;
  const { isSure, groups, holders } = glimpse([wayTo(other)], context);
  return [
    ...namedNeeds(other.kind, other.namespace, other.name, world),
    ...memberNeeds(groups),
    ...accountNeeds(holders, world, options),
    ...(options.subject && isSure ? [] : (options.indirect?.needs(world) ?? [])),
  ];
}

function answerOther(other: Other, context: QuestionContext): Asked {
  const { world } = context;
  const { kind, namespace, name } = other;
  const need = get(kind, namespace, name);
  refuseMissing(kind, namespace, name, world);
  const object = objectOf(other);
  const bindings: Matter['bindings'] = kind === 'nodes' ? 'cluster' : { namespace };
  return answerWays(
    {
      question: 'proxy',
      target: { kind: object.kind, namespace, name },
      scope: { namespace, selector: null },
      ways: [wayTo(other)],
      bindings,
      action: (words) => `send HTTP requests to ${words}${other.spelling === name ? '' : ` as ${other.spelling}`}`,
      assumptions: kind === 'nodes' ? accessAssumptions({ world, kubelets: true }) : [],
      remarks: world.isRead(need) ? [] : [unreadable(world, need, 'whether it exists')],
    },
    context,
  );
}

/** Each spelling of the name, with a scheme or a port, is a name of its own to RBAC and leads to the same object. */
function wayTo(other: Other): Way {
  const { kind, namespace, name, spelling } = other;
  const object = objectOf(other);
  const path =
    kind === 'nodes'
      ? `/api/v1/nodes/${spelling}/proxy/`
      : `/api/v1/namespaces/${namespace}/services/${spelling}/proxy/`;
  return {
    holding: {
      id: kind === 'nodes' ? 'node-proxy-http' : 'service-proxy',
      object,
      action: `${PROXY_VERBS.join(' or ')} ${kind}/proxy`,
      attack: changes(['get', '--raw', path]),
      connect: {
        kind: kind === 'nodes' ? 'NodeProxyOptions' : 'ServiceProxyOptions',
        ...{ resource: kind, subresource: 'proxy', namespace: namespace ?? '', name },
      },
      target: object,
      condition: null,
    },
    queries: PROXY_VERBS.map((verb) => ({
      request: { verb, group: '', resource: kind, subresource: 'proxy', namespace: namespace ?? '', name },
      names: spelledAs(spelling),
    })),
  };
}

const objectOf = ({ kind, namespace, name }: Other): Finding['object'] => ({
  kind: kind === 'nodes' ? 'Node' : 'Service',
  namespace,
  name,
  container: null,
});
