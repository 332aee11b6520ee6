-- Hashtags somebody follows: public posts under them come into their home, where their reader merges them.
create table tag_follows (
    account_id bigint not null,
    tag_id bigint not null,
    id bigint not null default snowflake(),
    created_at timestamptz not null default now(),
    primary key (account_id, tag_id)
);
create index tag_follows_by_account on tag_follows (account_id, id desc);
create index tag_follows_tag on tag_follows (tag_id);

-- Hashtags somebody shows on their profile, as they spelt them.
create table featured_tags (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    tag_id bigint not null,
    name text not null,
    created_at timestamptz not null default now(),
    unique (account_id, tag_id)
);

-- How often, and when last, an account used its hashtags.
create index statuses_tagged_by_account on statuses (account_id, id desc) where tags <> '{}' and deleted_at is null;
