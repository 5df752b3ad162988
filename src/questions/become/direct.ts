import type { Finding } from '../../answer/answer.ts';
import type { QuestionContext } from '../context.ts';
import { askedIdentity } from '../holders/asked-identity.ts';
import { type Unread, unreadRights } from '../holders/unread-rights.ts';
import { subjectRights, unreadOfSubject } from '../pod/account-rights.ts';
import { subjectOf } from './starts.ts';
import type { Start } from './target.ts';

/** What the identity of a foothold may do itself, and what of that could not be read. A pod or a node has none. */
export function directFindings(start: Start, context: QuestionContext): { findings: Finding[]; unread: Unread } {
  const subject = subjectOf(start, context);
  if (subject === null)
    return { findings: [], unread: unreadRights({ who: NOBODY, bindings: 'none', open: OPEN }, context) };
  const identity = askedIdentity(subject, context.world, context.options);
  const unread = unreadOfSubject(subject, identity, context);
  return { findings: subjectRights(subject, identity, context, unread), unread };
}

const NOBODY = {
  subject: { kind: 'User', namespace: null, name: '', members: null },
  identity: { user: null, groups: [] },
};
const OPEN = {
  id: 'account-rule',
  object: { kind: 'User', namespace: null, name: '', container: null },
  step: () => ({ technique: '', text: '', identity: NOBODY.subject, gains: null }),
};
