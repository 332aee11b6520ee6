-- The network: accounts, the follow graph, statuses, timelines' bookkeeping, notifications.
--
-- Edges (follows, favourites, mentions, …) carry no foreign keys: each would share-lock the row it points at, and the row
-- of a viral post or a popular account would then be the hottest lock of the whole server. Erasing an account or a status
-- is a job that removes its edges in bounded slices; reads join the noun itself, so a dangling edge is never shown.

create extension if not exists pg_trgm;

create sequence snowflake_sequence;

-- 48 bits of Unix milliseconds, 16 bits of sequence: Mastodon's layout, sortable by time, unique across processes.
create function snowflake(made_at timestamptz default clock_timestamp()) returns bigint
language sql volatile parallel unsafe
return (floor(extract(epoch from made_at) * 1000)::bigint << 16) | (nextval('snowflake_sequence') & 65535);

-- Accounts ------------------------------------------------------------------------------------------------------------

create table accounts (
    id bigint primary key default snowflake(),
    username text not null,
    display_name text not null default '',
    note text not null default '',
    fields jsonb not null default '[]',
    locked boolean not null default false,
    bot boolean not null default false,
    discoverable boolean not null default true,
    indexable boolean not null default false,
    hides_collections boolean not null default false,
    created_at timestamptz not null default now(),
    last_status_on date,
    suspended_at timestamptz,
    deleted_at timestamptz
);
create unique index accounts_username on accounts (lower(username));
create index accounts_search on accounts using gin (lower(username || ' ' || display_name) gin_trgm_ops)
    where deleted_at is null and suspended_at is null;

create type role as enum ('user', 'moderator', 'admin');

create table users (
    account_id bigint primary key references accounts (id) on delete cascade,
    email text not null,
    password_hash text not null,
    role role not null default 'user',
    locale text not null default 'en',
    approved_at timestamptz,
    confirmed_at timestamptz,
    disabled_at timestamptz,
    default_visibility text not null default 'public',
    default_sensitive boolean not null default false,
    default_language text,
    default_quote_policy text not null default 'public',
    created_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));

create table account_counters (
    account_id bigint primary key,
    followers bigint not null default 0,
    following bigint not null default 0,
    statuses bigint not null default 0
);

-- Appended in the transaction of the fact, folded into the counters by the worker: no hot row, and exact after a crash.
create table account_counter_changes (
    id bigint generated always as identity primary key,
    account_id bigint not null,
    followers int not null default 0,
    following int not null default 0,
    statuses int not null default 0
);
create index account_counter_changes_account on account_counter_changes (account_id);

-- Relationships -------------------------------------------------------------------------------------------------------

create table follows (
    account_id bigint not null,
    target_id bigint not null,
    id bigint not null default snowflake(),
    shows_reblogs boolean not null default true,
    notifies boolean not null default false,
    languages text[],
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index follows_target on follows (target_id, account_id);
create index follows_by_account on follows (account_id, id desc);
create index follows_by_target on follows (target_id, id desc);

create table follow_requests (
    account_id bigint not null,
    target_id bigint not null,
    id bigint not null default snowflake(),
    shows_reblogs boolean not null default true,
    notifies boolean not null default false,
    languages text[],
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index follow_requests_target on follow_requests (target_id, id desc);

create table blocks (
    account_id bigint not null,
    target_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index blocks_target on blocks (target_id, account_id);
create index blocks_by_account on blocks (account_id, id desc);

create table mutes (
    account_id bigint not null,
    target_id bigint not null,
    id bigint not null default snowflake(),
    hides_notifications boolean not null default true,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index mutes_by_account on mutes (account_id, id desc);
create index mutes_expiry on mutes (expires_at) where expires_at is not null;

create table account_notes (
    account_id bigint not null,
    target_id bigint not null,
    comment text not null,
    primary key (account_id, target_id)
);

-- Statuses ------------------------------------------------------------------------------------------------------------

create type visibility as enum ('public', 'unlisted', 'private', 'direct');

create table statuses (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    visibility visibility not null,
    text text not null default '',
    html text not null default '',
    spoiler_text text not null default '',
    sensitive boolean not null default false,
    language text,
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    reblog_of_id bigint,
    quote_of_id bigint,
    thread_id bigint not null,
    mention_ids bigint[] not null default '{}',
    tags text[] not null default '{}',
    quote_policy text not null default 'public',
    application_name text,
    application_website text,
    created_at timestamptz not null default now(),
    edited_at timestamptz,
    deleted_at timestamptz
);
create index statuses_by_account on statuses (account_id, id desc) where deleted_at is null;
create index statuses_public on statuses (id desc)
    where visibility = 'public' and reblog_of_id is null and deleted_at is null;
create index statuses_thread on statuses (thread_id, id) where deleted_at is null;
create index statuses_replies on statuses (in_reply_to_id, id) where in_reply_to_id is not null and deleted_at is null;
create unique index statuses_reblog_once on statuses (account_id, reblog_of_id)
    where reblog_of_id is not null and deleted_at is null;
create index statuses_reblogs on statuses (reblog_of_id, id desc) where reblog_of_id is not null and deleted_at is null;
create index statuses_quotes on statuses (quote_of_id, id desc) where quote_of_id is not null and deleted_at is null;

create table status_edits (
    id bigint primary key default snowflake(),
    status_id bigint not null,
    text text not null,
    html text not null,
    spoiler_text text not null,
    sensitive boolean not null,
    created_at timestamptz not null
);
create index status_edits_status on status_edits (status_id, id);

create table mentions (
    status_id bigint not null,
    account_id bigint not null,
    primary key (status_id, account_id)
);
create index mentions_account on mentions (account_id, status_id desc);

create table tags (
    id bigint primary key default snowflake(),
    name text not null unique,
    display_name text not null,
    created_at timestamptz not null default now()
);

create table status_tags (
    tag_id bigint not null,
    status_id bigint not null,
    primary key (tag_id, status_id)
);
create index status_tags_status on status_tags (status_id);

create table favourites (
    account_id bigint not null,
    status_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, status_id)
);
create index favourites_by_account on favourites (account_id, id desc);
create index favourites_by_status on favourites (status_id, id desc);

create table bookmarks (
    account_id bigint not null,
    status_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, status_id)
);
create index bookmarks_by_account on bookmarks (account_id, id desc);
create index bookmarks_by_status on bookmarks (status_id);

create table pins (
    account_id bigint not null,
    status_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, status_id)
);
create index pins_by_account on pins (account_id, id desc);

create table thread_mutes (
    account_id bigint not null,
    thread_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (account_id, thread_id)
);

create table status_counters (
    status_id bigint primary key,
    replies bigint not null default 0,
    reblogs bigint not null default 0,
    favourites bigint not null default 0,
    quotes bigint not null default 0
);

create table status_counter_changes (
    id bigint generated always as identity primary key,
    status_id bigint not null,
    replies int not null default 0,
    reblogs int not null default 0,
    favourites int not null default 0,
    quotes int not null default 0
);
create index status_counter_changes_status on status_counter_changes (status_id);

-- A repeated Idempotency-Key finds the status it made, also after a crash: written in the post's own transaction.
create table idempotency_keys (
    account_id bigint not null,
    key text not null,
    status_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (account_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Timelines -----------------------------------------------------------------------------------------------------------

-- Authors of whose posts some were not pushed to every follower: readers merge these authors' own timelines.
create table merged_authors (
    account_id bigint primary key,
    since timestamptz not null default now()
);

-- When an account last read its home, to the day: hybrid fan-out pushes only to those who came lately.
create table home_visits (
    account_id bigint primary key,
    visited_on date not null
);

-- Notifications and reading positions ---------------------------------------------------------------------------------

create table notifications (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    kind text not null,
    from_account_id bigint not null,
    status_id bigint,
    created_at timestamptz not null default now(),
    unique nulls not distinct (account_id, kind, from_account_id, status_id)
);
create index notifications_by_account on notifications (account_id, id desc);
create index notifications_status on notifications (status_id) where status_id is not null;
create index notifications_from on notifications (from_account_id);

create table markers (
    account_id bigint not null,
    timeline text not null,
    last_read_id bigint not null,
    version int not null default 1,
    updated_at timestamptz not null default now(),
    primary key (account_id, timeline)
);
