import { ANYWHERE, isLike, readWord, type Spelling } from './spelling.ts';

/** A difference between the name of a user or a group and the intended name. */
export interface NameDifference {
  id: string;
  /** The whole sentence. */
  says: string;
}

/**
 * The difference between a name in a binding and the asked name, where both certainly belong to the same user or group:
 * case, the prefix or domain of an identity provider, or a slash. Null where they differ in another way. Names of
 * Kubernetes itself may only differ in case.
 */
export function nameDifference(written: string, asked: string): NameDifference | null {
  const [quoted, other] = [JSON.stringify(written), JSON.stringify(asked)];
  if (written === asked) return null;
  if (isSame(written, asked))
    return {
      id: 'subject-capitals',
      says: `RBAC compares letter by letter, and ${quoted} has other capitals than ${other}`,
    };
  const isOwn = [written, asked].some((name) => name.toLowerCase().startsWith('system:'));
  const [ours, theirs] = isOwn ? [WRITTEN.slice(0, STRAY), []] : [WRITTEN, BOTH];
  const read = (from: string, to: string, table: readonly Spelling<string>[]) =>
    readWord(from, to, table, { isMeant: (form) => isSame(form, to), isWord: () => false });
  const there = read(written, asked, ours);
  if (there)
    return { id: there.id, says: `RBAC compares whole names, and ${quoted} ${there.says} that ${other} does not have` };
  const back = read(asked, written, theirs);
  return (
    back && { id: back.id, says: `RBAC compares whole names, and ${quoted} lacks what ${other} has: it ${back.says}` }
  );
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The parts that an identity provider adds to a name or leaves out. */
const BOTH: readonly Spelling<string>[] = [
  {
    id: 'subject-prefix',
    says: 'has a prefix',
    forms: (name) => [name.replace(/^.+[:#\\](?=[^:#\\]+$)/s, '')],
  },
  {
    id: 'subject-slash',
    says: 'has a slash or a path',
    forms: (name) => [name.replace(/^\//, ''), name.replace(/^.*\/(?=[^/]+$)/s, '')],
  },
  { id: 'subject-domain', says: 'has a domain', forms: (name) => [name.replace(/^([^@]+)@[^@]+$/s, '$1')] },
  {
    id: 'subject-dn',
    says: 'is a name of LDAP, with parts',
    forms: (name) => [name.replace(/^cn=([^,=]+),.*$/is, '$1')],
  },
];

const STRAY_CHARACTERS = ANYWHERE.filter(({ id }) => id === 'stray-characters').map(
  (each): Spelling<string> => ({ ...each, id: 'subject-stray', says: 'has spaces, quotes or brackets around it' }),
);
const STRAY = STRAY_CHARACTERS.length;

const WRITTEN: readonly Spelling<string>[] = [
  ...STRAY_CHARACTERS,
  ...BOTH,
  {
    id: 'star-subject',
    says: 'has a *, which is a letter in the name of a subject,',
    forms: (name, asked) => (name.includes('*') && /[^*]/.test(name) && isLike(asked, name) ? [asked] : []),
  },
];
