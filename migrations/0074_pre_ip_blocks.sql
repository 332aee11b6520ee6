-- Networks that may not join, or not come at all. Every process keeps all of them in memory (features/accounts/ip_blocks).
create table ip_blocks (
    id bigint primary key default snowflake(),
    network cidr not null unique,
    severity text not null check (severity in ('sign_up_requires_approval', 'sign_up_block', 'no_access')),
    comment text not null,
    created_at timestamptz not null,
    expires_at timestamptz
);
create index ip_blocks_expiry on ip_blocks (expires_at) where expires_at is not null;

-- Mailboxes that nobody joins with. Only the digest is kept: whose they are cannot be read out of it.
create table canonical_email_blocks (
    id bigint primary key default snowflake(),
    hash bytea not null unique check (length(hash) = 32),
    created_at timestamptz not null
);
