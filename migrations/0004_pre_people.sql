-- Each change of a counter knows its moment, so that an account's last day of posting comes with its count of posts.
alter table account_counter_changes add column made_at timestamptz not null default now();

-- Erasing an account finds what others had set about it.
create index mutes_target on mutes (target_id, account_id);
create index account_notes_target on account_notes (target_id, account_id);
