-- People, how they log in, what they may use, and what they did.
--
-- Whatever opens a door (cookies, keys, links, codes) is kept as its SHA-256 alone; it is random, so a plain hash will do.
CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    -- In lower case and ASCII, so that one address is one text.
    email text COLLATE "C" NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(email)),
    email_verified_at timestamptz,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    role text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user', 'agent')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    language text CHECK (language IN ('en', 'id')),
    -- In argon2's own form; null for whoever only logs in elsewhere.
    password_hash text CHECK (length(password_hash) <= 400),
    password_changed_at timestamptz,
    -- The key of the second factor, encrypted; it counts from the time that it was confirmed.
    totp_secret bytea,
    totp_enabled_at timestamptz,
    -- The newest step whose code was taken, so that none is taken twice.
    totp_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz
);

CREATE INDEX accounts_created ON accounts (created_at, id);

-- Browsers that are logged in.
CREATE TABLE login_sessions (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When its person last proved who it is; sensitive changes want that to be recent.
    confirmed_at timestamptz NOT NULL,
    address text NOT NULL CHECK (length(address) <= 64),
    user_agent text NOT NULL CHECK (length(user_agent) <= 300),
    -- The administrator who looks at the panel as this account.
    impersonator_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    -- The administrator's own session, without which looking on ends.
    impersonator_session_id uuid REFERENCES login_sessions (id) ON DELETE CASCADE,
    CHECK ((impersonator_id IS NULL) = (impersonator_session_id IS NULL))
);

CREATE INDEX login_sessions_account ON login_sessions (account_id);
CREATE INDEX login_sessions_impersonator ON login_sessions (impersonator_id);
CREATE INDEX login_sessions_origin ON login_sessions (impersonator_session_id);
CREATE INDEX login_sessions_expiry ON login_sessions (expires_at);

-- Programs that logged in with a password; each has a line of refresh tokens, of which the newest alone is good.
CREATE TABLE api_logins (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    address text NOT NULL CHECK (length(address) <= 64),
    user_agent text NOT NULL CHECK (length(user_agent) <= 300)
);

CREATE INDEX api_logins_account ON api_logins (account_id);

CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    login_id uuid NOT NULL REFERENCES api_logins (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE INDEX refresh_tokens_login ON refresh_tokens (login_id);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    -- The first characters, which tell one key from another.
    prefix text NOT NULL CHECK (length(prefix) <= 16),
    key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    scopes text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_address text
);

CREATE INDEX api_keys_account ON api_keys (account_id);

-- Accounts elsewhere that open one of ours.
CREATE TABLE account_identities (
    provider text NOT NULL CHECK (length(provider) <= 40),
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (account_id, provider)
);

-- A login elsewhere that is under way, bound to the browser that began it; taken once.
CREATE TABLE oauth_attempts (
    state_hash bytea PRIMARY KEY CHECK (length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32),
    provider text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    return_path text NOT NULL,
    -- Set when an account that is logged in links another way in.
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

-- Links in mails, and the administrator's first one.
CREATE TABLE account_links (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('verify-email', 'reset-password', 'set-up')),
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    -- The address that the link proves.
    email text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK ((kind = 'set-up') = (account_id IS NULL))
);

CREATE INDEX account_links_account ON account_links (account_id);

-- A password was right, and the second factor is still to come.
CREATE TABLE login_challenges (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);

CREATE TABLE recovery_codes (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);

-- Agents and whose inbox they help with. An agent has one team.
CREATE TABLE team_members (
    member_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    joined_at timestamptz NOT NULL,
    CHECK (member_id <> owner_id)
);

CREATE INDEX team_members_owner ON team_members (owner_id);

CREATE TABLE team_invitations (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (owner_id, email)
);

-- What addresses and accounts have tried. A subject is kept as a keyed hash.
CREATE TABLE attempt_limits (
    kind text NOT NULL CHECK (length(kind) <= 40),
    subject bytea NOT NULL CHECK (length(subject) = 32),
    taken_at timestamptz[] NOT NULL CHECK (cardinality(taken_at) <= 1000),
    -- How often the limit was met of late; each time the wait is longer.
    strikes integer NOT NULL DEFAULT 0,
    blocked_until timestamptz,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (kind, subject)
);

CREATE INDEX attempt_limits_last_at ON attempt_limits (last_at);

-- What was done to accounts and by administrators. Lines are added, and that is all: they name people by id and by what they
-- were called then, so that they outlive them.
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL CHECK (length(action) <= 60),
    actor_id uuid,
    actor text NOT NULL CHECK (length(actor) <= 300),
    account_id uuid,
    subject text CHECK (length(subject) <= 300),
    address text NOT NULL CHECK (length(address) <= 64),
    before jsonb,
    after jsonb
);

CREATE INDEX audit_log_account ON audit_log (account_id, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id, id);
CREATE INDEX audit_log_action ON audit_log (action, id);

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER audit_log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();

-- Mails on their way; a row goes when its mail has gone.
CREATE TABLE mail_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recipient text NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
    subject text NOT NULL CHECK (length(subject) <= 300),
    body text NOT NULL CHECK (length(body) <= 100000),
    created_at timestamptz NOT NULL DEFAULT now(),
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX mail_outbox_next ON mail_outbox (next_try_at);

CREATE TABLE announcements (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('info', 'warning')),
    message text NOT NULL CHECK (length(message) BETWEEN 1 AND 500),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at > starts_at)
);

-- What an administrator changed while the server runs; a key that is not here has its standard value.
CREATE TABLE panel_settings (
    key text PRIMARY KEY CHECK (length(key) <= 60),
    value text NOT NULL CHECK (length(value) <= 2000),
    updated_at timestamptz NOT NULL
);
