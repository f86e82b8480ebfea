-- A world of any size: run by bench.seed_pages, as the superuser, with named values (a percent sign stands doubled).

-- Partners of unequal size, teams of fifty, their reps.
CREATE TEMP TABLE firm AS SELECT n, uuidv7() AS id FROM generate_series(1, greatest(6, %(reps)s / 300)) n;
INSERT INTO partners_organisation (id, kind, name, area, is_active, is_demo)
SELECT id, 'partner', 'パートナー' || to_char(n, 'FM0000'), (ARRAY['東京', '大阪', '名古屋', '福岡'])[1 + n %% 4], true, false
  FROM firm;
CREATE TEMP TABLE placed AS
SELECT n, f, (row_number() OVER (PARTITION BY f ORDER BY n) - 1) / 50 AS t FROM (
  SELECT n, CASE WHEN n <= %(reps)s / 5 THEN 1
            ELSE 2 + floor(((SELECT count(*) FROM firm) - 1) * power(random(), 1.7))::integer END AS f
    FROM generate_series(1, %(reps)s) n) AS drawn;
CREATE TEMP TABLE squad AS SELECT f, t, uuidv7() AS id FROM placed GROUP BY f, t;
INSERT INTO partners_team (id, organisation_id, name, is_active)
SELECT s.id, f.id, '第' || s.t + 1 || 'チーム', true FROM squad s JOIN firm f ON f.n = s.f;
CREATE TEMP TABLE rep AS
SELECT p.n, uuidv7() AS id, uuidv7() AS account, f.id AS organisation, s.id AS team,
       current_date - (30 + random() * 900)::integer AS joined
  FROM placed p JOIN firm f ON f.n = p.f JOIN squad s USING (f, t);
ANALYZE rep;
INSERT INTO partners_account (id, password, email, is_active, epoch)
SELECT account, '!', 'rep' || n || '@example.com', true, 0 FROM rep;
INSERT INTO partners_person (id, account_id, organisation_id, team_id, roles, family_name, given_name, family_reading,
       given_reading, email, language, territory, joined_on, is_active, is_demo)
SELECT id, account, organisation, team, '{rep}', (ARRAY['佐藤', '鈴木', '高橋', '田中', '渡辺', '伊藤', '中村'])[1 + n %% 7],
       (ARRAY['美咲', '大輔', '直子', '健一', '陽菜'])[1 + n %% 5] || n,
       (ARRAY['さとう', 'すずき', 'たかはし', 'たなか', 'わたなべ', 'いとう', 'なかむら'])[1 + n %% 7],
       (ARRAY['みさき', 'だいすけ', 'なおこ', 'けんいち', 'はるな'])[1 + n %% 5],
       'rep' || n || '@example.com', 'ja', '', joined, true, false
  FROM rep ORDER BY n;
INSERT INTO partners_membership (id, person_id, organisation_id, team_id, days)
SELECT uuidv7(), id, organisation, team, daterange(joined, NULL) FROM rep;
INSERT INTO core_notice (id, key, person_id, organisation_id, kind, data, url, created_at)
SELECT uuidv7(), 'bench:' || n || ':' || i, id, organisation, 'gamification.level_reached', '{"level": 2}', '/record/',
       now() - i * interval '3 days' FROM rep, generate_series(1, 3) i;

-- Courses of twenty modules, copies of one that was published; the item bank; terms.
CREATE TEMP TABLE sample AS
SELECT m.*, v.document, q.block_key, w.document AS questions FROM catalog_module m
  JOIN catalog_moduleversion v ON v.id = m.version_id JOIN quizzes_quiz q ON q.module_id = m.id
  JOIN quizzes_quizversion w ON w.module_version_id = v.id WHERE m.id = %(sample)s;
CREATE TEMP TABLE course AS SELECT n, uuidv7() AS id FROM generate_series(0, (%(modules)s - 1) / 20) n;
INSERT INTO catalog_course (id, title, summary, position, is_archived, is_demo)
SELECT id, 'コース' || n + 1, '', n, false, false FROM course;
CREATE TEMP TABLE lesson AS
SELECT n, uuidv7() AS id, uuidv7() AS version, uuidv7() AS quiz, uuidv7() AS quiz_version, 'モジュール' || n || 'の話し方' AS title,
       (n - 1) / 20 AS course, now() - interval '1 day' - (n - 1) * interval '720 days' / %(modules)s AS published,
       CASE WHEN n %% 50 = 7 THEN 'chosen' WHEN n %% 50 = 13 THEN 'client' ELSE 'everybody' END AS audience
  FROM generate_series(1, %(modules)s) n;
ANALYZE lesson;
INSERT INTO catalog_module (id, course_id, title, summary, minutes, language, position, form, audience, version_id,
       is_archived, is_demo, created_at)
SELECT l.id, c.id, l.title, s.summary, s.minutes, 'ja', l.n, 'lesson', l.audience, l.version, false, false, l.published
  FROM lesson l JOIN course c ON c.n = l.course, sample s;
INSERT INTO catalog_block (id, module_id, key, kind, data, position)
SELECT uuidv7(), l.id, b.key, b.kind, b.data, b.position FROM lesson l, catalog_block b JOIN sample s ON b.module_id = s.id;
INSERT INTO catalog_moduleversion (id, module_id, number, document, content_hash, note, published_at)
SELECT l.version, l.id, 1, jsonb_set(replace(s.document::text, q.id::text, l.quiz::text)::jsonb, '{title}', to_jsonb(l.title)),
       md5(l.n::text), '', l.published
  FROM lesson l, sample s JOIN quizzes_quiz q ON q.module_id = s.id;
INSERT INTO quizzes_quiz (id, module_id, block_key, created_at) SELECT l.quiz, l.id, s.block_key, l.published FROM lesson l, sample s;
INSERT INTO quizzes_quizversion (id, quiz_id, module_version_id, number, document, content_hash, published_at)
SELECT l.quiz_version, l.quiz, l.version, 1, s.questions, md5(l.n::text), l.published FROM lesson l, sample s;
INSERT INTO catalog_modulereader (module_id, organisation_id)
SELECT l.id, f.id FROM lesson l, firm f WHERE l.audience = 'chosen' AND (f.n = 1 OR f.n %% 10 = l.n %% 10);
INSERT INTO quizzes_bankitem (id, organisation_id, code, kind, stem, options, explanation, weight, skills, products,
       language, is_archived, is_demo, search)
SELECT uuidv7(), o.id, 'Q' || n, 'single', '質問' || n, '[{"key":"a","text":"はい","correct":true,"explanation":""},
       {"key":"b","text":"いいえ","correct":false,"explanation":""}]', '', 1, ARRAY['技' || n %% 20], ARRAY['品' || n %% 30],
       'ja', false, false, 'q' || n || ' 質問' || n
  FROM generate_series(1, %(modules)s) n, partners_organisation o WHERE o.kind = 'client';
INSERT INTO catalog_term (id, word, reading, meaning, note, language, is_archived, is_demo)
SELECT uuidv7(), '用語' || n, 'ようご' || n, '意味', '', 'ja', false, false FROM generate_series(1, %(modules)s / 10) n;

-- What reps have learnt: popular modules more often; half of it in the newest third of a module's life.
CREATE TEMP TABLE drawn AS
SELECT DISTINCT n, least(%(modules)s, 3 + floor((%(modules)s - 2) * power(random(), 3)))::integer AS lesson
  FROM generate_series(1, %(reps)s) n, generate_series(1, %(finishes)s)
 UNION ALL SELECT n, 1 FROM generate_series(1, %(reps)s) n WHERE n %% 10 < 9
 UNION ALL SELECT n, 2 FROM generate_series(1, %(reps)s) n WHERE n %% 2 = 0;
ANALYZE drawn;
CREATE TEMP TABLE done AS
SELECT r.n, r.id AS person, r.organisation, r.team, l.n AS lesson, l.id AS module, l.quiz, l.quiz_version,
       l.published + (now() - l.published) * power(random(), 2) AS at,
       (2 + floor(random() * 4)) / 5 AS score, 60 + (random() * 400)::integer AS seconds
  FROM drawn d JOIN rep r USING (n) JOIN lesson l ON l.n = d.lesson WHERE l.audience = 'everybody';
ANALYZE done;
INSERT INTO progress_moduleprogress (person_id, organisation_id, module_id, started_at, last_at, position_ms, watched_ms,
       watched, active_seconds, finished_at, understood, understood_at, first_score)
SELECT person, organisation, module, at - interval '5 minutes', at, 0, 0, '[]', seconds, at, '{q001,q002,q003}',
       CASE WHEN score > 0.7 THEN at END, score FROM done ORDER BY person, module;
INSERT INTO progress_learningday (person_id, organisation_id, day)
SELECT DISTINCT person, organisation, (at AT TIME ZONE %(zone)s)::date FROM done ORDER BY 1, 3;
CREATE TEMP TABLE go AS SELECT d.*, uuidv7() AS id FROM done d WHERE lesson <= greatest(10, %(modules)s / 10) AND n %% 5 < 2;
INSERT INTO quizzes_attempt (id, person_id, organisation_id, team_id, quiz_id, quiz_version_id, state, is_first, item_keys,
       started_at, submitted_at, scored_at, scoring, correct_count, score, max_score)
SELECT id, person, organisation, team, quiz, quiz_version, 'scored', true, '{q001,q002,q003,q004,q005}',
       at - interval '4 minutes', at, at, 1, score * 5, score * 5, 5 FROM go;
INSERT INTO quizzes_answer (attempt_id, organisation_id, item_key, option_keys, client_seq, saved_at, credit)
SELECT id, organisation, 'q00' || i, CASE WHEN i <= score * 5 THEN '{a}'::varchar[] ELSE '{b}' END, i, at,
       (i <= score * 5)::integer FROM go, generate_series(1, 5) i;
INSERT INTO gamification_ledgerentry (person_id, organisation_id, team_id, source_key, rule, rule_number, points, month,
       caused_at, module_id, detail)
SELECT person, organisation, team, 'module:' || person || ':' || module, 'module_finished', 1, 20 + n %% 30,
       date_trunc('month', at AT TIME ZONE %(zone)s)::date, at, module, '{}' FROM done
 WHERE at > now() - interval '70 days' ORDER BY person, module;

-- Two assignments to everybody, the first of them late by three days; one to each of some partners.
CREATE TEMP TABLE ask AS
SELECT n, uuidv7() AS id, CASE WHEN n <= 2 THEN n ELSE 14 + n END AS lesson,
       CASE WHEN n = 1 THEN date_trunc('day', now()) - interval '3 days' ELSE date_trunc('day', now()) + n * interval '2 days' END
         - interval '1 second' AS due, CASE WHEN n <= 2 THEN NULL ELSE n END AS f
  FROM generate_series(1, 60) n;
DELETE FROM ask WHERE f > (SELECT count(*) FROM firm) OR lesson NOT IN (SELECT n FROM lesson WHERE audience = 'everybody');
INSERT INTO assignments_assignment (id, organisation_id, module_id, necessity, due_at, message, opens, created_by_id)
SELECT a.id, o.id, l.id, 'required', a.due, '', '', %(author)s
  FROM ask a JOIN lesson l ON l.n = a.lesson, partners_organisation o WHERE o.kind = 'client';
INSERT INTO assignments_assignedmodule (assignment_id, module_id, audience)
SELECT a.id, l.id, 'everybody' FROM ask a JOIN lesson l ON l.n = a.lesson;
INSERT INTO assignments_assignmenttarget (assignment_id, kind, organisation_id, role)
SELECT a.id, CASE WHEN a.f IS NULL THEN 'role' ELSE 'organisation' END, f.id, CASE WHEN a.f IS NULL THEN 'rep' ELSE '' END
  FROM ask a LEFT JOIN firm f ON f.n = a.f;
INSERT INTO assignments_enrolment (id, assignment_id, person_id, organisation_id, due_at, state, finished_at, told_at,
       told_due_at, reminded_due_at, late_due_at)
SELECT uuidv7(), a.id, r.id, r.organisation, a.due, CASE WHEN d.at IS NULL THEN 'open' ELSE 'finished' END, d.at, now(),
       a.due, a.due, a.due
  FROM ask a LEFT JOIN firm f ON f.n = a.f JOIN rep r ON a.f IS NULL OR r.organisation = f.id
  LEFT JOIN done d ON d.person = r.id AND d.lesson = a.lesson;
