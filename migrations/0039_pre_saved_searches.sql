-- Searches that people keep, to come back to as to a timeline.
create table saved_searches (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    title text not null,
    query text not null,
    created_at timestamptz not null
);

create index saved_searches_account on saved_searches (account_id, id desc);
