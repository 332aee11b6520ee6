-- Notifications by e-mail: what somebody chose, and what waits until they have been away for a while.

create table mail_choices (
    account_id bigint primary key,
    kinds text[] not null,
    digest text not null default 'never' check (digest in ('never', 'daily', 'weekly')),
    digest_due_at timestamptz,
    digest_after_id bigint not null default 0,
    check ((digest = 'never') = (digest_due_at is null))
);
create index mail_choices_digest on mail_choices (digest_due_at) where digest_due_at is not null;
comment on table mail_choices is 'of accounts that chose anything but the default';
comment on column mail_choices.digest_after_id is 'notifications up to this one are not in the next digest';

create table mail_news (
    account_id bigint primary key,
    first_id bigint not null,
    told_at timestamptz not null,
    due_at timestamptz,
    written_at timestamptz
);
create index mail_news_due on mail_news (due_at) where due_at is not null;
comment on column mail_news.first_id is 'the oldest notification that the next letter is about';
comment on column mail_news.written_at is 'when the last letter went out: there is a pause after it';
