import { UserError } from '../../answer/user-error.ts';
import { formatResource } from '../../rbac/request.ts';
import { list, type Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { doubtfulNamespace, namespaceNeeds, refuseMissingNamespace } from '../existence.ts';
import { accountNeeds } from '../holders/absent-accounts.ts';
import { answerWays, type Matter } from '../holders/answer-ways.ts';
import { memberNeeds } from '../holders/members.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import { glimpse } from '../holders/ways.ts';
import type { Question, Result } from '../question.ts';
import type { WhoTarget } from '../targets.ts';
import { isNamespaceObject } from './requests.ts';
import { needsDiscovery } from './resolve.ts';
import { type Asked, understand } from './understand.ts';
import { isUrlVerb, unusedVerbNote } from './verbs.ts';
import { waysOf } from './ways.ts';

/** Who holds a right, in which scope, through what, since when. */
export const who: Question<WhoTarget> = {
  name: 'who',
  discovery: needsDiscovery,
  needs: (target, world, options) => {
    const definitions =
      world.facts.origin === 'live' || world.facts.discovery ? [] : [list('customresourcedefinitions')];
    const asked = tryUnderstand(target, world);
    const bindings = asked ? bindingsThatCount(target, asked) : 'cluster';
    return [
      // RoleBindings that do not count are near misses.
      ...rbacNeeds(world, bindings === 'cluster' ? target.namespace : bindings.namespace),
      ...(target.namespace === null ? [] : namespaceNeeds(target.namespace, world)),
      ...definitions,
      ...subjectNeeds(options.subject, world),
      ...followUps(target, asked, contextOf(world, options)),
    ];
  },
  answer: (target, world, options) => answerWho(target, understand(target, world), contextOf(world, options)),
};

function answerWho(target: WhoTarget, asked: Asked, context: QuestionContext): Result {
  const { world } = context;
  const namespace = scopeOf(target, asked);
  const isNamespaced = 'resolved' in asked && asked.resolved.namespaced;
  if (namespace !== null && isNamespaced) refuseMissingNamespace(namespace, world);
  const ways = waysOf(target, asked, world);
  const { container, ...object } = ways[0].holding.object;
  const answered = answerWays(
    {
      question: 'who',
      target: object.name === '' ? null : object,
      scope: { namespace, selector: null },
      ways,
      bindings: bindingsThatCount(target, asked),
      action: () => actionOf(target, asked, namespace),
      verbNote:
        'resolved' in asked ? asked.resolved.note : isUrlVerb(target.verb) ? '' : unusedVerbNote(target.verb, 'url'),
      unknowns: namespace !== null && isNamespaced ? doubtfulNamespace(namespace, world) : [],
    },
    context,
  );
  return {
    asked: [answered],
    errors: [],
    warnings: 'resolved' in asked ? asked.resolved.warnings : urlWarnings(target),
  };
}

/** The namespace that the answer is about; null where it is the whole cluster. */
function scopeOf({ namespace, verb }: WhoTarget, asked: Asked): string | null {
  if ('url' in asked) return null;
  const { resolved } = asked;
  if (resolved.namespaced) return namespace;
  return isNamespaceObject(verb, resolved) ? resolved.name : null;
}

function actionOf({ verb, resource }: WhoTarget, asked: Asked, namespace: string | null): string {
  if ('url' in asked) return `${verb} ${asked.url}`;
  const { resolved } = asked;
  const isAnything = resource === '*' && resolved.subresource === '';
  const named = resolved.name === null ? '' : ` ${JSON.stringify(resolved.name)}`;
  const what =
    verb === '*' && isAnything && named === ''
      ? 'do everything'
      : `${verb} ${isAnything ? '*' : formatResource(resolved)}${named}`;
  if (!resolved.namespaced) return what;
  return `${what} in ${namespace === null ? 'any namespace' : `namespace ${namespace}`}`;
}

const urlWarnings = ({ verb }: WhoTarget): string[] => (isUrlVerb(verb) ? [] : [`verb '${verb}' is not a known verb`]);

/**
 * Cluster-scoped rights rest on ClusterRoleBindings alone, but for a Namespace object's: on those in that namespace
 * too.
 */
function bindingsThatCount({ verb, namespace }: WhoTarget, asked: Asked): Matter['bindings'] {
  if ('url' in asked) return 'cluster';
  if (isNamespaceObject(verb, asked.resolved)) return { namespace: asked.resolved.name };
  return asked.resolved.namespaced ? { namespace } : 'cluster';
}

function followUps(target: WhoTarget, asked: Asked | null, context: QuestionContext): Need[] {
  const { world, options } = context;
  if (!asked || world.outcome(list('clusterrolebindings')) === null || world.facts.readAt === '') return [];
  const { isHeld, isSure, groups, holders } = glimpse(waysOf(target, asked, world), context);
  const accounts = accountNeeds(holders, world, options);
  const wide = options.subject && isSure ? [] : (options.indirect?.needs(world) ?? []);
  if (!world.isRead(list('clusterrolebindings'))) return accounts;
  const elsewhere = options.subject && !options.direct && !isHeld ? rbacNeeds(world, null) : [];
  return [...memberNeeds(groups), ...accounts, ...elsewhere, ...wide];
}

/** While needs are collected, a wrong name is no error yet. */
function tryUnderstand(target: WhoTarget, world: World): Asked | null {
  try {
    return understand(target, world);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
