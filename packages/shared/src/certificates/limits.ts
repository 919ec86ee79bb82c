const DAY_MS = 86_400_000;

/** Life of the local CA: people trust it by hand, so rarely. */
export const CA_LIFE_MS = 3650 * DAY_MS;

/** Life of a server certificate: Apple refuses more than 825 days; a few less, for the backdating below. */
export const LEAF_LIFE_MS = 820 * DAY_MS;

/** Certificates are valid from this long ago: a client's clock may be behind by an hour (a wrong daylight saving). */
export const BACKDATE_MS = 60 * 60 * 1000;

/** A certificate is renewed when this part of its life is over: the rest is time to notice that renewal fails. */
export const RENEW_AFTER = 2 / 3;

/** RSA modulus, bits: NIST SP 800-57 accepts 2048 through 2030, every client takes it, and forge signs with RSA only. */
export const RSA_BITS = 2048;

/** How often a server looks whether its certificate was replaced, milliseconds: soon enough for whoever does it by hand. */
export const LOOK_MS = 2_000;
