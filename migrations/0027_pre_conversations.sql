-- Conversations: private messages, one to one and in groups. They are a noun of their own, so that no timeline, search or
-- list of statuses can show one: nothing that reads `statuses` reads these tables (decision 0024).
--
-- As with the edges of the network there are no foreign keys; erasing is a job in bounded slices.

create table conversations (
    id bigint primary key default snowflake(),
    is_group boolean not null,
    title text not null default '',
    started_by bigint not null,
    -- Who is in it now, sorted: by this the conversation of exactly these people is found.
    member_ids bigint[] not null,
    created_at timestamptz not null default now()
);
create index conversations_of on conversations (member_ids, id desc);
-- Two people have one conversation by themselves, and so has one.
create unique index conversations_of_two on conversations (member_ids) where not is_group;

create table conversation_members (
    conversation_id bigint not null,
    account_id bigint not null,
    -- `accepted`; `requested` while a stranger's messages wait for an answer; `declined`.
    standing text not null,
    invited_by bigint not null,
    -- What a member may see are the messages after these: what was said before they came, or before they cleared it, is not theirs.
    since_id bigint not null default 0,
    cleared_id bigint not null default 0,
    read_id bigint not null default 0,
    -- The newest message of all when it was last touched: what their list is in the order of.
    last_message_id bigint not null,
    hidden boolean not null default false,
    muted boolean not null default false,
    -- Messages sent since somebody last listened: strangers may send a few.
    unanswered int not null default 0,
    joined_at timestamptz not null default now(),
    primary key (conversation_id, account_id)
);
create index conversation_members_by_account on conversation_members (account_id, last_message_id desc)
    where not hidden and standing <> 'declined';
create index conversation_members_by_standing on conversation_members (account_id, standing, last_message_id desc)
    where not hidden;
create index conversation_members_asked on conversation_members (invited_by, joined_at) where standing <> 'accepted';

-- A message that was taken back is gone, row and all: what was said in private leaves no trace.
create table messages (
    id bigint primary key default snowflake(),
    conversation_id bigint not null,
    account_id bigint not null,
    text text not null,
    html text not null,
    spoiler_text text not null default '',
    sensitive boolean not null default false,
    language text,
    -- A message of the same conversation, or a status.
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    application_name text,
    application_website text,
    created_at timestamptz not null default now(),
    edited_at timestamptz
);
create index messages_by_conversation on messages (conversation_id, id desc);
create index messages_by_account on messages (account_id, id desc);

create table message_edits (
    id bigint primary key default snowflake(),
    message_id bigint not null,
    text text not null,
    html text not null,
    spoiler_text text not null,
    sensitive boolean not null,
    created_at timestamptz not null
);
create index message_edits_message on message_edits (message_id, id);

-- Messages that one member has deleted for themselves alone.
create table message_removals (
    account_id bigint not null,
    message_id bigint not null,
    primary key (account_id, message_id)
);
create index message_removals_message on message_removals (message_id);

create table message_favourites (
    account_id bigint not null,
    message_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, message_id)
);
create index message_favourites_by_account on message_favourites (account_id, id desc);
create index message_favourites_by_message on message_favourites (message_id, id desc);

create table message_bookmarks (
    account_id bigint not null,
    message_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, message_id)
);
create index message_bookmarks_by_account on message_bookmarks (account_id, id desc);
create index message_bookmarks_by_message on message_bookmarks (message_id);

-- A repeated Idempotency-Key finds the message it made: written in the message's own transaction.
create table message_keys (
    account_id bigint not null,
    key text not null,
    message_id bigint,
    created_at timestamptz not null default now(),
    primary key (account_id, key)
);
create index message_keys_age on message_keys (created_at);

-- What people let others know; who has no row tells both.
create table message_settings (
    account_id bigint primary key,
    tells_reads boolean not null default true,
    tells_typing boolean not null default true
);
