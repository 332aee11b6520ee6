-- Later work: the job queue, its workers, and the work that comes back on its own. See docs/decisions/0003-jobs.md.

create type job_state as enum ('ready', 'claimed', 'suspect', 'dead');

create table jobs (
    id bigint generated always as identity primary key,
    name text not null,
    queue text not null,
    work json not null,
    state job_state not null default 'ready',
    attempts smallint not null default 0,
    crashes smallint not null default 0,
    claimed_by bigint,
    run_at timestamptz not null default now(),
    made_at timestamptz not null default now(),
    last_error text
) with (
    -- Every row is written three times and then gone: vacuum early, little and often.
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.2,
    autovacuum_analyze_threshold = 50000
);
comment on column jobs.state is 'suspect: was in the hands of a worker that died, so it runs alone; dead: waits for an operator';
comment on column jobs.attempts is 'times it raised an error';
comment on column jobs.crashes is 'times its worker died while holding it';
create index jobs_ready on jobs (name, run_at) where state = 'ready';
create index jobs_claimed on jobs (claimed_by) where state = 'claimed';
create index jobs_held on jobs (state, run_at) where state in ('suspect', 'dead');

create table job_workers (
    id bigint generated always as identity primary key,
    host text not null,
    pid int not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
) with (fillfactor = 50);
comment on column job_workers.host is 'host name and process namespace: only there does pid mean anything';

create table periodic_leases (
    name text primary key,
    holder uuid not null,
    until timestamptz not null
) with (fillfactor = 50);

create table periodics (
    name text primary key,
    last_run_at timestamptz not null,
    last_finished_at timestamptz,
    last_error text
);
