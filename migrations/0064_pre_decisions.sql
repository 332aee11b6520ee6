-- What was decided about a text in which the engine, a job or a moderator found something, and on what grounds.
create table decisions (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    about text not null,
    subject_id bigint,
    surface text not null,
    measure text not null,
    findings jsonb not null,
    reputation real not null,
    policy_version integer not null,
    model_version text not null,
    language text,
    text text,
    source text not null default 'request',
    failed boolean not null default false,
    decided_at timestamptz not null default now(),
    reviewed_at timestamptz,
    reviewed_by bigint,
    upheld boolean
);

comment on column decisions.findings is 'an array of {reason, score, start, end, version}; places are code points of the text';
comment on column decisions.text is 'only where nothing else keeps it: what was not published';
comment on column decisions.source is 'request, after (a job right after it), or moderator';
comment on column decisions.failed is 'the engine broke over the text, which was published for somebody to look at';

create index decisions_account on decisions (account_id, id);
create index decisions_subject on decisions (subject_id, id) where subject_id is not null;
-- What waits for somebody: what is held, limits an account, or went through because the engine broke.
create index decisions_waiting on decisions (id)
    where reviewed_at is null and (failed or measure in ('hold', 'limit_account'));
