-- People: what staff and the operator did, invitations, mail domains that are refused, what is known of a new member.

-- Who did what to whom. No foreign keys: what happened has happened, whoever is still there.
create table audit_log (
    id bigint primary key default snowflake(),
    actor_id bigint,
    action text not null,
    target_id bigint,
    detail jsonb not null default '{}',
    address text not null default '',
    made_at timestamptz not null
);
create index audit_log_actor on audit_log (actor_id, id desc);
create index audit_log_target on audit_log (target_id, id desc);
create index audit_log_action on audit_log (action, id desc);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception '% only grows: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

create trigger audit_log_only_grows before update or delete or truncate on audit_log
    for each statement execute function refuse_rewriting();

-- Codes that let people in. The row of a code is locked by whoever uses it, so that it is used exactly so often.
create table invites (
    id bigint primary key default snowflake(),
    code text not null,
    account_id bigint,
    uses_max int,
    uses int not null default 0,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null,
    check (uses >= 0 and (uses_max is null or uses <= uses_max))
);
create unique index invites_code on invites (code);
create index invites_account on invites (account_id, id desc);

alter table users add column invite_id bigint;
alter table users add column invited_by bigint;
alter table users add column age_confirmed_at timestamptz;
create index users_invited_by on users (invited_by) where invited_by is not null;
create index users_staff on users (account_id) where role <> 'user';
create index users_waiting on users (account_id) where approved_at is null;

create table refused_mail_domains (
    id bigint primary key default snowflake(),
    domain text not null check (domain = lower(domain)),
    made_at timestamptz not null
);
create unique index refused_mail_domains_domain on refused_mail_domains (domain);

-- Staff ask who else signed in from an address.
create index sessions_address on sessions (address, account_id);
