import { depends, no, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import type { Bound } from './bounds.ts';
import type { Place } from './escape.ts';

/**
 * Whether AppArmor lets a container do what the runtimes' own profile denies: mounting, tracing processes of other
 * profiles, writing to /proc/sys. Where no profile is set, the runtime's applies if the node has AppArmor, which the
 * API does not show; the kubelet starts a pod that names it only on such a node. A privileged container is not
 * confined. Source: containerd contrib/apparmor/template.go; kubernetes pkg/security/apparmor/validate.go.
 */
export function unconfined(
  { settings: { privileged, appArmor } }: Contained,
  { osImage }: Place,
  denied: string,
): Bound {
  if (privileged || appArmor?.type === 'Unconfined') return yes();
  if (appArmor?.type === 'RuntimeDefault') return no(`AppArmor's RuntimeDefault denies ${denied}`);
  if (appArmor) {
    const what = `the AppArmor profile ${appArmor.localhostProfile ?? ''}`.trimEnd();
    const why = 'its content is on the node, not in the API';
    return depends([{ kind: 'opaque', what, why, affects: `whether it forbids ${denied}` }], null, [
      `unless ${what} forbids it`,
    ]);
  }
  const why = 'it is not in the API';
  const unknown = {
    kind: 'invisible',
    what: 'whether the node has AppArmor',
    why,
    affects: `${denied} in its containers`,
  } as const;
  return depends([unknown], usual(osImage), [`if AppArmor is there, it denies ${denied}`]);
}

/** Whether the kernel of a distribution usually has AppArmor; null where that is not known. */
function usual(osImage: string): 'yes' | 'no' | null {
  if (WITH.test(osImage)) return 'no';
  return WITHOUT.test(osImage) ? 'yes' : null;
}

const WITH = /^(ubuntu|debian|container-optimized os|suse|opensuse|sles)/i;
const WITHOUT =
  /^(red hat|rhel|fedora|centos|rocky|alma|oracle|amazon linux|bottlerocket|flatcar|talos|azure linux|cbl-mariner)/i;
