-- Media: what was uploaded, how far its processing is, and the files made of it, which lie in the store of blobs.

create table media (
    id bigint primary key,
    account_id bigint not null,
    purpose text not null,
    state text not null default 'uploaded',
    lane text not null,
    kind text,
    progress smallint not null default 0,
    attempts smallint not null default 0,
    error text,
    description text not null default '',
    focus float8[],
    source_name text not null,
    source_type text not null,
    source_bytes bigint not null,
    source_sha256 text not null,
    variants jsonb not null default '[]',
    meta jsonb not null default '{}',
    blurhash text,
    perceptual_hash bigint,
    stored_bytes bigint not null default 0,
    status_id bigint,
    position smallint,
    stands_for bigint,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    loose_since timestamptz
);
comment on column media.stored_bytes is 'of all variants together';
comment on column media.position is 'among those a status shows; null when it showed it once, or belongs to none';
comment on column media.stands_for is 'the upload whose thumbnail this picture is to be';
comment on column media.loose_since is 'since when nothing has used it; null while something does';

create index media_account on media (account_id, id desc) include (source_bytes, stored_bytes);
create index media_status on media (status_id, position) where status_id is not null;
create index media_loose on media (loose_since) where loose_since is not null;
create index media_unsettled on media (changed_at) where state in ('uploaded', 'probing', 'processing');
create index media_stands_for on media (stands_for) where stands_for is not null;
