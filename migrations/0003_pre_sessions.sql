-- Signing in: sessions of our own clients, and OAuth for everyone else's. Every secret is kept only as its SHA-256.

alter table users add column signup_reason text not null default '';

-- One sign-in with a password, at the first-party API (`api`) or in a browser (`web`).
create table sessions (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    kind text not null check (kind in ('api', 'web')),
    address text not null,
    agent text not null,
    created_at timestamptz not null,
    used_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_account on sessions (account_id, id desc);
create index sessions_expiry on sessions (expires_at);

-- What proves a session: the cookie of a browser, or the refresh tokens of an app, of which only the newest is unspent.
create table session_secrets (
    hash bytea primary key,
    session_id bigint not null references sessions (id) on delete cascade,
    created_at timestamptz not null,
    spent_at timestamptz
);
create index session_secrets_session on session_secrets (session_id);

create table oauth_apps (
    id bigint primary key default snowflake(),
    client_id text not null unique,
    secret_hash bytea not null,
    name text not null,
    website text,
    redirect_uris text[] not null,
    scopes text[] not null,
    created_at timestamptz not null
);

create table oauth_codes (
    hash bytea primary key,
    app_id bigint not null references oauth_apps (id) on delete cascade,
    account_id bigint not null,
    redirect_uri text not null,
    scopes text[] not null,
    challenge text,
    expires_at timestamptz not null,
    spent_at timestamptz,
    token_id bigint
);
create index oauth_codes_expiry on oauth_codes (expires_at);
create index oauth_codes_account on oauth_codes (account_id);

-- A token without an app was made by the operator; one without an account speaks for its app alone.
create table oauth_tokens (
    id bigint primary key default snowflake(),
    hash bytea not null unique,
    app_id bigint references oauth_apps (id) on delete cascade,
    account_id bigint,
    scopes text[] not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    check (app_id is not null or account_id is not null)
);
create index oauth_tokens_account on oauth_tokens (account_id, id desc);
create index oauth_tokens_app on oauth_tokens (app_id, id desc);
