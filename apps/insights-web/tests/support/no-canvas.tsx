import { vi } from 'vitest';

// The drawing of a chart needs a canvas, which only a browser has: tests/telemetry/pages.test.ts looks at it there.
vi.mock('../../src/components/charts/plot.tsx', () => ({ Plot: () => null }));
