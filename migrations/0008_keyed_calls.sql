-- Calls that came with an Idempotency-Key, so that a second one with the same key gets the first one's answer.
CREATE TABLE keyed_calls (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
    -- Of method, address and body.
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    begun_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Sealed, because it may hold a secret that is told only once; null until the call is done.
    answer bytea CHECK (length(answer) <= 1048576),
    PRIMARY KEY (account_id, key_hash)
);

CREATE INDEX keyed_calls_expires_at ON keyed_calls (expires_at);
