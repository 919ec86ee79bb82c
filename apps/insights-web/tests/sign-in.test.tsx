import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { safeReturnPath } from '../src/features/sign-in/return-path.ts';
import { browserPage } from './support/page.tsx';

const page = browserPage();

beforeEach(() => {
  page.api.signedIn = false;
});

async function signIn(password: string): Promise<void> {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Account'), ' alice ');
  await user.type(screen.getByLabelText('Password'), `${password}{Enter}`);
}

describe('with a password', () => {
  it('leads from a page that needs it to the sign-in, and back with range and order', async () => {
    page.open('/apps?range=1h&sort=-p95');
    await signIn('right');
    await screen.findByRole('table');
    expect(page.address()).toBe('/apps?range=1h&sort=-p95');
    expect(page.api.bodies).toEqual([{ user: 'alice', password: 'right' }]);
    expect(screen.getByText('alice')).not.toBeNull();
  });

  it('says that account or password is wrong, and takes the next try', async () => {
    page.open('/sign-in');
    await signIn('wrong');
    expect((await screen.findByRole('alert')).textContent).toBe('The account or the password is wrong.');
    expect(page.address()).toBe('/sign-in');
    const user = userEvent.setup();
    await user.clear(screen.getByLabelText('Password'));
    await user.type(screen.getByLabelText('Password'), 'right{Enter}');
    await screen.findByRole('table');
  });

  it('says that the API is gone', async () => {
    page.api.gone = true;
    page.open('/sign-in');
    await signIn('right');
    expect((await screen.findByRole('alert')).textContent).toMatch(/cannot be reached/);
  });

  it('does not follow a way back that leads elsewhere', async () => {
    page.open('/sign-in?return=%2F%2Fevil.example%2Fapps');
    await signIn('right');
    await screen.findByRole('table');
    expect(page.address()).toBe('/apps');
  });
});

describe('with a one-time link', () => {
  it('spends the token once, and takes it out of the address before the API has answered', async () => {
    page.api.tokens.add('t0ken');
    page.api.hold();
    page.open('/sign-in?return=%2Fapps%3Frange%3D1h#token=t0ken');
    await waitFor(() => expect(page.api.count('POST /api/session/link')).toBe(1));
    expect(page.address()).toBe('/sign-in?return=%2Fapps%3Frange%3D1h');
    expect(await screen.findByText('The link is being checked.')).not.toBeNull();
    page.api.release();
    await screen.findByRole('table');
    expect(page.address()).toBe('/apps?range=1h');
    expect(page.api.bodies).toEqual([{ token: 't0ken' }]);
    expect(JSON.stringify(window.history.state)).not.toContain('t0ken');
  });

  it('says that a link has been used, and offers the form', async () => {
    page.open('/sign-in#token=spent');
    expect((await screen.findByRole('alert')).textContent).toMatch(/link has been used or has expired/);
    expect(page.address()).toBe('/sign-in');
    expect(page.api.count('POST')).toBe(1);
    await signIn('right');
    await screen.findByRole('table');
  });

  it('works when it is pasted where the sign-in is open already', async () => {
    page.api.tokens.add('later');
    page.open('/sign-in');
    await screen.findByLabelText('Account');
    act(() => window.history.pushState(null, '', '/sign-in#token=later'));
    await screen.findByRole('table');
    expect(page.address()).toBe('/apps');
  });
});

describe('the session', () => {
  it('ends: the page leads to the sign-in with the way back', async () => {
    page.api.signedIn = true;
    page.open('/apps?sort=name');
    await screen.findByRole('table');
    page.api.signedIn = false;
    await userEvent.setup().click(screen.getByRole('button', { name: /^Refresh/ }));
    await screen.findByLabelText('Account');
    expect(page.address()).toBe('/sign-in?return=%2Fapps%3Fsort%3Dname');
  });

  it('is signed out of, and nothing of it is left on the page', async () => {
    page.api.signedIn = true;
    page.open('/apps');
    await screen.findByRole('table');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Sign out' }));
    await screen.findByLabelText('Account');
    expect(page.api.calls.at(-1)).toBe('DELETE /api/session');
    expect(page.address()).toBe('/sign-in');
    expect(screen.queryByText('broken')).toBeNull();
  });

  it('says that one is still signed in when signing out did not work', async () => {
    page.api.signedIn = true;
    page.open('/apps');
    await screen.findByRole('table');
    page.api.gone = true;
    await userEvent.setup().click(screen.getByRole('button', { name: 'Sign out' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Still signed in\. The API cannot be reached/);
  });
});

describe('the way back', () => {
  it.each([
    ['/apps?range=1h&sort=-p95', '/apps?range=1h&sort=-p95'],
    [undefined, '/apps'],
    ['', '/apps'],
    ['apps', '/apps'],
    ['//evil.example', '/apps'],
    ['/\\evil.example', '/apps'],
    ['/\t/evil.example', '/apps'],
    ['/\n\\evil.example', '/apps'],
    ['/x/..//evil.example', '/apps'],
    ['https://evil.example/apps', '/apps'],
    ['javascript:alert(1)', '/apps'],
    ['/sign-in?return=/apps', '/apps'],
    [`/apps?${'x'.repeat(3000)}`, '/apps'],
  ])('%j leads to %s', (wanted, path) => expect(safeReturnPath(wanted)).toBe(path));
});
