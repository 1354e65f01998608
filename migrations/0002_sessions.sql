-- Sessions: linked devices that run here, and what each of them keeps.
--
-- Every row that belongs to a session carries its id. The large tables have no foreign key, whose check would cost more than
-- the row itself: only the holder of the lease writes them, and a deleted session has none.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    -- What the owner wants: a session that is on comes back after a restart.
    is_wanted boolean NOT NULL DEFAULT false,
    status text NOT NULL DEFAULT 'STOPPED'
        CHECK (status IN ('STOPPED', 'STARTING', 'SCAN_QR_CODE', 'WORKING', 'FAILED')),
    reason text,
    jid text,
    created_at timestamptz NOT NULL DEFAULT now(),
    status_at timestamptz NOT NULL DEFAULT now(),
    -- When something last came in or went out; to the hour.
    active_at timestamptz,
    -- Lines written to the log so far; the ring of the log is numbered by it.
    log_lines bigint NOT NULL DEFAULT 0
);

-- The key that everything of a session is encrypted with, itself encrypted with the master key that is named.
CREATE TABLE session_keys (
    session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    master_key text NOT NULL,
    wrapped_key bytea NOT NULL CHECK (length(wrapped_key) = 60),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE session_credentials (
    session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    content bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- A process that holds sessions; it is alive until the time that it last wrote down.
CREATE TABLE workers (
    id bigint PRIMARY KEY,
    alive_until timestamptz NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
);

-- Who holds a session. The epoch rises with each taking; whoever writes with an older one is refused.
CREATE TABLE session_leases (
    session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    epoch bigint NOT NULL,
    worker bigint REFERENCES workers (id),
    taken_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX session_leases_worker ON session_leases (worker);

CREATE TABLE session_records (
    session_id uuid NOT NULL,
    kind smallint NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (octet_length(name) <= 512),
    value bytea NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (session_id, kind, name)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- What is encrypted cannot be compressed.
ALTER TABLE session_records ALTER COLUMN value SET STORAGE EXTERNAL;

CREATE INDEX session_records_expires_at ON session_records (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE messages (
    session_id uuid NOT NULL,
    sent_at timestamptz NOT NULL,
    status smallint NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 6),
    is_from_me boolean NOT NULL,
    is_history boolean NOT NULL,
    error integer,
    chat text COLLATE "C" NOT NULL CHECK (octet_length(chat) <= 512),
    id text COLLATE "C" NOT NULL CHECK (octet_length(id) <= 512),
    sender text COLLATE "C" NOT NULL CHECK (octet_length(sender) <= 512),
    kind text NOT NULL,
    push_name text,
    content bytea NOT NULL,
    PRIMARY KEY (session_id, chat, id, sender)
) WITH (fillfactor = 90);

ALTER TABLE messages ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE contacts (
    session_id uuid NOT NULL,
    jid text COLLATE "C" NOT NULL CHECK (octet_length(jid) <= 512),
    full_name text,
    first_name text,
    push_name text,
    business_name text,
    about text,
    lid text,
    phone text,
    -- Has been taken out of the address book; what the person says of itself stays.
    is_removed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (session_id, jid)
);

CREATE TABLE chats (
    session_id uuid NOT NULL,
    jid text COLLATE "C" NOT NULL CHECK (octet_length(jid) <= 512),
    name text,
    is_archived boolean,
    is_pinned boolean,
    muted_until timestamptz,
    unread_count integer,
    is_marked_unread boolean,
    ephemeral_seconds integer,
    last_message_at timestamptz,
    PRIMARY KEY (session_id, jid)
);

-- The last lines of each session's log, one in each place of a ring.
CREATE TABLE session_log (
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    place smallint NOT NULL CHECK (place BETWEEN 0 AND 999),
    number bigint NOT NULL,
    written_at timestamptz NOT NULL,
    level text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (session_id, place)
);

-- Stops a transaction that writes for a session whose lease has gone to somebody else.
--
-- Until the transaction ends nobody can take a session from this worker: whoever does waits for the same lock.
CREATE FUNCTION require_session_leases(holder bigint, held uuid[], epochs bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(holder);
    IF (
        -- Joined by the session alone: by the index of workers each claim would read all leases of its holder.
        SELECT count(*) FILTER (WHERE lease.epoch = claim.epoch AND lease.worker = holder)
        FROM unnest(held, epochs) AS claim (session_id, epoch)
        JOIN session_leases AS lease ON lease.session_id = claim.session_id
    ) <> cardinality(held) THEN
        RAISE EXCEPTION 'a session is held by somebody else' USING ERRCODE = 'WL001';
    END IF;
END
$$;

-- Takes those of the sessions that are free, are the taker's already, or are held by a worker that has gone silent.
CREATE FUNCTION take_session_leases(taker bigint, wanted uuid[]) RETURNS TABLE (taken uuid, taken_epoch bigint)
LANGUAGE plpgsql AS $$
BEGIN
    -- Whatever the holders are writing at the moment is finished first.
    PERFORM pg_advisory_xact_lock(holders.worker)
    FROM (
        SELECT DISTINCT lease.worker
        FROM session_leases AS lease
        LEFT JOIN workers ON workers.id = lease.worker
        WHERE lease.session_id = ANY (wanted) AND lease.worker IS NOT NULL
            AND (lease.worker = taker OR workers.alive_until IS NULL OR workers.alive_until < now())
        ORDER BY lease.worker
    ) AS holders;
    RETURN QUERY
    INSERT INTO session_leases AS lease (session_id, epoch, worker)
    SELECT sessions.id, 1, taker FROM sessions WHERE sessions.id = ANY (wanted) ORDER BY sessions.id
    ON CONFLICT (session_id) DO UPDATE
    SET epoch = lease.epoch + 1, worker = taker, taken_at = now()
    WHERE lease.worker IS NULL OR lease.worker = taker
        OR NOT EXISTS (SELECT FROM workers WHERE workers.id = lease.worker AND workers.alive_until >= now())
    RETURNING lease.session_id, lease.epoch;
END
$$;
