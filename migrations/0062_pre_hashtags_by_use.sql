-- Hashtags by how many people used them lately, for who looks for one: kept by trends, which count people anyway.
create table trend_tags (
    tag_id bigint primary key,
    name text not null,
    people integer not null,
    counted_on date not null
);

comment on column trend_tags.people is 'people of each of the last days, added up; a hashtag that nobody used in public has no row';

-- What begins with one or two characters are very many: these give the most used of them without sorting the rest.
create index trend_tags_first on trend_tags (left(name, 1), people desc, tag_id);
create index trend_tags_first_two on trend_tags (left(name, 2), people desc, tag_id);
create index trend_tags_prefix on trend_tags (name text_pattern_ops);
create index trend_tags_alike on trend_tags using gin (name gin_trgm_ops);
create index trend_tags_outdated on trend_tags (counted_on);

insert into trend_tags (tag_id, name, people, counted_on)
select d.subject_id, t.name, sum(d.accounts), '2000-01-01' from trend_days d join tags t on t.id = d.subject_id
where d.kind = 'tag' group by d.subject_id, t.name;
