-- Trends: who has lately spoken of what, folded every minute from an inbox, and how that compares with each subject's past.
--
-- A subject is a hashtag (its id in `tags`), a post (its id) or a link (its id here). All of it is bounded by time: people
-- are forgotten after some 25 hours, days after 8, and a subject once nobody speaks of it and its past has faded.

create table trend_changes (
    id bigint generated always as identity primary key,
    kind text not null,
    status_id bigint not null,
    account_id bigint not null,
    made_at timestamptz not null
);

comment on column trend_changes.kind is 'posted (with a hashtag or a link), favourited or reblogged';

create table trend_links (
    id bigint primary key default snowflake(),
    url text not null unique,
    used_at timestamptz not null
);

create index trend_links_age on trend_links (used_at);

create table trend_people (
    kind text not null,
    subject_id bigint not null,
    account_id bigint not null,
    used_at timestamptz not null,
    network text not null,
    weight real not null,
    language text,
    primary key (kind, subject_id, account_id)
);

comment on column trend_people.network is 'whence they last came: only whether two are the same matters';
comment on column trend_people.weight is '1 for an established account, less for a new one, 0 for a bot';

create index trend_people_age on trend_people (used_at);
create index trend_people_account on trend_people (account_id);

create table trend_days (
    kind text not null,
    subject_id bigint not null,
    day date not null,
    uses integer not null,
    accounts integer not null,
    primary key (kind, subject_id, day)
);

create index trend_days_age on trend_days (day);

create table trend_subjects (
    kind text not null,
    subject_id bigint not null,
    language text,
    people double precision not null,
    score double precision not null,
    mean double precision not null,
    square double precision not null,
    hour bigint not null,
    trendable boolean,
    reviewed_at timestamptz,
    reviewed_by bigint,
    primary key (kind, subject_id)
) with (fillfactor = 70);

comment on column trend_subjects.people is 'people of the last hours, weighed, when last looked at';
comment on column trend_subjects.mean is 'exponentially weighted mean of `people` at the ends of past hours; square: of its square';
comment on column trend_subjects.hour is 'hours since 1970 that mean and square know of';
comment on column trend_subjects.trendable is 'what staff have said; null: nobody has looked';

create index trend_subjects_score on trend_subjects (kind, score desc, subject_id) where score > 0;
create index trend_subjects_faded on trend_subjects (hour) where reviewed_at is null;
