"""Measurements that anyone can run; each prints a table with the machine and the date. Linnet imports none of it."""
