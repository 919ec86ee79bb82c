// The statements of alerts. Parameters: @id, @at and @now (milliseconds), @body (JSON), @holder.

export const LIST_RULES = `SELECT id, [at], body FROM dbo.scorpiox_alert_rule ORDER BY id;`;

export const PUT_RULE = `
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_rule SET [at] = @at, body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_rule (id, [at], body)
SELECT @id, @at, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_rule WHERE id = @id);`;

/** Gives one row when there was such a rule. */
export const REMOVE_RULE = `
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_alert_state WHERE id = @id OR id LIKE @id + ' %';
DELETE FROM dbo.scorpiox_alert_rule
OUTPUT deleted.id
WHERE id = @id;`;

export const LIST_STATES = `SELECT id, body FROM dbo.scorpiox_alert_state ORDER BY id;`;

/** Gives one row when the lease is the holder's now. */
export const TAKE_LEASE = `
UPDATE dbo.scorpiox_lease SET holder = @holder, expires_at = @until
OUTPUT inserted.holder
WHERE [name] = 'alerts' AND (holder = @holder OR expires_at <= @now);`;

export const DROP_LEASE = `
UPDATE dbo.scorpiox_lease SET holder = '', expires_at = 0
WHERE [name] = 'alerts' AND holder = @holder;`;

/** Gives one row when the lease is the holder's, and keeps others from taking it until the transaction ends. */
export const HOLD_LEASE = `
UPDATE dbo.scorpiox_lease SET holder = holder
OUTPUT inserted.holder
WHERE [name] = 'alerts' AND holder = @holder AND expires_at > @now;`;

export const PUT_STATE = `
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_state SET body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_state (id, body)
SELECT @id, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_state WHERE id = @id);`;

export const REMOVE_STATE = `DELETE FROM dbo.scorpiox_alert_state WHERE id = @id;`;

export const ADD_HISTORY = `
INSERT INTO dbo.scorpiox_alert_history ([at], id, body)
SELECT @at, @id, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_history WHERE [at] = @at AND id = @id);`;

/** @due 0: it is done. */
export const PUT_DELIVERY = `
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_delivery SET due_at = NULLIF(@due, 0), body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_delivery (id, [at], due_at, body)
SELECT @id, @at, NULLIF(@due, 0), @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_delivery WHERE id = @id);`;

/** Newest first, before (@at, @id). */
export const LIST_HISTORY = `
SELECT TOP (@limit) [at], id, body FROM dbo.scorpiox_alert_history
WHERE [at] < @at OR ([at] = @at AND id < @id)
ORDER BY [at] DESC, id DESC;`;

export const LIST_DELIVERIES = `
SELECT TOP (@limit) id, [at], due_at, body FROM dbo.scorpiox_alert_delivery ORDER BY [at] DESC, id DESC;`;

export const LIST_DUE_DELIVERIES = `
SELECT TOP (@limit) id, [at], due_at, body FROM dbo.scorpiox_alert_delivery
WHERE due_at <= @now
ORDER BY due_at, id;`;

export const FORGET_HISTORY = `DELETE TOP (1000) FROM dbo.scorpiox_alert_history WHERE [at] < @at;`;

export const FORGET_DELIVERIES = `
DELETE TOP (1000) FROM dbo.scorpiox_alert_delivery WHERE [at] < @at AND due_at IS NULL;`;
