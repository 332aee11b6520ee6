-- How many media a post or message shows, so that nothing is looked for where there are none; `media` says which.
--
-- `media.status_id` says to which of them an upload belongs, also when it is not shown there any more (then it has no
-- `position`): former wordings in the history still show it, with the description that it had then.

alter table statuses add column media_count smallint not null default 0;
alter table status_edits add column media_ids bigint[], add column media_descriptions text[];
alter table messages add column media_count smallint not null default 0;
alter table message_edits add column media_ids bigint[], add column media_descriptions text[];

create index statuses_media_by_account on statuses (account_id, id desc) where media_count > 0 and deleted_at is null;
create index statuses_public_media on statuses (id desc)
    where media_count > 0 and visibility = 'public' and reblog_of_id is null and deleted_at is null;

-- Uploads that a post for later or a saved draft (`holder_id`) wants to show, and which are therefore no leftovers.
create table media_holds (
    holder_id bigint not null,
    media_id bigint not null,
    primary key (holder_id, media_id)
);
create index media_holds_media on media_holds (media_id);
