-- Lists: some of the people one follows, and hashtags, read as a timeline of their own.
create table lists (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    title text not null,
    replies_policy text not null check (replies_policy in ('followed', 'list', 'none')),
    exclusive boolean not null,
    created_at timestamptz not null
);
create index lists_account on lists (account_id, id);

-- Who is on it. A membership stands on a follow: it is over when that is, at once, whoever ended it and whatever comes
-- after. A job removes what is left.
create table list_accounts (
    list_id bigint not null,
    account_id bigint not null,
    owner_id bigint not null,
    follow_id bigint,
    id bigint not null default snowflake(),
    primary key (list_id, account_id)
);
comment on column list_accounts.follow_id is 'follows.id of the owner''s follow; null where the owner is the member';
create index list_accounts_by_list on list_accounts (list_id, id desc);
create index list_accounts_member on list_accounts (account_id, owner_id);

create table list_tags (
    list_id bigint not null,
    tag_id bigint not null,
    id bigint not null default snowflake(),
    primary key (list_id, tag_id)
);
create index list_tags_tag on list_tags (tag_id);

-- False for whom an exclusive list of the follower keeps out of their home. They are few, and asked for by reader.
alter table follows add column at_home boolean not null default true;
create index follows_away on follows (account_id, target_id) where not at_home;
