-- What staff decided about other servers. Nothing follows from it while this one talks to none; it is kept for the day it
-- does, and so that tools that share such lists find again what they wrote.
create table other_servers (
    id bigint primary key default snowflake(),
    domain text not null check (domain = lower(domain)),
    allowed boolean not null,
    severity text not null check (severity in ('silence', 'suspend', 'noop')),
    reject_media boolean not null,
    reject_reports boolean not null,
    obfuscate boolean not null,
    private_comment text,
    public_comment text,
    made_at timestamptz not null,
    unique (allowed, domain)
);
comment on column other_servers.allowed is 'true: it may talk to this server where only some may, and the rest means nothing; false: it is blocked';
create index other_servers_page on other_servers (allowed, id);
