-- Reps who learn and sell for a year: run by bench.seed_report, as the superuser, with named values.

CREATE TEMP TABLE firm AS SELECT n, uuidv7() AS id FROM generate_series(1, greatest(16, %(reps)s / 300)) n;
INSERT INTO partners_organisation (id, kind, name, area, is_active, is_demo)
SELECT id, 'partner', 'パートナー' || to_char(n, 'FM0000'), '', true, false FROM firm;
CREATE TEMP TABLE rep AS
SELECT p.n, uuidv7() AS id, f.id AS organisation, random() AS eager
  FROM (SELECT n, 1 + floor((SELECT count(*) FROM firm) * power(random(), 1.7))::integer AS f
          FROM generate_series(1, %(reps)s) n) p JOIN firm f ON f.n = p.f;
INSERT INTO partners_person (id, organisation_id, roles, family_name, given_name, family_reading, given_reading, email,
       language, territory, joined_on, is_active, is_demo)
SELECT id, organisation, '{rep}', '田中', n::text, 'たなか', '', 'rep' || n || '@example.com', 'ja', '', current_date - 900, true, false FROM rep;
INSERT INTO partners_membership (id, person_id, organisation_id, team_id, days)
SELECT uuidv7(), id, organisation, NULL, daterange(current_date - 900, NULL) FROM rep;
INSERT INTO progress_moduleprogress (person_id, organisation_id, module_id, started_at, last_at, position_ms, watched_ms,
       watched, active_seconds, finished_at, understood, first_score)
SELECT r.id, r.organisation, m.id, at, at, 0, 0, '[]', 200 + floor(random() * 400)::integer, at, '{}',
       round((0.5 + random() / 2)::numeric, 3)
  FROM rep r, catalog_module m, LATERAL (SELECT now() - random() * interval '500 days' + r.n * interval '0 s' AS at) t
 WHERE random() < r.eager;
-- A count of each measure for each week of a year.
INSERT INTO sales_activity (person_id, organisation_id, team_id, source_id, product_id, day, measure, count)
SELECT r.id, r.organisation, NULL, s.id, p.id, current_date - 7 * w, k.measure,
       CASE k.measure WHEN 'calls' THEN 40 ELSE floor(random() * (2 + 4 * r.eager))::integer END
  FROM rep r, generate_series(1, 56) w, (VALUES ('calls'), ('appointments')) k (measure), sales_source s, sales_product p
 WHERE s.kind = 'crm';
