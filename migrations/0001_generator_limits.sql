-- What the session generator counts, so that a restart does not reset it and several processes count together.
--
-- A subject is a network address (an IPv6 one by its /64) or a phone number, and only its keyed hash is kept. A row holds
-- the times of the last hour at most; rows that nobody has touched for longer are removed.
CREATE TABLE generator_limits (
    kind text NOT NULL CHECK (kind IN ('attempt', 'validation', 'login-check', 'pairing-code')),
    subject bytea NOT NULL CHECK (length(subject) = 32),
    taken_at timestamptz[] NOT NULL CHECK (cardinality(taken_at) BETWEEN 1 AND 10000),
    last_at timestamptz NOT NULL,
    PRIMARY KEY (kind, subject)
);

CREATE INDEX generator_limits_last_at ON generator_limits (last_at);
