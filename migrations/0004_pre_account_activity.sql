-- Each change of a counter knows its moment, so that an account's last day of posting comes with its count of posts.
alter table account_counter_changes add column made_at timestamptz not null default now();
