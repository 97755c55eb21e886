"""Group trainings on the premises: logged, confirmed by each person, and then completions."""
