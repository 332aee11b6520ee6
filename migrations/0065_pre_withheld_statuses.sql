-- A status that waits for somebody to look at it, one whose reach is limited, and what is said of one in a warning.
alter table statuses add column withheld_at timestamptz;
alter table statuses add column limited_at timestamptz;
alter table statuses add column labels text[] not null default '{}';

comment on column statuses.withheld_at is 'from then on only its author sees it';
comment on column statuses.limited_at is 'from then on it is in homes of followers, on its author''s page and in threads only';
comment on column statuses.labels is 'reasons to show it behind a warning';

create index statuses_withheld on statuses (id) where withheld_at is not null;
