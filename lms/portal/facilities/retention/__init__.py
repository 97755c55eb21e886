"""A facility's records of people who left: letting them go, and legal holds."""
