import { goQuote } from '../../../answer/go-quote.ts';
import { type Check, inSecurityContexts } from '../check.ts';
import { joinQuote, pluralize, settersNamed, sorted } from '../words.ts';

/**
 * Baseline: AppArmor must not be switched off, whether by fields or by the older annotations. Mirrors
 * pod-security-admission policy/check_appArmorProfile.go: annotations are quoted twice in the detail.
 */
export const appArmorProfile: Check = {
  id: 'appArmorProfile',
  level: 'baseline',
  fields: [...inSecurityContexts('appArmorProfile.type'), 'metadata.annotations'],
  versions: [
    {
      since: '1.0',
      run: (pod) => {
        const bad = pod.containers.filter(({ appArmor }) => isForbidden(appArmor));
        const annotations = Object.entries(pod.annotations).filter(
          ([key, value]) => key.startsWith(ANNOTATION) && !isAllowed(value),
        );
        if (bad.length === 0 && annotations.length === 0 && !isForbidden(pod.appArmor)) return null;
        const setters = [
          settersNamed(
            isForbidden(pod.appArmor),
            bad.map(({ name }) => name),
          ),
          annotations.length > 0 ? pluralize('annotation', 'annotations', annotations.length) : '',
        ].filter((each) => each !== '');
        const types = [pod, ...bad].flatMap(({ appArmor }) =>
          appArmor !== null && isForbidden(appArmor) ? [appArmor] : [],
        );
        const values = [...sorted(types), ...sorted(annotations.map(([key, value]) => `${key}=${goQuote(value)}`))];
        return {
          reason: pluralize('forbidden AppArmor profile', 'forbidden AppArmor profiles', values.length),
          detail: `${setters.join(' and ')} must not set AppArmor profile type to ${joinQuote(values)}`,
        };
      },
    },
  ],
};

const isForbidden = (type: string | null): boolean =>
  type !== null && type !== 'RuntimeDefault' && type !== 'Localhost';

const isAllowed = (annotation: string): boolean =>
  annotation === '' || annotation === 'runtime/default' || annotation.startsWith('localhost/');

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
