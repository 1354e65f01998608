-- What exactly was changed, as a code: `detail` then has its value alone, and the words come in the reader's language.
-- Older rows have words instead.
ALTER TABLE bot_history ADD COLUMN code text;
