-- What a store of version 1 may hold.
INSERT INTO workspaces VALUES ('T1', 1767225600000000);
INSERT INTO members VALUES ('T1', 'U1', 'u1@example.com', 'Ada', 'Europe/Berlin', 'active', 'D1', 1773043200000000, 1773043200000000);
INSERT INTO members VALUES ('T1', 'U2', NULL, 'Bob', NULL, 'guest', NULL, NULL, 1773043200000000);
INSERT INTO consents VALUES ('T1', 'U1', 1, 'opt_in', 1773043200000000, 'slack', 'U1', 'Send me the digest');
INSERT INTO suppressions VALUES ('T1', 'U2', 1773043200000000);
INSERT INTO preferences VALUES ('T1', 'U1', '18:00', 'Asia/Kolkata', 'mon-fri', 'evening', '["2026-12-24"]', '["usage"]', 1773043200000000);
INSERT INTO subscriptions VALUES ('T1', 'daily', 'U1', 'u1@example.com', 'core', NULL, 1773043200000000, 'Europe/Berlin', '09:00', 'mon-fri', 'morning', 'berlin', 1773043200000000, '2026-03-06', 1772784000000000, 1772784000000000, NULL, 1, 1);
INSERT INTO calendars VALUES ('T1', 'berlin', '["2026-05-01"]');
INSERT INTO deliveries (workspace_id, delivery_id, report, recipient, period, email, priority, turn, state, reason, due, send_at, ready_at, expires, zone, local_time, weekdays, covers, calendar, holder, attempt, look_at, message, updated)
    VALUES ('T1', 'd1', 'daily', 'U1', '2026-03-09', 'u1@example.com', 1, 0, 'unknown', 'timeout', 1773043200000000, 1773043200000000, 1773043200000000, 1773057600000000, 'Europe/Berlin', '09:00', 'mon-fri', 'morning', 'berlin', NULL, 1, 1773043260000000, '{"text": "hello"}', 1773043200000000);
INSERT INTO attempts VALUES ('T1', 'd1', 1, 1773043200000000, 1773043201000000, 'unknown', 'timeout');
INSERT INTO streaks VALUES ('T1', 'U1', 4, 0, '2026-03-06', 1773010800000000);
INSERT INTO zeude_report_configs VALUES ('T1', 'daily', 'workspace', 1, 1773043200000000, '08:30', 'mon-fri', 'Europe/Berlin', NULL, '["usage"]');
INSERT INTO audit VALUES ('T1', 1, 1773043200000000, 'cli', 'consent.opt_in', 'U1', 'slack');
INSERT INTO key_values VALUES ('T1', 'halted', 'ada');
INSERT INTO replicas VALUES ('T1', 'one', 7);
