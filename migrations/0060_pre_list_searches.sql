-- Searches on lists: what a kept search finds is then on the list, beside what its people post and its hashtags carry.
create table list_searches (
    list_id bigint not null,
    search_id bigint not null,
    account_id bigint not null,
    id bigint not null default snowflake(),
    primary key (list_id, search_id)
);

comment on column list_searches.id is 'when it was put there: the order in which they are shown';

create index list_searches_account on list_searches (account_id);
create index list_searches_search on list_searches (search_id);
