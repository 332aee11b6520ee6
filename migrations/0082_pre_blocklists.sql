-- Lists of accounts to block or mute, which one makes and others subscribe to. What follows from a subscription is
-- ordinary blocks and mutes, so that everything that honours those honours it: they only say which list they are of.
create table blocklists (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    name text not null,
    description text not null,
    public boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    dropped_at timestamptz
);
create index blocklists_account on blocklists (account_id, id) where dropped_at is null;
comment on column blocklists.dropped_at is 'its owner has deleted it; it goes when it has been undone for all who subscribed';

create table blocklist_entries (
    blocklist_id bigint not null,
    account_id bigint not null,
    id bigint not null default snowflake(),
    primary key (blocklist_id, account_id)
);
create unique index blocklist_entries_order on blocklist_entries (blocklist_id, id);
create index blocklist_entries_account on blocklist_entries (account_id);

create table blocklist_subscriptions (
    account_id bigint not null,
    blocklist_id bigint not null,
    effect text not null check (effect in ('block', 'mute')),
    created_at timestamptz not null,
    primary key (account_id, blocklist_id)
);
create index blocklist_subscriptions_list on blocklist_subscriptions (blocklist_id, account_id);

create table blocklist_exceptions (
    account_id bigint not null,
    target_id bigint not null,
    primary key (account_id, target_id)
);
create index blocklist_exceptions_target on blocklist_exceptions (target_id);
comment on table blocklist_exceptions is 'whom somebody unblocked or unmuted by hand: no list blocks or mutes them for that one again';

alter table blocks add column blocklist_id bigint;
comment on column blocks.blocklist_id is 'the list it is of; null when it was made by hand';
alter table mutes add column blocklist_id bigint;
comment on column mutes.blocklist_id is 'the list it is of; null when it was made by hand';
