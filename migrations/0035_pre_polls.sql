-- Polls: a question in a status, an answer of each voter, and how many gave each.

-- An edit that asks something else makes a new poll: a vote can only ever be for what its voter was shown.
create table polls (
    id bigint primary key,
    status_id bigint not null,
    account_id bigint not null,
    options text[] not null,
    multiple boolean not null,
    hides_totals boolean not null,
    expires_at timestamptz not null,
    closed_at timestamptz
);
create index polls_ending on polls (expires_at) where closed_at is null;
create index polls_status on polls (status_id);

alter table statuses add column poll_id bigint;
alter table status_edits add column poll_options text[];

-- `choices` has bit n for the option at place n. Once for each status: a vote in the poll it has now replaces one in a
-- poll it had before.
create table poll_votes (
    account_id bigint not null,
    status_id bigint not null,
    poll_id bigint not null,
    choices int not null check (choices > 0),
    primary key (account_id, status_id)
);
create index poll_votes_poll on poll_votes (poll_id, account_id);

-- How many ballots chose exactly this: what each option has, and how many voted, are sums over few rows.
create table poll_tallies (
    poll_id bigint not null,
    choices int not null,
    ballots bigint not null,
    primary key (poll_id, choices)
);

-- Appended in the transaction of the vote, folded into the tallies by the worker, as counters of statuses are.
create table poll_tally_changes (
    id bigint generated always as identity primary key,
    poll_id bigint not null,
    choices int not null,
    ballots int not null
);
create index poll_tally_changes_poll on poll_tally_changes (poll_id);
