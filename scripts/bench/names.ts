export interface Place {
  namespace: string;
  team: string;
  environment: string;
  component: string;
  /** Five, the default one among them. */
  accounts: string[];
}

/** At most 500 namespaces, such as `checkout-worker-staging`. */
export function namespacesOf(count: number): Place[] {
  const all = ENVIRONMENTS.flatMap((environment) =>
    COMPONENTS.flatMap((component) =>
      TEAMS.map((team) => ({
        namespace: `${team}-${component}-${environment}`,
        team,
        environment,
        component,
        accounts: ['default', 'deployer', `${component}-runner`, 'ci-integration-tests', 'metrics-exporter'],
      })),
    ),
  );
  return all.slice(0, count);
}

/** Sixteen engineers to a team. */
export const engineersOf = (team: string): string[] =>
  FIRST_NAMES.flatMap((first) => ['almeida', 'okonkwo'].map((last) => `${first}.${last}-${team}@example.com`));

export const TEAMS = [
  ...[
    'payments',
    'checkout',
    'catalogue',
    'search',
    'pricing',
    'inventory',
    'shipping',
    'returns',
    'identity',
    'profile',
    'loyalty',
    'fraud',
  ],
  ...[
    'ledger',
    'invoicing',
    'reporting',
    'analytics',
    'ingestion',
    'notifications',
    'messaging',
    'media',
    'partners',
    'mobile',
    'storefront',
  ],
  ...['recommendations', 'observability'],
];
const COMPONENTS = ['api', 'worker', 'scheduler', 'web-frontend'];
const ENVIRONMENTS = ['production', 'staging', 'integration', 'performance', 'sandbox'];
const FIRST_NAMES = ['maria', 'jonas', 'chinedu', 'aiko', 'fatima', 'lars', 'priya', 'tomasz'];
