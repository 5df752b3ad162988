import type { Labels } from '../../src/world/objects.ts';
import type { Story } from './story.ts';

/** The company's namespaces with their accounts. */
export function tellNamespaces(story: Story): void {
  story
    .on('2023-06-05', 'kubectl-client-side-apply')
    .namespace('shop', { team: 'shop', ...enforce('baseline') })
    .namespace('payments', {
      team: 'payments',
      ...enforce('restricted'),
      'pod-security.kubernetes.io/enforce-version': 'latest',
    })
    .namespace('ingress', { team: 'platform', ...enforce('baseline') })
    .namespace('monitoring', { team: 'platform', ...enforce('privileged') })
    .namespace('ci', { team: 'platform' })
    .on('2023-07-18', 'kubectl-create')
    .namespace('legacy')
    .on('2024-01-15', 'helm')
    .namespace('backup', { team: 'platform', ...enforce('restricted') })
    .on('2024-03-11', 'kubectl-client-side-apply')
    .namespace('dev', { team: 'shop', ...enforce('baseline'), 'pod-security.kubernetes.io/warn': 'restricted' });
  story
    .on('2023-06-21', 'helm')
    .accounts('shop', 'web', 'cart', 'checkout', 'search', 'catalog', 'restarter')
    .accounts('ci', 'builder', 'deployer', 'labeler', 'release-bot')
    .accounts('monitoring', 'prometheus', 'node-exporter')
    .accounts('payments', 'ledger', 'gateway')
    .accounts('legacy', 'provisioner')
    .accounts('ingress', 'edge-proxy', 'login-proxy')
    .accounts('backup', 'operator')
    .accounts('dev', 'deployer', 'preview');
}

const enforce = (level: string): Labels => ({ 'pod-security.kubernetes.io/enforce': level });
