-- An offer stands whether its address has an account or not, so that it tells nobody.
ALTER TABLE bot_transfers ALTER COLUMN to_id DROP NOT NULL;
ALTER TABLE bot_transfers ADD COLUMN email text NOT NULL DEFAULT '' CHECK (length(email) <= 254);
UPDATE bot_transfers SET email = accounts.email FROM accounts WHERE accounts.id = bot_transfers.to_id;

-- Done by an administrator with somebody else's bot; its owner does not learn by whom.
ALTER TABLE bot_history ADD COLUMN is_staff boolean NOT NULL DEFAULT false;
