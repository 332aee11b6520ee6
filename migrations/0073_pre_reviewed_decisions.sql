-- What those who look at decisions ask for: by what was done, by what was found, and what was looked at lately.
create index decisions_measure on decisions (measure, id);
create index decisions_found on decisions using gin (findings jsonb_path_ops) where measure <> 'allow';
create index decisions_reviewed on decisions (reviewed_at) where reviewed_at is not null;

-- What the engine did about an account itself is a strike like any other, and undone when the decision is taken back.
alter table strikes add column decision_id bigint;
create unique index strikes_decision on strikes (decision_id) where decision_id is not null;

-- Whether a text was said to somebody: what a policy goes by beside what was found, and a replay needs.
alter table decisions add column aimed boolean not null default false;
