-- Streams ask of one status who of very many readers has marked it; by account, as before, that is one question each.
create index thread_mutes_by_thread on thread_mutes (thread_id);
create index pins_by_status on pins (status_id);
