"""Outside programs with proof: one scan for many employees, accepted and signed by the facility."""
