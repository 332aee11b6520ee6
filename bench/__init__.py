"""Measurements that anyone can run. Each prints a table with the machine and the date; nothing here is imported by Linnet."""
