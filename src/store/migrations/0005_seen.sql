-- Requests of Slack's that had an effect, so that one sent again has none.
CREATE TABLE seen (
    workspace_id TEXT NOT NULL,
    request TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, request)
);
CREATE INDEX seen_at ON seen (workspace_id, at);
