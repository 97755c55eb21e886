"""The state's reviewers: totals, random samples, and records opened on a stated ground."""
