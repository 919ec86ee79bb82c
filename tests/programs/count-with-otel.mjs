// An application that counts, and tells its totals several times: OpenTelemetry's SDK with its own temporality.
import { metrics } from '@opentelemetry/api';
import { NodeSDK, metrics as sdkMetrics } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({
  views: [{ instrumentName: 'latency', aggregation: { type: sdkMetrics.AggregationType.EXPONENTIAL_HISTOGRAM } }],
});
sdk.start();

const meter = metrics.getMeter('shop');
const orders = meter.createCounter('orders', { unit: '{order}' });
const checkout = meter.createHistogram('checkout', { unit: 's' });
const latency = meter.createHistogram('latency', { unit: 'ms' });

for (let round = 1; round <= 3; round += 1) {
  orders.add(round, { plan: 'gold' });
  orders.add(10, { plan: 'free' });
  checkout.record(30 * round);
  for (let value = 1; value <= 100; value += 1) latency.record(value);
  await metrics.getMeterProvider().forceFlush();
}
await sdk.shutdown();
process.stdout.write('sent\n');
