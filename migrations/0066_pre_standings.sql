-- What is written down of each account for its standing: facts, and how often what happened. `moderation/standing.py` has the formula.

create table standings (
    account_id bigint primary key,
    origin text not null default 'open',
    followers bigint not null default 0
);

comment on column standings.origin is 'open, approved (by staff), invited (by a member) or operator (who made it)';
comment on column standings.followers is 'as of when it last posted';

create table standing_counts (
    account_id bigint not null,
    what text not null,
    total bigint not null,
    weight double precision not null,
    at timestamptz not null,
    primary key (account_id, what)
);

comment on column standing_counts.weight is 'total, each weighed by how long ago it was as of `at`: half after the half-life of its kind';

create table standings_counted (
    id boolean primary key default true check (id),
    through bigint not null
);

comment on table standings_counted is 'one row: the statuses up to which id have been counted';

insert into standings_counted (through) select snowflake(now());

insert into standings (account_id, origin, followers)
select u.account_id, case when u.invite_id is not null then 'invited' else 'open' end, c.followers
from users u join account_counters c using (account_id);

insert into standing_counts (account_id, what, total, weight, at)
select account_id, 'posted', statuses, least(statuses, 200), now() from account_counters where statuses > 0;
