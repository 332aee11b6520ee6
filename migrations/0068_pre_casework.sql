-- Casework: what people report, the cases that come of it, and what staff do about accounts (decision 0044).

-- What staff have done to an account, each since when. erase_after: a suspended account is erased then; null for those
-- that were suspended before this was promised to nobody.
alter table accounts
    add column silenced_at timestamptz,
    add column sensitized_at timestamptz,
    add column frozen_at timestamptz,
    add column erase_after timestamptz;
create index accounts_erase on accounts (erase_after) where erase_after is not null and deleted_at is null;

-- What was reported of one account for one kind of reason, until somebody has dealt with it.
create table cases (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    category text not null check (category in ('spam', 'legal', 'violation', 'other')),
    weight real not null default 0,          -- of its reporters, each once
    reporters int not null default 0,
    assigned_to bigint,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by bigint,                      -- null: the operator at the console
    outcome text check (outcome in ('upheld', 'dismissed')),
    check ((resolved_at is null) = (outcome is null))
);
-- What is reported while a case is open belongs to it. Legal matters are each their own.
create unique index cases_open on cases (account_id, category) where resolved_at is null and category <> 'legal';
create index cases_queue on cases (weight desc, id) where resolved_at is null;
create index cases_by_account on cases (account_id, id desc);
create index cases_assigned on cases (assigned_to, id desc) where assigned_to is not null;
create index cases_resolved on cases (resolved_at) where resolved_at is not null;

create table reports (
    id bigint primary key default snowflake(),
    case_id bigint not null,
    account_id bigint not null,              -- who reports
    target_id bigint not null,
    category text not null,
    comment text not null default '',
    rule_ids int[] not null default '{}',
    forward boolean not null default false,
    weight real not null default 1,
    made_at timestamptz not null
);
create index reports_by_case on reports (case_id, id);
create index reports_by_account on reports (account_id, id desc);
create index reports_by_target on reports (target_id, id desc);

-- What was reported, as it was then: it stays what it was when its author edits or deletes it.
create table report_subjects (
    report_id bigint not null,
    kind text not null check (kind in ('status', 'message', 'collection')),
    subject_id bigint not null,
    spoiler_text text not null default '',
    text text not null default '',
    visibility text not null default '',
    media_ids bigint[] not null default '{}',
    written_at timestamptz not null,
    primary key (report_id, kind, subject_id)
);
create index report_subjects_subject on report_subjects (subject_id);

-- What happened in a case, in words of staff (notes) and in ours.
create table case_entries (
    id bigint primary key default snowflake(),
    case_id bigint not null,
    account_id bigint,                       -- who; null: the operator, or somebody whose account was deleted
    kind text not null,
    text text not null default '',
    made_at timestamptz not null
);
create index case_entries_by_case on case_entries (case_id, id);
create index case_entries_by_account on case_entries (account_id) where account_id is not null;

-- What was done about an account, and what its person was told.
create table strikes (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    case_id bigint,
    action text not null,
    text text not null default '',
    status_ids bigint[] not null default '{}',
    by bigint,                               -- null: the operator at the console
    at timestamptz not null,
    undone_at timestamptz,
    undone_by bigint
);
create index strikes_by_account on strikes (account_id, id desc);
create index strikes_by_case on strikes (case_id, id) where case_id is not null;
