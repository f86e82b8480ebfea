-- Reps who learn and sell for two years: run by bench.seed_report, as the superuser, with named values (a percent sign
-- stands doubled). The first company has a fifth of all reps, the second a tenth.

CREATE TEMP TABLE firm AS SELECT n, uuidv7() AS id FROM generate_series(1, greatest(8, %(reps)s / 500)) n;
INSERT INTO partners_organisation (id, kind, name, area, is_active, is_demo)
SELECT id, 'partner', 'パートナー' || to_char(n, 'FM0000'), '', true, false FROM firm;
CREATE TEMP TABLE rep AS
SELECT p.n, uuidv7() AS id, f.id AS organisation, p.eager, p.able FROM (
  SELECT n, random() AS eager, random() AS able,
         CASE WHEN n <= %(reps)s / 5 THEN 1 WHEN n <= %(reps)s * 3 / 10 THEN 2
              ELSE 3 + floor(((SELECT count(*) FROM firm) - 2) * power(random(), 1.7))::integer END AS f
    FROM generate_series(1, %(reps)s) n) p JOIN firm f ON f.n = p.f;
ANALYZE rep;
INSERT INTO partners_person (id, organisation_id, roles, family_name, given_name, family_reading, given_reading, email,
       language, territory, joined_on, is_active, is_demo)
SELECT id, organisation, '{rep}', '田中', n::text, 'たなか', '', 'rep' || n || '@example.com', 'ja', '', current_date - 900,
       true, false FROM rep;
INSERT INTO partners_membership (id, person_id, organisation_id, team_id, days)
SELECT uuidv7(), id, organisation, NULL, daterange(current_date - 900, NULL) FROM rep;

-- Every course is required of everybody. Most complete it, within days of a moment of these two years that is theirs.
CREATE TEMP TABLE ask AS SELECT uuidv7() AS id, c.id AS course FROM catalog_course c WHERE c.title LIKE 'コース%%';
INSERT INTO assignments_assignment (id, organisation_id, course_id, necessity, message, opens, created_by_id, created_at)
SELECT a.id, o.id, a.course, 'required', '', '', %(author)s, now() - interval '720 days'
  FROM ask a, partners_organisation o WHERE o.kind = 'client';
CREATE TEMP TABLE way AS
SELECT r.id AS person, r.organisation, a.course, now() - interval '12 days' - random() * interval '700 days' AS begun
  FROM rep r, ask a WHERE random() < 0.31 + 0.6 * r.eager;
ANALYZE way;
INSERT INTO progress_moduleprogress (person_id, organisation_id, module_id, started_at, last_at, position_ms, watched_ms,
       watched, active_seconds, finished_at, understood, first_score)
SELECT w.person, w.organisation, m.id, at, at, 0, 0, '[]', 200 + floor(random() * 400)::integer, at, '{}',
       round((0.5 + random() / 2)::numeric, 3)
  FROM way w JOIN catalog_module m ON m.course_id = w.course,
       LATERAL (SELECT w.begun + random() * interval '10 days' AS at) t;
INSERT INTO assignments_enrolment (id, assignment_id, person_id, organisation_id, assigned_at, state, finished_at, told_at)
SELECT uuidv7(), a.id, r.id, r.organisation, now() - interval '720 days', CASE WHEN w.begun IS NULL THEN 'open' ELSE 'finished' END,
       w.begun + interval '10 days', now() - interval '720 days'
  FROM rep r CROSS JOIN ask a LEFT JOIN way w ON w.person = r.id AND w.course = a.course;

-- Six deals a rep; of each month, as the CRM told them, counts of calls, appointments and qualified meetings.
INSERT INTO sales_opportunity (id, person_id, organisation_id, source_id, external_id, product_id, opened_at, closed_at,
       outcome, reason, amount, currency)
SELECT uuidv7(), r.id, r.organisation, s.id, 'B' || r.n || '-' || k, p.id, at - interval '40 days', at,
       CASE WHEN won THEN 'won' ELSE 'lost' END, '', floor(100000 * exp(random() * 2))::bigint, 'JPY'
  FROM rep r, generate_series(1, %(deals)s) k, sales_source s, sales_product p,
       LATERAL (SELECT now() - random() * interval '720 days' AS at, random() < 0.3 + 0.2 * r.able + 0 * k AS won) t
 WHERE s.kind = 'crm';
INSERT INTO sales_activity (person_id, organisation_id, team_id, source_id, product_id, day, measure, count)
SELECT r.id, r.organisation, NULL, s.id, p.id, (begin - make_interval(months => back))::date + (r.n + d) %% 28,
       c.measure,
       CASE c.measure WHEN 'calls' THEN 160 / %(days)s
            WHEN 'appointments' THEN floor((20 + 20 * r.able + 4 * r.eager + 8 * random()) / %(days)s)::integer
            ELSE floor((8 + 8 * random()) / %(days)s)::integer END
  FROM date_trunc('month', current_date) begin, generate_series(%(months)s, 1, -1) back, generate_series(0, %(days)s - 1) d, rep r,
       (VALUES ('calls'), ('appointments'), ('qualified')) c (measure), sales_source s, sales_product p
 WHERE s.kind = 'crm';
