-- Teams that are made in Slack, on the page or through the API: lists are JSON arrays of addresses. `version` counts changes,
-- so that of two who change at once the second is refused.
ALTER TABLE zeude_report_configs ADD COLUMN members TEXT;
ALTER TABLE zeude_report_configs ADD COLUMN usergroup TEXT;
ALTER TABLE zeude_report_configs ADD COLUMN attribute TEXT;
ALTER TABLE zeude_report_configs ADD COLUMN exclude TEXT;
ALTER TABLE zeude_report_configs ADD COLUMN owners TEXT;
ALTER TABLE zeude_report_configs ADD COLUMN min_active BIGINT;
ALTER TABLE zeude_report_configs ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

-- Who was shown which preview, when last; `shown` is a fingerprint of what it was of.
CREATE TABLE previews (
    workspace_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    report TEXT NOT NULL,
    scope TEXT NOT NULL,
    shown TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, actor, report, scope)
);

-- What was asked for under a key of the asker's own, so that it is done once.
CREATE TABLE requests (
    workspace_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    subject TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, actor, key)
);
CREATE INDEX requests_at ON requests (workspace_id, at);

-- A summary that was sent by hand may be made again too; no other delivery has a `revise_at`.
DROP INDEX deliveries_revisable;
CREATE INDEX deliveries_revisable ON deliveries (workspace_id, revise_at, delivery_id)
    WHERE state = 'sent' AND revise_at IS NOT NULL;

-- The ledger, page by page: all of it, of one recipient, of one report; almost all are daily digests. No attempt is below 0:
-- only a statement that says so takes these, for claims would else be looked for among all that ever was due.
CREATE INDEX deliveries_ledger ON deliveries (workspace_id, due, delivery_id) WHERE attempt >= 0;
CREATE INDEX deliveries_by_recipient ON deliveries (workspace_id, recipient, due, delivery_id) WHERE attempt >= 0;
CREATE INDEX deliveries_by_report ON deliveries (workspace_id, report, due, delivery_id)
    WHERE attempt >= 0 AND report <> 'daily';
