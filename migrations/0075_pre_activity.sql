-- What the numbers for staff are made of (features/dashboard).

-- Which days of a month an account read its home on: one row a month, of which a bit is set a day.
create table activity_months (
    month date not null check (extract(day from month) = 1),
    account_id bigint not null,
    days integer not null,
    primary key (month, account_id)
) with (fillfactor = 80);
comment on column activity_months.days is 'bit 0 for the first day of the month';
create index activity_months_account on activity_months (account_id);

-- What was done with statuses on a day, folded with the counters of the statuses; what is taken back stays counted.
create table interaction_days (
    day date primary key,
    replies bigint not null default 0,
    reblogs bigint not null default 0,
    favourites bigint not null default 0,
    quotes bigint not null default 0
) with (fillfactor = 50);

alter table users add column app_id bigint;
comment on column users.app_id is 'the app that the account was registered with; null for the website and the console';
