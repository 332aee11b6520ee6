-- Words and domains that moderators listed, and what is to be done about a text with one. Every process keeps all of them
-- in memory (features/moderation/listed.py).
create table listed (
    id bigint primary key default snowflake(),
    kind text not null check (kind in ('word', 'domain')),
    value text not null,                     -- as it reads: small letters, no accents, no disguise
    measure text not null check (measure in ('label', 'warn', 'limit_reach', 'hold', 'reject')),
    comment text not null,
    added_by bigint,                         -- null: the operator at the console
    created_at timestamptz not null,
    expires_at timestamptz,
    unique (kind, value)
);
create index listed_page on listed (kind, id);
create index listed_expiry on listed (expires_at) where expires_at is not null;
