-- What those who look at decisions ask for: by what was done, by what was found, and what was looked at lately.
create index decisions_measure on decisions (measure, id);
create index decisions_found on decisions using gin (findings jsonb_path_ops) where measure <> 'allow';
create index decisions_reviewed on decisions (reviewed_at) where reviewed_at is not null;
