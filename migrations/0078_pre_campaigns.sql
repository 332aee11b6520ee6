-- Campaigns: many accounts that say nearly the same, recognised by more than that they do.
create table campaigns (
    id bigint primary key default snowflake(),
    recognised_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    lifted_at timestamptz,
    lifted_by bigint,
    score real not null,
    evidence jsonb not null,
    linked boolean not null,
    signatures bytea not null,
    chorus_ids bigint[] not null
);

comment on column campaigns.seen_at is 'when a post of it last came';
comment on column campaigns.lifted_at is 'somebody has looked and says that it is none: nothing is done about it any more';
comment on column campaigns.evidence is 'what was counted when it was recognised, and lately: the words of alike/signs.py';
comment on column campaigns.signatures is '112 bytes for each of some of its texts: 64 of a sketch and 12 keys';
comment on column campaigns.chorus_ids is 'the first posts of each of the groups of near-duplicates that it was recognised in';

-- Those that processes know: the latest of them.
create index campaigns_seen on campaigns (seen_at) where lifted_at is null;

-- Which posts were found to be of a campaign after they had been published, and by whom.
create table campaign_posts (
    status_id bigint primary key,
    campaign_id bigint not null,
    account_id bigint not null
);

create index campaign_posts_campaign on campaign_posts (campaign_id, status_id);
create index campaign_posts_account on campaign_posts (account_id);
