"""What the state's reviewers look at: counts, random samples, and records on a stated ground."""
