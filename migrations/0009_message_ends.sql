-- Messages that end: those of chats with a timer, those that somebody has deleted, and those that are too old to be kept.
ALTER TABLE messages
    -- When it disappears: the chat's timer, counted from when it was written. Null for never.
    ADD COLUMN expires_at timestamptz,
    -- Somebody keeps it in the chat: it does not disappear.
    ADD COLUMN is_kept boolean NOT NULL DEFAULT false,
    ADD COLUMN is_starred boolean NOT NULL DEFAULT false;

CREATE INDEX messages_expires_at ON messages (expires_at) WHERE expires_at IS NOT NULL AND NOT is_kept;

CREATE INDEX messages_session_id_sent_at ON messages (session_id, sent_at);

-- Chats that have been cleared and whose messages are still being removed, some thousands at once.
CREATE TABLE message_clearances (
    session_id uuid NOT NULL,
    chat text COLLATE "C" NOT NULL CHECK (octet_length(chat) <= 512),
    keeps_starred boolean NOT NULL,
    -- Messages that were written before go.
    until timestamptz NOT NULL,
    PRIMARY KEY (session_id, chat, keeps_starred)
);
