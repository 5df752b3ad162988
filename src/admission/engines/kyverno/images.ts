import { children, isRaw, type Raw, text, texts } from '../../../world/raw.ts';
import { containersOf } from '../../request/pod-containers.ts';
import { NotUnderstood, type Outcome, skip } from './outcome.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * The outcome of a rule that verifies images: it skips a pod none of whose images it names. Throws NotUnderstood for
 * any other pod, since the signatures are in a registry. Mirrors kyverno pkg/engine/internal/imageverifier.go.
 */
export function verifyImages(rule: Raw, object: Raw): Outcome {
  if (isRaw(rule.imageExtractors)) throw new NotUnderstood('verifyImages');
  const images = containersOf(object).map(({ raw }) => text(raw, 'image') ?? '');
  const isVerified = children(rule, 'verifyImages').some((each) => images.some((image) => covers(each, image)));
  if (isVerified) throw new NotUnderstood('verifyImages');
  return skip('no image that it verifies');
}

function covers(verification: Raw, image: string): boolean {
  const spellings = spellingsOf(image);
  const own = text(verification, 'image');
  const references = [...texts(verification, 'imageReferences'), ...(own === null ? [] : [own])];
  const skipped = texts(verification, 'skipImageReferences');
  return (
    references.some((glob) => spellings.some((each) => matchesWildcard(glob, each))) &&
    !spellings.every((each) => skipped.some((glob) => matchesWildcard(glob, each)))
  );
}

/**
 * The image with its tag, with and without the default registry. Kyverno's own configuration decides which spelling
 * counts.
 */
function spellingsOf(image: string): string[] {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const isTagged = /[:@]/.test(image.slice(image.lastIndexOf('/') + 1));
  const tagged = isTagged ? image : `${image}:latest`;
  return hasRegistry ? [tagged] : [tagged, `docker.io/${tagged}`, `docker.io/library/${tagged}`];
}
