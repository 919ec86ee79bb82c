import { type Static, Type } from 'typebox';

/** What somebody may do in the dashboard and the API. */
export const Role = Type.Union([Type.Literal('viewer'), Type.Literal('admin')]);
export type Role = Static<typeof Role>;

/** The cookie of a dashboard session. */
export const SESSION_COOKIE = 'scorpiox_session';

/** Body of `POST /api/session`: sign in with an account. */
export const SignInRequest = Type.Object({
  user: Type.String({ minLength: 1, maxLength: 64 }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
});
export type SignInRequest = Static<typeof SignInRequest>;

/** Body of `POST /api/session/link`: sign in with the one-time link that `npm start` prints. */
export const LinkSignInRequest = Type.Object({ token: Type.String({ minLength: 1, maxLength: 256 }) });
export type LinkSignInRequest = Static<typeof LinkSignInRequest>;

/** Answer of `GET /api/session` and of both sign-ins. `DELETE /api/session` signs out. */
export const SessionResponse = Type.Object({ user: Type.String(), role: Role });
export type SessionResponse = Static<typeof SessionResponse>;
