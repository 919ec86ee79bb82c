// An application as people write them: sends 20 requests, a dependency, a trace, an exception and a metric, then flushes.
const insights = require('applicationinsights');

const [connectionString] = process.argv.slice(2);
insights
  .setup(connectionString)
  .setAutoCollectConsole(false)
  .setAutoCollectPerformance(false)
  .setAutoCollectRequests(false)
  .setAutoCollectDependencies(false)
  .setAutoCollectExceptions(false)
  .setAutoCollectHeartbeat(false)
  .setUseDiskRetryCaching(false)
  .start();

const client = insights.defaultClient;
for (let number = 1; number <= 20; number += 1) {
  client.trackRequest({
    name: 'GET /cart',
    url: 'http://shop.example/cart',
    duration: number * 10,
    resultCode: number % 4 === 0 ? 500 : 200,
    success: number % 4 !== 0,
    id: `request-${number}`,
  });
}
client.trackDependency({
  target: 'db',
  name: 'SELECT',
  data: 'SELECT 1',
  duration: 3,
  resultCode: 0,
  success: true,
  dependencyTypeName: 'SQL',
});
client.trackTrace({ message: 'cart opened' });
client.trackException({ exception: new Error('the cart is gone') });
client.trackMetric({ name: 'queue length', value: 3 });
client.flush({
  callback: (answer) => {
    process.stdout.write(`${answer}\n`);
    process.exit(0);
  },
});
