"""Question banks in other systems' words: GIFT and Moodle XML, in and out."""
