// An application with npm applicationinsights 3: it takes a connection string and speaks HTTPS only.
const insights = require('applicationinsights-3');

const [connectionString] = process.argv.slice(2);
insights.setup(connectionString).setAutoCollectRequests(false).setAutoCollectDependencies(false).start();

const client = insights.defaultClient;
for (let number = 1; number <= 10; number += 1) {
  client.trackRequest({
    name: 'GET /cart',
    url: 'http://shop.example/cart',
    duration: number * 10,
    resultCode: number % 5 === 0 ? 500 : 200,
    success: number % 5 !== 0,
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
client.trackException({ exception: new TypeError('the cart is gone') });
client.trackEvent({ name: 'bought', measurements: { items: 3 } });
client.trackMetric({ name: 'queue length', value: 3 });
client
  .flush()
  .then(() => client.shutdown())
  .then(() => process.stdout.write('sent\n', () => process.exit(0)));
