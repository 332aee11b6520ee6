-- Direct statuses are messages from here on. Those there are, a periodic finds and moves: it walks all statuses once, by
-- their ids, up to those that processes of the release before may still write while they are replaced; then this row goes.
-- An index that finds them would be built under a lock that no post gets past, on the largest table of all.
create table direct_adoption (
    one boolean primary key default true check (one),
    after_id bigint not null,
    until_id bigint not null
);
insert into direct_adoption (after_id, until_id) values (0, snowflake(now() + interval '7 days'));

update users set default_visibility = 'private' where default_visibility = 'direct';
