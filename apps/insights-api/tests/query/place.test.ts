import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOf } from '../../src/rollup/overview/place.ts';

const of = (stack: string) => placeOf({ name: 'Error', properties: { 'exception.stack': stack } });

test.each([
  [
    '.NET',
    `System.NullReferenceException: Object reference not set
   at System.Linq.Enumerable.First[TSource](IEnumerable\`1 source)
   at Shop.Cart.Add(String sku, Int32 count) in C:\\src\\Shop\\Cart.cs:line 42
   at Shop.Program.Main(String[] args)`,
    'Shop.Cart.Add (Cart.cs)',
  ],
  ['.NET without files', 'at System.String.Substring(Int32 at)\nat Shop.Cart.Add(String sku)', 'Shop.Cart.Add'],
  [
    'Node',
    `TypeError: x is not a function
    at Object.emit (node:events:518:28)
    at next (/app/node_modules/express/lib/router.js:1:2)
    at async Cart.add (file:///app/src/cart.js:10:5)`,
    'Cart.add (cart.js)',
  ],
  ['a browser, without a name', 'Error\n    at https://shop.example/assets/app.js?v=3:17:9', 'app.js:17'],
  ['Firefox', 'add@https://shop.example/cart.js:10:5\n@https://shop.example/main.js:1:1', 'add (cart.js)'],
  [
    'Java',
    `java.lang.IllegalStateException: no
\tat java.base/java.util.Optional.get(Optional.java:143)
\tat com.shop.Cart.add(Cart.java:42)`,
    'com.shop.Cart.add (Cart.java)',
  ],
  [
    'Python',
    `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    cart.add(1)
  File "/app/cart.py", line 9, in add
    return d[k]
  File "/usr/lib/python3.11/site-packages/lib.py", line 5, in get
    raise KeyError`,
    'add (cart.py)',
  ],
  [
    'PHP',
    '#0 /app/vendor/x/Y.php(3): X\\Y->z()\n#1 /app/src/Cart.php(12): Shop\\Cart->add(1)',
    'Shop\\Cart->add (Cart.php)',
  ],
  ['Ruby', "/app/cart.rb:12:in 'add'\n/app/main.rb:1:in '<main>'", 'add (cart.rb)'],
  [
    'Go',
    'panic: oh\n\ngoroutine 1 [running]:\npanic({0x1, 0x2})\n\t/usr/local/go/src/runtime/panic.go:884 +0x1\nmain.(*Cart).Add(0x1)\n\t/app/cart.go:12 +0x2',
    'main.(*Cart).Add (cart.go)',
  ],
])('the topmost own frame of a stack of %s', (_, stack, place) => {
  expect(of(stack)).toBe(place);
});

test('where all frames are of others, the topmost; lines do not tell groups apart', () => {
  expect(of('at System.String.Substring(Int32 at)\nat System.Main()')).toBe('System.String.Substring');
  expect(of('at add (/app/cart.js:10:5)')).toBe(of('at add (/elsewhere/cart.js:11:7)'));
});

test('without a stack what the sender calls it, or nothing', () => {
  const named = (problemId: string) => placeOf({ name: 'KeyError', properties: { 'exception.problemId': problemId } });
  expect(named('KeyError at Shop.Cart.Add')).toBe('Shop.Cart.Add');
  expect(named('KeyError')).toBe('');
  expect(named('problem 12')).toBe('problem 12');
  expect(placeOf({ name: 'KeyError' })).toBe('');
});

test('rubbish is no trouble', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('at ', '(', ')', ':1', '/', 'a.js', ' ', '\n', '@', 'File "', 'x', '#0 ')),
      (parts) => {
        expect(of(parts.join('')).length).toBeLessThanOrEqual(300);
      },
    ),
  );
  for (const part of ['\n', ' ', 'at (', ':1', '@', 'at a(', 'File "'])
    expect(of(part.repeat(8192)).length).toBeLessThanOrEqual(300);
});
