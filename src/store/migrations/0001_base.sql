-- The state of Recap. Instants are UTC epoch microseconds, flags 0 or 1, dates, times, zones and enums their names.

CREATE TABLE workspaces (
    workspace_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (workspace_id)
);

CREATE TABLE members (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email TEXT,
    name TEXT NOT NULL,
    zone TEXT,
    status TEXT NOT NULL,
    dm TEXT,
    last_usage BIGINT,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
CREATE INDEX members_by_email ON members (workspace_id, email);

-- Append-only; `number` counts up per member.
CREATE TABLE consents (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    surface TEXT NOT NULL,
    actor TEXT NOT NULL,
    wording TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id, number)
);

CREATE TABLE suppressions (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);

-- `days_off` and `sections` are JSON arrays.
CREATE TABLE preferences (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    local_time TEXT,
    zone TEXT,
    weekdays TEXT,
    covers TEXT,
    days_off TEXT,
    sections TEXT,
    pause_until BIGINT,
    PRIMARY KEY (workspace_id, member_id)
);

-- `off_reason` is null where it is on; `next_due` is null where it is off.
CREATE TABLE subscriptions (
    workspace_id TEXT NOT NULL,
    report TEXT NOT NULL,
    recipient TEXT NOT NULL,
    email TEXT,
    team TEXT NOT NULL,
    off_reason TEXT,
    since BIGINT NOT NULL,
    zone TEXT NOT NULL,
    local_time TEXT NOT NULL,
    weekdays TEXT NOT NULL,
    covers TEXT NOT NULL,
    calendar TEXT NOT NULL,
    next_due BIGINT,
    last_period TEXT,
    last_due BIGINT,
    last_window_end BIGINT,
    resume_from BIGINT,
    refusals BIGINT NOT NULL,
    greeted BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, report, recipient)
);
-- In the order of a page of due subscriptions, so that none is ever sorted.
CREATE INDEX subscriptions_due ON subscriptions
    (workspace_id, next_due, report, zone, local_time, weekdays, covers, calendar, recipient)
    WHERE next_due IS NOT NULL;

CREATE TABLE calendars (
    workspace_id TEXT NOT NULL,
    calendar TEXT NOT NULL,
    days_off TEXT NOT NULL,
    PRIMARY KEY (workspace_id, calendar)
);

-- `send_at` is what was planned, `ready_at` what a retry moves.
CREATE TABLE deliveries (
    workspace_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    report TEXT NOT NULL,
    recipient TEXT NOT NULL,
    period TEXT NOT NULL,
    email TEXT,
    priority BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    due BIGINT NOT NULL,
    send_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    zone TEXT NOT NULL,
    local_time TEXT NOT NULL,
    weekdays TEXT NOT NULL,
    covers TEXT NOT NULL,
    calendar TEXT NOT NULL,
    resume_from BIGINT,
    holder TEXT,
    attempt BIGINT NOT NULL DEFAULT 0,
    degraded BIGINT NOT NULL DEFAULT 0,
    checks BIGINT NOT NULL DEFAULT 0,
    look_at BIGINT,
    channel TEXT,
    ts TEXT,
    message TEXT,
    updated BIGINT NOT NULL,
    final_at BIGINT,
    PRIMARY KEY (workspace_id, delivery_id),
    UNIQUE (workspace_id, report, recipient, period)
);
CREATE INDEX deliveries_cohort ON deliveries (workspace_id, report, period, due);
CREATE INDEX deliveries_planned ON deliveries (workspace_id, priority, due)
    WHERE state = 'planned' AND holder IS NULL;
CREATE INDEX deliveries_sendable ON deliveries (workspace_id, priority, due, turn, delivery_id)
    WHERE state IN ('rendered', 'retry') AND holder IS NULL;
-- What is not final, said again: only a statement that says so too takes the next two. PostgreSQL, which counts rows now
-- and then, would else sort by them all that is ready, for each claim.
CREATE INDEX deliveries_ready ON deliveries (workspace_id, ready_at)
    WHERE state IN ('rendered', 'retry') AND holder IS NULL AND final_at IS NULL;
CREATE INDEX deliveries_expiring ON deliveries (workspace_id, expires)
    WHERE state IN ('planned', 'rendered', 'retry') AND holder IS NULL AND final_at IS NULL;
CREATE INDEX deliveries_unknown ON deliveries (workspace_id, look_at)
    WHERE state = 'unknown' AND holder IS NULL;
CREATE INDEX deliveries_held ON deliveries (workspace_id, holder) WHERE holder IS NOT NULL;
CREATE INDEX deliveries_open ON deliveries (workspace_id, due) WHERE final_at IS NULL;
CREATE INDEX deliveries_final ON deliveries (workspace_id, final_at) WHERE final_at IS NOT NULL;

CREATE TABLE attempts (
    workspace_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    outcome TEXT,
    code TEXT,
    PRIMARY KEY (workspace_id, delivery_id, attempt),
    FOREIGN KEY (workspace_id, delivery_id) REFERENCES deliveries (workspace_id, delivery_id) ON DELETE CASCADE
);

CREATE TABLE streaks (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    days BIGINT NOT NULL,
    at_least BIGINT NOT NULL,
    through TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);

CREATE TABLE zeude_report_configs (
    workspace_id TEXT NOT NULL,
    report TEXT NOT NULL,
    scope TEXT NOT NULL,
    enabled BIGINT,
    enabled_at BIGINT,
    local_time TEXT,
    weekdays TEXT,
    zone TEXT,
    channel TEXT,
    sections TEXT,
    PRIMARY KEY (workspace_id, report, scope)
);

-- Append-only; `number` counts up.
CREATE TABLE audit (
    workspace_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number)
);
CREATE INDEX audit_by_subject ON audit (workspace_id, subject, number);

CREATE TABLE key_values (
    workspace_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE replicas (
    workspace_id TEXT NOT NULL,
    replica TEXT NOT NULL,
    beats BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, replica)
);
