-- Letters: the secrets they carry, the letters that no mail server took along, and when the last ones of a kind went out.

alter table users add column new_email text;
comment on column users.new_email is 'asked for by the owner; becomes email once a letter sent there is answered';

create index users_unconfirmed on users (created_at) where confirmed_at is null;

-- What whoever reads a person's mail can prove. At most one for each purpose: a newer one takes the older one's place.
create table proofs (
    account_id bigint not null,
    purpose text not null,
    hash bytea not null,
    detail text not null default '',
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (account_id, purpose)
);
create unique index proofs_hash on proofs (hash);
create index proofs_expiry on proofs (expires_at);

create table letter_times (
    account_id bigint not null,
    kind text not null,
    sent_at timestamptz[] not null,
    last_sent_at timestamptz not null,
    primary key (account_id, kind)
);
create index letter_times_age on letter_times (last_sent_at);
comment on column letter_times.sent_at is 'the last few, oldest first: so that nobody is flooded';

create table outbox (
    id bigint generated always as identity primary key,
    recipient text not null,
    subject text not null,
    text text not null,
    links text[] not null,
    made_at timestamptz not null
);
create index outbox_age on outbox (made_at);
