-- Messages that a session has sent on a day without being asked, for the daily cap; the day counts from 1 January 1970.
CREATE TABLE session_sends (
    session_id uuid PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    day integer NOT NULL,
    count integer NOT NULL CHECK (count > 0)
);
