-- Each claim has a number of its own: what it took is read back by it, also where the answer of a commit was lost.
ALTER TABLE deliveries ADD COLUMN claim TEXT;
CREATE INDEX deliveries_by_claim ON deliveries (workspace_id, claim) WHERE claim IS NOT NULL;

-- Snapshots to be forgotten, without a walk over all that is final.
CREATE INDEX deliveries_snapshots ON deliveries (workspace_id, final_at)
    WHERE final_at IS NOT NULL AND message IS NOT NULL;
