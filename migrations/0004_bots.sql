-- Bots: what runs on sessions, for whom, and until when.

-- Each group of workers has a name, and sees only its own sessions and bots in a database that it shares with others.
ALTER TABLE sessions ADD COLUMN server text NOT NULL DEFAULT 'main' CHECK (length(server) BETWEEN 1 AND 64);

CREATE INDEX sessions_server ON sessions (server);

-- What an account may use. A limit that is null does not hold.
CREATE TABLE plans (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    -- Accounts without a subscription have it.
    is_standard boolean NOT NULL DEFAULT false,
    -- Bots need nobody to approve them; they are approved for so many months.
    approves boolean NOT NULL DEFAULT false,
    approval_months smallint NOT NULL DEFAULT 1 CHECK (approval_months IN (1, 2, 3, 6, 12)),
    bots integer CHECK (bots >= 0),
    -- Bots that may run at once.
    sessions integer CHECK (sessions >= 0),
    messages_per_day integer CHECK (messages_per_day >= 0),
    storage_bytes bigint CHECK (storage_bytes >= 0),
    log_days integer NOT NULL DEFAULT 7 CHECK (log_days BETWEEN 1 AND 365),
    -- Percent of one processor, on average over five minutes; and of memory, in bytes. For each bot.
    processor_percent integer CHECK (processor_percent BETWEEN 1 AND 10000),
    memory_bytes bigint CHECK (memory_bytes > 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX plans_is_standard ON plans (is_standard) WHERE is_standard;

INSERT INTO plans (
    id, name, is_standard, approves, bots, sessions, messages_per_day, storage_bytes, log_days, processor_percent,
    memory_bytes
) VALUES
    ('standard', 'Standard', true, false, 3, 3, 2000, 268435456, 7, 25, 67108864),
    ('plus', 'Plus', false, true, 10, 10, 20000, 2147483648, 30, 50, 268435456),
    ('unlimited', 'Unlimited', false, true, NULL, NULL, NULL, NULL, 90, NULL, NULL);

CREATE TABLE subscriptions (
    account_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    plan_id text NOT NULL REFERENCES plans (id),
    since timestamptz NOT NULL DEFAULT now(),
    -- Null for no end.
    until timestamptz
);

-- A bot stands on four axes, each with its cause and the time of its last change: whether it is approved, whether its owner
-- wants it on, how its session runs, and whether a phone is linked.
CREATE TABLE bots (
    id uuid PRIMARY KEY,
    server text NOT NULL CHECK (length(server) BETWEEN 1 AND 64),
    -- Null once the account is gone; the bot follows soon.
    account_id uuid REFERENCES accounts (id) ON DELETE SET NULL,
    session_id uuid NOT NULL UNIQUE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    phone text CHECK (phone ~ '^[0-9]{5,18}$'),
    prefix text NOT NULL DEFAULT '!' CHECK (length(prefix) BETWEEN 1 AND 4),
    approval text NOT NULL DEFAULT 'new' CHECK (approval IN ('new', 'approved', 'expired', 'rejected')),
    approval_at timestamptz NOT NULL,
    approval_cause text NOT NULL,
    approved_at timestamptz,
    duration_months smallint CHECK (duration_months IN (1, 2, 3, 6, 12)),
    expires_at timestamptz,
    is_desired boolean NOT NULL DEFAULT true,
    desired_at timestamptz NOT NULL,
    desired_cause text NOT NULL,
    run text NOT NULL DEFAULT 'stopped' CHECK (run IN ('stopped', 'starting', 'linking', 'running', 'failed')),
    run_at timestamptz NOT NULL,
    run_cause text,
    link text NOT NULL DEFAULT 'none' CHECK (link IN ('none', 'linked', 'lost')),
    link_at timestamptz NOT NULL,
    link_cause text,
    jid text,
    -- A limit of the plan holds the bot back until then.
    held_cause text,
    held_until timestamptz,
    settings jsonb NOT NULL DEFAULT '{}',
    storage_bytes bigint NOT NULL DEFAULT 0,
    -- The owner asks for so many months more.
    renewal_months smallint CHECK (renewal_months IN (1, 2, 3, 6, 12)),
    renewal_at timestamptz,
    environment_version bigint NOT NULL DEFAULT 1,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (approval <> 'approved' OR (expires_at IS NOT NULL AND duration_months IS NOT NULL)),
    CHECK ((held_cause IS NULL) = (held_until IS NULL))
);

CREATE INDEX bots_account ON bots (account_id, created_at DESC);
CREATE INDEX bots_server ON bots (server, approval, created_at DESC);
CREATE INDEX bots_expiry ON bots (expires_at) WHERE approval = 'approved';
CREATE INDEX bots_held ON bots (held_until) WHERE held_until IS NOT NULL;

-- What the bot is told by name: a plain text, or a secret that is sealed with its session's key.
CREATE TABLE bot_environment (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Z_][A-Z0-9_]{0,63}$'),
    value text CHECK (length(value) <= 4096),
    sealed bytea CHECK (octet_length(sealed) <= 20000),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, name),
    CHECK ((value IS NULL) <> (sealed IS NULL))
);

-- Who did what with a bot, oldest first.
CREATE TABLE bot_history (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    -- What was changed, without any secret.
    detail text,
    actor_id uuid,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, number)
);

-- Runs only between the two times of the chosen days, in its own time zone.
CREATE TABLE bot_schedules (
    bot_id uuid PRIMARY KEY REFERENCES bots (id) ON DELETE CASCADE,
    time_zone text NOT NULL,
    starts_at smallint NOT NULL CHECK (starts_at BETWEEN 0 AND 1439),
    stops_at smallint NOT NULL CHECK (stops_at BETWEEN 0 AND 1439),
    -- Bit 0 is Monday.
    days smallint NOT NULL CHECK (days BETWEEN 1 AND 127),
    CHECK (starts_at <> stops_at)
);

CREATE TABLE bot_shares (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    may_operate boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, account_id)
);

CREATE INDEX bot_shares_account ON bot_shares (account_id);

-- A bot that is offered to another account, which has to accept it.
CREATE TABLE bot_transfers (
    bot_id uuid PRIMARY KEY REFERENCES bots (id) ON DELETE CASCADE,
    from_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    to_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    offered_at timestamptz NOT NULL
);

CREATE INDEX bot_transfers_to ON bot_transfers (to_id);

-- What an account is told about its bots, once each, on its pages and by mail.
CREATE TABLE bot_notices (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    bot_id uuid REFERENCES bots (id) ON DELETE CASCADE,
    server text NOT NULL,
    kind text NOT NULL,
    bot_name text NOT NULL,
    detail text,
    created_at timestamptz NOT NULL,
    seen_at timestamptz,
    mailed_at timestamptz,
    mail_tries smallint NOT NULL DEFAULT 0,
    -- What it is about, so that nobody is told twice.
    occasion text COLLATE "C" NOT NULL UNIQUE
);

CREATE INDEX bot_notices_account ON bot_notices (account_id, created_at DESC);
CREATE INDEX bot_notices_unmailed ON bot_notices (server, created_at) WHERE mailed_at IS NULL;

-- What a bot did and cost, in minutes, hours and days (resolution 1, 2 and 3), each beginning at `at` in UTC.
CREATE TABLE bot_usage (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    resolution smallint NOT NULL CHECK (resolution BETWEEN 1 AND 3),
    at timestamptz NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    sent bigint NOT NULL DEFAULT 0,
    processor_ms bigint NOT NULL DEFAULT 0,
    bytes_in bigint NOT NULL DEFAULT 0,
    bytes_out bigint NOT NULL DEFAULT 0,
    -- The most within the time.
    memory_bytes bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (bot_id, resolution, at)
) WITH (fillfactor = 80);

CREATE INDEX bot_usage_at ON bot_usage (resolution, at);

-- A bot's log. The number is the time in microseconds, raised where two lines share it.
CREATE TABLE bot_log (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    level text NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
    text text NOT NULL CHECK (octet_length(text) <= 8192),
    PRIMARY KEY (bot_id, number)
);

CREATE INDEX bot_log_number ON bot_log (number);

-- How many bots were created, approved, renewed, expired, rejected and deleted, by day and plan.
CREATE TABLE bot_statistics (
    day date NOT NULL,
    server text NOT NULL,
    plan_id text NOT NULL,
    kind text NOT NULL,
    count integer NOT NULL DEFAULT 0,
    PRIMARY KEY (day, server, plan_id, kind)
);

-- One row for each server: what its administrator has switched.
CREATE TABLE server_states (
    server text PRIMARY KEY,
    is_in_maintenance boolean NOT NULL DEFAULT false,
    maintenance_text text CHECK (length(maintenance_text) <= 500),
    version bigint NOT NULL DEFAULT 1
);
