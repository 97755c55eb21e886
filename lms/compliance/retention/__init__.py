"""How long records are kept: what may go, what a legal hold keeps, and the job that removes."""
