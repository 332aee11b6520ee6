-- Notifications in groups, and what each account lets through.
--
-- Favourites, reblogs, follows and sign-ups of twelve hours about the same thing are a group: its key is in each of its
-- notifications. notification_groups has the newest one of each, so that a page of groups costs the same however many
-- people are in them. A trigger keeps it true when notifications go, for they go in many ways.

create type notification_verdict as enum ('accept', 'filter', 'drop');

alter table notifications
    add column filtered boolean not null default false,
    add column group_key text collate "C";
create index notifications_ungrouped on notifications (account_id, id desc) where group_key is null;
create index notifications_grouped on notifications (account_id, group_key, id desc) where group_key is not null;
create index notifications_filtered on notifications (account_id, from_account_id, id desc) where filtered;

create table notification_groups (
    account_id bigint not null,
    group_key text collate "C" not null,
    kind text not null,
    newest_id bigint not null,
    primary key (account_id, group_key)
);
create index notification_groups_newest on notification_groups (account_id, newest_id desc);

create function regroup_notifications() returns trigger language plpgsql as $$
begin
    if not exists (select from gone where group_key is not null) then return null; end if;
    -- In one order, as those who write notifications lock them.
    perform from notification_groups g
        where (g.account_id, g.group_key) in (select account_id, group_key from gone where group_key is not null)
        order by g.account_id, g.group_key for update;
    update notification_groups g set newest_id = left_over.newest_id
        from (select account_id, group_key, max(id) as id from gone where group_key is not null group by 1, 2) went
        cross join lateral (select max(n.id) as newest_id from notifications n
                            where n.account_id = went.account_id and n.group_key = went.group_key) left_over
        where g.account_id = went.account_id and g.group_key = went.group_key and g.newest_id = went.id
            and left_over.newest_id is not null;
    delete from notification_groups g
        using (select account_id, group_key, max(id) as id from gone where group_key is not null group by 1, 2) went
        where g.account_id = went.account_id and g.group_key = went.group_key and g.newest_id = went.id;
    return null;
end $$;

create trigger notifications_regroup after delete on notifications
    referencing old table as gone for each statement execute function regroup_notifications();

-- What becomes of notifications by their cause. Accounts without a row have the defaults.
create table notification_policies (
    account_id bigint primary key,
    for_not_following notification_verdict not null default 'accept',
    for_not_followers notification_verdict not null default 'accept',
    for_new_accounts notification_verdict not null default 'accept',
    for_private_mentions notification_verdict not null default 'filter',
    for_limited_accounts notification_verdict not null default 'filter',
    for_bots notification_verdict not null default 'accept',
    updated_at timestamptz not null
);

-- Whose notifications an account takes whatever its policy says: those whose request it accepted.
create table notification_permissions (
    account_id bigint not null,
    from_account_id bigint not null,
    created_at timestamptz not null,
    primary key (account_id, from_account_id)
);
create index notification_permissions_from on notification_permissions (from_account_id);

-- Who wrote to an account and was filtered. Accepted ones stay until what waited is merged.
create table notification_requests (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    from_account_id bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    accepted_at timestamptz,
    unique (account_id, from_account_id)
);
create index notification_requests_by_account on notification_requests (account_id, id desc);
create index notification_requests_from on notification_requests (from_account_id);
