-- Counts of commands are kept as long as the longest span that is shown, and some more; they are removed by their age.
CREATE INDEX bot_command_use_at ON bot_command_use (at);
CREATE INDEX bot_command_users_at ON bot_command_users (at);
