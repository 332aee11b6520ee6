"""The tools of people who moderate: reports, cases, what is done about them, strikes and appeals.

Leans on every other feature, and none leans on it.
"""
