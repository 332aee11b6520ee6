-- Whom somebody recommends on their profile. It stands on the follow, and is removed with it.
create table endorsements (
    account_id bigint not null,
    target_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index endorsements_by_account on endorsements (account_id, id desc);
create index endorsements_target on endorsements (target_id, account_id);

-- Whom somebody does not want suggested again.
create table suggestion_dismissals (
    account_id bigint not null,
    target_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (account_id, target_id)
);
create index suggestion_dismissals_target on suggestion_dismissals (target_id, account_id);

-- Collections: accounts that somebody recommends together, in public. Whoever is in one may leave it.
create table collections (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    name text not null,
    description text not null,
    language text,
    tag text,
    sensitive boolean not null,
    discoverable boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index collections_account on collections (account_id, id desc);

create table collection_items (
    id bigint primary key default snowflake(),
    collection_id bigint not null,
    account_id bigint not null,
    revoked_at timestamptz,
    created_at timestamptz not null,
    unique (collection_id, account_id)
);
comment on column collection_items.revoked_at is 'left by the account itself, which cannot be put there again';
create index collection_items_account on collection_items (account_id, id desc);
