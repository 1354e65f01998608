-- What members of a chat want to be told again by name.
CREATE TABLE bot_notes (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat, name)
);

-- Who is away, so that those who ask for them are told.
CREATE TABLE bot_away (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    person text COLLATE "C" NOT NULL CHECK (length(person) BETWEEN 1 AND 256),
    -- The same person by LID or phone number, where it is known.
    alternate text COLLATE "C" CHECK (length(alternate) BETWEEN 1 AND 256),
    name text NOT NULL CHECK (length(name) <= 100),
    reason text NOT NULL CHECK (length(reason) <= 200),
    since timestamptz NOT NULL,
    PRIMARY KEY (bot_id, person)
);

-- Rules that answer in one chat alone.
ALTER TABLE bot_rules ADD COLUMN chat text COLLATE "C" CHECK (length(chat) BETWEEN 1 AND 256);

-- Kept messages are sealed with the session's key from now on; those that are not would be gone within a day anyway.
DELETE FROM bot_kept_messages;
