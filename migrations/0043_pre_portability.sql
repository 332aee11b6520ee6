-- Taking one's things along: files that people bring, the rows read out of them, and archives made for them to take away.
--
-- Files are kept here, in pieces, until they have been read or fetched: every process has the database, few share a disk.

create table imports (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    kind text not null,
    overwrites boolean not null,
    state text not null default 'waiting',
    filename text not null,
    reason text not null default '',
    rows_total int not null default 0,
    rows_done int not null default 0,
    rows_failed int not null default 0,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index imports_account on imports (account_id, id desc);
create index imports_ended on imports (ended_at) where ended_at is not null;

create table import_pieces (
    import_id bigint not null,
    place int not null,
    bytes bytea not null,
    primary key (import_id, place)
);

create table import_rows (
    import_id bigint not null,
    place int not null,
    row jsonb not null,
    outcome text,
    primary key (import_id, place)
);
create index import_rows_failed on import_rows (import_id, place) where outcome <> '';

-- Which status an old post has become, so that the same archive brought again makes none twice.
create table imported_statuses (
    account_id bigint not null,
    source text not null,
    status_id bigint not null,
    primary key (account_id, source)
);

create table archives (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    state text not null default 'waiting',
    size_bytes bigint not null default 0,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index archives_account on archives (account_id, id desc);
create index archives_created on archives (created_at);

create table archive_pieces (
    archive_id bigint not null,
    place int not null,
    bytes bytea not null,
    primary key (archive_id, place)
);
