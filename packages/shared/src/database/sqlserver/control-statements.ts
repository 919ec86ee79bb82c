// The statements of the control side. Parameters: @name (as given), @name_key (in lower case), @now (milliseconds).

/** Adds an application with its first key; gives its id, or no row when the name is taken. */
export const ADD_APP = `
SET NOCOUNT ON;
DECLARE @added TABLE (id int NOT NULL);
INSERT INTO dbo.scorpiox_app ([name], name_key, created_at)
OUTPUT inserted.id INTO @added (id)
SELECT @name, @name_key, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app WHERE name_key = @name_key);
INSERT INTO dbo.scorpiox_key ([key], app_id, created_at)
SELECT @key, id, @now FROM @added;
SELECT id FROM @added;`;

const APP = `
SELECT a.id, a.[name], a.created_at, a.retention_days, a.apdex_ms,
  (SELECT TOP 1 k.[key] FROM dbo.scorpiox_key AS k
   WHERE k.app_id = a.id AND k.revoked_at IS NULL ORDER BY k.created_at, k.[key]) AS [key]
FROM dbo.scorpiox_app AS a`;

export const FIND_APP = `${APP} WHERE a.name_key = @name_key;`;

export const LIST_APPS = `${APP} ORDER BY a.name_key;`;

/** @days 0: the API's default. Gives one row when there is such an application. */
export const SET_RETENTION = `
UPDATE dbo.scorpiox_app SET retention_days = NULLIF(@days, 0)
OUTPUT inserted.id
WHERE name_key = @name_key;`;

/** @milliseconds 0: the API's default. Gives one row when there is such an application. */
export const SET_APDEX = `
UPDATE dbo.scorpiox_app SET apdex_ms = NULLIF(@milliseconds, 0)
OUTPUT inserted.id
WHERE name_key = @name_key;`;

export const FIND_KEY = `
SELECT a.id, a.[name], a.retention_days, k.rate_limit
FROM dbo.scorpiox_key AS k LEFT JOIN dbo.scorpiox_app AS a ON a.id = k.app_id
WHERE k.[key] = @key AND k.revoked_at IS NULL;`;

export const LIST_KEYS = `
SELECT k.[key], a.[name] AS app, k.rate_limit, k.created_at, k.revoked_at
FROM dbo.scorpiox_key AS k LEFT JOIN dbo.scorpiox_app AS a ON a.id = k.app_id
ORDER BY a.name_key, k.created_at, k.[key];`;

/** @rate 0: the API's default. */
export const ADD_SHARED_KEY = `
INSERT INTO dbo.scorpiox_key ([key], rate_limit, created_at)
VALUES (@key, NULLIF(@rate, 0), @now);`;

/** Gives the application's name as it is spelled, or no row when there is none. */
export const ADD_KEY = `
SET NOCOUNT ON;
INSERT INTO dbo.scorpiox_key ([key], app_id, rate_limit, created_at)
SELECT @key, id, NULLIF(@rate, 0), @now FROM dbo.scorpiox_app WHERE name_key = @name_key;
SELECT a.[name] FROM dbo.scorpiox_key AS k JOIN dbo.scorpiox_app AS a ON a.id = k.app_id WHERE k.[key] = @key;`;

/** Gives one row when there is such a key. */
export const REVOKE_KEY = `
UPDATE dbo.scorpiox_key SET revoked_at = COALESCE(revoked_at, @now)
OUTPUT inserted.[key]
WHERE [key] = @key;`;

export const SET_RATE_LIMIT = `
UPDATE dbo.scorpiox_key SET rate_limit = NULLIF(@rate, 0)
OUTPUT inserted.[key]
WHERE [key] = @key;`;

/** Gives one row when the token went in, none when the name is taken. */
export const ADD_TOKEN = `
SET NOCOUNT ON;
DECLARE @added TABLE (name_key varchar(64) NOT NULL);
INSERT INTO dbo.scorpiox_token ([hash], [name], name_key, [role], created_at)
OUTPUT inserted.name_key INTO @added (name_key)
SELECT @hash, @name, @name_key, @role, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_token WHERE name_key = @name_key);
SELECT name_key FROM @added;`;

export const FIND_TOKEN = `SELECT [name] AS [user], [role] FROM dbo.scorpiox_token WHERE [hash] = @hash;`;

export const LIST_TOKENS = `SELECT [name], [role], created_at FROM dbo.scorpiox_token ORDER BY name_key;`;

/** Gives one row when there was such a token. */
export const REVOKE_TOKEN = `
DELETE FROM dbo.scorpiox_token
OUTPUT deleted.name_key
WHERE name_key = @name_key;`;

/** What has expired goes when something new comes, so nothing else need tidy up. */
const add = (table: string) => `
SET NOCOUNT ON;
DELETE FROM dbo.${table} WHERE expires_at <= @now;
INSERT INTO dbo.${table} ([hash], [user], [role], expires_at) VALUES (@hash, @user, @role, @expires_at);`;

export const ADD_LINK = add('scorpiox_sign_in_link');
export const ADD_SESSION = add('scorpiox_session');

/** Reading and removing in one statement is what makes a link work once, whoever else tries at the same moment. */
export const TAKE_LINK = `
DELETE FROM dbo.scorpiox_sign_in_link
OUTPUT deleted.[user], deleted.[role], deleted.expires_at
WHERE [hash] = @hash;`;

export const FIND_SESSION = `
SELECT [user], [role] FROM dbo.scorpiox_session WHERE [hash] = @hash AND expires_at > @now;`;

export const END_SESSION = `DELETE FROM dbo.scorpiox_session WHERE [hash] = @hash;`;

/** @hash: of the one that stays, if any. */
export const END_SESSIONS_OF = `DELETE FROM dbo.scorpiox_session WHERE [user] = @user AND [hash] <> @hash;`;

export const NOTE_PROCESS = `
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_api_process WHERE seen_at < @before;
UPDATE dbo.scorpiox_api_process SET seen_at = @at WHERE [name] = @name;
INSERT INTO dbo.scorpiox_api_process ([name], seen_at)
SELECT @name, @at
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_api_process WHERE [name] = @name);`;

export const LIST_PROCESSES = `SELECT [name] FROM dbo.scorpiox_api_process ORDER BY [name];`;

export const REMOVE_PROCESS = `DELETE FROM dbo.scorpiox_api_process WHERE [name] = @name;`;

export const NOTE_SIZE = `
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_size_sample WHERE [at] < @before;
INSERT INTO dbo.scorpiox_size_sample ([at], bytes)
SELECT @at, @bytes
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_size_sample WHERE [at] = @at);`;

export const LIST_SIZES = `SELECT [at], bytes FROM dbo.scorpiox_size_sample WHERE [at] >= @since ORDER BY [at];`;

export const LIST_VIEWS = `SELECT id, [owner], changed_at, body FROM dbo.scorpiox_view ORDER BY id;`;

/** Gives one row when it is there now, none when there are @most others. */
export const PUT_VIEW = `
SET NOCOUNT ON;
UPDATE dbo.scorpiox_view SET changed_at = @changed_at, body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_view (id, [owner], changed_at, body)
SELECT @id, @owner, @changed_at, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_view WHERE id = @id)
  AND (SELECT COUNT(*) FROM dbo.scorpiox_view) < @most;
SELECT id FROM dbo.scorpiox_view WHERE id = @id;`;

/** Gives one row when there was such a view. */
export const REMOVE_VIEW = `
DELETE FROM dbo.scorpiox_view
OUTPUT deleted.id
WHERE id = @id;`;
