-- Second factors, and the sign-ins that wait for one.

-- When the person at a session last proved who they are; null is not since they signed in.
alter table sessions add column proved_at timestamptz;

-- The secret of an account's authenticator app, encrypted (AES-256-GCM) by the key that `key_id` names.
create table totp_secrets (
    account_id bigint primary key,
    key_id bytea not null,
    sealed bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    step_used bigint not null default 0
);
create index totp_secrets_key on totp_secrets (key_id);

create table recovery_codes (
    account_id bigint not null,
    hash bytea not null,
    created_at timestamptz not null,
    spent_at timestamptz,
    primary key (account_id, hash)
);

create table passkeys (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null,
    transports text[] not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    created_at timestamptz not null,
    used_at timestamptz
);
create index passkeys_account on passkeys (account_id, id);

-- What an authenticator is asked to sign, once. `bound_to` names the session, the step or the browser it was given to.
create table passkey_challenges (
    hash bytea primary key,
    purpose text not null check (purpose in ('register', 'sign_in', 'second', 'step_up')),
    bound_to text not null,
    expires_at timestamptz not null
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);

-- A password was right, and a second factor is waited for.
create table sign_in_steps (
    hash bytea primary key,
    account_id bigint not null,
    kind text not null check (kind in ('api', 'web')),
    methods text[] not null,
    tries integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    finished_at timestamptz
);
create index sign_in_steps_account on sign_in_steps (account_id);
create index sign_in_steps_expiry on sign_in_steps (expires_at);
