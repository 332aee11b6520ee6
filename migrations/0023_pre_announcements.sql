-- What the operators tell everybody, and the texts that are the server's word.

create table announcements (
    id bigint primary key default snowflake(),
    text text not null,
    all_day boolean not null default false,
    starts_at timestamptz,
    ends_at timestamptz,
    scheduled_at timestamptz,
    published_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index announcements_published on announcements (id desc) where published_at is not null;
create index announcements_scheduled on announcements (scheduled_at) where scheduled_at is not null;

create table announcement_dismissals (
    account_id bigint not null,
    announcement_id bigint not null,
    primary key (account_id, announcement_id)
);

create table announcement_reactions (
    announcement_id bigint not null,
    name text not null,
    account_id bigint not null,
    created_at timestamptz not null,
    primary key (announcement_id, name, account_id)
);
create index announcement_reactions_by_account on announcement_reactions (account_id, announcement_id);

-- Each text in the wordings it has had: one holds from its day on, until the next one does.
create table site_texts (
    name text not null check (name in ('extended_description', 'privacy_policy', 'terms_of_service')),
    effective_on date not null,
    text text not null,
    published_at timestamptz not null,
    primary key (name, effective_on)
);
