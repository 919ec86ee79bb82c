import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccounts, type ScramLogin } from '@scorpiox/shared/accounts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Party, Verdict } from '../../src/auth/exchange.ts';
import { mechanismOf } from '../../src/auth/sasl.ts';
import { parseClientFinal, parseClientFirst } from '../../src/auth/scram-messages.ts';
import type { Proof } from '../../src/auth/sign-in.ts';
import { ScramClient } from './support/scram-client.ts';

const RFC_7677 = {
  password: 'pencil',
  salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
  nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};

/** The login of RFC 7677's example. */
function example(name: string): ScramLogin {
  const salt = Buffer.from(RFC_7677.salt, 'base64');
  const salted = pbkdf2Sync(RFC_7677.password, salt, 4096, 32, 'sha256');
  const key = (label: string) => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest();
  const confirm = () => (name === 'user' ? { name } : undefined);
  return { salt, iterations: 4096, storedKey, serverKey: key('Server Key'), confirm };
}

const BINDING = Uint8Array.of(1, 2, 3, 0, 255);

interface Options {
  readonly plus?: boolean;
  readonly bindable?: boolean;
}

/** A run of the mechanism: send its answers, get its challenges, and at the end its verdict. */
function run({ plus = false, bindable = plus }: Options = {}) {
  const attempts: string[] = [];
  const party: Party = {
    attempt: async (evidence) => {
      attempts.push(evidence.name);
      // SCRAM never has the password.
      const found = (evidence as Proof).check();
      return found === undefined ? { kind: 'refused' } : { kind: 'signed-in', user: found.name };
    },
    scram: example,
    ...(bindable ? { channelBinding: (type) => (type === 'tls-exporter' ? BINDING : undefined) } : {}),
    nonce: () => RFC_7677.nonce,
  };
  const mechanism = mechanismOf(plus ? 'scram-sha-256-plus' : 'scram-sha-256', bindable);
  if (mechanism === undefined) throw new Error('not offered');
  const exchange = mechanism(party);
  const begun = exchange.next();
  const send = async (message: string | Uint8Array): Promise<string | Verdict> => {
    await begun;
    return (await exchange.next(typeof message === 'string' ? Buffer.from(message) : message)).value;
  };
  return { send, attempts };
}

/** A whole exchange by the independent client. */
async function whole(options: Options, client: Partial<ConstructorParameters<typeof ScramClient>[0]> = {}) {
  const scram = new ScramClient({ name: 'user', password: 'pencil', nonce: 'abcdef', flag: 'n', ...client });
  const { send } = run(options);
  const challenge = await send(scram.first());
  if (typeof challenge !== 'string') return challenge;
  const answer = await send(scram.final(challenge));
  if (typeof answer !== 'string') return answer;
  expect(scram.trusts(answer)).toBe(true);
  return send('');
}

describe('SCRAM-SHA-256', () => {
  test('says what RFC 7677’s example says', async () => {
    const { send } = run();
    expect(await send(RFC_7677.first)).toBe(RFC_7677.serverFirst);
    expect(await send(RFC_7677.final)).toBe(RFC_7677.serverFinal);
    expect(await send('')).toEqual({ kind: 'signed-in', user: 'user' });
  });

  test('ends well with a client that was written by itself', async () => {
    expect(await whole({})).toEqual({ kind: 'signed-in', user: 'user' });
    expect(await whole({}, { authzid: 'user' })).toEqual({ kind: 'signed-in', user: 'user' });
  });

  test('refuses a wrong password, and a name that is not there with the very keys of one that is', async () => {
    expect(await whole({}, { password: 'pencils' })).toEqual({ kind: 'refused' });
    expect(await whole({}, { name: 'nobody' })).toEqual({ kind: 'refused' });
  });

  test('a proof is looked at once: unfinished exchanges cost nobody anything, and the last word is the client’s', async () => {
    const { send, attempts } = run();
    await send(RFC_7677.first);
    expect(attempts).toEqual([]);
    await send(RFC_7677.final);
    expect(attempts).toEqual(['user']);
    expect(await send('more')).toMatchObject({ kind: 'malformed' });
  });

  test('takes names with commas and equals signs, and extensions that may be passed over', async () => {
    expect(parseClientFirst(Buffer.from('n,a=x=2Cy,n=a=3Db=2Cc,r=abc,x=1,y=2'))).toMatchObject({
      authzid: 'x,y',
      name: 'a=b,c',
      nonce: 'abc',
      bare: 'n=a=3Db=2Cc,r=abc,x=1,y=2',
    });
    const extended = parseClientFinal(Buffer.from(`c=biws,r=abc,x=1,p=${'A'.repeat(43)}=`));
    expect(extended).toMatchObject({ nonce: 'abc', withoutProof: 'c=biws,r=abc,x=1' });
  });

  test('acts for nobody else', async () => {
    expect(await whole({}, { authzid: 'other' })).toEqual({ kind: 'other-identity' });
  });
});

describe('channel binding', () => {
  const bound = { flag: 'p=tls-exporter', bindingData: BINDING };

  test('with -PLUS the connection is part of the proof', async () => {
    expect(await whole({ plus: true }, bound)).toEqual({ kind: 'signed-in', user: 'user' });
    expect(await whole({ plus: true }, { ...bound, bindingData: Uint8Array.of(1, 2, 3, 0, 254) })).toEqual({
      kind: 'not-allowed',
      why: 'channel-binding',
    });
    expect(await whole({ plus: true }, { flag: 'p=tls-exporter' })).toMatchObject({ why: 'channel-binding' });
  });

  test('a type that the connection does not have is refused', async () => {
    expect(await whole({ plus: true }, { ...bound, flag: 'p=tls-unique' })).toMatchObject({ why: 'binding-type' });
    expect(await whole({ plus: true }, { ...bound, flag: 'p=' })).toMatchObject({ kind: 'malformed' });
  });

  test('a client that was told that we cannot bind, where we can, is refused', async () => {
    expect(await whole({ bindable: true }, { flag: 'y' })).toEqual({ kind: 'not-allowed', why: 'downgrade' });
    expect(await whole({ bindable: false }, { flag: 'y' })).toMatchObject({ kind: 'signed-in' });
    expect(await whole({ bindable: true }, { flag: 'n' })).toMatchObject({ kind: 'signed-in' });
  });

  test('the flag goes with the mechanism', async () => {
    expect(await whole({ bindable: true }, bound)).toMatchObject({ kind: 'malformed' });
    expect(await whole({ plus: true }, { flag: 'n' })).toMatchObject({ kind: 'malformed' });
    expect(await whole({ plus: true }, { flag: 'y' })).toMatchObject({ kind: 'malformed' });
  });

  test('somebody in between who takes the flag away is found out by the proof', async () => {
    const client = new ScramClient({ name: 'user', password: 'pencil', nonce: 'abcdef', flag: 'y' });
    const { send } = run({ bindable: true });
    const challenge = await send(client.first().replace(/^y/, 'n'));
    expect(await send(client.final(String(challenge)))).toEqual({ kind: 'not-allowed', why: 'channel-binding' });
  });

  test('without channel binding -PLUS is not there', () => {
    expect(mechanismOf('SCRAM-SHA-256-PLUS', false)).toBeUndefined();
    expect(mechanismOf('CRAM-MD5', true)).toBeUndefined();
  });
});

describe('what is no SCRAM', () => {
  test.each([
    '',
    'n',
    'n,',
    'n,,',
    'n,,n=,r=abc',
    'n,,n=user',
    'n,,n=user,r=',
    'n,,n=us=er,r=abc',
    'n,,n=us=2cer,r=abc',
    'n,,n=user,r=a\u007f',
    'n,,m=ext,n=user,r=abc',
    'n,,r=abc,n=user',
    'x,,n=user,r=abc',
    'n,a=,n=user,r=abc',
    'n,a==,n=user,r=abc',
    'N,,n=user,r=abc',
    'n,,n=us\0er,r=abc',
    'n,,n=user,r=abc\n',
    'p,,n=user,r=abc',
  ])('%j as a first message', async (message) => {
    expect(await run().send(message)).toMatchObject({ kind: 'malformed' });
  });

  const proof = `p=${'A'.repeat(43)}=`;
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';

  test.each([
    ['', 'malformed'],
    [`c=biws,r=${nonce}`, 'malformed'],
    [`r=${nonce},c=biws,${proof}`, 'malformed'],
    [`c=biws,r=${nonce},p=AAAA`, 'malformed'],
    [`c=biws,r=${nonce},${proof},x=1`, 'malformed'],
    [`c=,r=${nonce},${proof}`, 'malformed'],
    // The right proof, spelt with bits that nothing is made of.
    [RFC_7677.final.replace(/Q=$/, 'R='), 'malformed'],
    [RFC_7677.final.replace(/Q=$/, 'T='), 'malformed'],
    [`c=bix=,r=${nonce},${proof}`, 'malformed'],
    [`c=biws,r=rOprNGfwEbeRWgbNEkqO,${proof}`, 'not-allowed'],
    [`c=eSws,r=${nonce},${proof}`, 'not-allowed'],
    [`c=biws,r=${nonce},${proof}`, 'refused'],
  ])('%j as a final message: %s', async (message, kind) => {
    const { send } = run();
    await send(RFC_7677.first);
    expect(await send(message)).toMatchObject({ kind });
  });

  test('octets that are no UTF-8', async () => {
    expect(await run().send(Uint8Array.of(0x6e, 0x2c, 0x2c, 0xff))).toMatchObject({ kind: 'malformed' });
  });

  test('anything at all: it is said what is wrong, and nobody is let in', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'n',
        'y',
        'p=tls-exporter',
        ',',
        '=',
        'n=user',
        'r=abc',
        'c=biws',
        'a=',
        'm=',
        proof,
        nonce,
        '\0',
      ),
      fc.string(),
    );
    const message = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join(','))),
      fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join(''))),
      fc.uint8Array({ maxLength: 80 }),
      fc.tuple(fc.nat(RFC_7677.final.length - 1), fc.nat(255)).map(([at, octet]) => {
        const bent = Buffer.from(RFC_7677.final);
        bent[at] = octet;
        return bent.equals(Buffer.from(RFC_7677.final)) ? Buffer.alloc(0) : bent;
      }),
    );
    await fc.assert(
      fc.asyncProperty(message, message, fc.boolean(), async (one, other, plus) => {
        const first = run({ plus });
        const answer = await first.send(one);
        expect(typeof answer === 'string' ? 'challenge' : answer.kind).toMatch(/challenge|malformed|not-allowed|other/);
        const second = run();
        await second.send(RFC_7677.first);
        expect(await second.send(other)).toMatchObject({
          kind: expect.stringMatching(/malformed|not-allowed|refused/),
        });
      }),
      { numRuns: 500 },
    );
  });
});

test('keys that the accounts made let in who knows the password, also one that has to be prepared', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imap-scram-'));
  const accounts = openAccounts(join(folder, 'accounts.db'));
  onTestFinished(() => {
    accounts.close();
    rmSync(folder, { recursive: true });
  });
  await accounts.add({ name: 'ann', password: 'gru\u0308n\u00a0\u2168' });
  const client = new ScramClient({ name: 'Ann', password: 'gr\u00fcn IX', nonce: 'abcdef', flag: 'n' });
  const login = accounts.scram('Ann');
  const party: Party = {
    attempt: async (evidence) => {
      const found = 'check' in evidence ? evidence.check() : undefined;
      return found === undefined ? { kind: 'refused' } : { kind: 'signed-in', user: found.name };
    },
    scram: () => login,
    nonce: () => 'xyz',
  };
  const exchange = mechanismOf('SCRAM-SHA-256', false)?.(party);
  await exchange?.next();
  const challenge = await exchange?.next(Buffer.from(client.first()));
  const answer = await exchange?.next(Buffer.from(client.final(String(challenge?.value))));
  expect(client.trusts(String(answer?.value))).toBe(true);
  expect((await exchange?.next(new Uint8Array(0)))?.value).toEqual({ kind: 'signed-in', user: 'ann' });
});
