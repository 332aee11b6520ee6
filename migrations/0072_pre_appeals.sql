-- Appeals: what people say against a decision about a text of theirs, or a strike, and what was answered (decision 0045).
create table appeals (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    decision_id bigint unique,               -- one appeal for each, however often and fast somebody asks
    strike_id bigint unique,
    text text not null,
    made_at timestamptz not null,
    answered_at timestamptz,
    answered_by bigint,                      -- null: the operator at the console, or somebody whose account was deleted
    approved boolean,
    answer text not null default '',
    check (num_nonnulls(decision_id, strike_id) = 1),
    check ((answered_at is null) = (approved is null))
);
create index appeals_by_account on appeals (account_id, id desc);
create index appeals_open on appeals (id) where answered_at is null;
create index appeals_answered on appeals (answered_at) where answered_at is not null;
