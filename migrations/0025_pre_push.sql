-- Subscriptions to pushed notifications: Web Push, Google's and Apple's. One for a token or a session, and gone with it.

create table push_subscriptions (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    token_id bigint references oauth_tokens (id) on delete cascade,
    session_id bigint references sessions (id) on delete cascade,
    holder_id bigint not null unique generated always as (coalesce(token_id, session_id)) stored,
    channel text not null check (channel in ('web', 'fcm', 'apns')),
    address text not null,
    public_key bytea not null,
    secret bytea not null,
    standard boolean not null,
    previews boolean not null,
    token_box bytea not null,
    alerts text[] not null,
    policy text not null check (policy in ('all', 'followed', 'follower', 'none')),
    created_at timestamptz not null,
    failing_since timestamptz,
    check ((token_id is null) <> (session_id is null))
);
create index push_subscriptions_token on push_subscriptions (token_id) where token_id is not null;
create index push_subscriptions_session on push_subscriptions (session_id) where session_id is not null;
create index push_subscriptions_account on push_subscriptions (account_id, id desc);
comment on column push_subscriptions.address is 'endpoint of Web Push, or a device token';
comment on column push_subscriptions.token_box is 'the access token, which the encrypted message names its app by, sealed by the VAPID key';
comment on column push_subscriptions.failing_since is 'when a message was first given up, with none taken since';
