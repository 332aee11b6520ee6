-- Folders for bookmarks. A bookmark is in one at most.
create table bookmark_folders (
    id bigint primary key default snowflake(),
    account_id bigint not null,
    title text not null,
    created_at timestamptz not null default now()
);
create index bookmark_folders_by_account on bookmark_folders (account_id, id);

alter table bookmarks add column folder_id bigint;
create index bookmarks_by_folder on bookmarks (folder_id, id desc) where folder_id is not null;
