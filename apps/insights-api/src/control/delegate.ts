import type { AlertTables, Control } from '@scorpiox/shared/database';

/** A control side that passes every call on to the one that `there` gives; `close` closes it. */
export function delegate(there: () => Promise<Control>): Control {
  return {
    addApp: async (...given) => (await there()).addApp(...given),
    ensureApp: async (...given) => (await there()).ensureApp(...given),
    apps: async () => (await there()).apps(),
    findApp: async (...given) => (await there()).findApp(...given),
    setRetention: async (...given) => (await there()).setRetention(...given),
    setApdex: async (...given) => (await there()).setApdex(...given),
    findKey: async (...given) => (await there()).findKey(...given),
    addKey: async (...given) => (await there()).addKey(...given),
    keys: async () => (await there()).keys(),
    revokeKey: async (...given) => (await there()).revokeKey(...given),
    setRateLimit: async (...given) => (await there()).setRateLimit(...given),
    addToken: async (...given) => (await there()).addToken(...given),
    findToken: async (...given) => (await there()).findToken(...given),
    tokens: async () => (await there()).tokens(),
    revokeToken: async (...given) => (await there()).revokeToken(...given),
    addSignInLink: async (...given) => (await there()).addSignInLink(...given),
    useSignInLink: async (...given) => (await there()).useSignInLink(...given),
    createSession: async (...given) => (await there()).createSession(...given),
    findSession: async (...given) => (await there()).findSession(...given),
    endSession: async (...given) => (await there()).endSession(...given),
    endSessionsOf: async (...given) => (await there()).endSessionsOf(...given),
    noteSize: async (...given) => (await there()).noteSize(...given),
    sizes: async (...given) => (await there()).sizes(...given),
    noteProcess: async (...given) => (await there()).noteProcess(...given),
    removeProcess: async (...given) => (await there()).removeProcess(...given),
    views: async () => (await there()).views(),
    putView: async (...given) => (await there()).putView(...given),
    removeView: async (...given) => (await there()).removeView(...given),
    alerts: delegateAlerts(async () => (await there()).alerts),
    close: async () => (await there()).close(),
  };
}

function delegateAlerts(there: () => Promise<AlertTables>): AlertTables {
  return {
    rules: async () => (await there()).rules(),
    putRule: async (...given) => (await there()).putRule(...given),
    removeRule: async (...given) => (await there()).removeRule(...given),
    states: async () => (await there()).states(),
    takeLease: async (...given) => (await there()).takeLease(...given),
    dropLease: async (...given) => (await there()).dropLease(...given),
    commit: async (...given) => (await there()).commit(...given),
    history: async (...given) => (await there()).history(...given),
    deliveries: async (...given) => (await there()).deliveries(...given),
    dueDeliveries: async (...given) => (await there()).dueDeliveries(...given),
    forget: async (...given) => (await there()).forget(...given),
  };
}
