-- Counts the changes of a subscription, so that what was decided from an older reading is not written over a newer one.
ALTER TABLE subscriptions ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
