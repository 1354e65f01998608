-- Commands: how bots answer, what they moderate, what they do by themselves, and what came of it.

-- How a bot answers, where that differs from the standard.
CREATE TABLE bot_conduct (
    bot_id uuid PRIMARY KEY REFERENCES bots (id) ON DELETE CASCADE,
    settings jsonb NOT NULL DEFAULT '{}' CHECK (pg_column_size(settings) <= 65536),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL
);

-- How it behaves in one chat.
CREATE TABLE bot_chats (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    settings jsonb NOT NULL DEFAULT '{}' CHECK (pg_column_size(settings) <= 65536),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat)
);

-- One warning for one message, however often the message is told.
CREATE TABLE bot_warnings (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    person text COLLATE "C" NOT NULL CHECK (length(person) BETWEEN 1 AND 256),
    message_id text COLLATE "C" NOT NULL CHECK (length(message_id) BETWEEN 1 AND 128),
    reason text CHECK (length(reason) <= 500),
    given_by text CHECK (length(given_by) <= 256),
    at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat, person, message_id)
);

-- When members of groups have last written; for groups alone that ask for it.
CREATE TABLE bot_activity (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    person text COLLATE "C" NOT NULL CHECK (length(person) BETWEEN 1 AND 256),
    messages bigint NOT NULL DEFAULT 0,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat, person)
);

-- Messages that may be shown again if their author takes them back; gone after a day.
CREATE TABLE bot_kept_messages (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    message_id text COLLATE "C" NOT NULL CHECK (length(message_id) BETWEEN 1 AND 128),
    sender text COLLATE "C" NOT NULL CHECK (length(sender) BETWEEN 1 AND 256),
    content bytea NOT NULL CHECK (octet_length(content) <= 131072),
    at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat, message_id)
);

CREATE INDEX bot_kept_messages_at ON bot_kept_messages (at);

-- Files that rules and commands send.
CREATE TABLE bot_files (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'voice', 'document', 'sticker')),
    mime_type text NOT NULL CHECK (length(mime_type) BETWEEN 3 AND 100),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 16777216),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, id)
);

-- Answers to what people write, without any command.
CREATE TABLE bot_rules (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    match text NOT NULL CHECK (match IN ('exact', 'contains', 'starts', 'regex')),
    pattern text NOT NULL CHECK (length(pattern) BETWEEN 1 AND 500),
    answer text NOT NULL CHECK (length(answer) <= 4000),
    file_id uuid,
    scope text NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'groups', 'private')),
    -- The highest is tried first.
    priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1000 AND 1000),
    is_on boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, id),
    FOREIGN KEY (bot_id, file_id) REFERENCES bot_files (bot_id, id),
    CHECK (answer <> '' OR file_id IS NOT NULL)
);

-- Commands that people have put together without programming, and those that another program answers.
CREATE TABLE bot_custom_commands (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,23}$'),
    summary text NOT NULL DEFAULT '' CHECK (length(summary) <= 200),
    content jsonb NOT NULL CHECK (pg_column_size(content) <= 65536),
    file_id uuid,
    -- Signs what a webhook is told; sealed with the session's key.
    secret bytea CHECK (octet_length(secret) <= 1000),
    is_on boolean NOT NULL DEFAULT true,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, name),
    FOREIGN KEY (bot_id, file_id) REFERENCES bot_files (bot_id, id)
);

-- Messages that go out at a time, once or again and again.
CREATE TABLE bot_scheduled_messages (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    chat text COLLATE "C" NOT NULL CHECK (length(chat) BETWEEN 1 AND 256),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    -- Who is named in it, such as who asked to be reminded.
    mention text CHECK (length(mention) <= 256),
    -- Five fields; null for once.
    cron text CHECK (length(cron) BETWEEN 9 AND 200),
    time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64),
    -- Null once it is over.
    next_at timestamptz,
    last_at timestamptz,
    last_error text CHECK (length(last_error) <= 500),
    failures integer NOT NULL DEFAULT 0,
    is_on boolean NOT NULL DEFAULT true,
    created_by text NOT NULL CHECK (length(created_by) BETWEEN 1 AND 256),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, id)
);

CREATE INDEX bot_scheduled_messages_next ON bot_scheduled_messages (next_at) WHERE next_at IS NOT NULL AND is_on;

-- Commands by the hour. The times are counted in powers of two of a millisecond, the last for all that took longer.
CREATE TABLE bot_command_use (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    command text COLLATE "C" NOT NULL CHECK (length(command) BETWEEN 1 AND 24),
    runs bigint NOT NULL,
    errors bigint NOT NULL,
    times bigint[] NOT NULL CHECK (array_length(times, 1) = 20),
    PRIMARY KEY (bot_id, at, command)
);

-- Who uses them most, by the day.
CREATE TABLE bot_command_users (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    person text COLLATE "C" NOT NULL CHECK (length(person) BETWEEN 1 AND 256),
    runs bigint NOT NULL,
    PRIMARY KEY (bot_id, at, person)
);

-- What must not be done twice, by the message that asked for it; gone after a day.
CREATE TABLE bot_deeds (
    bot_id uuid NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, name)
);

CREATE INDEX bot_deeds_at ON bot_deeds (at);
