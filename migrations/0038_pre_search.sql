-- Search over posts: one document a post, filled from an inbox a moment after the post, so that a post costs one small row.
--
-- `words` holds what a post says, as written and in the stems of its language, and beside it facets such as `~f123` (from),
-- `#tag` or `~d20787` (the day): one inverted index answers every operator, and windows in time without reading the rest.

create table search_documents (
    status_id bigint primary key,
    opened boolean not null,
    words tsvector not null
);

comment on column search_documents.opened is 'public, and by an author who lets posts be found: for everybody''s searches';

-- The job that fills it empties the pending list after each batch: words that many posts share are then put in once for all.
create index search_documents_words on search_documents using gin (words) with (fastupdate = on);

-- Posts that are new, have other words or are gone. Whoever writes one appends it; the search job alone takes rows out.
create table search_changes (
    id bigint generated always as identity primary key,
    status_id bigint not null
);

insert into search_changes (status_id)
select id from statuses where deleted_at is null and reblog_of_id is null and visibility <> 'direct' order by id;
