-- Posts for later, and drafts that wait for their author.

-- A row is deleted by the very statement that writes its status, so each is published once.
create table scheduled_statuses (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    scheduled_at timestamptz not null,
    draft jsonb not null,
    queued_at timestamptz,
    failure text,
    created_at timestamptz not null
);
create index scheduled_statuses_account on scheduled_statuses (account_id, id desc);
create index scheduled_statuses_due on scheduled_statuses (scheduled_at) where queued_at is null;

create table saved_drafts (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    draft jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index saved_drafts_account on saved_drafts (account_id, id desc);
