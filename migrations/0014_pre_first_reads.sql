-- A reader's first page asks whom they follow in another way than usual, who are few: without looking at all their follows.
create index follows_optioned on follows (account_id) where not shows_reblogs or languages is not null;
