-- Accounts at the addresses of one network, for staff: an address by how it begins.
create index sessions_address_begins on sessions (address text_pattern_ops, account_id);
