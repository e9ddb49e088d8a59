-- Teams that were looked at; `peopled` once somebody was on it.
CREATE TABLE teams (
    workspace_id TEXT NOT NULL,
    team TEXT NOT NULL,
    peopled BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team)
);

-- Who was on a team when; `since` is 0 where they were on it for as long as anybody knows, `until` is null while they are.
CREATE TABLE stays (
    workspace_id TEXT NOT NULL,
    team TEXT NOT NULL,
    email TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (workspace_id, team, email, since)
);
CREATE UNIQUE INDEX stays_open ON stays (workspace_id, team, email) WHERE until IS NULL;
CREATE INDEX stays_ended ON stays (workspace_id, until) WHERE until IS NOT NULL;

CREATE TABLE channels (
    workspace_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    archived BIGINT NOT NULL,
    shared BIGINT NOT NULL,
    member BIGINT NOT NULL,
    private BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, channel)
);

-- What a team's summary was made from, as JSON, and when it is looked at again; `revising` while that is under way and
-- nothing came in between.
ALTER TABLE deliveries ADD COLUMN facts TEXT;
ALTER TABLE deliveries ADD COLUMN revise_at BIGINT;
ALTER TABLE deliveries ADD COLUMN revising BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deliveries_revisable ON deliveries (workspace_id, revise_at, delivery_id)
    WHERE report = 'weekly' AND state = 'sent' AND revise_at IS NOT NULL;

-- Who agreed to be named in one message.
CREATE TABLE reveals (
    workspace_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, delivery_id, member_id),
    FOREIGN KEY (workspace_id, delivery_id) REFERENCES deliveries (workspace_id, delivery_id) ON DELETE CASCADE
);
CREATE INDEX reveals_by_member ON reveals (workspace_id, member_id);

-- `day` is a date of the team's zone, `subject` empty where a kind has none, `detail` JSON.
CREATE TABLE incidents (
    workspace_id TEXT NOT NULL,
    team TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team, day, kind, subject)
);
CREATE INDEX incidents_by_age ON incidents (workspace_id, at);

-- Where each team's judging stands, as JSON.
CREATE TABLE alert_states (
    workspace_id TEXT NOT NULL,
    team TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (workspace_id, team)
);
