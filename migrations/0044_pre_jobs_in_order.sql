-- Jobs that are due at the same moment run in the order in which they were enqueued, not in that of the pages they lie on.
create index jobs_ready_in_order on jobs (name, run_at, id) where state = 'ready';
drop index jobs_ready;
alter index jobs_ready_in_order rename to jobs_ready;
