import { type Raw, text } from '../../world/raw.ts';

/**
 * The name of a profile as the old annotations and an SCC spell it: `runtime/default`, `localhost/x`, `unconfined`;
 * `''` for a profile without a name.
 */
export function profileName(profile: Raw): string {
  switch (text(profile, 'type')) {
    case 'Unconfined':
      return 'unconfined';
    case 'RuntimeDefault':
      return 'runtime/default';
    case 'Localhost': {
      const file = text(profile, 'localhostProfile');
      return file === null ? '' : `localhost/${file}`;
    }
    default:
      return '';
  }
}

/**
 * Whether an SCC that lists `profiles` allows this profile. Mirrors seccomp/strategy.go validateProfile: without a list
 * no profile may be set.
 */
export function allowsProfile(profiles: readonly string[], profile: string): boolean {
  if (profiles.includes('*')) return true;
  if (profiles.length === 0) return profile === '';
  return profiles.includes(profile) || (DEFAULTS.includes(profile) && profiles.some((each) => DEFAULTS.includes(each)));
}

/** Two names of the same profile. */
const DEFAULTS = ['runtime/default', 'docker/default'];
