-- Uploads that come in parts (tus 1.0). Each request leaves pieces in the store of media; these rows say how far it is.
create table resumable_uploads (
    id bigint primary key, -- that of the media it becomes
    account_id bigint not null,
    bytes_total bigint,    -- null until it is told
    bytes_here bigint not null default 0,
    pieces int not null default 0,
    details jsonb not null,
    holder bigint,         -- a number that the request which adds to it has made up: the latest wins
    created_at timestamptz not null,
    expires_at timestamptz not null,
    completed_at timestamptz,
    composing_at timestamptz,
    composed_at timestamptz,
    refusal text           -- why it became no media, as a sentence to read
);
create index resumable_uploads_account on resumable_uploads (account_id, id);
create index resumable_uploads_expiry on resumable_uploads (expires_at);

create table resumable_pieces (
    upload_id bigint not null,
    starts_at bigint not null,
    bytes bigint not null,
    blob text not null,
    primary key (upload_id, starts_at)
);
