// An application as people write them with OpenTelemetry: everything about where it sends comes from the environment.
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();

const tracer = trace.getTracer('shop', '1.2.3');
for (let number = 1; number <= 10; number += 1) {
  tracer.startActiveSpan('GET /cart', { kind: SpanKind.SERVER }, (server) => {
    server.setAttribute('http.response.status_code', number % 5 === 0 ? 500 : 200);
    tracer.startActiveSpan('SELECT', { kind: SpanKind.CLIENT }, (client) => {
      client.setAttributes({ 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 1' });
      client.end();
    });
    if (number % 5 === 0) {
      server.recordException(new TypeError('the cart is gone'));
      server.setStatus({ code: SpanStatusCode.ERROR, message: 'the cart is gone' });
    }
    logs.getLogger('shop').emit({ severityNumber: SeverityNumber.WARN, body: `cart ${number} opened` });
    server.end();
  });
}

const meter = metrics.getMeter('shop');
meter.createCounter('orders', { unit: '{order}' }).add(3, { plan: 'gold' });
meter.createHistogram('checkout', { unit: 's' }).record(0.25);
meter.createObservableGauge('queue').addCallback((result) => result.observe(7));
meter.createUpDownCounter('open').add(-2);

await sdk.shutdown();
process.stdout.write('sent\n');
