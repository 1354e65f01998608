-- Short addresses, followed by anybody under /link/SLUG.
CREATE TABLE short_links (
    slug text COLLATE "C" PRIMARY KEY CHECK (slug ~ '^[0-9A-Za-z]{7}$'),
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target text COLLATE "C" NOT NULL CHECK (octet_length(target) BETWEEN 8 AND 2048),
    clicks bigint NOT NULL DEFAULT 0 CHECK (clicks >= 0),
    created_at timestamptz NOT NULL,
    clicked_at timestamptz,
    -- An account has one link to an address.
    UNIQUE (account_id, target)
);

CREATE INDEX short_links_by_time ON short_links (account_id, created_at DESC, slug DESC);
