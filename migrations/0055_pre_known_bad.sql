-- Pictures that nobody may upload, by what they look like. Each quarter of a hash has an index: of two hashes that are
-- no more than 4n+3 bits apart, at least one quarter is no more than n bits apart.
create table media_known_bad (
    id bigint primary key default snowflake(),
    hash bigint not null unique,
    reason text not null,
    added_by bigint,        -- null: the operator at the console
    created_at timestamptz not null,
    expires_at timestamptz
);
create index media_known_bad_quarter_1 on media_known_bad (((hash >> 48) & 65535));
create index media_known_bad_quarter_2 on media_known_bad (((hash >> 32) & 65535));
create index media_known_bad_quarter_3 on media_known_bad (((hash >> 16) & 65535));
create index media_known_bad_quarter_4 on media_known_bad ((hash & 65535));
create index media_known_bad_expiry on media_known_bad (expires_at) where expires_at is not null;
