-- Filters: words and posts that somebody does not want to read. Of one account, and read only as a whole.
create table filters (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    title text not null,
    contexts text[] not null,
    action text not null,
    expires_at timestamptz,
    created_at timestamptz not null default now()
);
create index filters_by_account on filters (account_id, id);

-- The account stands in the parts as well, so that what is whose is asked without a join; they go with their filter.
create table filter_keywords (
    id bigint primary key default snowflake(),
    filter_id bigint not null references filters (id) on delete cascade,
    account_id bigint not null,
    keyword text not null,
    whole_word boolean not null
);
create index filter_keywords_filter on filter_keywords (filter_id, id);
create index filter_keywords_account on filter_keywords (account_id);

create table filter_statuses (
    id bigint primary key default snowflake(),
    filter_id bigint not null references filters (id) on delete cascade,
    account_id bigint not null,
    status_id bigint not null,
    unique (filter_id, status_id)
);
create index filter_statuses_account on filter_statuses (account_id);
create index filter_statuses_status on filter_statuses (status_id);
