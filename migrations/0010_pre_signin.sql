-- Signing in: failed tries, the devices an account knows, and where sessions and app tokens were last used.

-- A password or code that was tried and wrong. `subject` is whom it was tried for, as attempts are counted; a name that
-- nobody has is kept only as its HMAC, for it may be a password typed into the wrong field.
create table failed_sign_ins (
    id bigint primary key default snowflake(),
    account_id bigint,
    subject text not null,
    network text not null,
    address text not null,
    agent text not null,
    outcome text not null check (outcome in ('checking', 'wrong', 'locked')),
    created_at timestamptz not null
);
create index failed_sign_ins_account on failed_sign_ins (account_id, id desc);
create index failed_sign_ins_subject on failed_sign_ins (subject, id desc);
create index failed_sign_ins_network on failed_sign_ins (network, id desc);

-- A secret that a device keeps from one sign-in to the next, so that its owner is told from strangers. One browser may
-- be known to several accounts.
create table known_devices (
    account_id bigint not null,
    hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz not null,
    primary key (account_id, hash)
);
create index known_devices_hash on known_devices (hash);
create index known_devices_use on known_devices (used_at);

alter table sessions add column device_hash bytea;

alter table oauth_tokens
    add column address text not null default '',
    add column agent text not null default '',
    add column used_at timestamptz;
