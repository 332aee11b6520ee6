-- Policies: what follows from what the engine finds in a text, as TOML. Version 0 is what Linnet comes with, and no row.
create table policies (
    version integer primary key generated always as identity,
    source text not null,
    note text not null default '',
    made_by bigint,
    made_at timestamptz not null default now()
);

comment on column policies.made_by is 'an account; null for the operator at the console';

-- Which version holds: that of the last row. None of them is ever changed, so that one reads what held when.
create table policy_activations (
    id bigint primary key default snowflake(),
    version integer not null,
    activated_by bigint,
    activated_at timestamptz not null default now()
);
