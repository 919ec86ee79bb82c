/** The 15 applications of the demonstration: who is called how often, what that costs, and what goes wrong. */

/** Something an operation waits for. */
export type Step =
  /** A request to another of the applications. */
  | { readonly service: ServiceName; readonly operation: string; readonly chance?: number }
  /** A request to something that sends no telemetry itself. */
  | {
      readonly dependency: string;
      readonly type: 'SQL' | 'Redis' | 'HTTP' | 'Queue';
      readonly medianMs: number;
      readonly failure?: number;
      readonly chance?: number;
    };

export interface Operation {
  readonly name: string;
  /** How often it is what an arriving user wants, relative to the service's other operations; 0: only called by others. */
  readonly weight: number;
  /** Time of its own, without what it waits for. */
  readonly medianMs: number;
  /** Probability that it fails by itself. */
  readonly failure?: number;
  readonly steps?: readonly Step[];
}

export interface Service {
  readonly name: ServiceName;
  /** Arrivals from outside a minute, on average. */
  readonly perMinute: number;
  readonly instances: readonly [string, ...string[]];
  readonly version: string;
  readonly operations: readonly [Operation, ...Operation[]];
}

export const SERVICE_NAMES = [
  'demo-shop',
  'demo-mobile-api',
  'demo-checkout',
  'demo-payments',
  'demo-catalog',
  'demo-search',
  'demo-inventory',
  'demo-accounts',
  'demo-shipping',
  'demo-notifications',
  'demo-recommendations',
  'demo-reports',
  'demo-admin',
  'demo-legacy-crm',
  'demo-newsletter',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** It sends nothing any more: what an application that has died looks like. */
export const SILENT_SERVICE: ServiceName = 'demo-newsletter';

const sql = (dependency: string, medianMs: number, failure = 0.001): Step => ({
  dependency,
  type: 'SQL',
  medianMs,
  failure,
});
const call = (service: ServiceName, operation: string, chance = 1): Step => ({ service, operation, chance });

export const SERVICES: readonly Service[] = [
  {
    name: 'demo-shop',
    perMinute: 7,
    instances: ['shop-1', 'shop-2', 'shop-3'],
    version: '4.12.1',
    operations: [
      {
        name: 'GET /',
        weight: 5,
        medianMs: 18,
        steps: [call('demo-catalog', 'GET /products'), call('demo-recommendations', 'GET /recommendations', 0.4)],
      },
      { name: 'GET /product/{id}', weight: 8, medianMs: 22, steps: [call('demo-catalog', 'GET /products/{id}')] },
      { name: 'GET /search', weight: 3, medianMs: 12, steps: [call('demo-search', 'GET /query')] },
      { name: 'POST /cart', weight: 2, medianMs: 15, steps: [call('demo-inventory', 'GET /stock/{sku}')] },
      { name: 'POST /order', weight: 1, medianMs: 30, failure: 0.004, steps: [call('demo-checkout', 'POST /orders')] },
    ],
  },
  {
    name: 'demo-mobile-api',
    perMinute: 6,
    instances: ['mobile-1', 'mobile-2'],
    version: '2.40.0',
    operations: [
      { name: 'GET /v2/home', weight: 5, medianMs: 14, steps: [call('demo-recommendations', 'GET /recommendations')] },
      { name: 'GET /v2/orders', weight: 2, medianMs: 11, steps: [call('demo-accounts', 'GET /session')] },
      {
        name: 'POST /v2/orders',
        weight: 1,
        medianMs: 25,
        failure: 0.01,
        steps: [call('demo-checkout', 'POST /orders')],
      },
    ],
  },
  {
    name: 'demo-checkout',
    perMinute: 0,
    instances: ['checkout-1', 'checkout-2'],
    version: '1.9.3',
    operations: [
      {
        name: 'POST /orders',
        weight: 0,
        medianMs: 40,
        failure: 0.006,
        steps: [
          call('demo-accounts', 'GET /session'),
          call('demo-inventory', 'POST /reservations'),
          call('demo-payments', 'POST /charges'),
          sql('orders', 9),
          call('demo-shipping', 'POST /labels', 0.8),
          call('demo-notifications', 'order-placed', 0.9),
        ],
      },
    ],
  },
  {
    name: 'demo-payments',
    perMinute: 0,
    instances: ['payments-1', 'payments-2'],
    version: '3.1.0',
    operations: [
      {
        name: 'POST /charges',
        weight: 0,
        medianMs: 25,
        failure: 0.01,
        steps: [
          sql('ledger', 7),
          { dependency: 'POST card-gateway.example', type: 'HTTP', medianMs: 310, failure: 0.03 },
        ],
      },
    ],
  },
  {
    name: 'demo-catalog',
    perMinute: 0,
    instances: ['catalog-1', 'catalog-2'],
    version: '7.0.4',
    operations: [
      {
        name: 'GET /products',
        weight: 0,
        medianMs: 6,
        steps: [
          { dependency: 'catalog-cache', type: 'Redis', medianMs: 1.2 },
          { ...sql('catalog', 24), chance: 0.15 },
        ],
      },
      {
        name: 'GET /products/{id}',
        weight: 0,
        medianMs: 4,
        failure: 0.002,
        steps: [
          { dependency: 'catalog-cache', type: 'Redis', medianMs: 1.1 },
          { ...sql('catalog', 8), chance: 0.2 },
        ],
      },
    ],
  },
  {
    name: 'demo-search',
    perMinute: 1,
    instances: ['search-1'],
    version: '0.18.2',
    operations: [
      {
        name: 'GET /query',
        weight: 1,
        medianMs: 45,
        failure: 0.008,
        steps: [{ dependency: 'search-index', type: 'HTTP', medianMs: 60, failure: 0.004 }],
      },
    ],
  },
  {
    name: 'demo-inventory',
    perMinute: 0,
    instances: ['inventory-1', 'inventory-2'],
    version: '5.5.0',
    operations: [
      { name: 'GET /stock/{sku}', weight: 0, medianMs: 3, steps: [sql('warehouse', 5)] },
      { name: 'POST /reservations', weight: 0, medianMs: 8, failure: 0.012, steps: [sql('warehouse', 14, 0.006)] },
    ],
  },
  {
    name: 'demo-accounts',
    perMinute: 2,
    instances: ['accounts-1', 'accounts-2'],
    version: '2.2.8',
    operations: [
      { name: 'POST /sign-in', weight: 1, medianMs: 120, failure: 0.05, steps: [sql('accounts', 4)] },
      {
        name: 'GET /session',
        weight: 0,
        medianMs: 2,
        steps: [{ dependency: 'sessions', type: 'Redis', medianMs: 0.9 }],
      },
    ],
  },
  {
    name: 'demo-shipping',
    perMinute: 1,
    instances: ['shipping-1'],
    version: '1.30.0',
    operations: [
      {
        name: 'POST /labels',
        weight: 0,
        medianMs: 20,
        failure: 0.01,
        steps: [{ dependency: 'POST carrier.example', type: 'HTTP', medianMs: 640, failure: 0.05 }],
      },
      { name: 'POST /tracking', weight: 1, medianMs: 9, steps: [sql('parcels', 6)] },
    ],
  },
  {
    name: 'demo-notifications',
    perMinute: 1.5,
    instances: ['notifications-1'],
    version: '0.9.11',
    operations: [
      {
        name: 'order-placed',
        weight: 0,
        medianMs: 5,
        steps: [{ dependency: 'mail-queue', type: 'Queue', medianMs: 3 }],
      },
      { name: 'digest', weight: 1, medianMs: 180, steps: [{ dependency: 'mail-queue', type: 'Queue', medianMs: 4 }] },
    ],
  },
  {
    name: 'demo-recommendations',
    perMinute: 0,
    instances: ['recommendations-1'],
    version: '0.4.0',
    operations: [
      {
        name: 'GET /recommendations',
        weight: 0,
        medianMs: 70,
        failure: 0.015,
        steps: [{ dependency: 'features', type: 'Redis', medianMs: 2.5 }],
      },
    ],
  },
  {
    name: 'demo-reports',
    perMinute: 0.5,
    instances: ['reports-1'],
    version: '1.1.7',
    operations: [
      {
        name: 'nightly-sales',
        weight: 1,
        medianMs: 900,
        failure: 0.02,
        steps: [sql('warehouse', 3_800), sql('orders', 2_100)],
      },
      { name: 'stock-levels', weight: 2, medianMs: 250, steps: [sql('warehouse', 1_200)] },
    ],
  },
  {
    name: 'demo-admin',
    perMinute: 0.8,
    instances: ['admin-1'],
    version: '6.3.2',
    operations: [
      { name: 'GET /orders', weight: 3, medianMs: 35, steps: [sql('orders', 55)] },
      {
        name: 'POST /refunds',
        weight: 1,
        medianMs: 28,
        failure: 0.02,
        steps: [call('demo-payments', 'POST /charges')],
      },
      { name: 'GET /customers', weight: 2, medianMs: 30, steps: [call('demo-legacy-crm', 'GET /customers')] },
    ],
  },
  {
    name: 'demo-legacy-crm',
    perMinute: 1.5,
    instances: ['crm-old'],
    version: '1.0.0',
    operations: [
      { name: 'GET /customers', weight: 2, medianMs: 420, failure: 0.35, steps: [sql('crm', 380, 0.12)] },
      { name: 'POST /sync', weight: 1, medianMs: 1_600, failure: 0.6, steps: [sql('crm', 900, 0.2)] },
    ],
  },
  {
    name: 'demo-newsletter',
    perMinute: 1.5,
    instances: ['newsletter-1'],
    version: '2.0.1',
    operations: [
      {
        name: 'send-batch',
        weight: 1,
        medianMs: 300,
        steps: [{ dependency: 'mail-queue', type: 'Queue', medianMs: 5 }],
      },
    ],
  },
];
